#include "covariance/common_axes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <utility>
#include <vector>

#include "covariance/axes.hpp"
#include "covariance/axis_descent.hpp"
#include "covariance/scatters.hpp"
#include "covariance/volumes.hpp"

namespace mogul {
namespace {

// The axes that covariances have in common, which those of a sum of them are, as long as no two axes have equal
// variances in it. The weights of the sum are there to make that unlikely; the order of the axes does not depend on
// them, so that the order of the components does not change how the axes descend.
Matrix axes_of(const Covariances& current) {
  const std::size_t d = current.n_features();
  Matrix sums(2, packed_size(Layout::matrix, d));  // with these weights, and without
  std::vector<double> packed(sums.cols());
  for (std::size_t k = 0; k < current.n_components(); ++k) {
    pack(current, k, Layout::matrix, packed);
    double trace = 0;
    for (std::size_t i = 0; i < d; ++i) trace += current.variance(k, i) / static_cast<double>(d);
    const double weight = 1 + std::fmod(static_cast<double>(k) * std::numbers::phi, 1);
    for (std::size_t i = 0; i < sums.cols(); ++i) {
      sums(0, i) += weight * (packed[i] / trace);
      sums(1, i) += packed[i] / trace;
    }
  }
  const Matrix axes = principal_axes(sums.row(0), d).axes;
  const Matrix variances = variances_along(axes, sums);
  std::vector<std::size_t> order(d);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t i, std::size_t j) { return variances(1, i) < variances(1, j); });
  Matrix sorted(d, d);
  for (std::size_t i = 0; i < d; ++i) std::ranges::copy(axes.row(order[i]), sorted.row(i).begin());
  return sorted;
}

// The axes of a weighted mean of functions of the components' covariances: of these in the unit of their own size, of
// their logarithms, or of their inverses.
enum class Mean { arithmetic, logarithmic, harmonic };

Matrix pooled_axes(const Matrix& packed, std::span<const double> shares, std::span<const PrincipalAxes> principal,
                   Mean mean) {
  std::vector<double> sum(packed.cols());
  std::vector<double> part(packed.cols());
  for (std::size_t k = 0; k < packed.rows(); ++k) {
    std::vector<double> variances = principal[k].variances;
    const double least = *std::ranges::upper_bound(variances, 0.0);
    const double largest = variances.back();
    for (double& variance : variances) {
      variance = std::max(variance, least);
      switch (mean) {
        case Mean::arithmetic: variance /= largest; break;
        case Mean::logarithmic: variance = 1 + std::log(variance / least); break;  // the 1 keeps the sum regular
        case Mean::harmonic: variance = least / variance; break;
      }
    }
    assemble(principal[k].axes, variances, part);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += shares[k] * part[i];
  }
  return principal_axes(sum, principal[0].variances.size()).axes;
}

void run(AxisDescent& descent, InnerLoop& inner) {
  for (std::size_t i = 0; i == 0 || i < inner.max_iterations; ++i) {
    ++inner.n_iterations;
    if (!(descent.sweep(inner.tolerance) > inner.tolerance)) return;
  }
}

// The components with the largest shares, whose own axes are starts; more would cost time and find little.
std::vector<std::size_t> largest_components(std::span<const double> shares) {
  constexpr std::size_t kMost = 8;
  std::vector<std::size_t> order(shares.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return shares[a] > shares[b]; });
  order.resize(std::min(order.size(), kMost));
  return order;
}

std::vector<Matrix> starts(const Matrix& packed, std::span<const double> shares, const Covariances* current,
                           std::size_t n_features, bool thorough) {
  std::vector<Matrix> axes;
  if (current != nullptr) axes.push_back(axes_of(*current));
  if (current != nullptr && !thorough) return axes;
  std::vector<PrincipalAxes> principal;
  for (std::size_t k = 0; k < packed.rows(); ++k) principal.push_back(principal_axes(packed.row(k), n_features));
  axes.push_back(pooled_axes(packed, shares, principal, Mean::arithmetic));
  if (!thorough) return axes;
  for (const Mean mean : {Mean::logarithmic, Mean::harmonic}) {
    axes.push_back(pooled_axes(packed, shares, principal, mean));
  }
  for (const std::size_t k : largest_components(shares)) axes.push_back(std::move(principal[k].axes));
  return axes;
}

// The best axes, as rows; a component whose share is 0 is not looked at.
Matrix common_axes(const Matrix& packed, std::span<const double> shares, Volumes volumes, const Covariances* current,
                   std::size_t n_features, InnerLoop& inner) {
  std::vector<double> values;
  std::vector<double> weights;
  for (std::size_t k = 0; k < shares.size(); ++k) {
    if (!(shares[k] > 0)) continue;
    values.insert(values.end(), packed.row(k).begin(), packed.row(k).end());
    weights.push_back(shares[k]);
  }
  if (weights.empty()) return principal_axes(packed.row(0), n_features).axes;
  const Matrix used(weights.size(), packed.cols(), std::move(values));
  Matrix best;
  double lowest = std::numeric_limits<double>::infinity();
  for (const Matrix& start : starts(used, weights, current, n_features, inner.thorough)) {
    // A scan leads to other ends than steps to the nearest valley; neither is always the better.
    for (const bool scan : {false, true}) {
      if (scan && !inner.thorough) continue;
      AxisDescent descent(used, weights, volumes, start, scan);
      run(descent, inner);
      if (!best.empty() && !(descent.value() < lowest)) continue;
      best = descent.axes();
      if (!std::isnan(descent.value())) lowest = descent.value();
    }
  }
  return best;
}

}  // namespace

std::vector<double> along_common_axes(const Scatters& scatters, Volumes volumes, const Covariances* current,
                                      InnerLoop& inner) {
  const std::size_t d = scatters.n_features;
  Matrix covariances = free_covariances(scatters, current);
  std::vector<double> p = shares(scatters);
  std::vector<bool> singular;
  for (std::size_t k = 0; k < covariances.rows(); ++k) {
    singular.push_back(is_singular(covariances.row(k), d));
    if (singular[k]) p[k] = 0;
  }
  const Matrix axes = common_axes(covariances, p, volumes, current, d, inner);
  Matrix variances = variances_along(axes, covariances);
  if (volumes == Volumes::shared) {
    std::vector<double> log_volumes;
    for (std::size_t k = 0; k < variances.rows(); ++k) log_volumes.push_back(log_volume(variances.row(k)));
    equalise_volumes(variances, log_volumes, p);
  }
  for (std::size_t k = 0; k < covariances.rows(); ++k) {
    if (!singular[k]) assemble(axes, variances.row(k), covariances.row(k));
  }
  return as_stored(covariances, Layout::matrix, d);
}

}  // namespace mogul
