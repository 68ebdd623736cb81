// Rows in pictures: none is lost, and each has its weight.
#include "report/figure/rows_shown.hpp"

#include <cmath>
#include <numeric>

#include "mogul/sample.hpp"
#include "mogul/score.hpp"
#include "report/mixtures.hpp"

namespace mogul {
namespace {

ShownAxis feature(std::size_t d) { return {"x", d}; }

double total_area(const Bars& bars) {
  double area = 0;
  for (std::size_t i = 0; i < bars.heights.size(); ++i) area += bars.heights[i] * (bars.edges[i + 1] - bars.edges[i]);
  return area;
}

Bars histogram_of(const RowsShown& rows) {
  const Interval values = ranges(rows, {feature(0)})[0];
  return histogram(rows, feature(0), values, with_room(values.low, values.high, 0.04));
}

TEST(Histogram, HasTheAreaOne) {
  for (const std::size_t n : {1, 2, 17, 1000, 70000}) {
    const Matrix x = sample(test::uneven_line(), n, 2).x;
    const RowsShown rows{DataView(x)};
    const Bars bars = histogram_of(rows);
    EXPECT_NEAR(total_area(bars), 1, 1e-12) << n;
  }
}

TEST(Histogram, CountsEachRowInTheBarThatItLiesIn) {
  const Matrix x = sample(test::of_structure(families::full, 3, 1), 3000, 5).x;
  const RowsShown rows{DataView(x)};
  const Bars bars = histogram_of(rows);
  std::size_t counted = 0;
  for (std::size_t b = 0; b < bars.heights.size(); ++b) {
    std::size_t n = 0;
    for (const double value : x.values()) n += value >= bars.edges[b] && value < bars.edges[b + 1] ? 1 : 0;
    EXPECT_NEAR(bars.heights[b] * (bars.edges[b + 1] - bars.edges[b]) * 3000, static_cast<double>(n), 1e-9) << b;
    counted += n;
  }
  EXPECT_EQ(counted, 3000u);
  EXPECT_GE(bars.heights.size(), 15u);
  EXPECT_LE(bars.heights.size(), 60u);
}

TEST(Histogram, OfAWeightIsThatOfRepeatedRows) {
  const Matrix x(4, 1, {0, 1, 2, 9});
  const std::vector<double> weights{2, 0, 1, 3};
  const Matrix repeated(6, 1, {0, 0, 2, 9, 9, 9});
  const RowsShown weighted{DataView(x, weights)};
  const Interval range{0, 9};
  const Interval shown{-1, 10};
  const Bars a = histogram(weighted, feature(0), range, shown);
  const RowsShown plain{DataView(repeated)};
  const Bars b = histogram(plain, feature(0), range, shown);
  EXPECT_NEAR(total_area(a), 1, 1e-12);
  EXPECT_NEAR(a.heights.front() * (a.edges[1] - a.edges[0]), 2.0 / 6, 1e-12);
  EXPECT_NEAR(b.heights.front() * (b.edges[1] - b.edges[0]), 2.0 / 6, 1e-12);
}

TEST(Histogram, OfEqualValuesIsFinite) {
  for (const double value : {0.0, 5.0, 1e8, -1e100, 1e-300}) {
    for (const double other : {value, std::nextafter(value, HUGE_VAL)}) {
      const Matrix x(3, 1, {value, other, value});
      const RowsShown rows{DataView(x)};
      const Bars bars = histogram_of(rows);
      EXPECT_NEAR(total_area(bars), 1, 1e-9) << value;
      for (std::size_t i = 0; i + 1 < bars.edges.size(); ++i) EXPECT_LT(bars.edges[i], bars.edges[i + 1]) << value;
      EXPECT_LE(bars.edges.front(), value);
      EXPECT_GE(bars.edges.back(), value);
      const Interval shown = with_room(value, value, 0.04);
      ASSERT_EQ(bars.heights.size(), 1u) << "one bar";
      EXPECT_NEAR((bars.edges[1] - bars.edges[0]) / (shown.high - shown.low), 0.2, 0.01) << "a fifth of the picture";
      EXPECT_NEAR((bars.edges[0] + 0.5 * (bars.edges[1] - bars.edges[0]) - value) / (shown.high - shown.low), 0, 0.01);
    }
  }
}

TEST(Ranges, LeaveRowsWithoutWeightOut) {
  const Matrix x(3, 2, {0, 1, -50, 90, 4, 3});
  const std::vector<double> weights{1, 0, 2};
  const RowsShown rows{DataView(x, weights)};
  const std::vector<Interval> found = ranges(rows, {feature(0), feature(1)});
  EXPECT_EQ(found[0].low, 0);
  EXPECT_EQ(found[0].high, 4);
  EXPECT_EQ(found[1].low, 1);
  EXPECT_EQ(found[1].high, 3);
}

TEST(Scatter, OfFewRowsHasADotForEachInItsMixedColour) {
  const Mixture mixture = test::of_structure(families::full, 2, 2);
  const Matrix x = sample(mixture, 500, 3).x;
  const RowsShown rows{DataView(x), &mixture, RowColour::responsibilities};
  const ScatterPanel panel{feature(0), feature(1), {-10, 10}, {-10, 10}};
  const Scatter made = scatter(rows, {&panel, 1});
  EXPECT_EQ(made.note, "");
  const Dots& dots = std::get<Dots>(made.marks.at(0));
  const Matrix r = responsibilities(mixture, x);
  ASSERT_EQ(dots.points.size(), 500u);
  for (std::size_t i = 0; i < 500; ++i) {
    EXPECT_EQ(dots.points[i], (Point{x(i, 0), x(i, 1)}));
    EXPECT_EQ(dots.colours[i].rgb, mixed(r.row(i)).rgb);
  }
}

TEST(Scatter, OfWeightedRowsHasAreasThatGrowWithTheWeights) {
  const Matrix x(4, 2, {0, 0, 1, 1, 2, 2, 3, 3});
  const std::vector<double> weights{1, 2, 0, 3};
  const RowsShown rows{DataView(x, weights)};
  const ScatterPanel panel{feature(0), feature(1), {0, 3}, {0, 3}};
  const Scatter made = scatter(rows, {&panel, 1});
  const Dots& dots = std::get<Dots>(made.marks.at(0));
  ASSERT_EQ(dots.points.size(), 3u) << "the row without weight is absent";
  EXPECT_NEAR(dots.sizes[1] / dots.sizes[0], std::sqrt(2.0), 1e-12);
  EXPECT_NEAR(dots.sizes[2] / dots.sizes[0], std::sqrt(3.0), 1e-12);
  EXPECT_EQ(made.note, "the area of a row's mark grows with its weight");
}

TEST(Scatter, OfManyRowsIsCellsThatHoldThem) {
  const Mixture mixture = test::of_structure(families::full, 2, 2);
  const Matrix x = sample(mixture, 20000, 3).x;
  const RowsShown rows{DataView(x), &mixture, RowColour::responsibilities};
  const std::vector<Interval> range = ranges(rows, {feature(0), feature(1)});
  const ScatterPanel panel{feature(0), feature(1), range[0], range[1]};
  const Scatter made = scatter(rows, {&panel, 1});
  EXPECT_EQ(made.note, "20000 rows are shown as counts in 80 x 80 cells, darker where there are more");
  const Cells& cells = std::get<Cells>(made.marks.at(0));
  std::vector<std::size_t> counts(cells.cells.size());
  std::size_t inside = 0;
  std::size_t most = 0;
  for (std::size_t c = 0; c < counts.size(); ++c) {
    const Cells::Cell& cell = cells.cells[c];
    for (std::size_t i = 0; i < x.rows(); ++i) {
      const bool last_x = cell.high.x >= range[0].high - 1e-12;
      const bool last_y = cell.high.y >= range[1].high - 1e-12;
      counts[c] += x(i, 0) >= cell.low.x && (x(i, 0) < cell.high.x || last_x) && x(i, 1) >= cell.low.y &&
                           (x(i, 1) < cell.high.y || last_y)
                       ? 1
                       : 0;
    }
    inside += counts[c];
    most = std::max(most, counts[c]);
  }
  EXPECT_NEAR(static_cast<double>(inside), 20000, 5) << "but for rows on an edge";
  for (std::size_t c = 0; c < counts.size(); ++c) {
    EXPECT_NEAR(cells.cells[c].opacity,
                0.3 + 0.7 * std::sqrt(static_cast<double>(counts[c]) / static_cast<double>(most)), 0.01)
        << c;
  }
}

TEST(Scatter, OfManyPanelsStaysSmall) {
  const Matrix x = sample(test::of_structure(families::full, 2, 4), 100000, 3).x;
  const RowsShown rows{DataView(x)};
  const ScatterPanel panel{feature(0), feature(1), {-10, 10}, {-10, 10}};
  for (const std::size_t n : {1, 10, 66}) {
    const std::vector<ScatterPanel> panels(n, panel);
    std::size_t cells = 0;
    for (const Mark& mark : scatter(rows, panels).marks) cells += std::get<Cells>(mark).cells.size();
    EXPECT_LT(cells, 10000u) << n;
    EXPECT_GT(cells, 20 * n) << n;
  }
}

TEST(Rug, HasAMarkPerRowUnlessThereAreTooMany) {
  const Matrix x(4, 1, {3, 1, 2, 7});
  const std::vector<double> weights{1, 1, 0, 1};
  const RowsShown rows{DataView(x, weights)};
  const std::optional<Rug> made = rug(rows, feature(0), 4);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->x, (std::vector<double>{3, 1, 7}));
  EXPECT_FALSE(rug(rows, feature(0), 3));
}

TEST(RowColours, OfUncertaintyGoFromGreyToRed) {
  const Mixture mixture(families::tied, {0.5, 0.5}, Matrix(2, 1, {-3, 3}), {1});
  const Matrix x(2, 1, {0, 9});
  const RowsShown rows{DataView(x), &mixture, RowColour::uncertainty};
  const std::optional<Rug> made = rug(rows, feature(0), 10);
  EXPECT_GT(made->colours[0].rgb.red, made->colours[0].rgb.blue + 150) << "half and half";
  EXPECT_LT(std::abs(made->colours[1].rgb.red - made->colours[1].rgb.blue), 25) << "certain";
}

TEST(Rows, OfFloatByColumnAreTheSameAsOfDouble) {
  const Matrix x = sample(test::of_structure(families::full, 2, 2), 1000, 3).x;
  std::vector<float> by_column(2000);
  Matrix rounded(1000, 2);
  for (std::size_t i = 0; i < 1000; ++i) {
    for (std::size_t d = 0; d < 2; ++d) {
      by_column[d * 1000 + i] = static_cast<float>(x(i, d));
      rounded(i, d) = by_column[d * 1000 + i];
    }
  }
  const RowsShown a{DataView(rounded)};
  const std::vector<const float*> columns{by_column.data(), by_column.data() + 1000};
  const RowsShown b{DataView(ColumnsView<const float>(columns, 1000))};
  EXPECT_EQ(histogram(a, feature(1), {-9, 9}, {-9, 9}).heights, histogram(b, feature(1), {-9, 9}, {-9, 9}).heights);
}

}  // namespace
}  // namespace mogul
