// Volumes, lambda_k = |Sigma_k|^(1/D): made equal in closed form, or fitted together with a shape that all components
// share. Always as logarithms, as a determinant may leave the range of double where no variance does.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "covariance/family.hpp"

namespace mogul {

/// The logarithm of the volume of variances along any axes, their mean logarithm; -infinity if one is 0.
double log_volume(std::span<const double> variances);

/// Scales every row to the volume that is best for all of them, sum_k p_k |S_k|^(1/D). Rows whose volume is 0 stay as
/// they are: they are singular, and have no influence on the others.
/// @param rows         (K, 1 | D | D(D+1)/2), variances or packed matrices
/// @param log_volumes  (K), of the rows
/// @param shares       (K), p_k
void equalise_volumes(Matrix& rows, std::span<const double> log_volumes, std::span<const double> shares);

/// Where Sigma_k = lambda_k C: the shares, without those of components that are zero, and the first volumes, whose
/// unit C makes up for.
struct VolumeStart {
  std::vector<double> shares;
  std::vector<double> volumes;
};
/// From the current covariances or, if there are none, from the variances.
/// @param variances  (K, D), of the free covariances along any axes; with 0 alone where one is zero
VolumeStart volume_start(const Matrix& variances, std::vector<double> shares, const Covariances* current);

/// Maximises the objective over C and the volumes in turn, each in closed form when the other is held.
/// @param update  makes C = sum_k p_k S_k / lambda_k of the volumes, then overwrites these with tr(S_k C^-1) / D and
///                returns log |C| / D; if C is singular, returns -infinity and leaves the volumes alone
/// @source        Celeux, Govaert (1995), models [lambda_k C] and [lambda_k B]
void alternate(VolumeStart& start, InnerLoop& inner, const std::function<double(VolumeStart&)>& update);

/// The best Sigma_k = lambda_k C with diagonal C.
/// @param variances  (K, D), of the free covariances
/// @return           (K, D), lambda_k C
Matrix proportional_variances(const Matrix& variances, std::vector<double> shares, const Covariances* current,
                              InnerLoop& inner);

}  // namespace mogul
