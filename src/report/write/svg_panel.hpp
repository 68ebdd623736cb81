// A panel of a figure as SVG elements: axes, and marks at their places.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "report/figure/figure.hpp"

namespace mogul {

/// The rectangle that a panel's data fill, in pixels.
struct PanelBox {
  double left, top, width, height;
};

/// The room that the axes' numbers and names take, in pixels.
double room_for_y_axis(const Panel& panel, double height);
double room_for_x_axis(const Panel& panel);

struct PanelText {
  std::string svg;
  std::size_t n_labels_left_out = 0;  ///< for want of room
};

/// The whole panel as a group.
/// @param id  of the clip path, unlike that of any other panel in the same document
PanelText panel_svg(const Panel& panel, const PanelBox& box, const std::string& id);

/// "1.5": two decimals at most, and a million at most: programs that draw need no more.
/// @param value  not NaN
std::string pixels(double value);

/// The attributes that paint a stroke or a fill, and the class of its kind, if it has one.
std::string stroke_of(const Colour& colour, std::string_view kind = "");
std::string fill_of(const Colour& colour, std::string_view kind = "");

}  // namespace mogul
