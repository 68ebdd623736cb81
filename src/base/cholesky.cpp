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
using ConstMap = Eigen::Map<const RowMajor, 0, Stride>;

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

template <class Mapped, class T>
Mapped as(MatrixView<T> a) {
  return {a.data(), static_cast<Eigen::Index>(a.rows()), static_cast<Eigen::Index>(a.cols()),
          Stride(static_cast<Eigen::Index>(a.stride()))};
}
Map mapped(MatrixView<double> a) { return as<Map>(a); }
ConstMap mapped(MatrixView<const double> a) { return as<ConstMap>(a); }

double smallest_pivot(const Map& a) { return static_cast<double>(a.rows()) * std::numeric_limits<double>::epsilon(); }

// Overwrites the lower triangle by its factor; whether it has one.
bool factorise(Map a) {
  const Eigen::VectorXd diagonal = a.diagonal();
  const Eigen::LLT<Eigen::Ref<RowMajor, 0, Stride>> llt(a);
  return llt.info() == Eigen::Success && (a.diagonal().array().square() > smallest_pivot(a) * diagonal.array()).all();
}

}  // namespace

std::optional<std::size_t> cholesky(MatrixView<double> a) {
  Map map = mapped(a);
  const RowMajor original = map;
  if (!factorise(map)) return failing_row(original, smallest_pivot(map));
  map.triangularView<Eigen::StrictlyUpper>().setZero();
  return std::nullopt;
}

bool is_positive_definite(MatrixView<double> a) { return factorise(mapped(a)); }

Matrix invert_lower(MatrixView<const double> l) {
  Matrix inverse(l.rows(), l.rows());
  for (std::size_t i = 0; i < l.rows(); ++i) inverse(i, i) = 1;
  solve_lower(l, inverse.view());
  return inverse;
}

void solve_lower(MatrixView<const double> l, MatrixView<double> b) {
  Map columns = mapped(b);
  mapped(l).triangularView<Eigen::Lower>().solveInPlace(columns);
}

void solve_lower_transposed(MatrixView<const double> l, MatrixView<double> b) {
  Map columns = mapped(b);
  mapped(l).transpose().triangularView<Eigen::Upper>().solveInPlace(columns);
}

}  // namespace mogul
