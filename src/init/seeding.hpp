// Seeds for k-means and EM: which rows to look at, and which of them to start from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernel/engine.hpp"

namespace mogul {

/// A copy of the rows of positive weight, or, beyond about 16 MiB or 65,536 rows (but at least 30 per
/// component), an evenly spread random sample of them in their order.
Dataset seeding_rows(const Engine& engine, std::size_t n_components, std::uint64_t seed, std::size_t restart);

/// K seeds (K, D), each drawn with probability proportional to weight times squared distance to the
/// nearest earlier seed; of 2 + log K such candidates the one that lowers the sum of squares most is taken.
/// @param engine  over the seeding rows
/// @source        Arthur, Vassilvitskii (2007)
/// @cost          K passes over the seeding rows
Matrix kmeans_plus_plus(Engine& engine, std::size_t n_components, std::uint64_t seed, std::size_t restart);

/// K different rows of positive weight, drawn uniformly.
std::vector<std::size_t> random_rows(const Engine& engine, std::size_t n_components, std::uint64_t seed,
                                     std::size_t restart);

}  // namespace mogul
