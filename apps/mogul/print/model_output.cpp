// A model as fit and inspect print it: a report for people, the model file, or a row per component.
#include "print/model_output.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "mogul/report.hpp"
#include "print/messages.hpp"

namespace mogul::cli {
Table component_rows(const ModelFile& model, Spread spread) {
  const bool variances = spread == Spread::variance;
  const Mixture& mixture = model.mixture;
  const std::size_t n_features = mixture.n_features();
  Table table{{"component", "weight"}, {}, {}};
  if (model.report) table.names.push_back("size");
  for (const std::string& name : model.feature_names) table.names.push_back("mean_" + name);
  for (const std::string& name : model.feature_names) {
    table.names.push_back((variances ? "variance_" : "standard_deviation_") + name);
  }

  std::vector<double> values;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    values.push_back(static_cast<double>(k));
    values.push_back(mixture.weights()[k]);
    if (model.report) values.push_back(model.report->component_sizes[k]);
    for (std::size_t d = 0; d < n_features; ++d) values.push_back(mixture.means()(k, d));
    for (std::size_t d = 0; d < n_features; ++d) {
      const double variance = mixture.variance(k, d);
      values.push_back(variances ? variance : std::sqrt(variance));
    }
  }
  table.values = Matrix(mixture.n_components(), table.names.size(), std::move(values));
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
      output.write(model.report ? full(*model.report, model.mixture, short_names(model.feature_names), spread)
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
