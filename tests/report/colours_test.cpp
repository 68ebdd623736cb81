// Colours can be seen on both papers, and mix as light does.
#include "report/figure/colours.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <regex>
#include <string>

#include <fmt/format.h>

#include "report/figure/rows_shown.hpp"
#include "report/write/svg.hpp"

namespace mogul {
namespace {

// Relative luminance and contrast as the Web Content Accessibility Guidelines 2.1 define them.
double luminance(Rgb colour) {
  const auto linear = [](std::uint8_t channel) {
    const double c = channel / 255.0;
    return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
}
double contrast(Rgb a, Rgb b) {
  const double x = luminance(a);
  const double y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

// The value of a variable: its n-th occurrence, as light comes first and dark second.
Rgb variable(const std::string& name, std::size_t occurrence) {
  const std::string css = css_variables();
  const std::regex pattern("--" + name + ":#([0-9a-f]{6});");
  std::sregex_iterator match(css.begin(), css.end(), pattern);
  std::advance(match, occurrence);
  const unsigned long value = std::strtoul((*match)[1].str().c_str(), nullptr, 16);
  return {static_cast<std::uint8_t>(value >> 16U), static_cast<std::uint8_t>(value >> 8U),
          static_cast<std::uint8_t>(value)};
}

TEST(Colours, OfComponentsStandOutFromBothPapers) {
  for (const std::size_t dark : {0, 1}) {
    const Rgb paper = variable("paper", dark);
    for (std::size_t k = 0; k < kPaletteSize; ++k) EXPECT_GE(contrast(palette(k), paper), 3) << k << " " << dark;
  }
}

RC_GTEST_PROP(Colours, OfRowsStandOutFromBothPapersHoweverTheyAreMixed, ()) {
  std::vector<double> shares;
  double sum = 0;
  for (std::size_t k = 0; k < kPaletteSize; ++k) {
    shares.push_back(*rc::gen::inRange(0, 100));
    sum += shares.back();
  }
  RC_PRE(sum > 0);
  for (double& share : shares) share /= sum;
  for (const std::size_t dark : {0, 1}) RC_ASSERT(contrast(mixed(shares).rgb, variable("paper", dark)) >= 3);
}

// A colour that lets some of the paper through.
Rgb over_paper(Rgb colour, Rgb paper, double opacity) {
  const auto over = [opacity](std::uint8_t a, std::uint8_t b) {
    return static_cast<std::uint8_t>(opacity * a + (1 - opacity) * b);
  };
  return {over(colour.red, paper.red), over(colour.green, paper.green), over(colour.blue, paper.blue)};
}

void expect_muted_stands_out(double opacity, const std::string& what) {
  for (const std::size_t dark : {0, 1}) {
    const Rgb paper = variable("paper", dark);
    EXPECT_GE(contrast(over_paper(variable("muted", dark), paper, opacity), paper), 3) << what << " " << dark;
  }
}

// Shades have no contrast of their own, so what they are of has a line around it.
TEST(Colours, OfTheOutlinesOfBarsAndRegionsStandOutFromBothPapers) {
  const std::string style = svg_style();
  for (const char* kind : {"bars", "region"}) {
    const std::regex rule(fmt::format(R"(\.figure \.{}\{{[^}}]*stroke-opacity:([0-9.]+))", kind));
    std::smatch match;
    ASSERT_TRUE(std::regex_search(style, match, rule)) << kind;
    expect_muted_stands_out(std::stod(match[1]), kind);
  }
}

// A row that lies alone must be seen, and its cell is faint.
TEST(Colours, OfTheLineAroundTheCellsOfManyRowsStandOutFromBothPapers) {
  Figure figure;
  figure.panels.push_back({"", {"x", 0, 1}, {"y", 0, 1}, {Cells{{{{0, 0}, {0.5, 0.5}, ink(), 0.3}}, true}}});
  const std::string svg = svg_text(figure, SvgPlace::file, "f");
  const std::regex outline(R"re(<path class="hollow muted outline" [^>]*stroke-opacity="([0-9.]+)"[^>]* d="M)re");
  std::smatch match;
  ASSERT_TRUE(std::regex_search(svg, match, outline)) << svg;
  expect_muted_stands_out(std::stod(match[1]), "cells");
}

TEST(Colours, OfShadesInTheLegendHaveALineAroundThem) {
  const std::string sample = sample_svg({"", LegendEntry::Sample::area, of_entropy()});
  EXPECT_NE(sample.find(fmt::format("stroke=\"{}\"", to_string(of_entropy().rgb))), std::string::npos) << sample;
  EXPECT_EQ(sample.find("stroke-opacity"), std::string::npos) << "so that it is as opaque as colours of components are";
  EXPECT_EQ(sample.find(" opacity"), std::string::npos);
  EXPECT_NE(sample_svg({"", LegendEntry::Sample::area, of_component(1)}).find("class=\"k1\""), std::string::npos);
}

TEST(Colours, OfRowsStandOutHoweverUncertainTheyAre) {
  const Mixture mixture(families::tied_spherical, {0.5, 0.5}, Matrix(2, 2, {-1, 0, 1, 0}), {1});
  Matrix x(100, 2);
  for (std::size_t i = 0; i < x.rows(); ++i) x(i, 0) = 0.1 * static_cast<double>(i);
  const RowsShown rows{DataView(x), &mixture, RowColour::uncertainty};
  const ScatterPanel panel{{"x", 0}, {"y", 1}, {0, 10}, {-1, 1}};
  const Scatter made = scatter(rows, {&panel, 1});
  for (const Colour& colour : std::get<Dots>(made.marks.at(0)).colours) {
    for (const std::size_t dark : {0, 1}) EXPECT_GE(contrast(colour.rgb, variable("paper", dark)), 3) << dark;
  }
}

TEST(Colours, OfTheLogLikelihoodsPartsAreThoseOfNoComponent) {
  const Rgb q = of_expectation().rgb;
  const Rgb h = of_entropy().rgb;
  const auto distance = [](Rgb a, Rgb b) {
    return std::abs(a.red - b.red) + std::abs(a.green - b.green) + std::abs(a.blue - b.blue);
  };
  EXPECT_GE(distance(q, h), 60);
  for (const Rgb colour : {q, h}) {
    for (std::size_t k = 0; k < kPaletteSize; ++k) EXPECT_GE(distance(colour, palette(k)), 60) << k;
    for (const std::size_t dark : {0, 1}) EXPECT_GE(contrast(colour, variable("paper", dark)), 3) << dark;
  }
}

TEST(Colours, OfTextCanBeReadOnBothPapers) {
  for (const std::size_t dark : {0, 1}) {
    for (const char* name : {"ink", "muted", "accent"}) {
      EXPECT_GE(contrast(variable(name, dark), variable("paper", dark)), 4.5) << name << " " << dark;
    }
  }
}

TEST(Colours, OfNeighbouringComponentsDiffer) {
  for (std::size_t a = 0; a < kPaletteSize; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      const Rgb x = palette(a);
      const Rgb y = palette(b);
      EXPECT_GE(std::abs(x.red - y.red) + std::abs(x.green - y.green) + std::abs(x.blue - y.blue), 60) << a << " " << b;
    }
  }
  EXPECT_EQ(palette(kPaletteSize), palette(0)) << "after the last one they begin again";
}

TEST(Colours, OfACertainRowAreThoseOfItsComponent) {
  for (std::size_t k = 0; k < kPaletteSize; ++k) {
    std::vector<double> shares(kPaletteSize, 0.0);
    shares[k] = 1;
    EXPECT_EQ(mixed(shares).rgb, palette(k)) << k;
  }
}

TEST(Colours, MixAsLightDoes) {
  const std::vector<double> halves{0.5, 0.5};
  const Rgb mean = mixed(halves).rgb;
  const auto channel = [](std::uint8_t a, std::uint8_t b) {
    return 255 * std::pow(0.5 * std::pow(a / 255.0, 2.2) + 0.5 * std::pow(b / 255.0, 2.2), 1 / 2.2);
  };
  EXPECT_NEAR(mean.red, channel(palette(0).red, palette(1).red), 0.51);
  EXPECT_NEAR(mean.green, channel(palette(0).green, palette(1).green), 0.51);
  EXPECT_NEAR(mean.blue, channel(palette(0).blue, palette(1).blue), 0.51);
}

TEST(Colours, MixToAValidColourWhereSharesSumToOneButForRounding) {
  const std::vector<double> shares(1000, 0.001 * (1 + 1e-12));
  const Rgb colour = mixed(shares).rgb;
  EXPECT_GT(colour.red, 60);
  EXPECT_LT(colour.red, 200);
}

TEST(Colours, AreWrittenInSixDigits) { EXPECT_EQ(to_string(Rgb{0, 10, 255}), "#000aff"); }

}  // namespace
}  // namespace mogul
