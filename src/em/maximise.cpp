#include "em/maximise.hpp"

#include <algorithm>
#include <functional>

#include "base/check_interrupted.hpp"
#include "covariance/eigenvalue_bound.hpp"
#include "covariance/family.hpp"
#include "em/component_moments.hpp"
#include "em/overall_moments.hpp"
#include "em/prior_terms.hpp"
#include "mogul/dataset.hpp"

namespace mogul {
namespace {

// Without rows a mean stays as it is, unless it has a prior.
void update_means(const Stats& stats, const MStepOptions& options, Matrix& means) {
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    if (!options.hold.estimates_mean(k)) continue;
    if (!is_empty(stats, k)) {
      const std::vector<double> shift = mean_shift(stats, k);
      for (std::size_t d = 0; d < shift.size(); ++d) means(k, d) = stats.shift(k, d) + shift[d];
    }
    shrink_mean(means.row(k), is_empty(stats, k) ? 0 : stats.n[k], k, options);
    for (double& value : means.row(k)) value = std::clamp(value, -kLargestValue, kLargestValue);  // but for rounding
  }
}

// What the family maximises over: the scatters about the new means, or, where means are held, about the held ones. An
// empty component has no part in them, unless all share one covariance, where it has next to none.
Scatters scatters_of(const Stats& stats, const CovarianceFamily& family, const Hold& hold) {
  const std::size_t n_components = stats.n_components();
  const Moments moments = family.moments();
  Scatters scatters{family.layout, stats.n_features(), stats.n, {}};
  Scatter shared = pooled_scatter(stats);
  std::vector<double> second;
  for (std::size_t k = 0; k < n_components; ++k) {
    check_interrupted();
    Scatter scatter = scatter_of(stats, k, moments);
    if (hold.estimates_mean(k) && !is_empty(stats, k)) add_outer(scatter, moments, -stats.n[k], mean_shift(stats, k));
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
                                const MStepOptions& options, Optimum optimum) {
  Scatters scatters = scatters_of(stats, family, options.hold);
  add_prior(scatters, stats, family, options);
  InnerLoop inner;
  inner.thorough = current == nullptr || optimum == Optimum::highest;
  std::vector<double> values = maximise(family, scatters, current, inner);
  add_to_variances(values, scatters, family.shared, added_variances(stats, family, options.reg_covar));
  if (options.max_eigenvalue_ratio) {
    bound_eigenvalues(values, family, stats.n_features(), scatters.counts, *options.max_eigenvalue_ratio);
  }
  return values;
}

}  // namespace

Parameters update_parameters(const Stats& stats, const Parameters& current, const MStepOptions& options,
                             const Covariances* current_covariances, Optimum optimum) {
  Parameters next = current;
  if (!options.hold.weights) next.weights = mixing_weights(stats, options);
  update_means(stats, options, next.means);
  next.has_prior = options.prior && !options.hold.covariances;
  if (!options.hold.covariances) {
    next.family = options.covariance.value_or(current.family);
    next.covariances = covariances(stats, next.family, current_covariances, options, optimum);
    next.factors = factorised(next);
  }
  return next;
}

}  // namespace mogul
