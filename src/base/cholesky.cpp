#include "base/cholesky.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <cmath>
#include <limits>

namespace mogul {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Stride = Eigen::OuterStride<>;
using Map = Eigen::Map<RowMajor, 0, Stride>;

// The textbook loop over rows, only run to name the row at which a factorisation fails.
std::size_t failing_row(RowMajor a, double tolerance) {
  for (Eigen::Index i = 0; i < a.rows(); ++i) {
    for (Eigen::Index j = 0; j < i; ++j) {
      a(i, j) = (a(i, j) - a.row(i).head(j).dot(a.row(j).head(j))) / a(j, j);
    }
    const double pivot = a(i, i) - a.row(i).head(i).squaredNorm();
    if (!(pivot > tolerance * a(i, i))) return static_cast<std::size_t>(i);
    a(i, i) = std::sqrt(pivot);
  }
  return static_cast<std::size_t>(a.rows() - 1);  // the two algorithms round differently at the very edge
}

}  // namespace

std::optional<std::size_t> cholesky(MatrixView<double> a) {
  const auto d = static_cast<Eigen::Index>(a.rows());
  Map map(a.data(), d, d, Stride(static_cast<Eigen::Index>(a.stride())));
  const RowMajor original = map;
  const double tolerance = static_cast<double>(d) * std::numeric_limits<double>::epsilon();
  const Eigen::LLT<Eigen::Ref<RowMajor, 0, Stride>> llt(map);
  const bool positive =
      llt.info() == Eigen::Success && (map.diagonal().array().square() > tolerance * original.diagonal().array()).all();
  if (!positive) return failing_row(original, tolerance);
  map.triangularView<Eigen::StrictlyUpper>().setZero();
  return std::nullopt;
}

Matrix invert_lower(MatrixView<const double> l) {
  const auto d = static_cast<Eigen::Index>(l.rows());
  const Eigen::Map<const RowMajor, 0, Stride> map(l.data(), d, d, Stride(static_cast<Eigen::Index>(l.stride())));
  Matrix inverse(l.rows(), l.rows());
  Eigen::Map<RowMajor> out(inverse.data(), d, d);
  out.setIdentity();
  map.triangularView<Eigen::Lower>().solveInPlace(out);
  return inverse;
}

}  // namespace mogul
