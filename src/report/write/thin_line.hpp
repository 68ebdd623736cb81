// Leaves out the points of a line that nobody would see.
#pragma once

#include <vector>

#include "report/figure/figure.hpp"

namespace mogul {

/// A part of the points, in their order, with the first and the last one: the line through them passes every point that
/// is left out at `tolerance` or less.
/// @param points     of a line, or of a ring whose last point joins the first
/// @param tolerance  in the points' unit
/// @source           Douglas and Peucker (1973)
std::vector<Point> thinned(const std::vector<Point>& points, double tolerance);

}  // namespace mogul
