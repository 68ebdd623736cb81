// k-means: hard EM with one shared spherical covariance.
#pragma once

#include "engine/engine.hpp"

namespace mogul {

/// Lloyd's iterations from the given means (K, D), until the sum of squares falls by less than 1e-4 of
/// itself, 100 at most. A cluster that loses all rows moves to the row farthest from every mean.
/// @source  Lloyd (1982)
/// @cost    O(N K D) per iteration
Matrix kmeans(Engine& engine, Matrix means);

}  // namespace mogul
