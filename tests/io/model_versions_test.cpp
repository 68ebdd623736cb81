// Model files of other versions, whose settings and report have fields more or less.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>
#include <string>

#include "io/json_example.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

using test::kModelFile;

ModelFile whole() { return parse_model(kModelFile, "m.json"); }

// The example with one part changed.
template <class Change>
ModelFile changed(const char* part, const Change& change) {
  nlohmann::json document = nlohmann::json::parse(kModelFile);
  change(document[part]);
  return parse_model(document.dump(), "m.json");
}

TEST(ModelVersions, FieldsThatAreNotKnownAreLeftOutWithANote) {
  for (const char* part : {"settings", "report"}) {
    ModelFile read = changed(part, [](nlohmann::json& fields) { fields["tea"] = {1, 2}; });
    ASSERT_EQ(read.notes.size(), 1U);
    const std::string begin = std::string("m.json: ") + part + " has 'tea', which mogul ";
    EXPECT_TRUE(read.notes[0].starts_with(begin)) << read.notes[0];
    read.notes.clear();
    EXPECT_EQ(read, whole());
  }
}

TEST(ModelVersions, ThoseWithinPartsOfTheReportAreToo) {
  ModelFile read = changed("report", [](nlohmann::json& report) { report["seconds"]["tea"] = 1; });
  ASSERT_EQ(read.notes.size(), 1U);
  EXPECT_TRUE(read.notes[0].starts_with("m.json: report.seconds has 'tea'")) << read.notes[0];
  read.notes.clear();
  EXPECT_EQ(read, whole());
}

// No number is shown that the file does not have, but for counts that are 0 in nearly every fit.
TEST(ModelVersions, WithoutAnyFieldThePartIsLeftOutOrTheFieldHasItsDefault) {
  const std::set<std::string> dispensable{"n_regularised", "n_revived",    "n_promoted",
                                          "n_seed_rows",   "best_restart", "seconds"};
  const std::set<std::string> often_absent{"warnings",     "hold",   "tol",      "search",   "gain",
                                           "acceleration", "passes", "accepted", "rejected", "passes_by_phase"};
  const nlohmann::json document = nlohmann::json::parse(kModelFile);
  for (const char* part : {"settings", "report"}) {
    for (const auto& [name, value] : document[part].items()) {
      const std::string lacking = name;
      const ModelFile read = changed(part, [&](nlohmann::json& fields) { fields.erase(lacking); });
      EXPECT_EQ(read.mixture, whole().mixture);
      const bool is_there = part == std::string("report") ? read.report.has_value() : read.settings.has_value();
      EXPECT_EQ(is_there, dispensable.contains(name) || often_absent.contains(name)) << part << "." << name;
      EXPECT_EQ(read.notes.empty(), often_absent.contains(name)) << part << "." << name;
      if (!read.notes.empty()) {
        EXPECT_EQ(read.notes[0], std::string("m.json: ") + part + " lacks '" + name + "'");
      }
    }
  }
}

TEST(ModelVersions, TheMessageOfTheEndMayBeCalledSentence) {
  const ModelFile read = changed("report", [](nlohmann::json& report) {
    report["termination"]["sentence"] = report["termination"]["message"];
    report["termination"].erase("message");
  });
  EXPECT_EQ(read, whole());
}

TEST(ModelVersions, WhatIsHeldMayBeToldByWhatIsEstimated) {
  const ModelFile read = changed("settings", [](nlohmann::json& settings) {
    settings.erase("hold");
    settings["update"] = {{"weights", true}, {"means", true}, {"covariances", false}};
  });
  EXPECT_EQ(read, whole());
}

// What may change the density is not left out.
TEST(ModelVersions, FieldsOfTheModelThatAreNotKnownAreRefused) {
  nlohmann::json document = nlohmann::json::parse(kModelFile);
  document["noise"] = 0.1;
  EXPECT_THROW(parse_model(document.dump(), "m.json"), invalid_data);
}

}  // namespace
}  // namespace mogul
