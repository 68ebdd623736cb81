// A model as fit and inspect print it: a report for people, the model file, or a row per component.
#include "print/model_output.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "mogul/report.hpp"
#include "print/messages.hpp"

namespace mogul::cli {

Table component_rows(const ModelFile& model) {
  const Mixture& mixture = model.mixture;
  const std::size_t n_features = mixture.n_features();
  Table table{{"component", "weight"}, {}, {}};
  if (model.report) table.names.push_back("size");
  for (const std::string& name : model.feature_names) table.names.push_back("mean_" + name);
  for (const std::string& name : model.feature_names) table.names.push_back("standard_deviation_" + name);

  std::vector<double> values;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    values.push_back(static_cast<double>(k));
    values.push_back(mixture.weights()[k]);
    if (model.report) values.push_back(model.report->component_sizes[k]);
    for (std::size_t d = 0; d < n_features; ++d) values.push_back(mixture.means()(k, d));
    for (std::size_t d = 0; d < n_features; ++d) values.push_back(std::sqrt(mixture.variance(k, d)));
  }
  table.values = Matrix(mixture.n_components(), table.names.size(), std::move(values));
  return table;
}

void write_model_to(Output& output, const ModelFile& model) {
  switch (output.format()) {
    case Format::table:
      output.write(model.report ? full(*model.report, model.mixture, on_one_line(model.feature_names))
                                : component_table(model.mixture, {}, on_one_line(model.feature_names)));
      break;
    case Format::json: output.write(model_json(model)); break;
    case Format::jsonl: output.write(nlohmann::ordered_json::parse(model_json(model)).dump() + "\n"); break;
    case Format::csv:
    case Format::tsv:
    case Format::npy: output.write(component_rows(model)); break;
  }
}

}  // namespace mogul::cli
