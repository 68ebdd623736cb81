// Pictures of one feature: positions read back from the file are the library's densities.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <optional>

#include "mogul/plot.hpp"
#include "mogul/sample.hpp"
#include "mogul/score.hpp"
#include "report/figure/geometry.hpp"
#include "report/mixtures.hpp"
#include "report/picture.hpp"
#include "report/svg_reader.hpp"

namespace mogul {
namespace {

using test::Element;
using test::PanelReader;
using test::Position;
using test::with_class;

// The first example of the lecture notes.
Mixture notes() { return {families::full, {0.5, 0.2, 0.3}, Matrix(3, 1, {-2, 1, 4}), {0.5, 2, 1}}; }

Element picture(const Mixture* mixture, const DataView* data, PlotKind kind,
                std::optional<std::vector<double>> masses = std::nullopt) {
  PlotOptions options;
  options.kind = kind;
  options.masses = std::move(masses);
  return test::picture(mixture, data, options);
}

PanelReader only_panel(const Element& svg) { return test::panels_of(svg).at(0); }

// Curves of the panel that are not filled, by their class.
std::vector<const Element*> curves(const Element& svg, std::string_view of) {
  return find_all(*with_class(svg, "panel").at(0),
                  [of](const Element& e) { return e.has_class("curve") && e.has_class(of); });
}

double normal(double x, double mean, double variance) {
  return std::exp(-0.5 * (x - mean) * (x - mean) / variance) / std::sqrt(2 * std::numbers::pi * variance);
}

// A hundredth of a pixel in either direction, on a slope.
double tolerance(const PanelReader& panel, double slope) {
  return 0.006 * panel.y_per_pixel() + 0.006 * panel.x_per_pixel() * std::abs(slope);
}

TEST(DensityAlongALine, HasTheMixtureWhereItsDensityIs) {
  const Mixture mixture = notes();
  const Element svg = picture(&mixture, nullptr, PlotKind::density);
  const PanelReader panel = only_panel(svg);
  const std::vector<Position> points = panel.path(*curves(svg, "ink").at(0));
  ASSERT_GT(points.size(), 40u);
  double highest = 0;
  for (const Position& at : points) {
    const double p = 0.5 * normal(at.x, -2, 0.5) + 0.2 * normal(at.x, 1, 2) + 0.3 * normal(at.x, 4, 1);
    EXPECT_NEAR(at.y, p, tolerance(panel, 0.5)) << at.x;
    highest = std::max(highest, at.y);
  }
  EXPECT_NEAR(highest, 0.28762, 0.002) << "the maximum, near x = -2";
  // The ends of the axis have almost no density, and the line between the points is the curve.
  EXPECT_LT(points.front().x, -2 - 3 * std::sqrt(0.5));
  EXPECT_GT(points.back().x, 4 + 3 * std::sqrt(1.0));
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const double x = 0.5 * (points[i].x + points[i + 1].x);
    const double p = 0.5 * normal(x, -2, 0.5) + 0.2 * normal(x, 1, 2) + 0.3 * normal(x, 4, 1);
    // The line passes the curve at a twentieth of a pixel.
    EXPECT_NEAR(0.5 * (points[i].y + points[i + 1].y), p, 0.06 * (panel.y_per_pixel() + 0.25 * panel.x_per_pixel()));
  }
}

TEST(DensityAlongALine, HasTheWeightedComponentsDashed) {
  const Mixture mixture = notes();
  const Element svg = picture(&mixture, nullptr, PlotKind::density);
  const PanelReader panel = only_panel(svg);
  const double weights[] = {0.5, 0.2, 0.3};
  const double means[] = {-2, 1, 4};
  const double variances[] = {0.5, 2, 1};
  for (std::size_t k = 0; k < 3; ++k) {
    const Element* curve = curves(svg, fmt::format("k{}", k)).at(0);
    EXPECT_TRUE(curve->has_class("dashed"));
    for (const Position& at : panel.path(*curve)) {
      EXPECT_NEAR(at.y, weights[k] * normal(at.x, means[k], variances[k]), tolerance(panel, 0.5));
    }
  }
  EXPECT_EQ(curves(svg, "dashed").size(), 3u);
}

TEST(DensityAlongALine, FollowsNarrowComponentsToTheirTop) {
  const Mixture mixture = test::uneven_line();
  const Element svg = picture(&mixture, nullptr, PlotKind::density);
  const PanelReader panel = only_panel(svg);
  const std::vector<Position> points = panel.path(*curves(svg, "ink").at(0));
  const double top = std::ranges::max_element(points, {}, &Position::y)->y;
  const double peak = 0.3 / std::sqrt(2 * std::numbers::pi * 1e-4);
  EXPECT_NEAR(top, peak, 0.01 * peak) << "a standard deviation of 0.01 on an axis of 90";
}

TEST(DensityAlongALine, HasAHistogramOnTheScaleOfTheDensity) {
  const Mixture mixture = notes();
  const Matrix x = sample(mixture, 1000, 4).x;
  const DataView data(x);
  const Element svg = picture(&mixture, &data, PlotKind::density);
  const PanelReader panel = only_panel(svg);
  double area = 0;
  double count = 0;
  for (const Element* bar : named(*with_class(svg, "bars").at(0), "rect")) {
    const Position low = panel.data(bar->number("x"), bar->number("y") + bar->number("height"));
    const Position high = panel.data(bar->number("x") + bar->number("width"), bar->number("y"));
    EXPECT_NEAR(low.y, 0, panel.y_per_pixel() * 0.02);
    area += (high.x - low.x) * high.y;
    double n = 0;
    const double margin = 0.011 * panel.x_per_pixel();
    for (const double value : x.values()) n += value > low.x - margin && value < high.x + margin ? 1 : 0;
    EXPECT_NEAR((high.x - low.x) * high.y * 1000, n, 3) << low.x;
    count += n;
  }
  EXPECT_NEAR(area, 1, 0.005);
  EXPECT_NEAR(count, 1000, 5);
}

TEST(DensityAlongALine, HasAMarkAtEachRow) {
  const Mixture mixture = notes();
  const Matrix x(7, 1, {-3, -2.5, -1, 0, 2, 4, 5});
  const DataView data(x);
  const Element svg = picture(&mixture, &data, PlotKind::density);
  const PanelReader panel = only_panel(svg);
  const std::vector<const Element*> marks = named(*with_class(svg, "rug").at(0), "path");
  ASSERT_EQ(marks.size(), 7u);
  for (std::size_t i = 0; i < 7; ++i) {
    const std::string& path = marks[i]->attributes.at("d");
    EXPECT_NEAR(panel.data(std::strtod(path.c_str() + 1, nullptr), 0).x, x(i, 0), 0.006 * panel.x_per_pixel());
  }
}

TEST(ContourAlongALine, OfOneGaussianEndsAtItsQuantiles) {
  const Mixture mixture(families::full, {1}, Matrix(1, 1, {10}), {4});
  const Element svg = picture(&mixture, nullptr, PlotKind::contour, std::vector{0.5, 0.9, 0.95});
  const PanelReader panel = only_panel(svg);
  const std::vector<const Element*> regions = with_class(svg, "region");
  ASSERT_EQ(regions.size(), 3u);
  const double quantiles[] = {1.959964, 1.644854, 0.674490};  // of (1 + mass) / 2, the widest region first
  for (std::size_t i = 0; i < 3; ++i) {
    const std::vector<Position> ring = panel.path(*regions[i]);
    const auto [low, high] = std::ranges::minmax_element(ring, {}, &Position::x);
    EXPECT_NEAR(low->x, 10 - 2 * quantiles[i], 0.02);
    EXPECT_NEAR(high->x, 10 + 2 * quantiles[i], 0.02);
    double mass = 0;
    for (std::size_t j = 0; j + 1 < ring.size(); ++j) {
      mass += 0.5 * (ring[j].y + ring[j + 1].y) * (ring[j + 1].x - ring[j].x);
    }
    mass += 0.5 * (ring.back().y + ring.front().y) * (ring.front().x - ring.back().x);
    EXPECT_NEAR(mass, std::erf(quantiles[i] / std::numbers::sqrt2), 0.005);
  }
}

TEST(ResponsibilitiesAlongALine, AreThoseOfTheLibrary) {
  const Mixture mixture = notes();
  const Element svg = picture(&mixture, nullptr, PlotKind::responsibilities);
  const PanelReader panel = only_panel(svg);
  for (std::size_t k = 0; k < 3; ++k) {
    const std::vector<Position> points = panel.path(*curves(svg, fmt::format("k{}", k)).at(0));
    for (const Position& at : points) {
      const Matrix r = responsibilities(mixture, Matrix(1, 1, {at.x}));
      EXPECT_NEAR(at.y, r(0, k), tolerance(panel, 2)) << at.x;
    }
  }
}

TEST(UncertaintyAlongALine, IsOneMinusTheLargestResponsibility) {
  const Mixture mixture = notes();
  const Element svg = picture(&mixture, nullptr, PlotKind::uncertainty);
  const PanelReader panel = only_panel(svg);
  double highest = 0;
  for (const Position& at : panel.path(*curves(svg, "ink").at(0))) {
    const Matrix r = responsibilities(mixture, Matrix(1, 1, {at.x}));
    EXPECT_NEAR(at.y, 1 - *std::ranges::max_element(r.row(0)), tolerance(panel, 2)) << at.x;
    highest = std::max(highest, at.y);
  }
  EXPECT_GT(highest, 0.45) << "where two components are equally likely";
}

TEST(ComponentsAlongALine, AreFilledToTheAxis) {
  const Mixture mixture = notes();
  const Element svg = picture(&mixture, nullptr, PlotKind::components);
  const std::vector<const Element*> areas = find_all(
      *with_class(svg, "panel").at(0), [](const Element& e) { return e.name == "path" && e.has_class("area"); });
  ASSERT_EQ(areas.size(), 3u);
  for (const Element* area : areas) EXPECT_TRUE(area->attributes.at("d").ends_with('Z'));
}

TEST(Legend, SaysThatNumbersAreWeights) {
  const Mixture mixture = notes();
  const Element svg = picture(&mixture, nullptr, PlotKind::density);
  EXPECT_EQ(test::texts_of(named(*with_class(svg, "legend").at(0), "text")),
            (std::vector<std::string>{"mixture", "component 0, weight 0.500", "component 1, weight 0.200",
                                      "component 2, weight 0.300"}));
}

// What can be seen of the bars, in the data's units.
double visible_area(const Element& svg) {
  const PanelReader panel = only_panel(svg);
  double area = 0;
  for (const Element* bar : named(*with_class(panel.element(), "bars").at(0), "rect")) {
    const double left = std::max(panel.left(), bar->number("x"));
    const double right = std::min(panel.left() + panel.width(), bar->number("x") + bar->number("width"));
    const double top = std::max(panel.top(), bar->number("y"));
    const double bottom = std::min(panel.top() + panel.height(), bar->number("y") + bar->number("height"));
    area += std::max(0.0, right - left) * panel.x_per_pixel() * std::max(0.0, bottom - top) * panel.y_per_pixel();
  }
  return area;
}

TEST(Bars, HaveAnAreaOfOneWithinTheFrame) {
  const Mixture near = notes();
  const Mixture far(families::full, {1}, Matrix(1, 1, {-30}), {4});
  for (const std::vector<double>& values :
       {std::vector<double>{1, 2}, {0, 10, 20}, {5}, {5, 5, 5}, {1e9, 1e9 + 3, 1e9 + 4}, {43, 96, 51, 70, 80, 88}}) {
    const Matrix x(values.size(), 1, values);
    const DataView data(x);
    EXPECT_NEAR(visible_area(picture(nullptr, &data, PlotKind::rows)), 1, 0.01) << values.back();
    for (const Mixture* mixture : {&near, &far}) {
      for (const PlotKind kind : {PlotKind::density, PlotKind::components}) {
        // Of rows far from the mixture the bars are too narrow for hundredths of a pixel.
        if (values.front() < 1e6) {
          EXPECT_NEAR(visible_area(picture(mixture, &data, kind)), 1, 0.02) << values.back();
        }
      }
    }
  }
}

RC_GTEST_PROP(Bars, OfAnyRowsHaveAnAreaOfOneWithinTheFrame, ()) {
  const std::size_t n = *rc::gen::inRange<std::size_t>(1, 400);
  const Matrix x = sample(notes(), n, *rc::gen::arbitrary<std::uint32_t>()).x;
  std::vector<double> values(x.values().begin(), x.values().end());
  const double scale = std::pow(10, *rc::gen::inRange(-6, 6));
  for (double& value : values) value *= scale;
  const Matrix scaled(n, 1, values);
  const DataView data(scaled);
  RC_ASSERT(std::abs(visible_area(picture(nullptr, &data, PlotKind::rows)) - 1) < 0.01);
}

TEST(Bars, HaveOutlinesOnlyWhereThereIsRoomForThem) {
  for (const std::size_t n : {30, 1000000}) {
    const Matrix x = sample(notes(), n, 4).x;
    const DataView data(x);
    const Element svg = picture(nullptr, &data, PlotKind::rows);
    const Element& bars = *with_class(svg, "bars").at(0);
    const double width = named(bars, "rect").at(0)->number("width");
    EXPECT_EQ(bars.has_class("muted"), width >= 4) << n << " rows, " << width << " pixels";
    EXPECT_TRUE(bars.has_class("muted-fill"));
  }
  Matrix x(200000, 5);
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t d = 0; d < 5; ++d) x(i, d) = std::sin(static_cast<double>(i * (d + 1)));
  }
  const DataView data(x);
  const Element svg = picture(nullptr, &data, PlotKind::pairs);
  for (const Element* bars : with_class(svg, "bars")) {
    EXPECT_LT(named(*bars, "rect").at(0)->number("width"), 4);
    EXPECT_FALSE(bars->has_class("muted"));
  }
}

