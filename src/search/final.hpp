// The end of a contest: one run is followed until little is left to gain.
#pragma once

#include <vector>

#include "search/contest.hpp"

namespace mogul {

/// The best finalist at its end over all rows; none where all fail. Where it is flagged there, or fails, the next one
/// takes its place if that is sound.
/// @param contest   over all rows
/// @param searched  where the finalists are from: the same contest, or one in a sample
std::vector<Contender> best_at_its_end(Contest& contest, Contest& searched, std::vector<Contender> finalists);

}  // namespace mogul
