// Where the labels of a panel go, so that they can be read: not upon each other, and within the frame.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "report/figure/figure.hpp"
#include "report/write/svg_panel.hpp"

namespace mogul {

/// A label in pixels: its text is centred at x and stands on the line y.
struct PlacedLabel {
  double x, y;
  std::string text;
  bool movable = true;
  std::size_t number = 0;  ///< of the label, for the caller
};

/// Labels that would overlap one before them, or hide a row that lies alone, move to the nearest free place around it,
/// and those near the frame move inside. Labels outside the frame, and those for which there is no place, are left out.
/// @param rows  where rows are drawn, in pixels
std::vector<PlacedLabel> placed(std::span<const PlacedLabel> wanted, std::span<const Point> rows, const PanelBox& box);

}  // namespace mogul
