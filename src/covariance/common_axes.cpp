#include "covariance/common_axes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <utility>
#include <vector>

#include "base/check_interrupted.hpp"
#include "covariance/axes.hpp"
#include "covariance/scatters.hpp"
#include "covariance/volumes.hpp"

namespace mogul {
namespace {

// Sigma_k turned by an angle in the plane of two axes: variances p and q along them, r their covariance.
struct Plane {
  std::span<double> p, q, r;
};
struct Rotation {
  double cosine = 1;
  double sine = 0;
};
// A rotation, and by how much it lowers the function.
struct Step {
  Rotation by;
  double gain = 0;
};
Rotation by_twice_the_angle(double u) { return {std::cos(u / 2), std::sin(u / 2)}; }

double turned_first(const Plane& at, std::size_t k, Rotation by) {
  return by.cosine * by.cosine * at.p[k] + 2 * by.cosine * by.sine * at.r[k] + by.sine * by.sine * at.q[k];
}
double turned_second(const Plane& at, std::size_t k, Rotation by) {
  return by.sine * by.sine * at.p[k] - 2 * by.cosine * by.sine * at.r[k] + by.cosine * by.cosine * at.q[k];
}

// One start on its way down. Both functions are sum_k w_k f(l_k), where l_k = sum_j log x_kj changes by m_k: for VVE
// w_k is constant and f(m) = m; for EVE w_k is proportional to the volume and f(m) = (exp(m / D) - 1) D.
class Descent {
 public:
  Descent(const Matrix& packed, std::vector<double> shares, Volumes volumes, Matrix axes, bool scan)
      : axes_(std::move(axes)),
        covariances_(packed.cols(), packed.rows()),
        weights_(std::move(shares)),
        bend_(volumes == Volumes::shared ? 1 / static_cast<double>(axes_.rows()) : 0),
        scan_(scan) {
    std::vector<double> log_volumes(packed.rows());
    for (std::size_t k = 0; k < packed.rows(); ++k) {
      check_interrupted(2 * d() * d() * d());
      const Matrix turned = in_axes(axes_, packed.row(k));
      for (std::size_t i = 0; i < d(); ++i) {
        for (std::size_t j = 0; j <= i; ++j) element(i, j)[k] = turned(i, j);
        log_volumes[k] += std::log(turned(i, i)) / static_cast<double>(d());
      }
    }
    if (volumes == Volumes::own) {
      value_ = std::inner_product(weights_.begin(), weights_.end(), log_volumes.begin(), 0.0);
      return;
    }
    const double largest = *std::ranges::max_element(log_volumes);
    for (std::size_t k = 0; k < weights_.size(); ++k) weights_[k] *= std::exp(log_volumes[k] - largest);
    const double sum = std::accumulate(weights_.begin(), weights_.end(), 0.0);
    for (double& weight : weights_) weight /= sum;
    value_ = largest + std::log(sum);
  }

  // Logarithm of the volume that the objective depends on: the smaller, the better.
  double value() const { return value_; }
  Matrix& axes() { return axes_; }

  // Rotates every pair of axes once; by how much that lowers the value.
  double sweep(double tolerance) {
    double gain = 0;
    // The pairs that are left alone could gain a hundredth of the tolerance together.
    const double negligible = tolerance / 100 * 2 / static_cast<double>(d());
    for (std::size_t i = 1; i < d(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        check_interrupted(8 * d() * weights_.size());
        gain += rotate(i, j, negligible);
      }
    }
    value_ -= gain;
    return gain;
  }

 private:
  std::size_t d() const { return axes_.rows(); }
  std::span<double> element(std::size_t i, std::size_t j) {
    return covariances_.row(std::max(i, j) * (std::max(i, j) + 1) / 2 + std::min(i, j));
  }

  // How a rotation changes sum_k w_k f(l_k); NaN where a variance leaves the range of double.
  double change(const Plane& at, Rotation by) const {
    double sum = 0;
    for (std::size_t k = 0; k < weights_.size(); ++k) {
      const double moved = std::log(turned_first(at, k, by) / at.p[k] * (turned_second(at, k, by) / at.q[k]));
      sum += weights_[k] * (bend_ == 0 ? moved : std::expm1(bend_ * moved) / bend_);
    }
    return sum;
  }

