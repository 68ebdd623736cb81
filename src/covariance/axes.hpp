// Symmetric matrices and their axes: the one place of the families where matrices are decomposed. Axes are the rows of
// an orthogonal matrix.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "mogul/matrix.hpp"

namespace mogul {

struct PrincipalAxes {
  Matrix axes;                    ///< (D, D), row i is the unit vector of axis i
  std::vector<double> variances;  ///< (D), along the axes, ascending; rounding, below D eps of the largest, is 0
};
/// @param packed  lower triangle of a covariance, D(D+1)/2
/// @cost          O(D^3)
PrincipalAxes principal_axes(std::span<const double> packed, std::size_t n_features);

/// Turns the axes along which there is no variance within their subspace, where any would do: towards those of another
/// covariance, ascending. Otherwise rounding would choose them, and they would not turn with the data.
/// @param other  packed
/// @cost         O(D^3) where there are two such axes or more
void settle_null_axes(PrincipalAxes& principal, std::span<const double> other);

/// Writes the lower triangle of the covariance that has the given variances along the axes.
void assemble(const Matrix& axes, std::span<const double> variances, std::span<double> packed);

/// The packed covariance in the coordinates of the axes.
/// @return  (D, D)
Matrix in_axes(const Matrix& axes, std::span<const double> packed);

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

/// Whether a covariance is singular as far as its axes go: a variance along one is rounding. If so and it has a
/// Cholesky factor nevertheless, that variance is made 0.
bool clear_if_singular(std::span<double> packed, std::size_t n_features);

}  // namespace mogul
