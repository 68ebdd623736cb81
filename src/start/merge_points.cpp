#include "start/merge_points.hpp"

#include <algorithm>
#include <cmath>

#include "base/check_interrupted.hpp"
#include "covariance/jacobi.hpp"

namespace mogul {
namespace {

constexpr double kMostUnits = 1e100;  // in magnitude, as of in_units()

// Leaves in standard units.
MergePoints in_standard_units(const Leaves& leaves, const std::vector<std::size_t>& order) {
  const std::size_t d = leaves.means.cols();
  MergePoints points{std::vector<double>(order.size()), Matrix(order.size(), d), {}};
  if (!leaves.scatters.empty()) points.scatters = Matrix(order.size(), leaves.scatters.cols());
  const auto& [centre, scale] = leaves.units;
  for (std::size_t i = 0; i < order.size(); ++i) {
    points.weights[i] = leaves.weights[order[i]];
    std::size_t element = 0;
    for (std::size_t r = 0; r < d; ++r) {
      points.means(i, r) = std::clamp((leaves.means(order[i], r) - centre[r]) / scale[r], -kMostUnits, kMostUnits);
      for (std::size_t c = 0; !points.scatters.empty() && c <= r; ++c, ++element) {
        points.scatters(i, element) = leaves.scatters(order[i], element) / scale[r] / scale[c];
      }
    }
  }
  return points;
}

// The scatter of all rows over n, about the centre of the units; the lower triangle and the upper one.
Matrix overall_covariance(const MergePoints& points, double n) {
  const std::size_t d = points.means.cols();
  Matrix covariance(d, d);
  for (std::size_t i = 0; i < points.weights.size(); ++i) {
    check_interrupted(d * d);
    std::size_t element = 0;
    for (std::size_t r = 0; r < d; ++r) {
      const double scaled = points.weights[i] / n * points.means(i, r);
      for (std::size_t c = 0; c <= r; ++c, ++element) {
        covariance(r, c) += scaled * points.means(i, c);
        if (!points.scatters.empty()) covariance(r, c) += points.scatters(i, element) / n;
      }
    }
  }
  for (std::size_t r = 0; r < d; ++r) {
    for (std::size_t c = 0; c < r; ++c) covariance(c, r) = covariance(r, c);
  }
  return covariance;
}

// The axes (p, D) that standard units are multiplied by.
Matrix axes_of(const MergePoints& points, HierarchyTransform transform) {
  double n = 0;
  for (const double weight : points.weights) n += weight;
  // Standard deviations are those of the unbiased variance, as mclust's are. Weights are counts; where they are so
  // small that there is no such variance, the half stands for it.
  const double n_free = std::max(n - 1, n / 2);
  Matrix covariance = overall_covariance(points, n);
  const std::size_t d = covariance.rows();
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < d; ++i) {
    if (covariance(i, i) > 0.5) kept.push_back(i);  // 1, or about 0 where the column's unit is its rounding
  }
  if (kept.empty()) return {1, d};
  Matrix correlation(kept.size(), kept.size());
  std::vector<double> factors(kept.size());
  for (std::size_t r = 0; r < kept.size(); ++r) {
    for (std::size_t c = 0; c < kept.size(); ++c) {
      correlation(r, c) = covariance(kept[r], kept[c]) / std::sqrt(covariance(kept[r], kept[r])) /
                          std::sqrt(covariance(kept[c], kept[c]));
    }
    factors[r] = std::sqrt(n_free / n / covariance(kept[r], kept[r]));
  }
  if (transform == HierarchyTransform::standardised) {
    Matrix axes(kept.size(), d);
    for (std::size_t r = 0; r < kept.size(); ++r) axes(r, kept[r]) = factors[r];
    return axes;
  }
  // Rows sqrt(l) v of the eigenvalues l of the correlations; a singular value is sqrt((n - 1) l).
  Matrix roots = pivoted_root(correlation).rows;
  make_orthogonal(roots);
  Matrix axes(roots.rows(), d);
  for (std::size_t k = 0; k < roots.rows(); ++k) {
    double eigenvalue = 0;
    for (const double x : roots.row(k)) eigenvalue += x * x;
    const double divisor = std::sqrt(eigenvalue) * std::pow(n_free * eigenvalue, 0.25);
    for (std::size_t r = 0; r < kept.size(); ++r) axes(k, kept[r]) = factors[r] * roots(k, r) / divisor;
  }
  return axes;
}

// A S A^T of a packed triangle.
void transform_scatter(const Matrix& axes, std::span<const double> scatter, Matrix& half, std::span<double> out) {
  const std::size_t p = axes.rows();
  const std::size_t d = axes.cols();
  for (std::size_t k = 0; k < p; ++k) {
    for (double& x : half.row(k)) x = 0;
    std::size_t element = 0;
    for (std::size_t r = 0; r < d; ++r) {
      for (std::size_t c = 0; c < r; ++c, ++element) {
        half(k, r) += axes(k, c) * scatter[element];
        half(k, c) += axes(k, r) * scatter[element];
      }
      half(k, r) += axes(k, r) * scatter[element++];
    }
  }
  std::size_t element = 0;
  for (std::size_t k = 0; k < p; ++k) {
    for (std::size_t l = 0; l <= k; ++l, ++element) {
      for (std::size_t c = 0; c < d; ++c) out[element] += half(k, c) * axes(l, c);
    }
  }
}

}  // namespace

MergePoints merge_points(const Leaves& leaves, const std::vector<std::size_t>& order, HierarchyTransform transform) {
  const MergePoints standard = in_standard_units(leaves, order);
  const Matrix axes = axes_of(standard, transform);
  const std::size_t p = axes.rows();
  const std::size_t d = axes.cols();
  MergePoints points{standard.weights, Matrix(order.size(), p), {}};
  if (!standard.scatters.empty()) points.scatters = Matrix(order.size(), p * (p + 1) / 2);
  Matrix half(p, d);
  for (std::size_t i = 0; i < order.size(); ++i) {
    check_interrupted(p * d * (points.scatters.empty() ? 1 : d));
    for (std::size_t k = 0; k < p; ++k) {
      for (std::size_t c = 0; c < d; ++c) points.means(i, k) += axes(k, c) * standard.means(i, c);
    }
    if (!points.scatters.empty()) transform_scatter(axes, standard.scatters.row(i), half, points.scatters.row(i));
  }
  return points;
}

}  // namespace mogul
