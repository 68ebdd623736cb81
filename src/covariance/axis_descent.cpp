#include "covariance/axis_descent.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "base/check_interrupted.hpp"
#include "covariance/axes.hpp"

namespace mogul {

AxisDescent::AxisDescent(const Matrix& packed, std::vector<double> shares, Volumes volumes, Matrix axes, bool scan)
    : axes_(std::move(axes)),
      covariances_(packed.cols(), packed.rows()),
      weights_(std::move(shares)),
      tried_(packed.rows()),
      accepted_(packed.rows()),
      bend_(volumes == Volumes::shared ? 1 / static_cast<double>(axes_.rows()) : 0),
      scan_(scan) {
  const std::size_t d = n_features();
  std::vector<double> log_volumes(packed.rows());
  for (std::size_t k = 0; k < packed.rows(); ++k) {
    check_interrupted(2 * d * d * d);
    const Matrix turned = in_axes(axes_, packed.row(k));
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j <= i; ++j) element(i, j)[k] = turned(i, j);
      log_volumes[k] += std::log(turned(i, i)) / static_cast<double>(d);
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

double AxisDescent::sweep(double tolerance) {
  double gain = 0;
  // The pairs that are left alone could gain a hundredth of the tolerance together.
  const double negligible = tolerance / 100 * 2 / static_cast<double>(n_features());
  for (std::size_t i = 1; i < n_features(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      check_interrupted(8 * n_features() * weights_.size());
      gain += rotate(i, j, negligible);
    }
  }
  value_ -= gain;
  return gain;
}

std::span<double> AxisDescent::element(std::size_t i, std::size_t j) {
  return covariances_.row(std::max(i, j) * (std::max(i, j) + 1) / 2 + std::min(i, j));
}

// As sums of three terms they keep their digits where one variance is far below the other.
double AxisDescent::turned_first(const Plane& at, std::size_t k, Rotation by) {
  return by.cosine * by.cosine * at.p[k] + 2 * by.cosine * by.sine * at.r[k] + by.sine * by.sine * at.q[k];
}

double AxisDescent::turned_second(const Plane& at, std::size_t k, Rotation by) {
  return by.sine * by.sine * at.p[k] - 2 * by.cosine * by.sine * at.r[k] + by.cosine * by.cosine * at.q[k];
}

// How a rotation changes sum_k w_k f(l_k); NaN where a variance leaves the range of double.
double AxisDescent::change(const Plane& at, Rotation by) {
  double sum = 0;
  for (std::size_t k = 0; k < weights_.size(); ++k) {
    const double moved = std::log(turned_first(at, k, by) / at.p[k] * (turned_second(at, k, by) / at.q[k]));
    tried_[k] = bend_ > 0 ? std::expm1(bend_ * moved) / bend_ : moved;
    sum += weights_[k] * tried_[k];
  }
  return sum;
}

// With u twice the angle and s_k(u) = a cos u + b sin u, where a = (p - q) / 2 and b = r, the variances along the
// turned axes are m + s and m - s. The function is then sum_k w_k f(log(m^2 - s^2)); its bound is that of log x by log
// x0 + (x - x0) / x0.
AxisDescent::Step AxisDescent::best_step(const Plane& at, double negligible) {
  double slope = 0, curvature = 0, bound = 0;  // at u = 0
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
    const Rotation by{std::cos(u / 2), std::sin(u / 2)};
    const double gain = -change(at, by);
    if (!(gain > std::max(best.gain, negligible))) return;
    best = {by, gain};
    accepted_.swap(tried_);
  };
  const bool is_valley = curvature > 0;
  if (scan_ || !is_valley) {
    // Half a turn of u exchanges the axes. Angles of both signs alike: an axis has no direction.
    constexpr int kParts = 8;
    for (int part = 0; part < kParts; ++part) consider(std::numbers::pi * ((part + 0.5) / kParts - 0.5));
  }
  if (is_valley && slope * slope <= 2 * curvature * negligible) return best;
  if (is_valley) consider(std::clamp(-slope / curvature, -std::numbers::pi / 2, std::numbers::pi / 2));
  if (best.gain == 0) consider(std::atan2(-slope, bound));
  return best;
}

// Rotates axis i > j towards j; by how much that lowers the value.
double AxisDescent::rotate(std::size_t i, std::size_t j, double negligible) {
  const Plane at{element(i, i), element(j, j), element(i, j)};
  const auto [by, gain] = best_step(at, negligible);
  if (gain == 0) return 0;
  const double sum = bend_ > 0 ? std::accumulate(weights_.begin(), weights_.end(), 0.0) : 1;
  for (std::size_t k = 0; k < weights_.size(); ++k) {
    const double p = turned_first(at, k, by);
    const double q = turned_second(at, k, by);
    at.r[k] = (by.cosine * by.cosine - by.sine * by.sine) * at.r[k] - by.cosine * by.sine * (at.p[k] - at.q[k]);
    if (bend_ > 0) weights_[k] *= 1 + bend_ * accepted_[k];
    at.p[k] = p;
    at.q[k] = q;
  }
  turn(axes_.row(i), axes_.row(j), by);
  // What lies before j in the rows of i and j lies in one piece.
  const std::size_t n = j * weights_.size();
  if (n > 0) turn({element(i, 0).data(), n}, {element(j, 0).data(), n}, by);
  for (std::size_t l = j + 1; l < n_features(); ++l) {
    if (l != i) turn(element(i, l), element(j, l), by);
  }
  const double share = gain / sum / static_cast<double>(n_features());
  return bend_ > 0 ? -std::log1p(-share) : share;
}

void AxisDescent::turn(std::span<double> first, std::span<double> second, Rotation by) {
  for (std::size_t k = 0; k < first.size(); ++k) {
    const double a = first[k];
    first[k] = by.cosine * a + by.sine * second[k];
    second[k] = by.cosine * second[k] - by.sine * a;
  }
}

}  // namespace mogul
