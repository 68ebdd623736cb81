// Matrices of panels, and pictures along principal axes: what shows more than two features.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

#include <fmt/format.h>

#include "mogul/plot.hpp"
#include "mogul/sample.hpp"
#include "report/mixtures.hpp"
#include "report/picture.hpp"
#include "report/svg_reader.hpp"
#include "report/write/text_width.hpp"

namespace mogul {
namespace {

using test::Element;
using test::PanelReader;
using test::picture;
using test::Position;
using test::texts_of;
using test::with_class;

PlotOptions of_kind(PlotKind kind) {
  PlotOptions options;
  options.kind = kind;
  return options;
}

TEST(Pairs, HaveAPanelForEachPairAndTheMarginalsOnTheDiagonal) {
  for (const CovarianceFamily structure : test::all_structures()) {
    const Mixture mixture = test::of_structure(structure, 2, 3);
    const Matrix x = sample(mixture, 100, 8).x;
    const DataView data(x);
    const Element svg = picture(&mixture, &data, {});
    const std::vector<PanelReader> panels = test::panels_of(svg);
    ASSERT_EQ(panels.size(), 9u);
    for (std::size_t i = 0; i < 3; ++i) {
      const PanelReader& diagonal = panels[i * 3 + i];
      const auto curves =
          find_all(diagonal.element(), [](const Element& e) { return e.has_class("curve") && e.has_class("ink"); });
      for (const Position& at : diagonal.path(*curves.at(0))) {
        double p = 0;
        for (std::size_t k = 0; k < 2; ++k) {
          const double variance = mixture.variance(k, i);
          const double z = at.x - mixture.means()(k, i);
          p += 0.5 * std::exp(-0.5 * z * z / variance) / std::sqrt(2 * std::numbers::pi * variance);
        }
        EXPECT_NEAR(at.y, p, 0.012 * diagonal.y_per_pixel() + 0.01 * diagonal.x_per_pixel());
      }
      for (std::size_t j = 0; j < i; ++j) {
        const PanelReader& panel = panels[i * 3 + j];
        const std::vector<const Element*> dots = named(*with_class(panel.element(), "dots").at(0), "circle");
        ASSERT_EQ(dots.size(), 100u);
        const Position at = panel.data(dots[7]->number("cx"), dots[7]->number("cy"));
        EXPECT_NEAR(at.x, x(7, j), 0.006 * panel.x_per_pixel());
        EXPECT_NEAR(at.y, x(7, i), 0.006 * panel.y_per_pixel());
        EXPECT_EQ(with_class(panel.element(), "ellipse").size(), 6u);
        EXPECT_EQ(with_class(panels[j * 3 + i].element(), "region").size(), 3u) << "above the diagonal";
      }
    }
  }
}

TEST(Pairs, ShowTheFirstFiveFeaturesAndSaySo) {
  const Mixture mixture = test::of_structure(families::diagonal, 2, 12);
  const Element svg = picture(&mixture, nullptr, {});
  EXPECT_EQ(test::panels_of(svg).size(), 25u);
  EXPECT_EQ(with_class(svg, "note").back()->text, "the first 5 of 12 features");
}

TEST(Pairs, NameEachFeatureOnBothSides) {
  const Mixture mixture = test::of_structure(families::full, 2, 3);
  const Element svg = picture(&mixture, nullptr, {});
  EXPECT_EQ(texts_of(with_class(svg, "name")), (std::vector<std::string>{"x1", "x2", "x1", "x3", "x2", "x3"}));
  const std::vector<PanelReader> panels = test::panels_of(svg);
  EXPECT_TRUE(with_class(panels[0].element(), "tick").empty()) << "heights there are densities";
  EXPECT_FALSE(with_class(panels[3].element(), "tick").empty());
}

TEST(Pairs, LeaveOutNumbersOnTheDiagonalThatHaveNoRoomAtTheirCurves) {
  const Mixture mixture = test::of_structure(families::spherical, 30, 5);
  const Element svg = picture(&mixture, nullptr, {});
  const std::vector<PanelReader> panels = test::panels_of(svg);
  for (std::size_t i = 0; i < 5; ++i) {
    const PanelReader& panel = panels[6 * i];
    const std::vector<const Element*> labels = with_class(panel.element(), "label");
    EXPECT_GT(labels.size(), 3u);
    EXPECT_LT(labels.size(), 30u);
    for (const Element* label : labels) {
      const std::size_t k = std::strtoul(label->text.c_str(), nullptr, 10);
      const double moved = panel.data(label->number("x"), 0).x - mixture.means()(k, i);
      EXPECT_LT(std::abs(moved), 1.1 * panel.x_per_pixel()) << k << " stands at its curve";
    }
  }
}

// The centres of the numbers of an axis, and their widths.
void expect_scale(const std::vector<const Element*>& numbers, const char* coordinate, bool beside) {
  ASSERT_GE(numbers.size(), 2u);
  for (std::size_t i = 1; beside && i < numbers.size(); ++i) {
    const double apart = numbers[i]->number(coordinate) - numbers[i - 1]->number(coordinate);
    const double needed =
        0.5 * (text_width(numbers[i]->text, kSmallFontSize) + text_width(numbers[i - 1]->text, kSmallFontSize));
    EXPECT_GT(apart, needed) << numbers[i - 1]->text << " and " << numbers[i]->text;
  }
}

TEST(Pairs, HaveTwoNumbersOrMoreOnEachAxis) {
  for (const std::size_t n_features : {3, 5, 6, 12}) {
    Matrix x(40, n_features);
    PlotOptions options;
    for (std::size_t d = 0; d < n_features; ++d) options.features.push_back(std::to_string(d + 1));
    for (int round = 0; round < 6; ++round) {
      for (std::size_t d = 0; d < n_features; ++d) {
        const auto feature = static_cast<double>(d);
        const double scale = std::pow(10, std::fmod(7 * feature + round, 9) - 4);
        for (std::size_t i = 0; i < x.rows(); ++i) {
          const double wave = std::sin(1.7 * static_cast<double>(i * n_features + d) + round);
          x(i, d) = scale * (wave + std::cos(feature + 3 * round));
        }
      }
      const DataView data(x);
      const Element svg = picture(nullptr, &data, options);
      const std::vector<PanelReader> panels = test::panels_of(svg);
      std::size_t n_across = 0;
      std::size_t n_up = 0;
      for (std::size_t i = 0; i < panels.size(); ++i) {
        SCOPED_TRACE(fmt::format("panel {} of {} features, round {}", i, n_features, round));
        std::vector<const Element*> across;
        std::vector<const Element*> up;
        for (const Element* tick : with_class(panels[i].element(), "tick")) {
          (tick->has_class("end") ? up : across).push_back(tick);
        }
        n_across += across.empty() ? 0 : 1;
        n_up += up.empty() ? 0 : 1;
        if (!across.empty()) expect_scale(across, "x", true);
        if (!up.empty()) expect_scale(up, "y", false);
      }
      EXPECT_EQ(n_across, n_features);
      EXPECT_EQ(n_up, n_features - 1) << "the first panel's heights are densities";
    }
  }
}

TEST(PrincipalAxesPicture, IsThatOfPlanarKindsOfMoreFeatures) {
  const Mixture mixture = test::of_structure(families::full, 3, 5);
  const Matrix x = sample(mixture, 50, 1).x;
  const DataView data(x);
  for (const PlotKind kind : {PlotKind::density, PlotKind::contour, PlotKind::ellipses, PlotKind::components,
                              PlotKind::responsibilities, PlotKind::uncertainty}) {
    SCOPED_TRACE(to_string(kind));
    PlotOptions options = of_kind(kind);
    const std::string alone = plot_svg(&mixture, &data, {}, options);
    const Element svg = test::read_xml(alone);
    EXPECT_EQ(test::panels_of(svg).size(), 1u);
    EXPECT_EQ(texts_of(with_class(svg, "subtitle")),
              (std::vector<std::string>{"along the two principal axes of 5 features"}));
    options.principal_axes = true;
    EXPECT_EQ(plot_svg(&mixture, &data, {}, options), alone) << "as --projection pca";
    options.principal_axes = false;
    options.features = {"5", "1", "2"};
    EXPECT_EQ(texts_of(with_class(picture(&mixture, &data, options), "subtitle")),
              (std::vector<std::string>{"along the two principal axes of 3 of 5 features"}));
    options.features = {"5", "1"};
    EXPECT_TRUE(with_class(picture(&mixture, &data, options), "subtitle").empty());
  }
}

TEST(PrincipalAxesPicture, WithoutRowsHasTheResponsibilitiesOfItsPlane) {
  const Mixture mixture = test::of_structure(families::full, 2, 4);
  const Element svg = picture(&mixture, nullptr, of_kind(PlotKind::responsibilities));
  EXPECT_EQ(with_class(svg, "cells").size(), 1u);
  EXPECT_EQ(with_class(svg, "note").at(0)->text,
            "each place has the colour of the responsibilities given these two coordinates alone");
}

TEST(PrincipalAxesPicture, HasEllipsesOfTheProjectedComponents) {
  const Mixture mixture = test::of_structure(families::full, 3, 5);
  PlotOptions options;
  options.principal_axes = true;
  const Matrix x = sample(mixture, 50, 1).x;
  const DataView data(x);
  const Element svg = picture(&mixture, &data, options);
  EXPECT_EQ(test::panels_of(svg).size(), 1u);
  EXPECT_EQ(with_class(svg, "ellipse").size(), 9u);
  EXPECT_TRUE(with_class(svg, "name").at(0)->text.starts_with("principal axis 1"));
}

TEST(ManyPanels, OfManyComponentsStaySmall) {
  const Mixture mixture = test::of_structure(families::full, 30, 12);
  const Matrix x = sample(mixture, 20000, 5).x;
  const DataView data(x);
  PlotOptions options;
  for (std::size_t d = 1; d <= 12; ++d) options.features.push_back(std::to_string(d));
  const std::string svg = plot_svg(&mixture, &data, {}, options);
  EXPECT_LT(svg.size(), 2000000u);
  EXPECT_EQ(test::panels_of(test::read_xml(svg)).size(), 144u);
}

}  // namespace
}  // namespace mogul
