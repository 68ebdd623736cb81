#include "covariance/axes.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/check_interrupted.hpp"
#include "base/cholesky.hpp"
#include "covariance/jacobi.hpp"

namespace mogul {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Index index(std::size_t i) { return static_cast<Eigen::Index>(i); }

Eigen::Map<const RowMajor> mapped(const Matrix& m) { return {m.data(), index(m.rows()), index(m.cols())}; }
Eigen::Map<RowMajor> mapped(Matrix& m) { return {m.data(), index(m.rows()), index(m.cols())}; }

Matrix unpacked(std::span<const double> packed, std::size_t d) {
  Matrix out(d, d);
  auto at = packed.begin();
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j <= i; ++j) out(i, j) = out(j, i) = *at++;
  }
  return out;
}

// log |S| / D of a matrix with this Cholesky factor.
double log_volume_of_factor(const Matrix& factor) {
  double sum = 0;
  for (std::size_t i = 0; i < factor.rows(); ++i) sum += std::log(factor(i, i));
  return 2 * sum / static_cast<double>(factor.rows());
}

// A power of two that brings the largest variance near the top of the range of double, so that the squares of small
// ones, and eps of them, are in it too.
double unit_of(const Matrix& matrix) {
  double largest = 0;
  for (std::size_t i = 0; i < matrix.rows(); ++i) largest = std::max(largest, matrix(i, i));
  return largest > 0 ? std::ldexp(1, std::min(1000 - std::ilogb(largest), 1000)) : 1;
}

// The variance along an axis, or 0 if it is the rounding of the features' variances that it is made of.
double more_than_rounding(double variance, std::span<const double> axis, const Matrix& matrix) {
  double terms = 0;
  for (std::size_t i = 0; i < axis.size(); ++i) terms += axis[i] * axis[i] * matrix(i, i);
  const double least = static_cast<double>(axis.size()) * std::numeric_limits<double>::epsilon() * terms;
  return variance > least ? variance : 0;
}

// Completes the first n rows to a basis, with what is orthogonal to them of the unit vectors of the other features.
// Twice, as rounding needs it.
void add_null_axes(Matrix& axes, std::size_t n, std::span<const std::size_t> pivots) {
  auto rows = mapped(axes);
  for (std::size_t feature = 0; feature < axes.rows(); ++feature) {
    if (std::ranges::find(pivots, feature) != pivots.end()) continue;
    auto row = rows.row(index(n));
    row.setZero();
    row[index(feature)] = 1;
    for (int again = 0; again < 2; ++again) {
      for (std::size_t i = 0; i < n; ++i) row -= row.dot(rows.row(index(i))) * rows.row(index(i));
    }
    row.normalize();
    ++n;
  }
}

PrincipalAxes in_ascending_order(const PrincipalAxes& from) {
  const std::size_t d = from.variances.size();
  std::vector<std::size_t> order(d);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return from.variances[i]; });
  PrincipalAxes out{Matrix(d, d), std::vector<double>(d)};
  for (std::size_t i = 0; i < d; ++i) {
    std::ranges::copy(from.axes.row(order[i]), out.axes.row(i).begin());
    out.variances[i] = from.variances[order[i]];
  }
  return out;
}

}  // namespace

PrincipalAxes principal_axes(std::span<const double> packed, std::size_t n_features) {
  check_interrupted();
  const std::size_t d = n_features;
  PrincipalAxes out{Matrix(d, d), std::vector<double>(d)};
  Matrix matrix(d, d);  // beyond the range of double it counts as zero
  if (std::ranges::all_of(packed, [](double value) { return std::isfinite(value); })) matrix = unpacked(packed, d);
  const double unit = unit_of(matrix);
  mapped(matrix) *= unit;
  PivotedRoot root = pivoted_root(matrix);
  make_orthogonal(root.rows);
  for (std::size_t i = 0; i < root.rows.rows(); ++i) {
    const auto row = mapped(root.rows).row(index(i));
    mapped(out.axes).row(index(i)) = row.normalized();
    out.variances[i] = more_than_rounding(row.squaredNorm(), out.axes.row(i), matrix) / unit;
  }
  add_null_axes(out.axes, root.rows.rows(), root.pivots);
  return in_ascending_order(out);
}

