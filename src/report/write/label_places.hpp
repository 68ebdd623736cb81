// Where the labels of a panel go, so that they can be read: not upon each other, and within the frame.
#pragma once

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
};

/// Labels that would overlap one before them move to the nearest free place around it, and those near the frame move
/// inside. Labels outside the frame, and those for which there is no place, are left out.
std::vector<PlacedLabel> placed(std::span<const PlacedLabel> wanted, const PanelBox& box);

}  // namespace mogul
