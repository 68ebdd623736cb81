// Pictures of two features: ellipses, regions, dots and cells are where the library says.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <regex>

#include "mogul/plot.hpp"
#include "mogul/sample.hpp"
#include "mogul/score.hpp"
#include "report/figure/colours.hpp"
#include "report/figure/geometry.hpp"
#include "report/mixtures.hpp"
#include "report/picture.hpp"
#include "report/svg_reader.hpp"
#include "report/write/svg.hpp"

namespace mogul {
namespace {

using test::Element;
using test::PanelReader;
using test::picture;
using test::Position;
using test::texts_of;
using test::with_class;

PlotOptions of_kind(PlotKind kind, std::vector<double> masses = {0.5, 0.9}) {
  PlotOptions options;
  options.kind = kind;
  options.masses = std::move(masses);
  return options;
}

// A point of a drawn ellipse, in pixels: at an angle of its own, turned as `transform` says.
Position on_ellipse(const Element& ellipse, double angle) {
  const double x = ellipse.number("rx") * std::cos(angle);
  const double y = ellipse.number("ry") * std::sin(angle);
  std::smatch match;
  const std::string& transform = ellipse.attributes.at("transform");
  EXPECT_TRUE(std::regex_match(transform, match, std::regex(R"(rotate\(([-0-9.]+) ([-0-9.]+) ([-0-9.]+)\))")));
  EXPECT_EQ(match[2], ellipse.attributes.at("cx"));
  EXPECT_EQ(match[3], ellipse.attributes.at("cy"));
  const double turn = std::stod(match[1]) * std::numbers::pi / 180;
  return {ellipse.number("cx") + x * std::cos(turn) - y * std::sin(turn),
          ellipse.number("cy") + x * std::sin(turn) + y * std::cos(turn)};
}

TEST(Ellipses, LieAtTheMahalanobisDistanceOfTheirMassUnderUnequalScales) {
  // Features of very different units: the picture's scales differ by a factor of a million.
  const Mixture mixture(families::full, {0.7, 0.3}, Matrix(2, 2, {1, 1e6, 3, 4e6}),
                        {1, 8e5, 8e5, 1e12, 0.3, -2e5, -2e5, 1.6e12});
  const std::vector<double> masses{0.3934693403, 0.8646647168, 0.95};
  const Element svg = picture(&mixture, nullptr, of_kind(PlotKind::ellipses, masses));
  const PanelReader panel = test::panels_of(svg).at(0);
  const std::vector<const Element*> ellipses = with_class(svg, "ellipse");
  ASSERT_EQ(ellipses.size(), 6u);
  for (std::size_t e = 0; e < 6; ++e) {
    const std::size_t k = e / 3;
    EXPECT_TRUE(ellipses[e]->has_class(fmt::format("k{}", k)));
    for (int i = 0; i < 12; ++i) {
      const Position pixel = on_ellipse(*ellipses[e], i * std::numbers::pi / 6);
      const Position at = panel.data(pixel.x, pixel.y);
      const double distance = squared_mahalanobis(mixture, Matrix(1, 2, {at.x, at.y}))(0, k);
      EXPECT_NEAR(1 - std::exp(-0.5 * distance), masses[e % 3], 0.003) << e << " " << i;
    }
  }
}

TEST(Ellipses, HoldTheirMassOfASample) {
  const Mixture mixture(families::full, {1}, Matrix(1, 2, {1, 100}), {1, 8, 8, 100});
  const Element svg = picture(&mixture, nullptr, of_kind(PlotKind::ellipses));
  const PanelReader panel = test::panels_of(svg).at(0);
  const Matrix x = sample(mixture, 20000, 9).x;
  const std::vector<const Element*> ellipses = with_class(svg, "ellipse");
  for (std::size_t e = 0; e < 2; ++e) {
    // Affine maps keep conjugate diameters: two of them tell whether a point is inside.
    const Position centre{ellipses[e]->number("cx"), ellipses[e]->number("cy")};
    const Position a = on_ellipse(*ellipses[e], 0);
    const Position b = on_ellipse(*ellipses[e], std::numbers::pi / 2);
    const double determinant = (a.x - centre.x) * (b.y - centre.y) - (a.y - centre.y) * (b.x - centre.x);
    double inside = 0;
    for (std::size_t i = 0; i < x.rows(); ++i) {
      const double px = panel.left() + (x(i, 0) - panel.data(panel.left(), 0).x) / panel.x_per_pixel() - centre.x;
      const double py = panel.top() + (panel.data(0, panel.top()).y - x(i, 1)) / panel.y_per_pixel() - centre.y;
      const double u = (px * (b.y - centre.y) - py * (b.x - centre.x)) / determinant;
      const double v = ((a.x - centre.x) * py - (a.y - centre.y) * px) / determinant;
      inside += u * u + v * v <= 1 ? 1 : 0;
    }
    EXPECT_NEAR(inside / 20000, e == 0 ? 0.5 : 0.9, 0.02);
  }
}

TEST(Ellipses, AreLabelledWithTheirMasses) {
  const Mixture mixture = test::of_structure(families::full, 2, 2);
  const Element svg = picture(&mixture, nullptr, {});
  EXPECT_EQ(texts_of(with_class(svg, "label")), (std::vector<std::string>{"0", "1", "39.3 %", "86.5 %", "98.9 %"}));
}

TEST(Ellipses, OfMassesNearOneAreNotSaidToHoldAll) {
  const Mixture mixture = test::of_structure(families::full, 2, 2);
  const Element svg = picture(&mixture, nullptr, of_kind(PlotKind::ellipses, {0.5, 0.9996, 0.999999}));
  EXPECT_EQ(with_class(svg, "note").at(0)->text, "ellipses hold 50, 99.96 and 99.9999 % of their component");
}

TEST(Numbers, ElsewhereThanTheMeanHaveAMarkThere) {
  // Five components about one place, and one apart.
  const Mixture mixture(families::spherical, {0.2, 0.2, 0.2, 0.2, 0.1, 0.1},
                        Matrix(6, 2, {0, 0, 0.1, 0, 0, 0.1, 0.1, 0.1, 0.05, 0, 9, 9}), std::vector<double>(6, 1));
  const Element svg = picture(&mixture, nullptr, of_kind(PlotKind::ellipses));
  const PanelReader panel = test::panels_of(svg).at(0);
  const std::vector<const Element*> spots = with_class(svg, "spot");
  ASSERT_EQ(spots.size(), 4u) << "the first number and that of the component apart are at their means";
  for (std::size_t i = 0; i < spots.size(); ++i) {
    const std::size_t k = i + 1;
    EXPECT_TRUE(spots[i]->has_class(fmt::format("k{}-fill", k)));
    const Position at = panel.data(spots[i]->number("cx"), spots[i]->number("cy"));
    EXPECT_NEAR(at.x, mixture.means()(k, 0), 0.01 * 15);
    EXPECT_NEAR(at.y, mixture.means()(k, 1), 0.01 * 15);
  }
}

TEST(Ellipses, OfManyComponentsHaveNumbersAndNoMasses) {
  for (const std::size_t k : {8, 9, 30}) {
    const Mixture mixture = test::of_structure(families::full, k, 2);
    const Element svg = picture(&mixture, nullptr, of_kind(PlotKind::ellipses, {0.9}));
    std::size_t masses = 0;
    for (const Element* label : with_class(svg, "label")) masses += label->text.ends_with('%') ? 1 : 0;
    EXPECT_EQ(masses, k == 8 ? 1u : 0u) << k;
    EXPECT_EQ(with_class(svg, "note").at(0)->text, "ellipses hold 90 % of their component");
  }
}

// In a picture of two broad components and one of a single row far out.
TEST(Numbers, OfAComponentThatTheyWouldCoverAreBesideIt) {
  const Mixture mixture(families::spherical, {0.5, 0.45, 0.05}, Matrix(3, 2, {0, 0, 6, 4, 30, -20}), {1, 2, 1e-6});
  Matrix x = sample(mixture, 100, 3).x;
  x(99, 0) = 30;
  x(99, 1) = -20;
  const DataView data(x);
  for (const DataView* rows : {static_cast<const DataView*>(nullptr), &data}) {
    const Element svg = picture(&mixture, rows, of_kind(PlotKind::ellipses));
    const PanelReader panel = test::panels_of(svg).at(0);
    const auto at_mean = [&](std::size_t k) {
      const Element* label = with_class(svg, "label").at(k);
      const double dx = label->number("x") - panel.left() -
                        (mixture.means()(k, 0) - panel.data(panel.left(), 0).x) / panel.x_per_pixel();
      const double dy = label->number("y") - panel.top() -
                        (panel.data(0, panel.top()).y - mixture.means()(k, 1)) / panel.y_per_pixel();
      return Position{dx, dy};
    };
    EXPECT_NEAR(at_mean(0).x, 0, 0.02);
    EXPECT_NEAR(at_mean(0).y, 4, 0.02) << "half the height of a digit";
    EXPECT_NEAR(at_mean(2).x, 0, 0.02);
    EXPECT_LT(at_mean(2).y, -5) << "above the row";
    EXPECT_GT(at_mean(2).y, -20);
  }
}

TEST(Ellipses, OfLargeMassesAreInsideTheFrame) {
  const Mixture mixture = test::of_structure(families::full, 2, 2);
  const Element svg = picture(&mixture, nullptr, of_kind(PlotKind::ellipses, {0.5, 0.999999}));
  const PanelReader panel = test::panels_of(svg).at(0);
  for (const Element* ellipse : with_class(svg, "ellipse")) {
    for (int i = 0; i < 36; ++i) {
      const Position at = on_ellipse(*ellipse, i * std::numbers::pi / 18);
      EXPECT_GT(at.x, panel.left());
      EXPECT_LT(at.x, panel.left() + panel.width());
      EXPECT_GT(at.y, panel.top());
      EXPECT_LT(at.y, panel.top() + panel.height());
    }
  }
}

// The rings of a region, in the data's units.
std::vector<std::vector<Position>> rings_of(const PanelReader& panel, const Element& region) {
  std::vector<std::vector<Position>> rings;
  const std::string path = region.attributes.at("d");
  for (std::size_t first = 0; first < path.size();) {
    const std::size_t end = path.find('Z', first);
    Element ring = region;
    ring.attributes["d"] = path.substr(first, end - first);
    rings.push_back(panel.path(ring));
    first = end + 1;
  }
  return rings;
}

bool inside(const std::vector<std::vector<Position>>& rings, double x, double y) {
  bool in = false;
  for (const std::vector<Position>& ring : rings) {
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
      if ((ring[i].y > y) != (ring[j].y > y) &&
          x < ring[i].x + (y - ring[i].y) / (ring[j].y - ring[i].y) * (ring[j].x - ring[i].x)) {
        in = !in;
      }
    }
  }
  return in;
}

TEST(Regions, HoldTheirMassOfASample) {
  for (const Mixture& mixture : {test::uneven_plane(), test::of_structure(families::tied, 4, 2)}) {
    const Element svg = picture(&mixture, nullptr, of_kind(PlotKind::contour, {0.3, 0.6, 0.95}));
    const PanelReader panel = test::panels_of(svg).at(0);
    const std::vector<const Element*> regions = with_class(svg, "region");
    ASSERT_EQ(regions.size(), 3u);
    const Matrix x = sample(mixture, 20000, 2).x;
    const double masses[] = {0.95, 0.6, 0.3};  // the widest first
    for (std::size_t i = 0; i < 3; ++i) {
      const auto rings = rings_of(panel, *regions[i]);
      double count = 0;
      for (std::size_t n = 0; n < x.rows(); ++n) count += inside(rings, x(n, 0), x(n, 1)) ? 1 : 0;
      EXPECT_NEAR(count / 20000, masses[i], 0.02) << masses[i];
    }
  }
}

TEST(Regions, OfOneGaussianAreItsEllipse) {
  const Mixture mixture(families::full, {1}, Matrix(1, 2, {-3, 7}), {4, 1, 1, 2});
  const Element svg = picture(&mixture, nullptr, of_kind(PlotKind::contour, {0.8}));
  const PanelReader panel = test::panels_of(svg).at(0);
  EXPECT_TRUE(with_class(svg, "region").at(0)->has_class("muted")) << "its outline";
  const auto rings = rings_of(panel, *with_class(svg, "region").at(0));
  ASSERT_EQ(rings.size(), 1u);
  for (const Position& at : rings[0]) {
    const double distance = squared_mahalanobis(mixture, Matrix(1, 2, {at.x, at.y}))(0, 0);
    EXPECT_NEAR(1 - std::exp(-0.5 * distance), 0.8, 0.005);
  }
}

TEST(Dots, AreAtTheirRowsInTheColoursOfTheirResponsibilities) {
  const Mixture mixture = test::of_structure(families::diagonal, 3, 2);
  const Matrix x = sample(mixture, 200, 8).x;
  const DataView data(x);
  const Element svg = picture(&mixture, &data, {});
  const PanelReader panel = test::panels_of(svg).at(0);
  const std::vector<const Element*> dots = named(*with_class(svg, "dots").at(0), "circle");
  ASSERT_EQ(dots.size(), 200u);
  const Matrix r = responsibilities(mixture, x);
  for (std::size_t i = 0; i < 200; ++i) {
    const Position at = panel.data(dots[i]->number("cx"), dots[i]->number("cy"));
    EXPECT_NEAR(at.x, x(i, 0), 0.006 * panel.x_per_pixel());
    EXPECT_NEAR(at.y, x(i, 1), 0.006 * panel.y_per_pixel());
    EXPECT_EQ(dots[i]->attributes.at("fill"), to_string(mixed(r.row(i)).rgb));
  }
}

TEST(Dots, AreOpaque) {
  const std::string style = svg_style();
  const std::size_t rule = style.find(".figure .dots{");
  ASSERT_NE(rule, std::string::npos);
  EXPECT_EQ(style.substr(rule, style.find('}', rule) - rule).find("opacity"), std::string::npos)
      << "their colours have just enough contrast";
}

TEST(Posterior, HasAtEachPlaceTheColourOfItsResponsibilities) {
  const Mixture mixture = test::of_structure(families::full, 2, 2);
  const Element svg = picture(&mixture, nullptr, of_kind(PlotKind::responsibilities));
  const PanelReader panel = test::panels_of(svg).at(0);
  double pixels = 0;
  std::size_t narrow = 0;
  for (const Element* path : named(*with_class(svg, "cells").at(0), "path")) {
    const std::string& cells = path->attributes.at("d");
    const unsigned long drawn = std::stoul(path->attributes.at("fill").substr(1), nullptr, 16);
    for (std::size_t at = 0; at < cells.size(); at = cells.find('z', at) + 1) {
      double left = 0;
      double top = 0;
      double width = 0;
      double height = 0;
      ASSERT_EQ(std::sscanf(cells.c_str() + at, "M%lf %lfh%lfv%lf", &left, &top, &width, &height), 4) << cells;
      pixels += width * height;
      if (width > 1.5 * panel.width() / 64) continue;  // cells of one colour that were joined
      ++narrow;
      const Position centre = panel.data(left + 0.5 * width, top + 0.5 * height);
      const Matrix r = responsibilities(mixture, Matrix(1, 2, {centre.x, centre.y}));
      const auto light = [](double channel) { return std::pow(channel / 255, 2.2); };
      const Rgb wanted = mixed(r.row(0)).rgb;
      EXPECT_NEAR(light(static_cast<double>(drawn >> 16U)), light(wanted.red), 1.0 / 48) << "in steps of 1/24";
      EXPECT_NEAR(light(static_cast<double>(drawn & 255U)), light(wanted.blue), 1.0 / 48) << "in steps of 1/24";
    }
  }
  EXPECT_GT(narrow, 30u);
  EXPECT_NEAR(pixels, panel.width() * panel.height(), 0.01 * panel.width() * panel.height()) << "the whole panel";
}

TEST(Uncertainty, IsRedBetweenTheComponents) {
  const Mixture mixture(families::tied_spherical, {0.5, 0.5}, Matrix(2, 2, {-2, 0, 2, 0}), {1});
  const Matrix x(3, 2, {0, 0, -2, 0, 2, 1});
  const DataView data(x);
  const Element svg = picture(&mixture, &data, of_kind(PlotKind::uncertainty));
  const std::vector<const Element*> dots = named(*with_class(svg, "dots").at(0), "circle");
  EXPECT_EQ(dots.at(0)->attributes.at("fill"), "#c83c00");
  EXPECT_NE(dots.at(1)->attributes.at("fill"), "#c83c00");
}

// Each kind that is drawn in the plane, of more features than two.
TEST(FarFromZero, TheNumbersOfBothAxesCountFromARoundNumber) {
  const Mixture mixture(families::spherical, {1}, Matrix(1, 2, {1e9, -1e9}), {1});
  const Element svg = picture(&mixture, nullptr, of_kind(PlotKind::ellipses));
  EXPECT_EQ(texts_of(with_class(svg, "offset")), (std::vector<std::string>{"+ 1e9", "- 1e9"}));
  const PanelReader panel = test::panels_of(svg).at(0);
  for (const Element* tick : with_class(svg, "tick")) {
    const Position at = panel.data(tick->number("x"), tick->number("y") - 4);
    const bool up = tick->has_class("end");
    EXPECT_NEAR((up ? at.y + 1e9 : at.x - 1e9), std::strtod(tick->text.c_str(), nullptr), 0.001) << tick->text;
  }
}

TEST(ManyRows, AreCountedAndThePictureStaysSmall) {
  const Mixture mixture = test::of_structure(families::full, 3, 2);
  const Matrix x = sample(mixture, 1000000, 5).x;
  const DataView data(x);
  const std::string svg = plot_svg(&mixture, &data, {}, {});
  EXPECT_LT(svg.size(), 500000u);
  const Element root = test::read_xml(svg);
  EXPECT_EQ(with_class(root, "note").at(0)->text,
            "1000000 rows are shown as counts in 80 x 80 cells, darker where there are more");
}

TEST(Pictures, HaveTheSameBytesForAnyNumberOfThreads) {
  for (const std::size_t d : {1, 2, 4}) {
    const Mixture mixture = test::of_structure(families::full, 3, d);
    const Matrix x = sample(mixture, 70000, 5).x;
    const DataView data(x);
    PlotOptions options;
    options.n_threads = 1;
    const std::string alone = plot_svg(&mixture, &data, {}, options);
    options.n_threads = 3;
    EXPECT_EQ(plot_svg(&mixture, &data, {}, options), alone) << d;
  }
}

}  // namespace
}  // namespace mogul
