#include "em/overall_moments.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <span>

#include "base/check_interrupted.hpp"
#include "em/component_moments.hpp"

namespace mogul {
namespace {

// The second moment of all rows about their mean, in the shape of `moments`.
Scatter overall_scatter(const Stats& stats, Moments moments, std::vector<double>& mean) {
  const std::size_t d = stats.n_features();
  const double total = std::accumulate(stats.n.begin(), stats.n.end(), 0.0);
  // About the mean of component 0's shift, so that data far from the origin lose nothing.
  std::vector<double> offset(d);
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    for (std::size_t i = 0; i < d; ++i) {
      offset[i] += (stats.first(k, i) + stats.n[k] * (stats.shift(k, i) - stats.shift(0, i))) / total;
    }
  }
  Scatter scatter = pooled_scatter(stats);
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    check_interrupted();
    Scatter own = scatter_of(stats, k, moments);
    if (!is_empty(stats, k)) add_outer(own, moments, -stats.n[k], mean_shift(stats, k));
    std::vector<double> away(d);
    for (std::size_t i = 0; i < d; ++i) {
      const double shift = is_empty(stats, k) ? 0 : stats.first(k, i) / stats.n[k];
      away[i] = stats.shift(k, i) - stats.shift(0, i) + shift - offset[i];
    }
    add_outer(own, moments, stats.n[k], away);
    scatter.resize(own.size());
    std::transform(scatter.begin(), scatter.end(), own.begin(), scatter.begin(), std::plus<>());
  }
  mean.resize(d);
  for (std::size_t i = 0; i < d; ++i) mean[i] = stats.shift(0, i) + offset[i];
  return scatter;
}

// Stores scatter / weight, plus what is added to the D variances, in a family's layout at `out`; a spherical
// variance is the mean over features.
void store_covariance(const Scatter& scatter, Moments moments, double weight, const std::vector<double>& added,
                      std::span<double> out) {
  const std::size_t d = added.size();
  if (moments == Moments::spherical) {
    out[0] = scatter[0] / weight / static_cast<double>(d) + added[0];
    return;
  }
  for (std::size_t i = 0; i < d; ++i) {
    if (moments == Moments::diagonal) {
      out[i] = scatter[i] / weight + added[i];
      continue;
    }
    for (std::size_t j = 0; j <= i; ++j) {
      out[i * d + j] = out[j * d + i] = scatter[i * (i + 1) / 2 + j] / weight + (i == j ? added[i] : 0.0);
    }
  }
}

}  // namespace

std::vector<double> added_variances(const Stats& stats, CovarianceFamily family, const RegCovar& reg_covar) {
  const std::size_t d = stats.n_features();
  if (!reg_covar.relative || reg_covar.value == 0) return std::vector<double>(d, reg_covar.value);
  Moments moments = family.moments();
  if (moments == Moments::full) moments = Moments::diagonal;
  std::vector<double> mean;
  const Scatter scatter = overall_scatter(stats, moments, mean);
  const double share = reg_covar.value / std::accumulate(stats.n.begin(), stats.n.end(), 0.0);
  if (moments == Moments::spherical) return std::vector<double>(d, share * scatter[0] / static_cast<double>(d));
  std::vector<double> added(d);
  for (std::size_t i = 0; i < d; ++i) {
    added[i] = share * scatter[moments == Moments::pooled ? i * (i + 1) / 2 + i : i];
  }
  return added;
}

std::vector<double> overall_covariance(const Stats& stats, CovarianceFamily family, const RegCovar& reg_covar,
                                       std::vector<double>& mean) {
  const Moments moments = family.moments();
  const Scatter scatter = overall_scatter(stats, moments, mean);
  const double total = std::accumulate(stats.n.begin(), stats.n.end(), 0.0);
  std::vector<double> out(covariance_size(family, 1, stats.n_features()));
  store_covariance(scatter, moments, total, added_variances(stats, family, reg_covar), out);
  return out;
}

}  // namespace mogul
