#include "covariance/jacobi.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "base/check_interrupted.hpp"

namespace mogul {
namespace {

using Row = Eigen::Map<Eigen::ArrayXd>;

Row row(Matrix& m, std::size_t i) { return {m.row(i).data(), static_cast<Eigen::Index>(m.cols())}; }

double rounding(std::size_t d) { return static_cast<double>(d) * std::numeric_limits<double>::epsilon(); }

// The feature with the largest variance left, if one is left.
std::optional<std::size_t> next_pivot(const Matrix& matrix, std::span<const double> left) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i] > rounding(left.size()) * matrix(i, i) && (!best || left[i] > left[*best])) best = i;
  }
  return best;
}

// Makes two rows of these squared lengths orthogonal; whether they were not yet.
bool rotate(Row a, Row b, double& aa, double& bb) {
  const double ab = (a * b).sum();
  const double least = rounding(static_cast<std::size_t>(a.size()));
  const bool plain = std::abs(ab) > least * std::max(aa, bb);  // which no sum of terms exceeds
  if (!plain && !(std::abs(ab) > least * (a * b).abs().sum())) return false;
  const double cotangent = (bb - aa) / (2 * ab);  // of twice the angle, which is at most an eighth of a turn
  const double tangent = std::copysign(1 / (std::abs(cotangent) + std::sqrt(1 + cotangent * cotangent)), cotangent);
  const double cosine = 1 / std::sqrt(1 + tangent * tangent);
  const double sine = cosine * tangent;
  for (Eigen::Index i = 0; i < a.size(); ++i) {
    const double was = a[i];
    a[i] = cosine * was - sine * b[i];
    b[i] = sine * was + cosine * b[i];
  }
  aa -= tangent * ab;
  bb += tangent * ab;
  return true;
}

}  // namespace

PivotedRoot pivoted_root(const Matrix& matrix) {
  const std::size_t d = matrix.rows();
  Matrix rows(d, d);
  std::vector<std::size_t> pivots;
  std::vector<double> left(d);
  for (std::size_t i = 0; i < d; ++i) left[i] = matrix(i, i);
  while (const auto pivot = next_pivot(matrix, left)) {
    check_interrupted(d * d);
    const std::size_t n = pivots.size();
    std::ranges::copy(matrix.row(*pivot), rows.row(n).begin());
    for (std::size_t q = 0; q < n; ++q) row(rows, n) -= rows(q, *pivot) * row(rows, q);
    const double root = std::sqrt(left[*pivot]);
    row(rows, n) /= root;
    rows(n, *pivot) = root;
    for (const std::size_t earlier : pivots) rows(n, earlier) = 0;
    for (std::size_t i = 0; i < d; ++i) left[i] -= rows(n, i) * rows(n, i);
    left[*pivot] = 0;
    pivots.push_back(*pivot);
  }
  std::vector<double> used(rows.data(), rows.data() + pivots.size() * d);
  return {Matrix(pivots.size(), d, std::move(used)), std::move(pivots)};
}

void make_orthogonal(Matrix& rows) {
  constexpr int kMostSweeps = 40;  // five are usual; beyond, rounding only moves to and fro
  std::vector<double> squares(rows.rows());
  bool rotated = true;
  for (int sweep = 0; rotated && sweep < kMostSweeps; ++sweep) {
    for (std::size_t i = 0; i < rows.rows(); ++i) squares[i] = row(rows, i).square().sum();
    rotated = false;
    // Pairs with equal i + j have no row in common, so that the processor need not wait for one before the next.
    const std::size_t n = rows.rows();
    for (std::size_t sum = 1; sum + 2 < 2 * n; ++sum) {
      check_interrupted(3 * n * rows.cols());
      for (std::size_t i = sum < n ? 0 : sum - n + 1; 2 * i < sum; ++i) {
        const std::size_t j = sum - i;
        if (rotate(row(rows, i), row(rows, j), squares[i], squares[j])) rotated = true;
      }
    }
  }
}

}  // namespace mogul