void settle_null_axes(PrincipalAxes& principal, std::span<const double> other) {
  const auto n = static_cast<std::size_t>(std::ranges::count(principal.variances, 0.0));  // the first ones
  if (n < 2) return;
  const RowMajor null_axes = mapped(principal.axes).topRows(index(n));
  const Matrix full = unpacked(other, principal.axes.rows());
  const RowMajor within = null_axes * mapped(full) * null_axes.transpose();
  std::vector<double> packed;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) packed.push_back(within(index(i), index(j)));
  }
  const PrincipalAxes settled = principal_axes(packed, n);
  mapped(principal.axes).topRows(index(n)) = mapped(settled.axes) * null_axes;
}

void assemble(const Matrix& axes, std::span<const double> variances, std::span<double> packed) {
  // As a product with its own transpose it is symmetric and has no negative eigenvalue but for rounding.
  RowMajor root = mapped(axes);
  for (std::size_t i = 0; i < variances.size(); ++i) root.row(index(i)) *= std::sqrt(variances[i]);
  const RowMajor full = root.transpose() * root;
  auto at = packed.begin();
  for (std::size_t i = 0; i < axes.rows(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) *at++ = full(index(i), index(j));
  }
}

Matrix root_in_axes(const Matrix& axes, std::span<const double> packed) {
  Matrix factor = unpacked(packed, axes.rows());
  cholesky(factor.view());
  Matrix out(axes.rows(), axes.rows());
  mapped(out).noalias() = mapped(axes) * mapped(factor);
  return out;
}

Matrix variances_along(const Matrix& axes, const Matrix& packed) {
  const std::size_t d = axes.rows();
  Matrix out(packed.rows(), d);
  for (std::size_t k = 0; k < packed.rows(); ++k) {
    check_interrupted(d * d * d);
    const Matrix full = unpacked(packed.row(k), d);
    const Eigen::VectorXd variances =
        (mapped(axes) * mapped(full)).cwiseProduct(mapped(axes)).rowwise().sum().cwiseMax(0.0);
    std::ranges::copy(variances, out.row(k).begin());
  }
  return out;
}

double log_volume_of_matrix(std::span<const double> packed, std::size_t n_features) {
  check_interrupted(n_features * n_features * n_features);
  Matrix factor = unpacked(packed, n_features);
  if (cholesky(factor.view())) return -std::numeric_limits<double>::infinity();
  return log_volume_of_factor(factor);
}

Matrix diagonals(const Matrix& packed, std::size_t n_features) {
  Matrix out(packed.rows(), n_features);
  for (std::size_t k = 0; k < packed.rows(); ++k) {
    for (std::size_t i = 0; i < n_features; ++i) out(k, i) = packed(k, i * (i + 1) / 2 + i);
  }
  return out;
}

double relative_traces(std::span<const double> common, const Matrix& packed, std::size_t n_features,
                       std::span<double> out) {
  Matrix factor = unpacked(common, n_features);
  if (cholesky(factor.view())) return -std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < packed.rows(); ++k) {
    check_interrupted(n_features * n_features * n_features);
    Matrix whitened = unpacked(packed.row(k), n_features);  // becomes L^-1 S L^-T
    solve_lower(factor.view(), whitened.view());
    mapped(whitened).transposeInPlace();
    solve_lower(factor.view(), whitened.view());
    out[k] = std::max(mapped(whitened).trace(), 0.0) / static_cast<double>(n_features);
  }
  return log_volume_of_factor(factor);
}

bool is_singular(std::span<const double> packed, std::size_t n_features) {
  check_interrupted(n_features * n_features * n_features);
  Matrix full = unpacked(packed, n_features);
  return !is_positive_definite(full.view());
}

}  // namespace mogul
