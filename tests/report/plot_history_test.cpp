// The log-likelihood against iterations: every value where it belongs.
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "message_of.hpp"
#include "mogul/error.hpp"
#include "mogul/plot.hpp"
#include "report/svg_reader.hpp"

namespace mogul {
namespace {

using test::Element;
using test::message_of;
using test::PanelReader;
using test::Position;

Element picture(const std::vector<LikelihoodCurve>& curves, bool negative = false) {
  Element svg = test::read_xml(plot_log_likelihood_svg(curves, negative, "a fit"));
  test::check_numbers(svg);
  return svg;
}

TEST(History, HasADotForEachIteration) {
  const std::vector<double> values{-120.5, -90, -85.25, -85.2};
  for (const bool negative : {false, true}) {
    const Element svg = picture({{"", values}}, negative);
    const PanelReader panel = test::panels_of(svg).at(0);
    const std::vector<const Element*> dots = named(*with_class(svg, "dots").at(0), "circle");
    ASSERT_EQ(dots.size(), 4u);
    for (std::size_t i = 0; i < 4; ++i) {
      const Position at = panel.data(dots[i]->number("cx"), dots[i]->number("cy"));
      EXPECT_NEAR(at.x, static_cast<double>(i), 0.006 * panel.x_per_pixel());
      EXPECT_NEAR(at.y, negative ? -values[i] : values[i], 0.006 * panel.y_per_pixel());
    }
    EXPECT_EQ(with_class(svg, "name").at(1)->text,
              negative ? "negative log-likelihood (nats)" : "log-likelihood (nats)");
  }
}

TEST(History, HasTicksAtWholeIterations) {
  for (const std::size_t n : {1, 2, 3, 5, 40, 300}) {
    const Element svg = picture({{"", std::vector<double>(n, -1.0)}});
    for (const Element* tick : with_class(svg, "tick")) {
      if (!tick->has_class("end")) {
        EXPECT_EQ(tick->text.find('.'), std::string::npos) << tick->text;
      }
    }
  }
}

std::vector<std::string> legend_of(const Element& svg) {
  return test::texts_of(named(*with_class(svg, "legend").at(0), "text"));
}

TEST(History, OfFewRunsNamesEachAndMarksTheKeptOne) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(legend_of(picture({{"restart 0", {-3, -2}}, {"restart 1 <b>", {-4, -1, -0.5}}})),
            (Texts{"restart 0", "restart 1 <b>, highest"}));
  EXPECT_EQ(legend_of(picture({{"a", {-3, -2}}, {"b", {}}, {"c", {-4, -2.5}}})), (Texts{"a, highest", "b", "c"}));
}

TEST(History, OfEqualCurvesTellsWhichOneCoversTheOthers) {
  using Texts = std::vector<std::string>;
  const std::vector<LikelihoodCurve> curves{{"a", {-5, -4}}, {"b", {-3, -2}}, {"c", {-5, -4}}, {"d", {-3, -2 - 1e-9}}};
  const Element svg = picture(curves);
  EXPECT_EQ(legend_of(svg), (Texts{"b, highest (covers d)", "c (covers a)"}));
  std::vector<std::string> drawn;
  for (const Element* curve : find_all(*with_class(svg, "panel").at(0), [](auto& e) { return e.has_class("curve"); }))
    drawn.push_back(curve->attributes.at("class"));
  EXPECT_EQ(drawn.back(), "curve k1") << "the highest one is on top";
}

TEST(History, OfMoreRestartsThanColoursShowsTheKeptOneAmongGreyOnes) {
  std::vector<LikelihoodCurve> curves;
  for (int i = 1; i <= 30; ++i) curves.push_back({fmt::format("restart {}", i), {-100, -50.0 - std::abs(i - 25)}});
  const Element svg = picture(curves);
  EXPECT_EQ(legend_of(svg), (std::vector<std::string>{"restart 25, highest", "29 other restarts"}));
  const Element& panel = *with_class(svg, "panel").at(0);
  EXPECT_EQ(find_all(panel, [](auto& e) { return e.has_class("thin") && e.has_class("muted"); }).size(), 29u);
  const auto coloured = find_all(panel, [](auto& e) { return e.has_class("curve") && e.has_class("k0"); });
  ASSERT_EQ(coloured.size(), 1u);
  EXPECT_NEAR(test::panels_of(svg).at(0).path(*coloured[0]).back().y, -50, 0.2);
  EXPECT_EQ(with_class(panel, "dots").size(), 1u);
}

TEST(History, OfLongNamesKeepsTheirBeginning) {
  const Element svg = picture({{std::string(10000, 'n'), {-3, -2}}, {"b", {-4, -1}}});
  EXPECT_LT(named(*with_class(svg, "legend").at(0), "text").at(0)->text.size(), 120u);
}

TEST(History, OfAMillionIterationsStaysSmallAndKeepsItsEnds) {
  std::vector<double> values;
  for (int i = 0; i < 1000000; ++i) values.push_back(-1000 / (1.0 + i));
  const std::string text = plot_log_likelihood_svg(std::vector<LikelihoodCurve>{{"", values}});
  EXPECT_LT(text.size(), 200000u);
  const Element svg = test::read_xml(text);
  const PanelReader panel = test::panels_of(svg).at(0);
  const auto curves = with_class(svg, "curve");
  const std::vector<Position> points = panel.path(*curves.at(0));
  EXPECT_NEAR(points.front().y, -1000, panel.y_per_pixel());
  EXPECT_NEAR(points.back().x, 999999, panel.x_per_pixel());
  EXPECT_EQ(with_class(svg, "note").at(0)->text, "one iteration in 201 is drawn");
}

TEST(History, RefusesNothingAndWhatIsNotFinite) {
  const auto refused = [](const std::vector<LikelihoodCurve>& curves) {
    return message_of<invalid_argument>([&] { plot_log_likelihood_svg(curves); });
  };
  const std::string nothing =
      "plot: there is no log-likelihood to draw; the model was not fitted, or its history is empty";
  EXPECT_EQ(refused({}), nothing);
  EXPECT_EQ(refused({{"", {}}}), nothing);
  EXPECT_EQ(refused({{"", {-1, -HUGE_VAL}}}), "plot: the log-likelihood of iteration 1 is -inf; it must be finite");
}

}  // namespace
}  // namespace mogul
