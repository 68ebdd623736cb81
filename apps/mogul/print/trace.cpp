// fit --trace: one JSON object per E-step.
#include "print/trace.hpp"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "mogul/stats.hpp"

namespace mogul::cli {

namespace {

using Json = nlohmann::ordered_json;

// Values in row-major order as nested arrays of the given shape; a number where the shape is empty.
Json nested(std::span<const double> values, std::span<const std::size_t> shape) {
  if (shape.empty()) return values.front();
  Json array = Json::array();
  const std::size_t size = values.size() / shape[0];
  for (std::size_t i = 0; i < shape[0]; ++i) array.push_back(nested(values.subspan(i * size, size), shape.subspan(1)));
  return array;
}

// As in a model file.
std::vector<std::size_t> covariance_shape(const Mixture& model) {
  const std::size_t k = model.n_components();
  const std::size_t d = model.n_features();
  switch (model.structure()) {
    case CovarianceStructure::full: return {k, d, d};
    case CovarianceStructure::tied: return {d, d};
    case CovarianceStructure::diagonal: return {k, d};
    case CovarianceStructure::tied_diagonal: return {d};
    case CovarianceStructure::spherical: return {k};
    case CovarianceStructure::tied_spherical: break;
  }
  return {};
}

}  // namespace

void Trace::write(const Iteration& iteration) {
  const Mixture& model = iteration.model;
  const std::size_t means_shape[] = {model.n_components(), model.n_features()};
  Json line;
  line["restart"] = iteration.restart;
  line["iteration"] = iteration.iteration;
  line["log_likelihood"] = iteration.stats.log_likelihood;
  line["expected_complete_log_likelihood"] = iteration.stats.expected_complete_log_likelihood();
  line["entropy"] = iteration.stats.entropy;
  line["component_sizes"] = iteration.stats.n;
  line["weights"] = model.weights();
  line["means"] = nested(model.means().values(), means_shape);
  line["covariances"] = nested(model.covariances(), covariance_shape(model));
  file_.stream() << line.dump() << '\n';
}

}  // namespace mogul::cli
