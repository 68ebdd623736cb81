#include "init/initialise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "init/kmeans.hpp"
#include "init/partition.hpp"
#include "init/seeding.hpp"
#include "kernel/responsibility_source.hpp"

namespace mogul {
namespace {

ResponsibilitySource from_labels(const std::vector<std::int32_t>& labels, const Engine& engine, std::size_t k) {
  if (labels.size() != engine.n_rows()) {
    throw invalid_argument(fmt::format("labels hold {} values; the data have {} rows", labels.size(), engine.n_rows()));
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0 || static_cast<std::size_t>(labels[i]) >= k) {
      throw invalid_argument(fmt::format("labels[{}] = {}; must lie in 0..{} (n_components - 1)", i, labels[i], k - 1));
    }
  }
  return [&labels](std::size_t first, MatrixView<double> out) {
    for (std::size_t i = 0; i < out.rows(); ++i) out(i, static_cast<std::size_t>(labels[first + i])) = 1;
  };
}

// Uniform on the simplex: normalised exponentials.
ResponsibilitySource at_random(std::uint64_t seed, std::size_t restart) {
  return [seed, restart](std::size_t first, MatrixView<double> out) {
    for (std::size_t i = 0; i < out.rows(); ++i) {
      RandomStream random(seed, Purpose::responsibilities, restart, first + i);
      double sum = 0;
      for (double& r : out.row(i)) sum += r = -std::log(1 - random.uniform());
      for (double& r : out.row(i)) r = sum > 0 ? r / sum : 1.0 / static_cast<double>(out.cols());
    }
  };
}

// K rows as means, and for each component an equal share of the scatter of all rows.
Stats around_rows(const Engine& engine, Stats all, const std::vector<std::size_t>& rows) {
  const std::size_t k = rows.size();
  Matrix means(k, engine.n_features());
  for (std::size_t i = 0; i < k; ++i) std::ranges::copy(engine.row(rows[i]), means.row(i).begin());
  Stats stats(all.moments, std::move(means));
  for (std::size_t i = 0; i < k; ++i) {
    stats.n[i] = all.n[0] / static_cast<double>(k);
  }
  const double share = all.moments == Moments::pooled ? 1 : 1 / static_cast<double>(k);
  for (std::size_t i = 0; i < stats.second.rows(); ++i) {
    std::ranges::transform(all.second.row(0), stats.second.row(i).begin(), [share](double s) { return share * s; });
  }
  stats.sum_weights = all.sum_weights;
  return stats;
}

Start draw(Engine& engine, const FitOptions& options, InitMethod method, std::size_t restart) {
  const std::size_t k = options.n_components;
  const Moments moments = moments_for(options.covariance);
  if (method == InitMethod::random) return {partition_stats(engine, at_random(options.seed, restart), k, moments)};
  if (method == InitMethod::random_from_data) {
    const ResponsibilitySource one = [](std::size_t, MatrixView<double> out) {
      for (std::size_t i = 0; i < out.rows(); ++i) out(i, 0) = 1;
    };
    return {
        around_rows(engine, partition_stats(engine, one, 1, moments), random_rows(engine, k, options.seed, restart))};
  }
  const Dataset rows = seeding_rows(engine, k, options.seed, restart);
  const auto seeding_engine = make_engine(rows, options.n_threads);
  Matrix means = kmeans_plus_plus(*seeding_engine, k, options.seed, restart);
  if (method == InitMethod::kmeans) means = kmeans(*seeding_engine, std::move(means));
  const double variance = mean_variance(engine);
  const Mixture model = distance_model(std::move(means), variance);
  return {engine.accumulate(model, model.means(), moments, Assignment::hard, Lanes::float64), rows.rows()};
}

}  // namespace

Start initialise(Engine& engine, const FitOptions& options, std::size_t restart) {
  const std::size_t k = options.n_components;
  const Moments moments = moments_for(options.covariance);
  if (const auto* labels = std::get_if<Labels>(&options.init)) {
    return {partition_stats(engine, from_labels(labels->values, engine, k), k, moments)};
  }
  if (const auto* given = std::get_if<Responsibilities>(&options.init)) {
    return {partition_stats(engine, from_responsibilities(given->values.view(), engine, k), k, moments)};
  }
  return draw(engine, options, std::get<InitMethod>(options.init), restart);
}

}  // namespace mogul
