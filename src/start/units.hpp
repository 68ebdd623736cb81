// The units in which starts take distances: the likelihood does not depend on those of the data, nor must they.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/engine.hpp"

namespace mogul {

/// Column d is (x - centre[d]) / scale[d] in these units.
struct Units {
  std::vector<double> centre;  ///< (D)
  std::vector<double> scale;   ///< (D), at least kSmallestScale
};

/// Its square is the smallest variance that a mixture may have.
inline constexpr double kSmallestScale = 1e-150;

/// The mean and the standard deviation of each column, over all rows with their weights. The scale of a column that is
/// constant, or spread by no more than the rounding of its values, is that rounding, 8 eps |mean|: it does not count.
/// @cost  two passes
Units standard_units(Engine& engine);

/// The same centre, and for all columns one scale, the root mean square: distances are those of the data's unit.
Units with_one_scale(Units units);

/// The same centre, and scales that tell groups apart: of each column the standard deviation within groups of its own,
/// as many as there are components but 8 at most, where that is more than a tenth of the whole. In standard deviations
/// alone, the more a column separates the groups the less it counts, and columns of noise outvote it.
/// @param rows     in standard units
/// @source         the metric of Art, Gnanadesikan, Kettenring (1982), with groups of one column each
Units separating_units(Units units, const Matrix& rows, std::size_t n_components);

/// Rows of the engine in these units. In magnitude, values are at most 1e100.
Matrix in_units(const Engine& engine, std::span<const std::size_t> rows, const Units& units);
/// Points (K, D) in these units, in those of the data.
Matrix from_units(Matrix points, const Units& units);

/// A mixture whose most probable component is the nearest mean, by distances in these units.
/// @param means  (K, D), in the data's unit
Mixture distance_model(Matrix means, const Units& units);

}  // namespace mogul
