#include "start/initialise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "engine/responsibility_source.hpp"
#include "start/hierarchy.hpp"
#include "start/kmeans.hpp"
#include "start/partition.hpp"
#include "start/partition_criterion.hpp"
#include "start/row_sample.hpp"
#include "start/seeding.hpp"

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

// An equal share of all rows for each component: of their weight, and of a part of their scatter about its mean.
Stats shared_equally(const Stats& all, Matrix means, double part = 1) {
  const std::size_t k = means.rows();
  Stats stats(all.moments, std::move(means));
  for (double& n : stats.n) n = all.n[0] / static_cast<double>(k);
  const double share = all.moments == Moments::pooled ? part : part / static_cast<double>(k);
  for (std::size_t i = 0; i < stats.second.rows(); ++i) {
    std::ranges::transform(all.second.row(0), stats.second.row(i).begin(), [share](double s) { return share * s; });
  }
  stats.sum_weights = all.sum_weights;
  return stats;
}

}  // namespace

// K rows as means.
Stats Initialiser::around_rows(std::size_t restart) {
  const std::vector<std::size_t> rows = random_rows(engine_, options_.n_components, options_.seed, restart);
  return shared_equally(overall_stats(engine_, options_.covariance.moments()), engine_.rows(rows));
}

// Random responsibilities of a few rows for each component. Those of all N rows would make means that differ by
// 1 / sqrt(N) standard deviations, next to the saddle of L where all components are the same.
Stats Initialiser::around_means_of_few_rows(std::size_t restart) {
  constexpr std::size_t kRowsPerComponent = 2;  // means spread by 0.8 standard deviations
  constexpr double kPart = 0.25;  // with the whole covariance, the first steps are so small that EM may stop at them
  const std::size_t k = options_.n_components;
  const std::size_t n_rows = std::min(engine_.n_positive_rows(), kRowsPerComponent * k);
  const std::vector<std::size_t> rows = random_rows(engine_, n_rows, options_.seed, restart);
  const Matrix values = engine_.rows(rows);
  Matrix means(k, engine_.n_features());
  std::vector<double> sums(k);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    RandomStream random(options_.seed, Purpose::responsibilities, restart, rows[i]);
    const double r = -std::log(1 - random.uniform());  // exponential, so that shares are uniform on the simplex
    sums[i % k] += r;
    const double step = sums[i % k] > 0 ? r / sums[i % k] : 1;
    const auto row = values.row(i);
    for (std::size_t d = 0; d < row.size(); ++d) means(i % k, d) += step * (row[d] - means(i % k, d));
  }
  return shared_equally(overall_stats(engine_, options_.covariance.moments()), std::move(means), kPart);
}

// Standard deviations, and those within groups of each column, or, as spherical components have one unit for all
// columns, that of the data.
std::vector<Units> Initialiser::units_to_try(const std::vector<std::size_t>& rows) {
  std::vector<Units> units{*standard_units_};
  if (engine_.n_features() == 1 || options_.n_components == 1) return units;
  if (options_.covariance.moments() == Moments::spherical) {
    units.push_back(with_one_scale(*standard_units_));
  } else {
    units.push_back(
        separating_units(*standard_units_, in_units(engine_, rows, *standard_units_), options_.n_components));
  }
  return units;
}

// The partition of all rows by the nearest seed, or the nearest mean of k-means.
Start Initialiser::nearest(const std::vector<std::size_t>& rows, const std::vector<double>& weights, const Units& units,
                           std::size_t restart, bool with_kmeans) {
  const Dataset sample(in_units(engine_, rows, units), {}, weights);
  const auto engine = make_engine(sample, options_.n_threads);
  std::vector<std::size_t> seeds = kmeans_plus_plus(*engine, options_.n_components, options_.seed, restart);
  Matrix means;
  if (with_kmeans) {
    means = from_units(kmeans(*engine, engine->rows(seeds)), units);
  } else {
    for (std::size_t& seed : seeds) seed = rows[seed];
    means = engine_.rows(seeds);
  }
  const Mixture model = distance_model(std::move(means), units);
  const Moments moments = options_.covariance.moments();
  return {engine_.accumulate(row_model(model), model.means(), moments, Assignment::hard, Precision::exact),
          rows.size() < engine_.n_positive_rows() ? rows.size() : engine_.n_rows()};
}

std::vector<Start> Initialiser::from_seeds(std::size_t restart, bool with_kmeans) {
  if (!standard_units_) standard_units_ = standard_units(engine_);
  const std::size_t n_rows = n_seeding_rows(engine_, options_.n_components);
  if (!outermost_rows_) {
    const bool all = engine_.n_positive_rows() <= n_rows;
    outermost_rows_ =
        all ? std::vector<std::size_t>() : outermost_rows(engine_, *standard_units_, options_.covariance, n_rows / 4);
  }
  const RowSample sample = sample_rows(engine_, n_rows, *outermost_rows_, options_.seed, restart);
  std::vector<Start> found;
  for (const Units& each : units_to_try(sample.rows))
    found.push_back(nearest(sample.rows, sample.weights, each, restart, with_kmeans));
  if (options_.covariance.moments() == Moments::spherical || found.size() == 1) return found;
  const auto better = [&](const Start& a, const Start& b) {
    return partition_criterion(a.stats, *standard_units_) < partition_criterion(b.stats, *standard_units_);
  };
  return {*std::ranges::max_element(found, better)};
}

// The clusters of a hierarchy. It does not depend on the restart.
Start Initialiser::from_hierarchy() {
  const HierarchicalStart start(engine_, options_.n_components, options_.seed, options_.n_threads);
  return {start.stats(options_.n_components, options_.covariance.moments()), start.n_seed_rows()};
}

std::vector<Start> Initialiser::starts(std::size_t restart) {
  const std::size_t k = options_.n_components;
  const Moments moments = options_.covariance.moments();
  if (const auto* labels = std::get_if<Labels>(&options_.init)) {
    return {{partition_stats(engine_, from_labels(labels->values, engine_, k), k, moments)}};
  }
  if (const auto* given = std::get_if<Responsibilities>(&options_.init)) {
    return {{partition_stats(engine_, from_responsibilities(given->values.view(), engine_, k), k, moments)}};
  }
  switch (std::get<InitMethod>(options_.init)) {
    case InitMethod::random_from_data: return {{around_rows(restart)}};
    case InitMethod::random: return {{around_means_of_few_rows(restart)}};
    case InitMethod::kmeans_plus_plus: return from_seeds(restart, false);
    case InitMethod::hierarchical: return {from_hierarchy()};
    case InitMethod::kmeans: break;
  }
  return from_seeds(restart, true);
}

}  // namespace mogul
