// Which components an M-step leaves without rows, with a singular covariance, or on their way to no rows. Asked between
// update_parameters() (maximise.hpp) and the repair (repair.hpp).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "em/singular.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// Components that hold less than a thousandth of the rows, and whose weight falls by a tenth or more with the next
/// M-step: N_k < 0.9 pi_k sum(w). EM is not done with them, however little they still change the likelihood. None where
/// mixing weights are not free to fall to zero.
std::vector<std::size_t> dying_components(const Mixture& model, const Stats& stats, const MStepOptions& step);

/// The components that an M-step cannot give what `step` asks for, in ascending order: singular ones, and
/// empty ones, N_k <= 10 eps sum(w), whose mean is to be updated, unless their weight is held at zero or kept above it
/// by a weight_concentration.
/// @param dying  components that count as empty at N_k <= 1e-8 sum(w) already
std::vector<Degenerate> degenerate_components(const Parameters& parameters, const Stats& stats,
                                              const MStepOptions& step, const std::vector<std::size_t>& dying = {});

/// What is wrong and what to do, for messages: "component 2 is empty (...); lower n_components or ...".
std::string describe(const Degenerate& degenerate, CovarianceFamily family, const std::string& feature_name);

}  // namespace mogul
