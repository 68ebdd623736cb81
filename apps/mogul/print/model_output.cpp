// A model as fit and inspect print it: a report for people, the model file, or a row per component.
#include "print/model_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "mogul/report.hpp"
#include "print/messages.hpp"

namespace mogul::cli {

namespace {

double error_of_variance(const StandardErrors& errors, std::size_t component, std::size_t d) {
  const std::size_t n_features = errors.estimate.means.cols();
  const std::size_t k = errors.family.shared ? 0 : component;
  switch (errors.family.layout) {
    case Layout::spherical: return errors.standard_error.covariances[k];
    case Layout::diagonal: return errors.standard_error.covariances[k * n_features + d];
    case Layout::matrix: break;
  }
  return errors.standard_error.covariances[(k * n_features + d) * n_features + d];
}

// That of a standard deviation is, to first order, that of the variance over twice the standard deviation.
void add_standard_errors(Table& table, const ModelFile& model, Spread spread) {
  const StandardErrors& errors = *model.standard_errors;
  const Mixture& mixture = model.mixture;
  table.columns.push_back(numbers("weight_standard_error", errors.standard_error.weights));
  for (std::size_t d = 0; d < mixture.n_features(); ++d) {
    table.columns.push_back(numbers(fmt::format("mean_{}_standard_error", model.feature_names[d]),
                                    column_of(errors.standard_error.means, d)));
  }
  for (std::size_t d = 0; d < mixture.n_features(); ++d) {
    std::vector<double> values;
    for (std::size_t k = 0; k < mixture.n_components(); ++k) {
      const double of_variance = error_of_variance(errors, k, d);
      values.push_back(spread == Spread::variance ? of_variance
                                                  : of_variance / (2 * std::sqrt(mixture.variance(k, d))));
    }
    const char* what = spread == Spread::variance ? "variance" : "standard_deviation";
    table.columns.push_back(numbers(fmt::format("{}_{}_standard_error", what, model.feature_names[d]), values));
  }
}

}  // namespace

Table component_rows(const ModelFile& model, Spread spread) {
  const bool variances = spread == Spread::variance;
  const Mixture& mixture = model.mixture;
  const std::size_t n_components = mixture.n_components();
  std::vector<double> components(n_components);
  std::iota(components.begin(), components.end(), 0.0);
  Table table{"components", "", {numbers("component", std::move(components)), numbers("weight", mixture.weights())}};
  if (!model.clusters.empty())
    table.columns.push_back({"cluster", std::vector<double>(model.clusters.begin(), model.clusters.end())});
  if (model.report) table.columns.push_back(numbers("size", model.report->component_sizes));
  for (std::size_t d = 0; d < mixture.n_features(); ++d) {
    table.columns.push_back(numbers("mean_" + model.feature_names[d], column_of(mixture.means(), d),
                                    largest_standard_deviation(mixture, d)));
  }
  for (std::size_t d = 0; d < mixture.n_features(); ++d) {
    std::vector<double> values;
    for (std::size_t k = 0; k < n_components; ++k) {
      const double variance = mixture.variance(k, d);
      values.push_back(variances ? variance : std::sqrt(variance));
    }
    table.columns.push_back(
        numbers((variances ? "variance_" : "standard_deviation_") + model.feature_names[d], std::move(values)));
  }
  if (model.standard_errors) add_standard_errors(table, model, spread);
  return table;
}

std::string json_line(const std::string& json) {
  std::string line;
  bool at_the_beginning = false;
  for (const char c : json) {
    if (c == '\n') at_the_beginning = true;
    if (at_the_beginning && (c == '\n' || c == ' ')) continue;
    at_the_beginning = false;
    line += c;
  }
  return line + '\n';
}

void add_spread_flag(CommandLine& line, Spread& spread) {
  const Choices<Spread> choices{{"sd", Spread::standard_deviation}, {"variance", Spread::variance}};
  line.group("Output").add_choice(
      "--spread", choices, spread, "what tables of components show of each feature beside its mean (default sd)",
      {{"standard_deviation", "sd"}, {"std", "sd"}, {"sigma", "sd"}, {"var", "variance"}, {"variances", "variance"}});
}

void write_model_to(Output& output, const ModelFile& model, Spread spread) {
  switch (output.format()) {
    case Format::table:
      output.write(model.report ? summary(*model.report, model.mixture, short_names(model.feature_names), spread)
                                : component_table(model.mixture, {}, short_names(model.feature_names), spread));
      if (model.standard_errors) {
        output.write("\n" + summary(*model.standard_errors, short_names(model.feature_names)));
      }
      break;
    case Format::json: output.write(model_json(model)); break;
    case Format::jsonl: output.write(json_line(model_json(model))); break;
    case Format::markdown:
    case Format::csv:
    case Format::tsv:
    case Format::npy: output.write(component_rows(model, spread)); break;
  }
}

}  // namespace mogul::cli
