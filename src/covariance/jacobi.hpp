// Eigenvectors of covariances by Jacobi's method on a Cholesky factor.
//
// Solvers that make a matrix tridiagonal first have an absolute error of eps times the largest eigenvalue. Columns
// whose standard deviations differ by 1e8 leave no digit of the smallest eigenvalue then, nor of the small components
// of the axes. A Cholesky factor has every row to the digits of its own column, and rotations that stop at what is
// rounding for both of the rows that they turn keep them. So for S = D C D, D diagonal, the relative error of every
// eigenvalue is about eps times the condition number of the correlations C, whatever D is.
//
// Source: Demmel, Veselic (1992), Jacobi's method is more accurate than QR, SIAM J. Matrix Anal. Appl. 13(4); with the
// factor's pivots, as here: Veselic, Hari (1989), A note on a one-sided Jacobi algorithm, Numer. Math. 56.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "mogul/matrix.hpp"

namespace mogul {

/// Cholesky's factor with pivots, S = R^T R: each row takes the feature with the largest variance given those before.
/// If S is singular, R has fewer rows than S: what is left of a variance must exceed D eps of it, or it is rounding.
struct PivotedRoot {
  Matrix rows;                      ///< (rank, D)
  std::vector<std::size_t> pivots;  ///< (rank), the feature of each row, which is 0 for the features of earlier ones
};
/// @param matrix  S, (D, D), finite
/// @cost          O(D^3)
PivotedRoot pivoted_root(const Matrix& matrix);

/// Rotates pairs of rows until all are orthogonal, as far as each product is more than the rounding of its terms. What
/// R^T R is does not change.
/// @cost  O(D^3) for each of a few sweeps over the pairs
void make_orthogonal(Matrix& rows);

}  // namespace mogul
