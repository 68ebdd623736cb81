#include "start/partition.hpp"

#include <algorithm>
#include <array>

namespace mogul {

Stats partition_stats(Engine& engine, const ResponsibilitySource& source, std::size_t n_components, Moments moments) {
  const Matrix any = engine.rows(std::array{std::size_t{0}});
  Matrix shift(n_components, engine.n_features());
  for (std::size_t k = 0; k < n_components; ++k) std::ranges::copy(any.row(0), shift.row(k).begin());
  const Stats means = engine.accumulate(source, shift, Moments::mean);
  for (std::size_t k = 0; k < n_components; ++k) {
    for (std::size_t d = 0; means.n[k] > 0 && d < shift.cols(); ++d) shift(k, d) += means.first(k, d) / means.n[k];
  }
  return engine.accumulate(source, shift, moments);
}

ResponsibilitySource everywhere() {
  return [](std::size_t, MatrixView<double> out) {
    for (std::size_t i = 0; i < out.rows(); ++i) out(i, 0) = 1;
  };
}

Stats overall_stats(Engine& engine, Moments moments) { return partition_stats(engine, everywhere(), 1, moments); }

double row_weight(Engine& engine) {
  const double sum_weights = overall_stats(engine, Moments::none).sum_weights;
  return std::min(1.0, sum_weights / static_cast<double>(engine.n_positive_rows()));
}

Mixture distance_model(Matrix means, double variance) {
  const std::size_t k = means.rows();
  return {families::tied_spherical, std::vector<double>(k, 1.0 / static_cast<double>(k)), std::move(means), {variance}};
}

double mean_variance(Engine& engine) {
  const Stats stats = overall_stats(engine, Moments::spherical);
  return std::max(1e-300, stats.second(0, 0) / stats.n[0] / static_cast<double>(engine.n_features()));
}

}  // namespace mogul