  // The best angle found; none if there is nothing to gain.
  Step best_step(const Plane& at, double negligible) const {
    // With u twice the angle and s_k(u) = a cos u + b sin u, where a = (p - q) / 2 and b = r, the variances are
    // m + s and m - s. Slope and curvature of sum_k w_k f at u = 0; the bound is log x <= log x0 + (x - x0) / x0.
    double slope = 0, curvature = 0, bound = 0;
    for (std::size_t k = 0; k < weights_.size(); ++k) {
      const double in_p = 1 / at.p[k];
      const double in_q = 1 / at.q[k];
      const double a = at.p[k] / 2 - at.q[k] / 2;
      const double aa = (a * in_p) * (a * in_q);
      const double ab = (a * in_p) * (at.r[k] * in_q);
      const double bb = (at.r[k] * in_p) * (at.r[k] * in_q);
      slope -= 2 * weights_[k] * ab;
      bound += 2 * weights_[k] * aa;
      curvature += weights_[k] * (2 * (aa - bb) + 4 * (bend_ - 1) * ab * ab);
    }
    Step best;
    const auto consider = [&](double u) {
      const Rotation by = by_twice_the_angle(u);
      const double gain = -change(at, by);
      if (gain > std::max(best.gain, negligible)) best = {by, gain};
    };
    const bool is_valley = curvature > 0;
    if (scan_ || !is_valley) {
      for (int part = 1; part < kParts; ++part) consider(std::numbers::pi * part / kParts);
    }
    if (is_valley && slope * slope <= 2 * curvature * negligible) return best;
    if (is_valley) consider(std::clamp(-slope / curvature, -std::numbers::pi / 2, std::numbers::pi / 2));
    if (best.gain == 0) consider(std::atan2(-slope, bound));
    return best;
  }

  // Rotates axis i > j towards j; by how much that lowers the value.
  double rotate(std::size_t i, std::size_t j, double negligible) {
    const Plane at{element(i, i), element(j, j), element(i, j)};
    const auto [by, gain] = best_step(at, negligible);
    if (gain == 0) return 0;
    const double sum = bend_ > 0 ? std::accumulate(weights_.begin(), weights_.end(), 0.0) : 1;
    for (std::size_t k = 0; k < weights_.size(); ++k) {
      const double p = turned_first(at, k, by);
      const double q = turned_second(at, k, by);
      at.r[k] = (by.cosine * by.cosine - by.sine * by.sine) * at.r[k] - by.cosine * by.sine * (at.p[k] - at.q[k]);
      if (bend_ > 0) weights_[k] *= std::pow(p / at.p[k] * (q / at.q[k]), bend_);
      at.p[k] = p;
      at.q[k] = q;
    }
    turn(axes_.row(i), axes_.row(j), by);
    // What lies before j in the rows of i and j lies in one piece.
    const std::size_t n = j * weights_.size();
    if (n > 0) turn({element(i, 0).data(), n}, {element(j, 0).data(), n}, by);
    for (std::size_t l = j + 1; l < d(); ++l) {
      if (l != i) turn(element(i, l), element(j, l), by);
    }
    const double share = gain / sum / static_cast<double>(d());
    return bend_ > 0 ? -std::log1p(-share) : share;
  }

  static void turn(std::span<double> first, std::span<double> second, Rotation by) {
    for (std::size_t k = 0; k < first.size(); ++k) {
      const double a = first[k];
      first[k] = by.cosine * a + by.sine * second[k];
      second[k] = by.cosine * second[k] - by.sine * a;
    }
  }

  static constexpr int kParts = 8;

  Matrix axes_;
  Matrix covariances_;  // (D(D+1)/2, K), in the axes: a row holds one element of all components
  std::vector<double> weights_;
  double bend_;
  bool scan_;
  double value_ = 0;
};

// The axes that covariances have in common, which those of a sum of them are, as long as no two axes have equal
// variances in it. The weights of the sum are there to make that unlikely.
Matrix axes_of(const Covariances& current) {
  const std::size_t d = current.n_features();
  std::vector<double> sum(packed_size(Layout::matrix, d));
  std::vector<double> packed(sum.size());
  for (std::size_t k = 0; k < current.n_components(); ++k) {
    pack(current, k, Layout::matrix, packed);
    double trace = 0;
    for (std::size_t i = 0; i < d; ++i) trace += current.variance(k, i) / static_cast<double>(d);
    const double weight = 1 + std::fmod(static_cast<double>(k) * std::numbers::phi, 1);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += weight * (packed[i] / trace);
  }
  return principal_axes(sum, d).axes;
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
    const double least = variances.front();
    const double largest = variances.back();
    for (double& variance : variances) {
      switch (mean) {
        case Mean::arithmetic: variance /= largest; break;
        case Mean::logarithmic: variance = std::log(variance / least); break;
        case Mean::harmonic: variance = least / variance; break;
      }
    }
    assemble(principal[k].axes, variances, part);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += shares[k] * part[i];
  }
  return principal_axes(sum, principal[0].variances.size()).axes;
}

void run(Descent& descent, InnerLoop& inner) {
  for (std::size_t i = 0; i == 0 || i < inner.max_iterations; ++i) {
    ++inner.n_iterations;
    if (!(descent.sweep(inner.tolerance) > inner.tolerance)) return;
  }
}

// The components with the largest shares, whose own axes are starts; more would cost time and find little.
std::vector<std::size_t> largest(std::span<const double> shares) {
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
  for (const std::size_t k : largest(shares)) axes.push_back(std::move(principal[k].axes));
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
      Descent descent(used, weights, volumes, start, scan);
      run(descent, inner);
      if (!best.empty() && !(descent.value() < lowest)) continue;
      best = std::move(descent.axes());
      lowest = descent.value();
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
    singular.push_back(clear_if_singular(covariances.row(k), d));
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
