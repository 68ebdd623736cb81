// fit --trace: one JSON object per E-step.
#include "print/trace.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mogul/stats.hpp"
#include "print/output.hpp"

namespace mogul::cli {

namespace {

// Appends values in row-major order as nested arrays of the given shape; a number where the shape is empty. As text at
// once: the destructor of an nlohmann array ends a process that has no memory left.
void append(std::string& out, std::span<const double> values, std::span<const std::size_t> shape) {
  if (shape.empty()) {
    out += json_number(values.front());
    return;
  }
  const std::size_t size = values.size() / shape[0];
  for (std::size_t i = 0; i < shape[0]; ++i) {
    out += i == 0 ? '[' : ',';
    append(out, values.subspan(i * size, size), shape.subspan(1));
  }
  out += ']';
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
  const auto vector_shape = std::span(means_shape).first(1);
  std::string line = fmt::format(
      R"({{"restart":{},"iteration":{},"log_likelihood":{},"expected_complete_log_likelihood":{},"entropy":{})",
      iteration.restart, iteration.iteration, json_number(iteration.stats.log_likelihood),
      json_number(iteration.stats.expected_complete_log_likelihood()), json_number(iteration.stats.entropy));
  const auto add = [&](std::string_view name, std::span<const double> values, std::span<const std::size_t> shape) {
    line += fmt::format(R"(,"{}":)", name);
    append(line, values, shape);
  };
  add("component_sizes", iteration.stats.n, vector_shape);
  add("weights", model.weights(), vector_shape);
  add("means", model.means().values(), means_shape);
  add("covariances", model.covariances(), covariance_shape(model));
  file_.stream() << line << "}\n";
}

}  // namespace mogul::cli
