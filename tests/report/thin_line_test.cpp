// Lines with fewer points pass those that are left out within the tolerance.
#include "report/write/thin_line.hpp"

#include <algorithm>
#include <cmath>

namespace mogul {
namespace {

double distance_from_line(const Point& point, const std::vector<Point>& line) {
  double nearest = HUGE_VAL;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const double dx = line[i + 1].x - line[i].x;
    const double dy = line[i + 1].y - line[i].y;
    const double length = std::hypot(dx, dy);
    double share = length > 0 ? ((point.x - line[i].x) * dx + (point.y - line[i].y) * dy) / (length * length) : 0;
    share = std::min(1.0, std::max(0.0, share));
    nearest = std::min(nearest, std::hypot(point.x - line[i].x - share * dx, point.y - line[i].y - share * dy));
  }
  return nearest;
}

RC_GTEST_PROP(ThinLine, PassesEveryPointWithinTheTolerance, ()) {
  const auto numbers = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-20, 20));
  std::vector<Point> points;
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
    points.push_back({static_cast<double>(numbers[i]), static_cast<double>(numbers[i + 1])});
  }
  RC_PRE(points.size() >= 2u);
  const double tolerance = *rc::gen::inRange(0, 30) / 10.0;
  const std::vector<Point> thin = thinned(points, tolerance);
  RC_ASSERT(thin.front() == points.front());
  RC_ASSERT(thin.back() == points.back());
  for (const Point& point : points) RC_ASSERT(distance_from_line(point, thin) <= tolerance + 1e-12);
  std::size_t at = 0;
  for (const Point& point : thin) {
    at = static_cast<std::size_t>(std::find(points.begin() + static_cast<std::ptrdiff_t>(at), points.end(), point) -
                                  points.begin());
    RC_ASSERT(at < points.size());
  }
}

TEST(ThinLine, OfAStraightLineIsItsEnds) {
  std::vector<Point> points;
  for (int i = 0; i <= 1000; ++i) points.push_back({i / 10.0, 3 - i / 20.0});
  EXPECT_EQ(thinned(points, 1e-9).size(), 2u);
  EXPECT_EQ(thinned({}, 1).size(), 0u);
  EXPECT_EQ(thinned({{1, 2}}, 1).size(), 1u);
}

TEST(ThinLine, KeepsASpikeOfOnePoint) {
  std::vector<Point> points;
  for (int i = 0; i <= 1000; ++i) points.push_back({i / 10.0, i == 500 ? 100.0 : 0.0});
  const std::vector<Point> thin = thinned(points, 0.05);
  EXPECT_NE(std::ranges::find(thin, Point{50, 100}), thin.end());
  EXPECT_LE(thin.size(), 5u);
}

TEST(ThinLine, OfARingKeepsItsShape) {
  std::vector<Point> circle;
  for (int i = 0; i < 3600; ++i) circle.push_back({100 * std::cos(i * M_PI / 1800), 100 * std::sin(i * M_PI / 1800)});
  const std::vector<Point> thin = thinned(circle, 0.05);
  EXPECT_LT(thin.size(), 140u);
  EXPECT_GT(thin.size(), 50u);
}

}  // namespace
}  // namespace mogul
