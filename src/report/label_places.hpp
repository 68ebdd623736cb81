// Where the labels of a panel go, so that they can be read: not upon each other, and within the frame.
#pragma once

#include <string>
#include <vector>

#include "report/figure.hpp"
#include "report/svg_panel.hpp"

namespace mogul {

/// A label in pixels: its text is centred at x and stands on the line y.
struct PlacedLabel {
  double x, y;
  std::string text;
};

/// Moves labels that overlap one before them to the nearest free place around it. One that finds none stays where it
/// is.
std::vector<PlacedLabel> placed(std::vector<PlacedLabel> labels, const PanelBox& box);

}  // namespace mogul
