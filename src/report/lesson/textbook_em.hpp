// EM as textbooks have it: no regularisation, no acceleration, to the end; what it was at each iteration is kept.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/error.hpp"
#include "mogul/mixture.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// A model, and the sums over the rows under it.
struct EmStep {
  std::size_t iteration;
  Mixture mixture;
  Stats stats;
};

struct EmRun {
  std::vector<EmStep> kept;            ///< iterations 0, 1, 10 and the last, of those that there were
  std::vector<double> log_likelihood;  ///< of every iteration
  std::vector<double> gradient;        ///< the largest scaled one, of every iteration; NaN beyond the range of double
  std::vector<std::vector<double>> sizes, weights, means, variances;  ///< of every iteration: (K), (K), (K D), (K D)
  std::vector<std::vector<double>> covariances;  ///< if kept: (K D(D-1)/2), each component's by rows i < j
  std::string end;                               ///< how the run ended, a sentence
  bool failed = false;                           ///< no M-step was possible at the end

  const EmStep& first() const { return kept.front(); }
  const EmStep& last() const { return kept.back(); }
  std::size_t iterations() const { return log_likelihood.size() - 1; }
};

/// Why EM goes no further from a mixture whose M-step failed, as one or two sentences without the last full stop.
std::string why_em_ends(const fit_error& error);

/// EM until the mean log-likelihood changes by less than `tol`, or not at all, or until max_iter.
/// @param data              its names are those of error messages
/// @param keep_covariances  those between features of every iteration, where the structure has them
EmRun textbook_em(const Mixture& start, const DataView& data, std::size_t max_iter, double tol, unsigned n_threads,
                  bool keep_covariances = false);

}  // namespace mogul
