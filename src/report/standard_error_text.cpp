// Standard errors for people: a row for each parameter.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "mogul/dataset.hpp"
#include "mogul/error.hpp"
#include "mogul/standard_errors.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMostRows = 60;  // of a table in a terminal
constexpr double kAll = std::numeric_limits<double>::quiet_NaN();

class Rows {
 public:
  Rows(const StandardErrors& errors, std::vector<std::string> names) : errors_(errors), names_(std::move(names)) {}

  Table table() && {
    const std::size_t k = errors_.estimate.weights.size();
    const bool shared = errors_.family.shared;
    for (std::size_t i = 0; i < k; ++i) {
      add_weight_and_means(i);
      if (!shared) add_covariance(i, static_cast<double>(i));
    }
    if (shared) add_covariance(0, kAll);
    Table table{"standard_errors", "", {}};
    table.columns.push_back({.name = "component", .values = std::move(component_), .digits = 15, .missing = "all"});
    table.columns.push_back({"parameter", std::move(parameter_)});
    table.columns.push_back({"estimate", std::move(numbers_[0])});
    table.columns.push_back(
        {.name = "standard_error", .values = std::move(numbers_[1]), .digits = 4, .heading = "standard error"});
    table.columns.push_back({"lower", std::move(numbers_[2])});
    table.columns.push_back({"upper", std::move(numbers_[3])});
    return table;
  }

 private:
  void add(double component, std::string parameter, auto&& value_of) {
    component_.push_back(component);
    parameter_.push_back(std::move(parameter));
    std::size_t at = 0;
    for (const ParameterValues* values : {&errors_.estimate, &errors_.standard_error, &errors_.lower, &errors_.upper}) {
      numbers_[at++].push_back(value_of(*values));
    }
  }

  void add_weight_and_means(std::size_t k) {
    const auto component = static_cast<double>(k);
    add(component, "weight", [&](const ParameterValues& values) { return values.weights[k]; });
    for (std::size_t d = 0; d < names_.size(); ++d) {
      add(component, "mean " + names_[d], [&](const ParameterValues& values) { return values.means(k, d); });
    }
  }

  void add_covariance(std::size_t k, double component) {
    const std::size_t d = names_.size();
    const auto at = [&](std::size_t place) {
      return [place](const ParameterValues& values) { return values.covariances[place]; };
    };
    switch (errors_.family.layout) {
      case Layout::spherical: return add(component, "variance", at(k));
      case Layout::diagonal:
        for (std::size_t i = 0; i < d; ++i) add(component, "variance " + names_[i], at(k * d + i));
        return;
      case Layout::matrix: break;
    }
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        add(component, fmt::format("covariance {}, {}", names_[j], names_[i]), at((k * d + i) * d + j));
      }
      add(component, "variance " + names_[i], at((k * d + i) * d + i));
    }
  }

  const StandardErrors& errors_;
  std::vector<std::string> names_;
  std::vector<double> component_ = {};
  std::vector<std::string> parameter_ = {};
  std::vector<double> numbers_[4] = {};
};

std::string method_text(const StandardErrors& errors) {
  const std::string fits = fmt::format("{} fits", errors.n_replicates);
  switch (errors.method) {
    case StandardErrorMethod::information: return "by the observed information";
    case StandardErrorMethod::bootstrap: return fmt::format("by the bootstrap, {}", fits);
    case StandardErrorMethod::weighted_bootstrap: return fmt::format("by the weighted bootstrap, {}", fits);
    case StandardErrorMethod::jackknife: return fmt::format("by the jackknife, {}", fits);
  }
  return "";
}

}  // namespace

Table standard_error_table(const StandardErrors& errors, std::span<const std::string> feature_names) {
  const std::size_t d = errors.estimate.means.cols();
  if (!feature_names.empty() && feature_names.size() != d) {
    throw invalid_argument(
        fmt::format("{} feature names for {} features; must have one per feature", feature_names.size(), d));
  }
  std::vector<std::string> names(feature_names.begin(), feature_names.end());
  for (std::size_t i = names.size(); i < d; ++i) names.push_back(default_column_name(i));
  return Rows(errors, std::move(names)).table();
}

std::string summary(const StandardErrors& errors, std::span<const std::string> feature_names) {
  const std::string failed =
      errors.n_failed == 0 ? "" : fmt::format(", of which {} failed and are left out", errors.n_failed);
  return fmt::format("standard errors {}{}; intervals of {:g} %\n{}", method_text(errors), failed, 100 * errors.level,
                     text_of(standard_error_table(errors, feature_names), kMostRows));
}

}  // namespace mogul
