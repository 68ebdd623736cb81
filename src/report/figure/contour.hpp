// Contour lines of a function on a grid: marching squares.
#pragma once

#include <span>
#include <vector>

#include "mogul/matrix.hpp"
#include "report/figure/figure.hpp"

namespace mogul {

/// The closed rings around the area where a function exceeds a level. The function is linear along the grid's edges,
/// and lies below the level outside of the grid.
/// @param x       (X), ascending, at least two
/// @param y       (Y), ascending, at least two
/// @param values  (Y, X), finite or -infinity
/// @source        Lorensen and Cline (1987) in two dimensions; saddles are decided by the mean of the four corners
std::vector<std::vector<Point>> contour_rings(std::span<const double> x, std::span<const double> y,
                                              MatrixView<const double> values, double level);

}  // namespace mogul
