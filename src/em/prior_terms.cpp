#include "em/prior_terms.hpp"

#include <algorithm>
#include <numeric>

#include "em/component_moments.hpp"

namespace mogul {
namespace {

// Adds the prior's scale to one scatter, which for a spherical layout is a trace.
void add_scale(std::span<double> scatter, const std::vector<double>& scale, Layout layout, std::size_t d) {
  if (layout == Layout::spherical) {
    scatter[0] += scale[0];
    return;
  }
  for (std::size_t i = 0; i < d; ++i) {
    if (layout == Layout::diagonal) {
      scatter[i] += scale[0];
      continue;
    }
    for (std::size_t j = 0; j <= i; ++j) {
      const double lambda = scale.size() > 1 ? scale[i * d + j] : i == j ? scale[0] : 0;
      scatter[i * (i + 1) / 2 + j] += lambda;
    }
  }
}

// Adds the shrinkage term of the mean of component k.
void add_mean_term(std::span<double> scatter, const Stats& stats, std::size_t k, Moments moments,
                   const MStepOptions& options) {
  const double kappa = mean_shrinkage(options, k);
  if (!(kappa > 0) || is_empty(stats, k)) return;
  std::vector<double> away = mean_shift(stats, k);
  for (std::size_t i = 0; i < away.size(); ++i) away[i] += stats.shift(k, i) - (*options.prior->mean)[i];
  Scatter sum(scatter.begin(), scatter.end());
  add_outer(sum, moments, stats.n[k] / (kappa + stats.n[k]) * kappa, away);
  std::ranges::copy(sum, scatter.begin());
}

}  // namespace

double covariance_count(Layout layout, double dof, double d) {
  switch (layout) {
    case Layout::spherical: return (dof + 2) / d;
    case Layout::diagonal: return dof + 2;
    case Layout::matrix: return dof + d + 1;
  }
  return 0;
}

double mean_shrinkage(const MStepOptions& options, std::size_t k) {
  return options.prior && options.hold.estimates_mean(k) ? *options.prior->mean_shrinkage : 0;
}

void shrink_mean(std::span<double> mean, double n_k, std::size_t k, const MStepOptions& options) {
  const double kappa = mean_shrinkage(options, k);
  if (!(kappa > 0)) return;
  const double share = kappa / (n_k + kappa);
  for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += share * ((*options.prior->mean)[i] - mean[i]);
}

void add_prior(Scatters& scatters, const Stats& stats, const CovarianceFamily& family, const MStepOptions& options) {
  if (!options.prior) return;
  const std::size_t n_components = scatters.counts.size();
  const std::size_t d = scatters.n_features;
  const double of_covariance = covariance_count(family.layout, *options.prior->dof, static_cast<double>(d));
  const double times = family.shared ? 1 / static_cast<double>(n_components) : 1;
  for (std::size_t k = 0; k < n_components; ++k) {
    const std::size_t stored = scatters.second.rows() == 1 ? 0 : k;
    add_mean_term(scatters.second.row(stored), stats, k, family.moments(), options);
    scatters.counts[k] += (mean_shrinkage(options, k) > 0 ? 1 : 0) + times * of_covariance;
  }
  for (std::size_t k = 0; k < (family.shared ? 1 : n_components); ++k) {
    add_scale(scatters.second.row(k), *options.prior->scale, family.layout, d);
  }
}

std::vector<double> mixing_weights(const Stats& stats, const MStepOptions& options) {
  const std::size_t n_components = stats.n_components();
  const auto k = static_cast<double>(n_components);
  if (options.hold.equal_weights) return std::vector<double>(n_components, 1 / k);
  const double more = options.weight_concentration.value_or(1) - 1;
  const double total = std::accumulate(stats.n.begin(), stats.n.end(), 0.0) + k * more;
  std::vector<double> weights = stats.n;
  for (double& weight : weights) weight = (weight + more) / total;
  return weights;
}

}  // namespace mogul
