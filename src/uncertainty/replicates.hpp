// Fits of replicates of the rows, all of which begin at the mixture whose errors are asked for.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/em_loop.hpp"
#include "mogul/mixture.hpp"
#include "mogul/options.hpp"
#include "uncertainty/row_weights.hpp"

namespace mogul {

struct Replicates {
  Matrix values;               ///< a row, as values_of(), for each replicate that did not fail
  std::vector<double> counts;  ///< of these: ReplicateWeights::count()
  std::size_t n_failed = 0;    ///< that collapsed onto few rows, or did not converge
  std::string failure;         ///< the first reason
};

/// Several replicates go side by side, each on one thread. Their components are in the order of the mixture's: a fit
/// that begins there seldom changes it, and where each component is nearest to another one of the mixture, by the
/// divergence of Kullback and Leibler, they are put back.
/// @param options   how the mixture was fitted, with a complete prior
/// @param gain      nats that a fit may leave
/// @param progress  told after each, from one thread at a time; may be empty
/// @throws          interrupted_error
Replicates fit_replicates(const Mixture& mixture, const DataView& data, const ReplicateWeights& weights,
                          const FitOptions& options, double gain,
                          const std::function<void(std::size_t n_done, std::size_t n_replicates)>& progress);

/// The order in which the components of `other` are those of `mixture`; that which they have where they do not match
/// one to one.
std::vector<std::size_t> matching_order(const Mixture& mixture, const Mixture& other);

}  // namespace mogul
