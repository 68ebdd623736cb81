#include "start/merge_criterion.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/cholesky.hpp"
#include "covariance/jacobi.hpp"

namespace mogul {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kEpsilon = std::numeric_limits<double>::epsilon();

std::size_t packed(std::size_t i, std::size_t j) { return i * (i + 1) / 2 + j; }

// log(exp(a) + exp(b)); b is finite
double log_of_sum(double a, double b) {
  const double larger = std::max(a, b);
  return larger + std::log1p(std::exp(std::min(a, b) - larger));
}

// log det of a symmetric matrix of which the lower triangle is given, minus infinity where it is singular. Overwrites
// it.
double log_determinant(Matrix& a) {
  const std::size_t p = a.rows();
  double sum = 0;
  for (std::size_t j = 0; j < p; ++j) {
    double* const row_j = a.row(j).data();
    double pivot = row_j[j];
    for (std::size_t k = 0; k < j; ++k) pivot -= row_j[k] * row_j[k];
    if (!(pivot > static_cast<double>(p) * kEpsilon * row_j[j])) return -kInfinity;
    sum += std::log(pivot);
    const double root = std::sqrt(pivot);
    for (std::size_t i = j + 1; i < p; ++i) {
      double* const row_i = a.row(i).data();
      double rest = row_i[j];
      for (std::size_t k = 0; k < j; ++k) rest -= row_i[k] * row_j[k];
      row_i[j] = rest / root;
    }
  }
  return sum;
}

// The mean of the weighted points, by a running mean as weights and values may be huge.
std::vector<double> overall_mean(const MergePoints& points) {
  std::vector<double> mean(points.means.cols());
  double n = 0;
  for (std::size_t i = 0; i < points.weights.size(); ++i) {
    n += points.weights[i];
    const double step = points.weights[i] / n;
    for (std::size_t d = 0; d < mean.size(); ++d) mean[d] += step * (points.means(i, d) - mean[d]);
  }
  return mean;
}

// The unit vector that all rows, of norm 1 and orthogonal, leave: p - 1 of them in p dimensions.
std::vector<double> direction_left(const Matrix& rows, std::size_t p) {
  std::vector<double> best;
  double largest = -1;
  for (std::size_t axis = 0; axis < p; ++axis) {
    std::vector<double> left(p);
    left[axis] = 1;
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      for (std::size_t d = 0; d < p; ++d) left[d] -= rows(r, axis) * rows(r, d);
    }
    double square = 0;
    for (const double x : left) square += x * x;
    if (square <= largest) continue;
    largest = square;
    best = left;
    for (double& x : best) x /= std::sqrt(square);
  }
  return best;
}

}  // namespace

MergeCriterion::MergeCriterion(const MergePoints& points, MergeCost cost)
    : cost_(cost),
      p_(points.means.cols()),
      n_(points.weights),
      means_(points.means),
      traces_(points.weights.size()),
      ranks_(points.weights.size(), 1),
      scratch_(p_, p_) {
  const std::size_t m = n_.size();
  if (!points.scatters.empty()) {
    for (std::size_t i = 0; i < m; ++i) {
      for (std::size_t d = 0; d < p_; ++d) traces_[i] += points.scatters(i, packed(d, d));
      if (traces_[i] > 0) ranks_[i] = p_ + 1;
    }
  }
  const std::vector<double> centre = overall_mean(points);
  for (const double n : n_) n_total_ += n;
  for (std::size_t i = 0; i < m; ++i) {
    double square = 0;
    for (std::size_t d = 0; d < p_; ++d) square += std::pow(means_(i, d) - centre[d], 2);
    mean_variance_ += (square * n_[i] + traces_[i]) / n_total_ / static_cast<double>(p_);
  }
  mean_variance_ = std::max(mean_variance_, std::numeric_limits<double>::min());
  if (cost_ == MergeCost::vvv) scatters_ = points.scatters.empty() ? Matrix(m, packed(p_, 0)) : points.scatters;
  if (cost_ == MergeCost::eee) {
    pooled_ = Matrix(p_, p_);
    for (std::size_t k = 0; k < points.scatters.rows(); ++k) {
      for (std::size_t i = 0; i < p_; ++i) {
        for (std::size_t j = 0; j <= i; ++j) pooled_(i, j) += points.scatters(k, packed(i, j)) / n_total_;
      }
    }
    prepare();
  }
  for (std::size_t i = 0; i < m; ++i) {
    double log_det = -kInfinity;
    if (cost_ == MergeCost::vvv && ranks_[i] > p_) {
      for (std::size_t a = 0; a < p_; ++a) std::copy_n(&scatters_(i, packed(a, 0)), a + 1, scratch_.row(a).begin());
      log_det = log_determinant(scratch_);
    }
    terms_.push_back(term(n_[i], traces_[i], log_det));
  }
}

