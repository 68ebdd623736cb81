#include "init/kmeans.hpp"

#include <algorithm>
#include <cmath>

#include "engine/row_model.hpp"
#include "engine/worst_rows.hpp"
#include "init/partition.hpp"

namespace mogul {
namespace {

constexpr int kMaxIterations = 100;
constexpr double kTolerance = 1e-4;

// The means of the clusters; those without rows move to the rows that are farthest from every mean.
Matrix cluster_means(Engine& engine, const RowModel& model, const Stats& stats) {
  Matrix means = stats.shift;
  std::vector<std::size_t> empty;
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    if (!(stats.n[k] > 0)) empty.push_back(k);
    for (std::size_t d = 0; stats.n[k] > 0 && d < means.cols(); ++d) means(k, d) += stats.first(k, d) / stats.n[k];
  }
  if (empty.empty()) return means;
  const Matrix far = engine.rows(worst_rows(engine, model, empty.size()));
  for (std::size_t i = 0; i < far.rows(); ++i) std::ranges::copy(far.row(i), means.row(empty[i]).begin());
  return means;
}

}  // namespace

Matrix kmeans(Engine& engine, Matrix means) {
  const double variance = mean_variance(engine);
  double last = 0;
  for (int iteration = 0; iteration < kMaxIterations; ++iteration) {
    const Mixture mixture = distance_model(std::move(means), variance);
    const RowModel model = row_model(mixture);
    const Stats stats = engine.accumulate(model, Moments::mean, Assignment::hard);
    // The sum of squared distances to the nearest mean, in units of the variance; rounding may leave less than 0 of 0.
    const double constant = std::log(mixture.weights()[0]) + log_normaliser(mixture, 0);
    const double sum_of_squares = std::max(0.0, 2 * (stats.sum_weights * constant - stats.map_log_likelihood));
    means = cluster_means(engine, model, stats);
    if (iteration > 0 && last - sum_of_squares <= kTolerance * last) break;
    last = sum_of_squares;
  }
  return means;
}

}  // namespace mogul
