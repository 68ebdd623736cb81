// From the scatters of the M-step to covariances without any constraint, which most families begin with.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "covariance/family.hpp"

namespace mogul {

/// Number of values of one symmetric matrix in the form of Stats::second: 1, D or D(D+1)/2.
std::size_t packed_size(Layout layout, std::size_t n_features);

/// Writes a component's covariance in packed form: its mean variance, its variances or its lower triangle.
void pack(const Covariances& covariances, std::size_t component, Layout layout, std::span<double> out);

/// Packed covariances, a row each, as `Covariances` stores them.
std::vector<double> as_stored(const Matrix& packed, Layout layout, std::size_t n_features);

/// a_k / sum a, which sum to one.
std::vector<double> shares(const Scatters& scatters);

/// sum_k B_k / sum_k a_k, packed; a spherical one is the mean variance.
std::vector<double> pooled_covariance(const Scatters& scatters);

/// The covariances that each component would have without any constraint, B_k / a_k, packed, a row each; a spherical
/// one is the mean variance. Where a_k is 0 it is the current covariance, and the pooled one if there is none: such a
/// component takes part in every formula with the share 0, and so keeps what is its own.
Matrix free_covariances(const Scatters& scatters, const Covariances* current);

}  // namespace mogul
