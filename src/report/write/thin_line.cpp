#include "report/write/thin_line.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mogul {
namespace {

// From the piece of line between two points.
double distance(const Point& point, const Point& first, const Point& last) {
  const double along_x = last.x - first.x;
  const double along_y = last.y - first.y;
  const double length = along_x * along_x + along_y * along_y;
  const double product = (point.x - first.x) * along_x + (point.y - first.y) * along_y;
  const double share = length > 0 ? std::clamp(product / length, 0.0, 1.0) : 0;
  return std::hypot(point.x - first.x - share * along_x, point.y - first.y - share * along_y);
}

}  // namespace

std::vector<Point> thinned(const std::vector<Point>& points, double tolerance) {
  if (points.size() < 3) return points;
  std::vector<bool> kept(points.size(), false);
  kept.front() = kept.back() = true;
  std::vector<std::pair<std::size_t, std::size_t>> pieces{{0, points.size() - 1}};
  while (!pieces.empty()) {
    const auto [first, last] = pieces.back();
    pieces.pop_back();
    std::size_t farthest = first;
    double largest = tolerance;
    for (std::size_t i = first + 1; i < last; ++i) {
      const double away = distance(points[i], points[first], points[last]);
      if (away > largest) {
        largest = away;
        farthest = i;
      }
    }
    if (farthest == first) continue;
    kept[farthest] = true;
    pieces.emplace_back(first, farthest);
    pieces.emplace_back(farthest, last);
  }
  std::vector<Point> line;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (kept[i]) line.push_back(points[i]);
  }
  return line;
}

}  // namespace mogul
