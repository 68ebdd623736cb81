// A model as fit and inspect print it: a report for people, the model file, or a row per component.
#include "print/model_output.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "mogul/report.hpp"
#include "print/messages.hpp"

namespace mogul::cli {

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
