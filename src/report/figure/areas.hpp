// Regions of highest density in the plane, as rings: between the mixture and plane.cpp, which draws them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "mogul/mixture.hpp"
#include "report/figure/figure.hpp"
#include "report/figure/ticks.hpp"

namespace mogul {

struct Areas {
  std::vector<std::vector<std::vector<Point>>> rings;  ///< of each level
  std::size_t n_missed = 0;  ///< components whose part of a region falls between the lines of the grid
};

/// Where the density of a mixture of two features exceeds each level.
///
/// Components that do not touch each other above the lowest level are traced apart, each group on a grid of its own, so
/// narrow ones are drawn however many they are and however far apart.
/// @param log_levels  not empty
/// @param grid        lines of a grid over the whole of `across` or `up`; a group has a part of it, and more lines
///                    about its means
/// @cost              O(K^2) comparisons, and at most about 7,000 grid^2 densities a group
Areas areas_above(const Mixture& mixture, std::span<const double> log_levels, const Interval& across,
                  const Interval& up, std::size_t grid, unsigned n_threads);

}  // namespace mogul
