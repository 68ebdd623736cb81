// A random problem with everything that the slow oracle says of it, and the scales of rounding errors.
//
// Tolerances are c * eps * scale. A log-density is -(D log 2pi + log|S| + |y|^2) / 2, so its scale is the sum of these
// three absolute values and its c is 8 D: whitening sums at most D products in each of D rows, whose relative errors
// add up to about 2 D eps in |y|^2, and the condition numbers of the generator (the factors' up to 10) take the rest.
// A sum over N rows adds at most one eps of its terms' absolute sum for each addition, so c grows by N.
#pragma once

#include <cfloat>
#include <cmath>
#include <numbers>

#include "reference/border.hpp"
#include "reference/generators.hpp"

namespace oracle {

struct ScoredProblem {
  Problem problem{*any_shape()};
  Data data = from(problem.view());
  Model model = from(problem.model());
  Table mahalanobis = squared_mahalanobis(model, data);
  Table joint = log_joint(model, data);
  Row density = log_densities(model, data);
  Table r = responsibilities(model, data);
  double n = static_cast<double>(data.x.size());
  double d = static_cast<double>(problem.shape().d);

  /// Of a log-density of one component, or of its log-joint.
  Real log_scale(std::size_t row, std::size_t k) const {
    const Real constant = static_cast<Real>(d) * std::log(2 * std::numbers::pi_v<Real>);
    return 1 + constant + std::abs(log_determinant(model.covariances[k])) + mahalanobis[row][k];
  }

  /// Of log sum_k exp(joint_k), whose error is the r-weighted mean of its terms' errors.
  Real log_density_scale(std::size_t row) const {
    Real scale = 1;
    for (std::size_t k = 0; k < r[row].size(); ++k) scale += r[row][k] * log_scale(row, k);
    return scale;
  }

  /// Of r_nk = exp(joint - density): an absolute error there is a relative one here. The kernel rounds responsibilities
  /// below e^-700 to zero.
  Real responsibility_scale(std::size_t row, std::size_t k) const {
    constexpr Real kNegligible = 1e-304L;
    return r[row][k] * (log_scale(row, k) + log_density_scale(row)) + kNegligible / Real(DBL_EPSILON);
  }

  Real likelihood_scale() const {
    Real scale = 0;
    for (std::size_t row = 0; row < density.size(); ++row) scale += data.w[row] * log_density_scale(row);
    return scale;
  }

  /// Of Q and H at the model's own responsibilities: an error e of r moves r log r by (1 + |log r|) e.
  Real entropy_scale() const {
    Real scale = 0;
    for (std::size_t row = 0; row < r.size(); ++row) {
      for (std::size_t k = 0; k < r[row].size(); ++k) {
        const Real log_r = std::abs(joint[row][k] - density[row]);
        if (r[row][k] > 0) scale += data.w[row] * (1 + log_r) * responsibility_scale(row, k);
      }
    }
    return scale;
  }
};

}  // namespace oracle
