// EM as textbooks have it: no regularisation, no acceleration, to the end; what it was at each iteration is kept.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/mixture.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// What the rows said of one model.
struct EmStep {
  std::size_t iteration;
  Mixture mixture;
  Stats stats;  ///< of the rows under it
};

struct EmRun {
  std::vector<EmStep> kept;            ///< iterations 0, 1, 10 and the last, of those that there were
  std::vector<double> log_likelihood;  ///< of every iteration
  std::vector<std::vector<double>> weights, means, variances;  ///< of every iteration: (K), (K D), (K D)
  std::string end;                                             ///< a sentence: why it ended

  const EmStep& first() const { return kept.front(); }
  const EmStep& last() const { return kept.back(); }
  std::size_t iterations() const { return log_likelihood.size() - 1; }
};

EmRun textbook_em(const Mixture& start, const DataView& data, std::size_t max_iter, double tol, unsigned n_threads);

}  // namespace mogul
