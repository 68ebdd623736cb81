#include "covariance/axes.hpp"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check_interrupted.hpp"
#include "base/cholesky.hpp"

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

double smallest_share(std::size_t d) { return static_cast<double>(d) * std::numeric_limits<double>::epsilon(); }

}  // namespace

PrincipalAxes principal_axes(std::span<const double> packed, std::size_t n_features) {
  check_interrupted();
  const Matrix full = unpacked(packed, n_features);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(mapped(full));
  PrincipalAxes out{Matrix(n_features, n_features), std::vector<double>(n_features)};
  mapped(out.axes) = solver.eigenvectors().transpose();
  const double least = smallest_share(n_features) * solver.eigenvalues().maxCoeff();
  for (std::size_t i = 0; i < n_features; ++i) {
    const double variance = solver.eigenvalues()(index(i));
    out.variances[i] = variance > least ? variance : 0;
  }
  return out;
}

void settle_null_axes(PrincipalAxes& principal, std::span<const double> other) {
  const Eigen::Index n = std::ranges::count(principal.variances, 0.0);  // the first ones
  if (n < 2) return;
  const Matrix full = unpacked(other, principal.axes.rows());
  const RowMajor null_axes = mapped(principal.axes).topRows(n);
  const Eigen::MatrixXd within = null_axes * mapped(full) * null_axes.transpose();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(within);
  mapped(principal.axes).topRows(n) = solver.eigenvectors().transpose() * null_axes;
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

Matrix in_axes(const Matrix& axes, std::span<const double> packed) {
  Matrix out = unpacked(packed, axes.rows());
  const RowMajor half = mapped(axes) * mapped(out);
  mapped(out).noalias() = half * mapped(axes).transpose();
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

bool clear_if_singular(std::span<double> packed, std::size_t n_features) {
  check_interrupted(n_features * n_features * n_features);
  Matrix full = unpacked(packed, n_features);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(mapped(full), Eigen::EigenvaluesOnly);
  const auto& variances = solver.eigenvalues();
  if (variances.minCoeff() > smallest_share(n_features) * variances.maxCoeff()) return false;
  if (is_positive_definite(full.view())) {
    const PrincipalAxes principal = principal_axes(packed, n_features);
    assemble(principal.axes, principal.variances, packed);
  }
  return true;
}

}  // namespace mogul
