// Seeds for k-means and EM: which rows to start from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/engine.hpp"

namespace mogul {

/// K rows, each drawn with probability proportional to weight times squared distance to the nearest earlier one; of
/// 2 + log K such candidates the one that lowers the sum of squares most is taken. No value twice while there are
/// others.
/// @param engine  over rows in the units that distances are to be taken in
/// @source        Arthur, Vassilvitskii (2007)
/// @cost          K passes over the rows
std::vector<std::size_t> kmeans_plus_plus(Engine& engine, std::size_t n_components, std::uint64_t seed,
                                          std::size_t restart);

/// `count` different rows of positive weight, drawn uniformly, in random order; those of equal values once, as long as
/// there are others among 8 * count + 8.
std::vector<std::size_t> random_rows(const Engine& engine, std::size_t count, std::uint64_t seed, std::size_t restart);

}  // namespace mogul
