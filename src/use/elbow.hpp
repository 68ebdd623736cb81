// How many clusters: where the entropies of merged components bend.
#pragma once

#include <cstddef>
#include <span>

namespace mogul {

/// The number C of clusters at which two least-squares lines, one through the entropies of 1 .. C clusters and one
/// through those of C .. K, leave the least sum of squared residuals; the lowest of equals.
/// @param entropies  (K), K >= 3, of 1 .. K clusters
/// @return           in 2 .. K - 1
/// @source           Baudry et al. (2010), section 4, with the number of clusters as the abscissa
std::size_t elbow(std::span<const double> entropies);

}  // namespace mogul
