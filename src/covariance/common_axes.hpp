// The orientation that all components share in EVE and VVE, by rotations of pairs of axes.
#pragma once

#include <vector>

#include "covariance/family.hpp"

namespace mogul {

/// What the volumes of the components are while the axes turn: each its own (VVE), or the same (EVE).
enum class Volumes { own, shared };

/// The best Sigma_k = lambda_k D A_k D^T, as `Covariances` stores them, a matrix for each component. The variances
/// x_kj = d_j^T S_k d_j along the axes are free (VVE) or scaled to one volume (EVE), where S_k = B_k / a_k; what is
/// left of the objective is to be made small, with p_k = a_k / sum a:
///
///   VVE   sum_k p_k sum_j log x_kj            EVE   sum_k p_k (prod_j x_kj)^(1/D)
///
/// A sweep rotates each pair of axes by a Newton step for its angle or, where that does not lower the function, by the
/// minimum of a bound that touches it, which always does. So the objective never falls, and the axes stay orthogonal.
/// Starts from the current axes if there are any, else from those of the pooled covariance. A thorough loop starts
/// from both, from those of two other means and of the largest components, each time with and without looking all
/// around for each pair's best angle, and returns the best end.
///
/// A component whose S_k is singular keeps that, and has no influence on the axes.
///
/// @cost    O(K D^3) for each sweep, and O(K D^3) once
/// @source  Flury, Gautschi (1986), SIAM J. Sci. Stat. Comput. 7(1); Browne, McNicholas (2014), Adv. Data Anal.
///          Classif. 8(2), for the bound
std::vector<double> along_common_axes(const Scatters& scatters, Volumes volumes, const Covariances* current,
                                      InnerLoop& inner);

}  // namespace mogul