TEST(UncertaintyAlongALine, OfOneComponentSaysWhyItIsZero) {
  const Mixture one(families::full, {1}, Matrix(1, 1, {10}), {4});
  const Element svg = picture(&one, nullptr, PlotKind::uncertainty);
  const std::vector<const Element*> found = with_class(svg, "note");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]->text, "every row belongs to the only component, so the uncertainty is zero everywhere");
  const Mixture three = notes();
  EXPECT_TRUE(with_class(picture(&three, nullptr, PlotKind::uncertainty), "note").empty());
}

TEST(RowsAlongALine, ThatAPictureCannotTellApartAreSaidToBe) {
  const auto notes_of = [](std::vector<double> values) {
    const std::size_t n = values.size();
    const Matrix x(n, 1, std::move(values));
    const DataView data(x);
    const Element svg = picture(nullptr, &data, PlotKind::rows);
    std::string all;
    for (const std::string& text : test::texts_of(with_class(svg, "note"))) {
      all += text + " ";
    }
    return all;
  };
  for (const std::vector<double>& values : {std::vector<double>{1e15, 1e15 + 1}, {1e-300, 3e-300}}) {
    EXPECT_NE(notes_of(values).find("the values of x1 differ by less than a picture can show"), std::string::npos);
  }
  for (const std::vector<double>& values : {std::vector<double>{1e15, 1e15}, {1e15, 1e15 + 1e5}, {1e-280, 3e-280}}) {
    EXPECT_EQ(notes_of(values), "");
  }
}