double MergeCriterion::square_between(std::size_t i, std::size_t j) const {
  const double* const a = means_.row(i).data();
  const double* const b = means_.row(j).data();
  double sum = 0;
  for (std::size_t d = 0; d < p_; ++d) sum += (a[d] - b[d]) * (a[d] - b[d]);
  return sum;
}

// n log(det(W / n) + (tr W + t) / n); in logs, as determinants of many features have no room in a double.
double MergeCriterion::term(double n, double trace, double log_determinant) const {
  const double log_n = std::log(n);
  const double log_trace = std::log(trace + mean_variance_) - log_n;
  if (log_determinant == -kInfinity) return n * log_trace;
  return n * log_of_sum(log_determinant - static_cast<double>(p_) * log_n, log_trace);
}

double MergeCriterion::log_determinant_of_merge(std::size_t i, std::size_t j, double n, double g, double trace) const {
  if (ranks_[i] + ranks_[j] <= p_) return -kInfinity;
  // det W <= (tr W / p)^p. Where even that is lost in the rounding of the trace, there is no need for a factor.
  const auto p = static_cast<double>(p_);
  if (p * std::log(trace / p / n) < std::log((trace + mean_variance_) / n) + std::log(kEpsilon / 16)) return -kInfinity;
  const double* const a = scatters_.row(i).data();
  const double* const b = scatters_.row(j).data();
  for (std::size_t r = 0; r < p_; ++r) {
    const double scaled = g * (means_(i, r) - means_(j, r));
    for (std::size_t c = 0; c <= r; ++c) {
      scratch_(r, c) = a[packed(r, c)] + b[packed(r, c)] + scaled * (means_(i, c) - means_(j, c));
    }
  }
  return log_determinant(scratch_);
}

double MergeCriterion::cost(std::size_t i, std::size_t j) const {
  const double n = n_[i] + n_[j];
  const double g = n_[i] / n * n_[j];
  if (cost_ == MergeCost::eee) {
    double sum = 0;
    for (std::size_t r = 0; r < p_; ++r) {
      double inner = metric_(r, r) * (means_(i, r) - means_(j, r));
      for (std::size_t c = 0; c < r; ++c) inner += 2 * metric_(r, c) * (means_(i, c) - means_(j, c));
      sum += inner * (means_(i, r) - means_(j, r));
    }
    return g * std::max(0.0, sum);
  }
  if (cost_ == MergeCost::eii) return g * square_between(i, j);
  return merged_term(i, j) - terms_[i] - terms_[j];
}

double MergeCriterion::merged_term(std::size_t i, std::size_t j) const {
  const double n = n_[i] + n_[j];
  const double g = n_[i] / n * n_[j];
  const double trace = traces_[i] + traces_[j] + g * square_between(i, j);
  return term(n, trace, cost_ == MergeCost::vvv ? log_determinant_of_merge(i, j, n, g, trace) : -kInfinity);
}

