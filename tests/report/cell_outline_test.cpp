// The line around cells has each edge of the whole once, and none inside.
#include "report/write/cell_outline.hpp"

#include <cmath>
#include <cstdio>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace mogul {
namespace {

using Cell = std::pair<int, int>;  // column and row of a grid of unit cells

std::string outline_of(const std::set<Cell>& cells) {
  std::vector<PixelBox> boxes;
  boxes.reserve(cells.size());
  for (const auto& [i, j] : cells) boxes.push_back({i + 0.0, j + 0.0, i + 1.0, j + 1.0});
  return outline_path(boxes);
}

// The length of all pieces, each of which runs along one line of the grid.
double length_of(const std::string& path) {
  double length = 0;
  for (std::size_t at = path.find('M'); at != std::string::npos; at = path.find('M', at + 1)) {
    double x = 0;
    double y = 0;
    double end = 0;
    char command = 0;
    EXPECT_EQ(std::sscanf(path.c_str() + at, "M%lf %lf%c%lf", &x, &y, &command, &end), 4) << path;
    length += std::abs(end - (command == 'H' ? x : y));
  }
  return length;
}

TEST(CellOutline, OfOneCellIsItsFourEdges) { EXPECT_EQ(outline_of({{2, 3}}), "M2 3H3M2 4H3M2 3V4M3 3V4"); }

TEST(CellOutline, HasNoEdgeBetweenNeighbours) {
  EXPECT_EQ(outline_of({{0, 0}, {1, 0}, {2, 0}}), "M0 0H3M0 1H3M0 0V1M3 0V1");
}

TEST(CellOutline, GoesAroundAHole) {
  std::set<Cell> ring;
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) ring.insert({i, j});
  }
  ring.erase({1, 1});
  EXPECT_EQ(length_of(outline_of(ring)), 12 + 4);
}

TEST(CellOutline, OfNothingIsEmpty) { EXPECT_EQ(outline_path({}), ""); }

RC_GTEST_PROP(CellOutline, IsAsLongAsTheEdgesBetweenCoveredAndEmptyPlaces, ()) {
  std::set<Cell> cells;
  for (int i = 0; i < 30; ++i) cells.insert({*rc::gen::inRange(0, 8), *rc::gen::inRange(0, 8)});
  int between = 0;
  for (const auto& [i, j] : cells) {
    for (const Cell& neighbour : {Cell{i - 1, j}, Cell{i + 1, j}, Cell{i, j - 1}, Cell{i, j + 1}}) {
      between += cells.contains(neighbour) ? 0 : 1;
    }
  }
  RC_ASSERT(length_of(outline_of(cells)) == between);
}

}  // namespace
}  // namespace mogul
