#include "em/maximise.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include "base/check_interrupted.hpp"
#include "covariance/family.hpp"
#include "em/component_moments.hpp"
#include "em/overall_moments.hpp"
#include "mogul/dataset.hpp"

namespace mogul {
namespace {

void update_means(const Stats& stats, Matrix& means) {
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    if (is_empty(stats, k)) continue;
    const std::vector<double> shift = mean_shift(stats, k);
    for (std::size_t d = 0; d < shift.size(); ++d) {
      means(k, d) = std::clamp(stats.shift(k, d) + shift[d], -kLargestValue, kLargestValue);  // rounding may exceed it
    }
  }
}

// What the family maximises over: the scatters about the new means, or, where means are held, about the held ones. An
// empty component has no part in them, unless all share one covariance, where it has next to none.
Scatters scatters_of(const Stats& stats, const CovarianceFamily& family, const Update& update) {
  const std::size_t n_components = stats.n_components();
  const Moments moments = family.moments();
  Scatters scatters{family.layout, stats.n_features(), stats.n, {}};
  Scatter shared = pooled_scatter(stats);
  std::vector<double> second;
  for (std::size_t k = 0; k < n_components; ++k) {
    check_interrupted();
    Scatter scatter = scatter_of(stats, k, moments);
    if (update.means && !is_empty(stats, k)) add_outer(scatter, moments, -stats.n[k], mean_shift(stats, k));
    if (family.shared) {
      shared.resize(scatter.size());
      std::ranges::transform(shared, scatter, shared.begin(), std::plus<>());
    } else {
      if (is_empty(stats, k)) scatters.counts[k] = 0;
      second.insert(second.end(), scatter.begin(), scatter.end());
    }
  }
  if (family.shared) second = std::move(shared);
  const std::size_t n_stored = family.shared ? 1 : n_components;
  const std::size_t size = second.size() / n_stored;
  scatters.second = Matrix(n_stored, size, std::move(second));
  return scatters;
}

// A component without rows has had its share before.
void add_to_variances(std::vector<double>& values, const Scatters& scatters, bool shared,
                      const std::vector<double>& added) {
  const std::size_t d = added.size();
  const std::size_t n_stored = scatters.second.rows();
  const std::size_t size = values.size() / n_stored;
  const std::size_t step = scatters.layout == Layout::matrix ? d + 1 : 1;
  for (std::size_t k = 0; k < n_stored; ++k) {
    if (!shared && scatters.counts[k] == 0) continue;
    for (std::size_t i = 0; i < (scatters.layout == Layout::spherical ? 1 : d); ++i) {
      values[k * size + i * step] += added[i];
    }
  }
}

std::vector<double> covariances(const Stats& stats, const CovarianceFamily& family, const Covariances* current,
                                const MStepOptions& options) {
  const Scatters scatters = scatters_of(stats, family, options.update);
  InnerLoop inner;
  inner.thorough = current == nullptr;
  std::vector<double> values = maximise(family, scatters, current, inner);
  add_to_variances(values, scatters, family.shared, added_variances(stats, family, options.reg_covar));
  return values;
}

}  // namespace

Parameters update_parameters(const Stats& stats, const Parameters& current, const MStepOptions& options,
                             const Covariances* current_covariances) {
  const double total = std::accumulate(stats.n.begin(), stats.n.end(), 0.0);
  Parameters next = current;
  if (options.update.weights) {
    for (std::size_t k = 0; k < next.weights.size(); ++k) next.weights[k] = stats.n[k] / total;
  }
  if (options.update.means) update_means(stats, next.means);
  if (options.update.covariances) {
    next.family = options.covariance.value_or(current.family);
    next.covariances = covariances(stats, next.family, current_covariances, options);
    next.factors = factorised(next);
  }
  return next;
}

}  // namespace mogul
