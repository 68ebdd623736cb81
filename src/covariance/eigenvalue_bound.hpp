// A bound on the ratio of the largest to the smallest eigenvalue among all covariances of a mixture, which keeps the
// likelihood bounded. It acts on the answer of a family.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "mogul/covariance_family.hpp"

namespace mogul {

/// Whether truncating the eigenvalues of the family's answer gives the constrained maximum: VII, VVI, VVV, EEI and EEE.
bool has_eigenvalue_bound(const CovarianceFamily& family);
/// "VII (spherical), VVI (diagonal), ..."
std::string families_with_eigenvalue_bound();

/// m, the lower end of the interval [m, C m] that eigenvalues l are truncated to so that
/// sum_i a_i [log t_i + l_i / t_i], t_i = min(max(l_i, m), C m), is least. Where none needs to be, the least of those
/// with a_i > 0; 0 if all of these are 0.
/// @param values   l >= 0
/// @param weights  a >= 0, not all 0
/// @param ratio    C >= 1
/// @cost           O(n log n)
/// @source         Fritz, Garcia-Escudero, Mayo-Iscar (2013), A fast algorithm for robust constrained clustering, CSDA
/// 61
double truncation_threshold(std::span<const double> values, std::span<const double> weights, double ratio);

/// Turns the family's answer into the maximum of the family's problem (covariance_family.hpp) under the bound. One that
/// keeps it already stays as it is, byte for byte.
/// @param values  as Covariances stores them
/// @param counts  (K), a_k; of those that are 0 the eigenvalues are truncated too, but decide nothing
/// @cost          O(K D^3) for matrices
void bound_eigenvalues(std::vector<double>& values, const CovarianceFamily& family, std::size_t n_features,
                       std::span<const double> counts, double ratio);

/// The largest eigenvalue of all covariances divided by the smallest.
/// @cost  O(K D^3) for matrices
double eigenvalue_ratio(const Covariances& covariances);

}  // namespace mogul
