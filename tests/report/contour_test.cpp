// Rings of contour lines are closed, keep the inside to one side, and enclose the area that they should.
#include "report/figure/contour.hpp"

#include <cmath>
#include <functional>
#include <numbers>

namespace mogul {
namespace {

using Rings = std::vector<std::vector<Point>>;

std::vector<double> lines(double low, double high, std::size_t n) {
  std::vector<double> at;
  for (std::size_t i = 0; i < n; ++i)
    at.push_back(low + static_cast<double>(i) / static_cast<double>(n - 1) * (high - low));
  return at;
}

Rings rings_of(const std::function<double(double, double)>& f, double level, std::size_t n = 101, double reach = 5) {
  const std::vector<double> x = lines(-reach, reach, n);
  const std::vector<double> y = lines(-reach, reach, n);
  Matrix values(n, n);
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = 0; i < n; ++i) values(j, i) = f(x[i], y[j]);
  }
  return contour_rings(x, y, values.view(), level);
}

// By the shoelace formula; positive where the ring runs counter-clockwise.
double area(const std::vector<Point>& ring) {
  double twice = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Point& a = ring[i];
    const Point& b = ring[(i + 1) % ring.size()];
    twice += a.x * b.y - b.x * a.y;
  }
  return twice / 2;
}

TEST(ContourRings, OfAGaussianEncloseTheAreaOfItsEllipse) {
  // x^T S^-1 x = r^2 has the area pi r^2 sqrt(|S|).
  const double xx = 1.5;
  const double xy = 0.8;
  const double yy = 0.9;
  const double determinant = xx * yy - xy * xy;
  const auto log_density = [&](double x, double y) {
    return -0.5 * (yy * x * x - 2 * xy * x * y + xx * y * y) / determinant;
  };
  for (const double r : {0.5, 1.0, 2.0, 3.0}) {
    const Rings rings = rings_of(log_density, -0.5 * r * r, 201);
    ASSERT_EQ(rings.size(), 1u);
    EXPECT_NEAR(std::abs(area(rings[0])), std::numbers::pi * r * r * std::sqrt(determinant), 0.01 * r);
    for (const Point& point : rings[0]) EXPECT_NEAR(log_density(point.x, point.y), -0.5 * r * r, 0.01) << r;
  }
}

TEST(ContourRings, AroundAHoleRunTheOtherWay) {
  const auto ridge = [](double x, double y) { return -std::abs(std::hypot(x, y) - 3); };  // within 1 of radius 3
  const Rings rings = rings_of(ridge, -1, 201);
  ASSERT_EQ(rings.size(), 2u);
  EXPECT_LT(area(rings[0]) * area(rings[1]), 0);
  EXPECT_NEAR(std::abs(area(rings[0]) + area(rings[1])), std::numbers::pi * (16 - 4), 0.05);
}

TEST(ContourRings, CloseAlongTheEdgeOfTheGrid) {
  const Rings half = rings_of([](double x, double) { return x; }, 0);
  ASSERT_EQ(half.size(), 1u);
  EXPECT_NEAR(std::abs(area(half[0])), 50, 1e-9) << "the right half of ten by ten";
  const Rings whole = rings_of([](double, double) { return 1.0; }, 0);
  ASSERT_EQ(whole.size(), 1u);
  EXPECT_NEAR(std::abs(area(whole[0])), 100, 1e-9);
  EXPECT_TRUE(rings_of([](double, double) { return -1.0; }, 0).empty());
}

TEST(ContourRings, AtASaddleJoinWhereTheMiddleIsHigh) {
  const std::vector<double> x{0, 1};
  for (const double corner : {0.5, 2.0}) {
    // High at two opposite corners; the mean of the four is 0.5 (corner - 1).
    const Matrix values(2, 2, {corner, -1, -1, corner});
    const Rings rings = contour_rings(x, x, values.view(), 0);
    EXPECT_EQ(rings.size(), corner > 1 ? 1u : 2u) << corner;
    const Matrix mirrored(2, 2, {-1, corner, corner, -1});
    EXPECT_EQ(contour_rings(x, x, mirrored.view(), 0).size(), corner > 1 ? 1u : 2u) << corner;
  }
}

TEST(ContourRings, TakeValuesOfMinusInfinity) {
  const std::vector<double> x{0, 1, 2};
  const double none = -HUGE_VAL;
  const Matrix values(3, 3, {none, none, none, none, 1, none, none, none, none});
  for (const std::vector<Point>& ring : contour_rings(x, x, values.view(), 0)) {
    for (const Point& point : ring) {
      EXPECT_EQ(point.x, 1);
      EXPECT_EQ(point.y, 1);
    }
  }
}

RC_GTEST_PROP(ContourRings, EncloseWhatIsAboveOnAnyGrid, ()) {
  const auto n = *rc::gen::inRange<std::size_t>(2, 9);
  const auto m = *rc::gen::inRange<std::size_t>(2, 9);
  const std::vector<double> x = lines(0, 1, n);
  const std::vector<double> y = lines(0, 1, m);
  Matrix values(m, n);
  std::size_t above = 0;
  for (std::size_t j = 0; j < m; ++j) {
    for (std::size_t i = 0; i < n; ++i) {
      values(j, i) = *rc::gen::inRange(-3, 4);
      above += values(j, i) > 0 ? 1 : 0;
    }
  }
  double sum = 0;
  for (const std::vector<Point>& ring : contour_rings(x, y, values.view(), 0)) {
    RC_ASSERT(ring.size() > 2u);
    sum += area(ring);
    for (const Point& point : ring) RC_ASSERT(point.x >= 0 && point.x <= 1 && point.y >= 0 && point.y <= 1);
  }
  RC_ASSERT(std::abs(sum) <= 1 + 1e-12);
  RC_ASSERT(above > 0 || sum == 0);
  RC_ASSERT(above < n * m || std::abs(std::abs(sum) - 1) < 1e-12);
}

}  // namespace
}  // namespace mogul