TEST(RowsAlongALine, OfOneValueAreOneBar) {
  for (const std::size_t n : {1, 40}) {
    const Matrix x(n, 1, std::vector<double>(n, 5.0));
    const DataView data(x);
    const Element svg = picture(nullptr, &data, PlotKind::rows);
    const PanelReader panel = only_panel(svg);
    const std::vector<const Element*> bars = named(*with_class(svg, "bars").at(0), "rect");
    ASSERT_EQ(bars.size(), 1u);
    EXPECT_TRUE(with_class(svg, "bars").at(0)->has_class("muted")) << "its outline";
    EXPECT_NEAR(bars[0]->number("width"), 0.2 * panel.width(), 0.02);
    EXPECT_NEAR(panel.data(bars[0]->number("x") + 0.5 * bars[0]->number("width"), 0).x, 5, panel.x_per_pixel());
  }
}

TEST(RowsAlongALine, NeedNoMixture) {
  const Matrix x = sample(notes(), 300, 4).x;
  const DataView data(x);
  const Element svg = picture(nullptr, &data, PlotKind::rows);
  EXPECT_EQ(curves(svg, "ink").size(), 0u);
  EXPECT_EQ(named(*with_class(svg, "rug").at(0), "path").size(), 300u);
}

TEST(LineOfAMarginal, HasTheMarginalDensity) {
  const Mixture mixture = test::of_structure(families::tied, 3, 4);
  PlotOptions options;
  options.features = {"x3"};
  const Element svg = test::read_xml(plot_svg(&mixture, nullptr, {}, options));
  const PanelReader panel = only_panel(svg);
  for (const Position& at : panel.path(*curves(svg, "ink").at(0))) {
    double p = 0;
    for (std::size_t k = 0; k < 3; ++k) p += normal(at.x, mixture.means()(k, 2), 1.5) / 3;
    EXPECT_NEAR(at.y, p, tolerance(panel, 0.3));
  }
  const std::vector<const Element*> notes = with_class(svg, "note");
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0]->text, "the marginal of 1 of 4 features");
}

}  // namespace
}  // namespace mogul
