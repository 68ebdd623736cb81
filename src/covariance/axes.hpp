// Symmetric matrices and their axes: what the families need of matrices that are decomposed. Axes are the rows of an
// orthogonal matrix. Where columns have very different scales s_i, component j of the axis that belongs to column i is
// about min(s_i / s_j, s_j / s_i), and has digits of its own; so sums like v^T S v have terms of one size only, and
// keep theirs.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "mogul/matrix.hpp"

namespace mogul {

struct PrincipalAxes {
  Matrix axes;                    ///< (D, D), row i is the unit vector of axis i
  std::vector<double> variances;  ///< (D), along the axes, ascending; 0 where it is but D eps of the variances of the
                                  ///< features in the shares that these have in the axis
};
/// To high relative accuracy: see jacobi.hpp. An axis v has its component along feature i to the digits that
/// v^T S v needs.
/// @param packed  lower triangle of a covariance, D(D+1)/2
/// @error         |variance - exact| <= D eps cond(C) variance, about; C the correlations
/// @cost          O(D^3)
PrincipalAxes principal_axes(std::span<const double> packed, std::size_t n_features);

/// Turns the axes along which there is no variance within their subspace, where any would do: towards those of another
/// covariance, ascending. Otherwise rounding would choose them, and they would not turn with the data.
/// @param other  packed
/// @cost         O(D^3) where there are two such axes or more
void settle_null_axes(PrincipalAxes& principal, std::span<const double> other);

/// Writes the lower triangle of the covariance that has the given variances along the axes.
void assemble(const Matrix& axes, std::span<const double> variances, std::span<double> packed);

/// A square root of the packed covariance in the coordinates of the axes: the axes times its Cholesky factor.
/// @param packed  not singular
/// @return        (D, D), R; the covariance in these coordinates is R R^T
Matrix root_in_axes(const Matrix& axes, std::span<const double> packed);

/// The variances of each packed covariance along common axes.
/// @param packed  (K, D(D+1)/2)
/// @return        (K, D)
Matrix variances_along(const Matrix& axes, const Matrix& packed);

/// The diagonals of packed matrices.
/// @return  (K, D)
Matrix diagonals(const Matrix& packed, std::size_t n_features);

/// Overwrites `out` with tr(S_k C^-1) / D and returns log |C| / D; if C is singular, returns -infinity and leaves `out`
/// alone.
/// @param common  C, packed
/// @param packed  (K, D(D+1)/2), the S_k
/// @cost          2 K D^3 flops
double relative_traces(std::span<const double> common, const Matrix& packed, std::size_t n_features,
                       std::span<double> out);

/// log |S| / D, from the Cholesky factor; -infinity if the matrix is singular in double precision.
double log_volume_of_matrix(std::span<const double> packed, std::size_t n_features);

/// Whether a covariance has no Cholesky factor in double precision.
bool is_singular(std::span<const double> packed, std::size_t n_features);

}  // namespace mogul
