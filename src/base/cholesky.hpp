// Cholesky factors of small dense matrices, with a test for singularity that does not depend on scale.
#pragma once

#include <cstddef>
#include <optional>

#include "mogul/matrix.hpp"

namespace mogul {

/// Factorises a symmetric matrix as L L^T.
///
/// A pivot must exceed D eps times the diagonal element it came from; below that it is rounding, and
/// the matrix is singular in double precision.
/// @param a  (D, D), only the lower triangle is read; overwritten by L, zero above the diagonal
/// @return   the first row whose pivot fails, or nothing if the matrix is positive definite
/// @cost     D^3 / 3 flops
std::optional<std::size_t> cholesky(MatrixView<double> a);

/// Whether cholesky() finds a factor. Cheaper where it does not, as the row at which it fails is not looked for.
/// @param a  (D, D), only the lower triangle is read; overwritten
/// @cost     D^3 / 3 flops at most
bool is_positive_definite(MatrixView<double> a);

/// The inverse of a lower triangular matrix with non-zero diagonal, itself lower triangular.
/// @source  Golub, Van Loan (2013), section 3.1
Matrix invert_lower(MatrixView<const double> l);

/// Triangular solves: the columns of b become L^-1 b, or L^-T b.
/// @param l  (D, D), lower triangular with non-zero diagonal
/// @param b  (D, M), overwritten
/// @cost     D^2 M flops
/// @source   Golub, Van Loan (2013), section 3.1
void solve_lower(MatrixView<const double> l, MatrixView<double> b);
void solve_lower_transposed(MatrixView<const double> l, MatrixView<double> b);

}  // namespace mogul