void MergeCriterion::merge(std::size_t i, std::size_t j) {
  const double n = n_[i] + n_[j];
  const double g = n_[i] / n * n_[j];
  const double square = square_between(i, j);
  if (cost_ == MergeCost::vii || cost_ == MergeCost::vvv) terms_[i] = merged_term(i, j);
  for (std::size_t r = 0; r < p_; ++r) {
    const double scaled = g * (means_(i, r) - means_(j, r));
    for (std::size_t c = 0; c <= r; ++c) {
      const double between = scaled * (means_(i, c) - means_(j, c));
      if (cost_ == MergeCost::vvv) scatters_(i, packed(r, c)) += scatters_(j, packed(r, c)) + between;
      if (cost_ == MergeCost::eee) pooled_(r, c) += between / n_total_;
    }
  }
  traces_[i] += traces_[j] + g * square;
  for (std::size_t d = 0; d < p_; ++d) means_(i, d) += n_[j] / n * (means_(j, d) - means_(i, d));
  n_[i] = n;
  ranks_[i] += ranks_[j] - (square > 0 ? 0 : 1);
}

void MergeCriterion::prepare() {
  if (cost_ != MergeCost::eee) return;
  metric_ = scaled_adjugate();
  for (std::size_t d = 0; d < p_; ++d) metric_(d, d) += 1;
  for (std::size_t r = 0; r < p_; ++r) {
    for (double& value : metric_.row(r)) value /= n_total_;
  }
}

// The adjugate of W / n, W the pooled scatter: det(W / n + v v^T) = det(W / n) + v^T adj(W / n) v.
Matrix MergeCriterion::scaled_adjugate() const {
  constexpr double kMost = 300;  // of a logarithm: only rows of next to no weight come near
  Matrix factor = pooled_;
  Matrix adjugate(p_, p_);
  if (!cholesky(factor.view())) {
    double log_det = 0;
    for (std::size_t d = 0; d < p_; ++d) log_det += 2 * std::log(factor(d, d));
    const double det = std::exp(std::min(log_det, kMost));
    const Matrix inverse = invert_lower(factor.view());
    for (std::size_t r = 0; r < p_; ++r) {
      for (std::size_t c = 0; c <= r; ++c) {
        for (std::size_t k = r; k < p_; ++k) adjugate(r, c) += det * inverse(k, r) * inverse(k, c);
      }
    }
    return adjugate;
  }
  // Of a singular matrix it is 0, but for a single null vector u: the product of the other eigenvalues times u u^T.
  Matrix full = pooled_;
  for (std::size_t r = 0; r < p_; ++r) {
    for (std::size_t c = 0; c < r; ++c) full(c, r) = full(r, c);
  }
  Matrix roots = pivoted_root(full).rows;
  if (roots.rows() + 1 != p_) return adjugate;
  make_orthogonal(roots);
  double log_product = 0;
  for (std::size_t k = 0; k < roots.rows(); ++k) {
    double square = 0;
    for (const double x : roots.row(k)) square += x * x;
    log_product += std::log(square);
    for (double& x : roots.row(k)) x /= std::sqrt(square);
  }
  const std::vector<double> u = direction_left(roots, p_);
  const double product = std::exp(std::min(log_product, kMost));
  for (std::size_t r = 0; r < p_; ++r) {
    for (std::size_t c = 0; c <= r; ++c) adjugate(r, c) = product * u[r] * u[c];
  }
  return adjugate;
}

double MergeCriterion::tie_of(double cost) const {
  constexpr double kTie = 1e-10;
  const double mean_weight = n_total_ / static_cast<double>(n_.size());
  switch (cost_) {
    case MergeCost::eii: return kTie * (std::abs(cost) + 1e-3 * mean_weight * mean_variance_);
    case MergeCost::eee: return kTie * (std::abs(cost) + 1e-3 * mean_weight * mean_variance_ / n_total_);
    default: return kTie * (std::abs(cost) + mean_weight);
  }
}

}  // namespace mogul
