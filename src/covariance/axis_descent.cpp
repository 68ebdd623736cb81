#include "covariance/axis_descent.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <utility>

#include "base/check_interrupted.hpp"
#include "covariance/axes.hpp"

namespace mogul {

namespace {

using Values = Eigen::Map<const Eigen::VectorXd>;

double product(std::span<const double> a, std::span<const double> b) {
  const auto n = static_cast<Eigen::Index>(a.size());
  return Values(a.data(), n).dot(Values(b.data(), n));
}

void turn(std::span<double> first, std::span<double> second, double cosine, double sine) {
  for (std::size_t k = 0; k < first.size(); ++k) {
    const double a = first[k];
    first[k] = cosine * a + sine * second[k];
    second[k] = cosine * second[k] - sine * a;
  }
}

}  // namespace

AxisDescent::AxisDescent(const Matrix& packed, std::vector<double> shares, Volumes volumes, Matrix axes, bool scan)
    : axes_(std::move(axes)),
      roots_(axes_.rows(), axes_.rows() * packed.rows()),
      variances_(axes_.rows(), packed.rows()),
      shares_(std::move(shares)),
      weights_(shares_),
      products_(packed.rows()),
      tried_(packed.rows()),
      accepted_(packed.rows()),
      bend_(volumes == Volumes::shared ? 1 / static_cast<double>(axes_.rows()) : 0),
      scan_(scan) {
  const std::size_t d = n_features();
  for (std::size_t k = 0; k < packed.rows(); ++k) {
    check_interrupted(2 * d * d * d);
    const Matrix turned = root_in_axes(axes_, packed.row(k));
    for (std::size_t i = 0; i < d; ++i) {
      std::ranges::copy(turned.row(i), roots_.row(i).subspan(k * d, d).begin());
      variances_(i, k) = product(turned.row(i), turned.row(i));
    }
  }
  weigh();
}

// The value, and the weights at it, from the variances.
void AxisDescent::weigh() {
  std::vector<double> log_volumes(shares_.size());
  for (std::size_t i = 0; i < n_features(); ++i) {
    for (std::size_t k = 0; k < shares_.size(); ++k) {
      log_volumes[k] += std::log(variances_(i, k)) / static_cast<double>(n_features());
    }
  }
  if (bend_ == 0) {
    value_ = std::inner_product(shares_.begin(), shares_.end(), log_volumes.begin(), 0.0);
    return;
  }
  const double largest = *std::ranges::max_element(log_volumes);
  for (std::size_t k = 0; k < weights_.size(); ++k) weights_[k] = shares_[k] * std::exp(log_volumes[k] - largest);
  const double sum = std::accumulate(weights_.begin(), weights_.end(), 0.0);
  for (double& weight : weights_) weight /= sum;
  value_ = largest + std::log(sum);
}

std::span<const double> AxisDescent::turned_root(std::size_t i, std::size_t k) const {
  return roots_.row(i).subspan(k * n_features(), n_features());
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
  weigh();
  return gain;
}

// As sums of three terms they keep their digits where one variance is far below the other. What rounding may leave of
// the terms is the least: a plane may be flat in some direction as far as its variances and covariance tell.
double AxisDescent::turned_first(const Plane& at, std::size_t k, Rotation by) {
  const double own = by.cosine * by.cosine * at.p[k] + by.sine * by.sine * at.q[k];
  return std::max(own + 2 * by.cosine * by.sine * at.r[k], std::numeric_limits<double>::epsilon() * own);
}

double AxisDescent::turned_second(const Plane& at, std::size_t k, Rotation by) {
  const double own = by.sine * by.sine * at.p[k] + by.cosine * by.cosine * at.q[k];
  return std::max(own - 2 * by.cosine * by.sine * at.r[k], std::numeric_limits<double>::epsilon() * own);
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

// The ratio of the standard deviations along a thin axis and a long one: the tangent of the angles at which rotations
// change much.
double AxisDescent::width(const Plane& at) const {
  double log_ratio = 0;
  for (std::size_t k = 0; k < weights_.size(); ++k) log_ratio += shares_[k] * std::log(at.q[k] / at.p[k]);
  return std::exp(-std::abs(log_ratio) / 2);
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
    const double narrow = width(at);
    for (int part = 0; part < kParts; ++part) {
      const double u = std::numbers::pi * ((part + 0.5) / kParts - 0.5);
      consider(u);
      if (narrow < 1.0 / kParts) consider(2 * std::atan(narrow * std::tan(u / 2)));  // all others are too far
    }
  }
  if (is_valley && slope * slope <= 2 * curvature * negligible) return best;
  if (is_valley) consider(std::clamp(-slope / curvature, -std::numbers::pi / 2, std::numbers::pi / 2));
  if (best.gain == 0) consider(std::atan2(-slope, bound));
  return best;
}

// Rotates axis i > j towards j; by how much that lowers the value.
double AxisDescent::rotate(std::size_t i, std::size_t j, double negligible) {
  for (std::size_t k = 0; k < weights_.size(); ++k) products_[k] = product(turned_root(i, k), turned_root(j, k));
  const Plane at{variances_.row(i), variances_.row(j), products_};
  const auto [by, gain] = best_step(at, negligible);
  if (gain == 0) return 0;
  const double sum = bend_ > 0 ? std::accumulate(weights_.begin(), weights_.end(), 0.0) : 1;
  turn(axes_.row(i), axes_.row(j), by.cosine, by.sine);
  turn(roots_.row(i), roots_.row(j), by.cosine, by.sine);
  for (std::size_t k = 0; k < weights_.size(); ++k) {
    if (bend_ > 0) weights_[k] *= 1 + bend_ * accepted_[k];
    variances_(i, k) = product(turned_root(i, k), turned_root(i, k));
    variances_(j, k) = product(turned_root(j, k), turned_root(j, k));
  }
  const double share = gain / sum / static_cast<double>(n_features());
  return bend_ > 0 ? -std::log1p(-share) : share;
}

}  // namespace mogul
