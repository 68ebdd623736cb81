#include "em/m_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/cholesky.hpp"
#include "kernel/prepared_model.hpp"

namespace mogul {
namespace {

constexpr double kEps = std::numeric_limits<double>::epsilon();

// A second moment of one component in the shape that `moments` stores: a number, D values or a packed triangle.
using Scatter = std::vector<double>;

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

// A component's second moment in the coarser shape that a structure needs.
Scatter coarsened(std::span<const double> second, Moments from, Moments to, std::size_t d) {
  if (from == to || to == Moments::pooled) return {second.begin(), second.end()};
  Scatter variances(second.begin(), second.end());
  if (from == Moments::full) {
    variances.resize(d);
    for (std::size_t i = 0; i < d; ++i) variances[i] = second[i * (i + 1) / 2 + i];
  }
  if (to == Moments::diagonal) return variances;
  return {std::accumulate(variances.begin(), variances.end(), 0.0)};
}

// Second moments in the shape that a structure needs: what all components have in common, and the rest by component.
Scatter pooled_scatter(const Stats& stats) {
  if (stats.moments != Moments::pooled) return {};
  return {stats.second.row(0).begin(), stats.second.row(0).end()};
}
Scatter scatter_of(const Stats& stats, std::size_t k, Moments to) {
  if (stats.moments == Moments::pooled) return Scatter(stats.second.cols());
  return coarsened(stats.second.row(k), stats.moments, to, stats.n_features());
}

// Stores scatter / weight + reg_covar I in a structure's layout at `out`; a spherical variance is the mean over
// features.
void store_covariance(const Scatter& scatter, Moments moments, double weight, double reg_covar, std::size_t d,
                      std::span<double> out) {
  if (moments == Moments::spherical) {
    out[0] = scatter[0] / weight / static_cast<double>(d) + reg_covar;
    return;
  }
  for (std::size_t i = 0; i < d; ++i) {
    if (moments == Moments::diagonal) {
      out[i] = scatter[i] / weight + reg_covar;
      continue;
    }
    for (std::size_t j = 0; j <= i; ++j) {
      out[i * d + j] = out[j * d + i] = scatter[i * (i + 1) / 2 + j] / weight + (i == j ? reg_covar : 0.0);
    }
  }
}

bool is_empty(const Stats& stats, std::size_t k) { return !(stats.n[k] > 10 * kEps * stats.sum_weights); }

std::vector<double> mean_shift(const Stats& stats, std::size_t k) {
  std::vector<double> shift(stats.first.row(k).begin(), stats.first.row(k).end());
  for (double& s : shift) s /= stats.n[k];
  return shift;
}

void update_means(const Stats& stats, Matrix& means) {
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    if (is_empty(stats, k)) continue;
    const std::vector<double> shift = mean_shift(stats, k);
    for (std::size_t d = 0; d < shift.size(); ++d) means(k, d) = stats.shift(k, d) + shift[d];
  }
}

// An empty component keeps the covariance that it has in the current model, if that is of the same structure.
std::vector<double> covariances(const Stats& stats, const Parameters& current, const MStepOptions& options) {
  const CovarianceStructure structure = options.covariance.value_or(current.structure);
  const std::size_t d = stats.n_features();
  const Moments moments = moments_for(structure);
  const std::size_t n_components = stats.n_components();
  const bool tied = is_tied(structure);
  std::vector<double> out = current.covariances;
  if (current.structure != structure) out.clear();
  out.resize(covariance_size(structure, n_components, d));
  Scatter shared = pooled_scatter(stats);
  for (std::size_t k = 0; k < n_components; ++k) {
    Scatter scatter = scatter_of(stats, k, moments);
    // About the new mean, or, where means are held, about the held one.
    if (options.update.means && !is_empty(stats, k)) add_outer(scatter, moments, -stats.n[k], mean_shift(stats, k));
    if (tied) {
      shared.resize(scatter.size());
      std::transform(shared.begin(), shared.end(), scatter.begin(), shared.begin(), std::plus<>());
    } else if (!is_empty(stats, k)) {
      const std::size_t size = out.size() / n_components;
      store_covariance(scatter, moments, stats.n[k], options.reg_covar, d, std::span(out).subspan(k * size, size));
    }
  }
  const double total = std::accumulate(stats.n.begin(), stats.n.end(), 0.0);
  if (tied) store_covariance(shared, moments, total, options.reg_covar, d, out);
  return out;
}

// What a structure stores for component k: a matrix, D variances or one.
std::span<const double> covariance_of(const Parameters& p, std::size_t k) {
  const std::size_t size = p.covariances.size() / (is_tied(p.structure) ? 1 : p.weights.size());
  return std::span(p.covariances).subspan(is_tied(p.structure) ? 0 : k * size, size);
}

double variance_of(const Parameters& p, std::size_t k, std::size_t i) {
  const std::span<const double> values = covariance_of(p, k);
  switch (moments_for(p.structure)) {
    case Moments::pooled:
    case Moments::full: return values[i * p.means.cols() + i];
    case Moments::diagonal: return values[i];
    default: return values[0];
  }
}

// What rounding may leave of a variance of feature i: (8 eps |mean|)^2 is that of the data; S / n - m^2, m the move of
// the mean, keeps some eps of S / n = variance + m^2 (measured: 1 to 3 where m = 0, mostly below 16 D elsewhere). For a
// shared variance it is the mean over the components.
double rounding(const Parameters& p, const Matrix& about, std::size_t k, std::size_t i, double variance) {
  const std::size_t first = is_tied(p.structure) ? 0 : k;
  const std::size_t last = is_tied(p.structure) ? p.weights.size() : k + 1;
  double data = 0;
  double moved = 0;
  for (std::size_t c = first; c < last; ++c) {
    const double share = is_tied(p.structure) ? p.weights[c] : 1;
    data += share * std::pow(8 * kEps * p.means(c, i), 2);
    moved += share * std::pow(p.means(c, i) - about(c, i), 2);
  }
  return data + 16 * static_cast<double>(p.means.cols()) * kEps * (variance + moved);
}

Degenerate::Cause cause_of(const Parameters& p, std::size_t k, std::size_t feature) {
  const double variance = variance_of(p, k, feature);
  if (!(variance >= kSmallestVariance)) return variance > 0 ? Degenerate::Cause::tiny : Degenerate::Cause::dependent;
  const bool rounded = variance <= std::pow(8 * kEps * p.means(k, feature), 2);
  return rounded ? Degenerate::Cause::rounded : Degenerate::Cause::dependent;
}

// The first feature whose variance, given those before it, is rounding.
std::optional<std::size_t> singular_feature(const Parameters& p, const Matrix& about, std::size_t k) {
  const std::size_t d = p.means.cols();
  const std::span<const double> values = covariance_of(p, k);
  const bool matrix = moments_for(p.structure) >= Moments::pooled;
  Matrix factor;
  if (matrix) {
    factor = Matrix(d, d, {values.begin(), values.end()});
    if (const auto failed = cholesky(factor.view())) return failed;
  }
  for (std::size_t i = 0; i < d; ++i) {
    const double variance = variance_of(p, k, i);
    const double given_those_before = matrix ? factor(i, i) * factor(i, i) : variance;
    if (!(given_those_before > rounding(p, about, k, i, variance)) || !(variance >= kSmallestVariance)) return i;
  }
  return std::nullopt;
}

// Of any feature given those before it, in units of its variance; 0 if singular, or not within the range of float.
double smallest_conditional_variance(const Parameters& p, std::size_t k) {
  const std::size_t d = p.means.cols();
  double smallest = 1;
  for (std::size_t i = 0; i < d; ++i) {
    if (!(variance_of(p, k, i) * kLargestFloatFactor * kLargestFloatFactor > 1)) return 0;
  }
  if (moments_for(p.structure) < Moments::pooled) return smallest;
  const std::span<const double> values = covariance_of(p, k);
  Matrix factor(d, d, {values.begin(), values.end()});
  if (cholesky(factor.view())) return 0;
  for (std::size_t i = 0; i < d; ++i) {
    smallest = std::min(smallest, factor(i, i) * factor(i, i) / variance_of(p, k, i));
  }
  return smallest;
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

Parameters parameters_of(const Mixture& mixture) {
  return {mixture.structure(), mixture.weights(), mixture.means(), mixture.covariances()};
}

Parameters update_parameters(const Stats& stats, const Parameters& current, const MStepOptions& options) {
  const double total = std::accumulate(stats.n.begin(), stats.n.end(), 0.0);
  Parameters next = current;
  if (options.update.weights) {
    for (std::size_t k = 0; k < next.weights.size(); ++k) next.weights[k] = stats.n[k] / total;
  }
  if (options.update.means) update_means(stats, next.means);
  if (options.update.covariances) {
    next.structure = options.covariance.value_or(current.structure);
    next.covariances = covariances(stats, current, options);
  }
  return next;
}

std::vector<Degenerate> singular_components(const Parameters& parameters, const Matrix& about) {
  std::vector<Degenerate> found;
  const std::size_t n_covariances = is_tied(parameters.structure) ? 1 : parameters.weights.size();
  for (std::size_t k = 0; k < n_covariances; ++k) {
    if (const auto feature = singular_feature(parameters, about, k)) {
      found.push_back({k, cause_of(parameters, k, *feature), *feature});
    }
  }
  return found;
}

bool lost_digits(const Stats& stats, const Parameters& next, const Update& update) {
  if (!update.means || !update.covariances) return false;
  if (next.means != stats.shift && !singular_components(next, stats.shift).empty()) return true;
  return has_moved_far(stats, next, 100);
}

bool lost_digits_of_float(const Stats& stats, const Parameters& current, const Parameters& next, const Update& update) {
  if (!update.covariances) return false;
  if (update.means && has_moved_far(stats, next, 3)) return true;
  const std::size_t n_covariances = is_tied(next.structure) ? 1 : next.weights.size();
  for (std::size_t k = 0; k < n_covariances; ++k) {
    const bool was_in_double = smallest_conditional_variance(current, k) * kMaxFloatInflation < 1;
    if (!was_in_double && smallest_conditional_variance(next, k) * kMaxFloatInflation < 1) return true;
  }
  return false;
}

std::vector<Degenerate> degenerate_components(const Parameters& parameters, const Stats& stats, const Update& update) {
  std::vector<Degenerate> found;
  if (update.covariances) found = singular_components(parameters, stats.shift);
  if (is_tied(parameters.structure) && !found.empty()) return found;
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    const bool stays_empty = !update.weights && parameters.weights[k] == 0;
    if (!is_empty(stats, k) || !update.means || stays_empty) continue;
    std::erase_if(found, [k](const Degenerate& d) { return d.component == k; });
    found.push_back({k, Degenerate::Cause::empty, 0});
  }
  std::ranges::sort(found, {}, &Degenerate::component);
  return found;
}

std::string describe(const Degenerate& degenerate, CovarianceStructure structure, const std::string& feature_name) {
  const std::string which = is_tied(structure) ? "the shared covariance"
                                               : fmt::format("the covariance of component {}", degenerate.component);
  const std::string where = fmt::format("{} is singular at column '{}'", which, feature_name);
  switch (degenerate.cause) {
    case Degenerate::Cause::empty:
      return fmt::format("component {} is empty (no row belongs to it); lower n_components or start elsewhere",
                         degenerate.component);
    case Degenerate::Cause::rounded:
      return where + ": its spread is below the rounding of values as large as its mean; subtract an offset from it";
    case Degenerate::Cause::tiny: return where + ": its variance is below 1e-300; rescale it";
    case Degenerate::Cause::dependent: break;
  }
  return where +
         " (constant there, a combination of the columns before it, or too few rows); raise reg_covar, lower "
         "n_components, or leave the column out";
}

std::vector<double> overall_covariance(const Stats& stats, CovarianceStructure structure, double reg_covar,
                                       std::vector<double>& mean) {
  const std::size_t d = stats.n_features();
  const Moments moments = moments_for(structure);
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
  std::vector<double> out(covariance_size(structure, 1, d));
  store_covariance(scatter, moments, total, reg_covar, d, out);
  return out;
}

}  // namespace mogul
