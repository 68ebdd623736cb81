// EVE and VVE: covariances whose principal axes are the same in all components.
#pragma once

#include <vector>

#include "covariance/axis_descent.hpp"
#include "covariance/family.hpp"

namespace mogul {

/// The best Sigma_k = lambda_k D A_k D^T, as `Covariances` stores them, a matrix for each component.
///
/// The axes D start from the current ones if there are any, else from those of the pooled covariance. A thorough loop
/// starts from both, from those of two other means and of the largest components, each time with and without a scan
/// (see AxisDescent), and returns the best end. A component whose B_k is singular keeps B_k / a_k, and has no influence
/// on the axes.
///
/// @cost  O(K D^3) for each sweep over the pairs of axes, and O(K D^3) once
std::vector<double> along_common_axes(const Scatters& scatters, Volumes volumes, const Covariances* current,
                                      InnerLoop& inner);

}  // namespace mogul
