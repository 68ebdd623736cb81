#include "em/m_step.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/check_interrupted.hpp"
#include "base/cholesky.hpp"
#include "covariance/family.hpp"
#include "em/degenerate.hpp"
#include "engine/scatter.hpp"
#include "mogul/dataset.hpp"

namespace mogul {
namespace {

constexpr double kEps = std::numeric_limits<double>::epsilon();

// Adds scale * v v^T.
void add_outer(Scatter& scatter, Moments moments, double scale, std::span<const double> v) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < v.size(); ++i) {
    switch (moments) {
      case Moments::spherical: scatter[0] += scale * v[i] * v[i]; break;
      case Moments::diagonal: scatter[i] += scale * v[i] * v[i]; break;
      case Moments::pooled:
      case Moments::full:
        for (std::size_t j = 0; j <= i; ++j) scatter[at++] += scale * v[i] * v[j];
        break;
      default: break;
    }
  }
}

// Second moments in the shape that a family needs: what all components have in common, and the rest by component.
Scatter pooled_scatter(const Stats& stats) {
  if (stats.moments != Moments::pooled) return {};
  return {stats.second.row(0).begin(), stats.second.row(0).end()};
}
Scatter scatter_of(const Stats& stats, std::size_t k, Moments to) {
  if (stats.moments == Moments::pooled) return Scatter(stats.second.cols());
  return coarsened(stats.second.row(k), stats.moments, to, stats.n_features());
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

std::vector<double> mean_shift(const Stats& stats, std::size_t k) {
  std::vector<double> shift(stats.first.row(k).begin(), stats.first.row(k).end());
  for (double& s : shift) s /= stats.n[k];
  return shift;
}

void update_means(const Stats& stats, Matrix& means) {
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    if (is_empty(stats, k)) continue;
    const std::vector<double> shift = mean_shift(stats, k);
    for (std::size_t d = 0; d < shift.size(); ++d) {
      means(k, d) = std::clamp(stats.shift(k, d) + shift[d], -kLargestValue, kLargestValue);  // rounding may exceed it
    }
  }
}

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

bool resolves(const Resolution& resolution, const Parameters& p, std::size_t k) {
  const std::size_t d = p.means.cols();
  for (std::size_t i = 0; i < d; ++i) {
    if (!(variance_of(p, k, i) > resolution.min_deviation * resolution.min_deviation)) return false;
  }
  if (p.family.moments() < Moments::pooled) return true;
  const std::span<const double> values = covariance_of(p, k);
  Matrix factor(d, d, {values.begin(), values.end()});
  if (cholesky(factor.view())) return false;
  for (std::size_t i = 0; i < d; ++i) {
    if (factor(i, i) * factor(i, i) < resolution.min_conditional_variance * variance_of(p, k, i)) return false;
  }
  return true;
}

// Whether a mean has moved by so many standard deviations.
bool has_moved_far(const Stats& stats, const Parameters& next, double deviations) {
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    for (std::size_t d = 0; d < stats.n_features(); ++d) {
      const double move = next.means(k, d) - stats.shift(k, d);
      if (move != 0 && move * move >= deviations * deviations * variance_of(next, k, d)) return true;
    }
  }
  return false;
}

}  // namespace

std::span<const double> covariance_of(const Parameters& p, std::size_t k) {
  const std::size_t size = p.covariances.size() / (p.family.shared ? 1 : p.weights.size());
  return std::span(p.covariances).subspan(p.family.shared ? 0 : k * size, size);
}

double variance_of(const Parameters& p, std::size_t k, std::size_t i) {
  const std::span<const double> values = covariance_of(p, k);
  switch (p.family.moments()) {
    case Moments::pooled:
    case Moments::full: return values[i * p.means.cols() + i];
    case Moments::diagonal: return values[i];
    default: return values[0];
  }
}

bool is_empty(const Stats& stats, std::size_t k) { return !(stats.n[k] > 10 * kEps * stats.sum_weights); }

Parameters parameters_of(const Mixture& mixture) {
  return {mixture.family(), mixture.weights(), mixture.means(), mixture.covariances().values()};
}

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
  }
  return next;
}

bool lost_digits(const Stats& stats, const Parameters& current, const Parameters& next, const Update& update) {
  if (!update.covariances) return false;
  if (update.means) {
    if (next.means != stats.shift && !singular_components(next, stats.shift).empty()) return true;
    if (has_moved_far(stats, next, stats.resolution.max_move)) return true;
  }
  if (stats.is_exact()) return false;
  const std::size_t n_covariances = next.family.shared ? 1 : next.weights.size();
  for (std::size_t k = 0; k < n_covariances; ++k) {
    check_interrupted();
    if (!resolves(stats.resolution, next, k) && resolves(stats.resolution, current, k)) return true;
  }
  return false;
}

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
