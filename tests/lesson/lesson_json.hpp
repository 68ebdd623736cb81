// The JSON of a lesson, read by names.
#pragma once

#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mogul/explain.hpp"

namespace mogul::test {

/// A lesson as JSON. Fails the test where a key comes twice in an object, which parsers drop silently.
inline nlohmann::json parsed(const std::string& text) {
  std::vector<std::vector<std::string>> keys;
  const auto look = [&](int, nlohmann::json::parse_event_t event, nlohmann::json& value) {
    if (event == nlohmann::json::parse_event_t::object_start) keys.emplace_back();
    if (event == nlohmann::json::parse_event_t::key) {
      for (const std::string& known : keys.back()) EXPECT_NE(known, value.get<std::string>());
      keys.back().push_back(value.get<std::string>());
    }
    if (event == nlohmann::json::parse_event_t::object_end) keys.pop_back();
    return true;
  };
  return nlohmann::json::parse(text, look);
}

class LessonJson {
 public:
  explicit LessonJson(const std::string& text) : document_(parsed(text)) {}

  const nlohmann::json& section(const std::string& name) const {
    for (const nlohmann::json& each : document_.at("sections")) {
      if (each.at("name") == name) return each;
    }
    throw std::out_of_range(name);
  }
  std::vector<double> column(const std::string& section_name, const std::string& table, const std::string& name) const {
    return section(section_name).at(table).at(name).get<std::vector<double>>();
  }
  double number(const std::string& section_name, const std::string& name) const {
    return section(section_name).at(name).get<double>();
  }
  std::vector<std::string> formulas(const std::string& section_name) const {
    return section(section_name).at("formulas").get<std::vector<std::string>>();
  }
  const nlohmann::json& document() const { return document_; }

 private:
  nlohmann::json document_;
};

/// The sections of a whole lesson, in the notes' order.
inline const std::vector<std::string> kSections = {
    "start",          "log_likelihood", "responsibilities", "gradient",      "update_means",       "update_covariances",
    "update_weights", "iterations",     "latent_variable",  "complete_data", "ancestral_sampling", "gradient_at_end"};

inline std::vector<std::string> section_names(const nlohmann::json& document) {
  std::vector<std::string> names;
  for (const nlohmann::json& each : document.at("sections")) names.push_back(each.at("name"));
  return names;
}

/// False where a number was made that is not finite. Names of functions in scripts do not count.
inline bool is_free_of_nan(const std::string& text) {
  static const std::regex kNaN(R"((^|[^a-zA-Z.])-?(nan|inf)([^a-zA-Z]|$))");
  return !std::regex_search(text.substr(0, text.find("<script>")), kNaN);
}

}  // namespace mogul::test
