#include "search/first_models.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "base/cholesky.hpp"
#include "mogul/dataset.hpp"
#include "start/initialise.hpp"
#include "start/partition.hpp"
#include "start/seeding.hpp"
#include "start/units.hpp"

namespace mogul {
namespace {

std::vector<std::size_t> all_rows(const Engine& engine) {
  std::vector<std::size_t> rows(engine.n_rows());
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

std::vector<double> weights_of(const Engine& engine) {
  std::vector<double> weights;
  for_each_block(engine.source(), [&](const RowBlock& block) {
    for (std::size_t i = 0; i < block.n_rows; ++i) weights.push_back(block.weight(i));
    return true;
  });
  return weights;
}

// The rows in coordinates in which their covariance is the identity, and that covariance in the data's units; nothing
// where it is singular.
struct Whitened {
  Matrix rows;
  std::vector<double> covariance;
};
std::optional<Whitened> whitened(Engine& standardised, Matrix rows, const Units& units) {
  const std::size_t d = rows.cols();
  const Stats all = overall_stats(standardised, Moments::full);
  Matrix factor(d, d);
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j <= i; ++j) factor(i, j) = factor(j, i) = all.second(0, i * (i + 1) / 2 + j) / all.n[0];
  }
  std::vector<double> covariance;
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < d; ++j) covariance.push_back(factor(i, j) * units.scale[i] * units.scale[j]);
  }
  if (cholesky(factor.view())) return std::nullopt;
  const Matrix w = invert_lower(factor.view());
  for (std::size_t n = 0; n < rows.rows(); ++n) {
    const auto row = rows.row(n);
    for (std::size_t i = d; i-- > 0;) {
      double sum = 0;
      for (std::size_t j = 0; j <= i; ++j) sum += w(i, j) * row[j];
      row[i] = std::clamp(sum, -kLargestValue, kLargestValue);
    }
  }
  return Whitened{std::move(rows), std::move(covariance)};
}

// The variances of all rows where second moments have theirs.
void add_variances(std::vector<double>& second, Moments moments, const Units& units, double share) {
  for (std::size_t i = 0; i < units.scale.size(); ++i) {
    const std::size_t at = moments == Moments::spherical ? 0 : moments == Moments::diagonal ? i : i * (i + 3) / 2;
    second[at] += share * units.scale[i] * units.scale[i];
  }
}

// Adds P to the scatters W_k of a partition, and one row to its clusters. What components share needs neither. P has
// 1e-6 of the variance of all rows, as columns may be constant within every cluster.
void soften(Stats& stats, const Units& units, double row) {
  constexpr double kLeast = 1e-6;
  if (stats.moments == Moments::pooled) return;
  const std::size_t d = stats.n_features();
  const auto between = [&](std::size_t k, std::size_t i, std::size_t j) {
    return stats.first(k, i) * stats.first(k, j) / stats.n[k];
  };
  // Calls visit(position in the second moments, part of them between the shift and the mean).
  const auto visit_elements = [&](std::size_t k, auto&& visit) {
    if (stats.moments == Moments::spherical) {
      double sum = 0;
      for (std::size_t i = 0; i < d; ++i) sum += between(k, i, i);
      visit(0, sum);
    } else if (stats.moments == Moments::diagonal) {
      for (std::size_t i = 0; i < d; ++i) visit(i, between(k, i, i));
    } else {
      for (std::size_t i = 0; i < d; ++i) {
        for (std::size_t j = 0; j <= i; ++j) visit(i * (i + 1) / 2 + j, between(k, i, j));
      }
    }
  };
  std::vector<double> pooled(stats.second.cols());
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    if (!(stats.n[k] > 0)) return;  // the start fails anyway
    visit_elements(k, [&](std::size_t at, double part) { pooled[at] += stats.second(k, at) - part; });
  }
  for (double& value : pooled) value *= row / stats.sum_weights;
  add_variances(pooled, stats.moments, units, kLeast * row);
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    const double share = stats.n[k] / (stats.n[k] + row);
    visit_elements(k, [&](std::size_t at, double part) {
      const double within = stats.second(k, at) - part;
      stats.second(k, at) = part + share * (within + pooled[at]);
    });
  }
}

}  // namespace

std::vector<Stats> first_models(Engine& engine, const FitOptions& options, const StartCounts& counts, double row,
                                std::size_t& n_passes) {
  const Moments moments = options.covariance.moments();
  const std::size_t k = options.n_components;
  const Units units = standard_units(engine);
  const Matrix rows = in_units(engine, all_rows(engine), units);
  const std::vector<double> weights = weights_of(engine);
  const Dataset standardised(rows, {}, weights);
  const auto of_standardised = make_engine(standardised, options.n_threads);
  std::vector<Stats> starts;
  // By the nearest seed under a covariance that all components share.
  const auto add = [&](Engine& in_metric, std::size_t count, std::size_t first, auto&& model_of) {
    for (std::size_t i = 0; i < count; ++i) {
      const Mixture model = model_of(engine.rows(kmeans_plus_plus(in_metric, k, options.seed, first + i)));
      starts.push_back(engine.accumulate(row_model(model), model.means(), moments, Assignment::hard, Precision::exact));
      soften(starts.back(), units, row);
      ++n_passes;
    }
  };
  const auto by_deviations = [&](Matrix means) { return distance_model(std::move(means), units); };
  add(*of_standardised, counts.standardised, 0, by_deviations);
  const bool is_wide = rows.cols() > rows.rows();  // a matrix of all features would be larger than the rows
  const auto metric = counts.whitened > 0 && !is_wide ? whitened(*of_standardised, rows, units) : std::nullopt;
  if (metric) {
    const Dataset whitened_rows(metric->rows, {}, weights);
    const auto of_whitened = make_engine(whitened_rows, options.n_threads);
    add(*of_whitened, counts.whitened, counts.standardised, [&](Matrix means) {
      const std::vector<double> equal(k, 1 / static_cast<double>(k));
      return Mixture(families::tied, equal, std::move(means), metric->covariance);
    });
  } else {
    add(*of_standardised, counts.whitened, counts.standardised, by_deviations);
  }
  FitOptions around_rows = options;
  around_rows.init = InitMethod::random_from_data;
  Initialiser initialiser(engine, around_rows);
  for (std::size_t i = 0; i < counts.random; ++i) starts.push_back(initialiser.starts(i).front().stats);
  return starts;
}

}  // namespace mogul
