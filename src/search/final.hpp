// The end of a contest: one run is followed until little is left to gain.
#pragma once

#include <vector>

#include "search/contest.hpp"

namespace mogul {

/// A contest in all rows, or in a sample, and then the best of its finalists at its end over all rows.
class Final {
 public:
  /// @param searched  where the finalists are from: the contest itself, or one in a sample
  Final(Contest& contest, Contest& searched) : contest_(contest), searched_(searched) {}

  /// The best one at its end. Where it is flagged there, or fails, the next one takes its place if that is sound.
  std::vector<Contender> best_of(std::vector<Contender> finalists);

 private:
  std::vector<Contender> entered(Contender& finalist);

  Contest& contest_;
  Contest& searched_;
};

}  // namespace mogul
