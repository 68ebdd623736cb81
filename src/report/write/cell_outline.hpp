// The line around what cells cover together.
#pragma once

#include <string>
#include <vector>

namespace mogul {

/// A rectangle in pixels.
struct PixelBox {
  double left, top, right, bottom;
};

/// The path of the edges that one box has and no other, in long pieces where they meet end to end.
/// @param boxes  of a grid, none twice: an edge between neighbours has the same ends in both
std::string outline_path(const std::vector<PixelBox>& boxes);

}  // namespace mogul
