// A picture as data: what is drawn where, in the data's own units. line.cpp, plane.cpp, pairs.cpp and history.cpp make
// them, write/svg.cpp writes them.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "report/figure/colours.hpp"

namespace mogul {

struct Point {
  double x;
  double y;

  bool operator==(const Point&) const = default;
};

/// A line through points, or the area between it and the horizontal axis.
struct Curve {
  enum class Stroke { solid, dashed, thin };
  std::vector<Point> points = {};
  Colour colour = {};
  Stroke stroke = Stroke::solid;
  bool filled = false;
};

/// Rows, each a small circle.
struct Dots {
  std::vector<Point> points;
  std::vector<Colour> colours;     ///< one for all, or one each
  std::vector<double> sizes = {};  ///< radius in units of the usual one, one each; empty: all 1
};

/// A histogram: bar i stands on edges[i] to edges[i + 1].
struct Bars {
  std::vector<double> edges;
  std::vector<double> heights;
};

/// Marks on the horizontal axis, one per row.
struct Rug {
  std::vector<double> x;
  std::vector<Colour> colours;  ///< one for all, or one each
};

/// Rectangles of a grid, each with its colour and how opaque it is: rows that are too many to be drawn one by one.
struct Cells {
  struct Cell {
    Point low, high;
    Colour colour;
    double opacity;
  };
  std::vector<Cell> cells;
  bool outlined = false;  ///< with a line around what they cover: for cells too faint to stand out alone
};

/// The area inside closed rings; a ring inside another one is a hole.
struct Region {
  std::vector<std::vector<Point>> rings;
  Colour colour;
  double opacity;
};

/// The points at `radius` standard deviations of a Gaussian with this mean and covariance.
struct Ellipse {
  Point mean;
  std::array<double, 3> covariance;  ///< of x and x, x and y, y and y
  double radius;
  Colour colour;
  bool filled = false;
};

/// A small mark on a point.
struct Spot {
  Point at;
  Colour colour;
};

/// A short text on a point or just above it, readable over whatever lies beneath.
struct Label {
  Point at;
  std::string text;
  bool above = false;
  bool movable = true;                  ///< false: left out where another label has its place
  std::optional<Spot> stands_for = {};  ///< drawn where the text is not upon it
};

using Mark = std::variant<Curve, Dots, Bars, Rug, Cells, Region, Ellipse, Label>;

struct Axis {
  std::string name;
  double low = 0;
  double high = 1;
  bool shown = true;   ///< false: no ticks and no name, as inside a matrix of panels
  bool whole = false;  ///< ticks at whole numbers only, as of iterations
  bool ticks = true;   ///< false: the name alone
};

/// One coordinate system and what is drawn in it, the first mark at the bottom.
struct Panel {
  std::string title;
  Axis x;
  Axis y;
  std::vector<Mark> marks;
};

struct LegendEntry {
  enum class Sample { line, dashed, thin, dot, area };
  std::string text;
  Sample sample;
  Colour colour;
};

struct Figure {
  std::string title;
  std::string subtitle = {};
  std::vector<Panel> panels;  ///< row by row
  std::size_t columns = 1;    ///< panels beside each other
  std::vector<LegendEntry> legend = {};
  std::vector<std::string> notes = {};  ///< sentences below the picture: what was left out, what the ellipses hold
};

}  // namespace mogul
