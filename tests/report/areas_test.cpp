// Regions of highest density are drawn for narrow components, however many they are, or are said to be missing.
#include "report/figure/areas.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "mogul/plot.hpp"
#include "mogul/sample.hpp"
#include "mogul/score.hpp"
#include "report/figure/geometry.hpp"
#include "report/mixtures.hpp"
#include "report/svg_reader.hpp"

namespace mogul {
namespace {

const Interval kAcross{-1, 11};
const Interval kUp{-2, 12};
const std::vector<double> kMasses{0.393, 0.865, 0.989};

/// K components of one standard deviation, spread over [0, 10]^2 like the points of a golden spiral's lattice.
Mixture scattered(std::size_t k, double deviation) {
  Matrix means(k, 2);
  for (std::size_t c = 0; c < k; ++c) {
    means(c, 0) = 10 * std::fmod(0.7548776662466927 * static_cast<double>(c), 1.0);
    means(c, 1) = 10 * std::fmod(0.5698402909980532 * static_cast<double>(c), 1.0);
  }
  return {families::spherical, std::vector<double>(k, 1.0 / static_cast<double>(k)), std::move(means),
          std::vector<double>(k, deviation * deviation)};
}

Mixture with_background(std::size_t k, double deviation) {
  const Mixture narrow = scattered(k, deviation);
  std::vector<double> weights{0.5};
  std::vector<double> variances{4};
  Matrix means(k + 1, 2, std::vector<double>(2 * (k + 1), 5.0));
  for (std::size_t c = 0; c < k; ++c) {
    weights.push_back(0.5 * narrow.weights()[c]);
    variances.push_back(narrow.variance(c, 0));
    for (std::size_t d = 0; d < 2; ++d) means(c + 1, d) = narrow.means()(c, d);
  }
  return {families::spherical, std::move(weights), std::move(means), std::move(variances)};
}

bool inside(const std::vector<std::vector<Point>>& rings, double x, double y) {
  bool in = false;
  for (const std::vector<Point>& ring : rings) {
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
      const Point& a = ring[i];
      const Point& b = ring[j];
      if ((a.y > y) != (b.y > y) && x < a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x)) in = !in;
    }
  }
  return in;
}

void expect_masses(const Mixture& mixture, const std::vector<double>& masses, double tolerance) {
  const Areas areas = areas_above(mixture, highest_density_levels(mixture, masses), kAcross, kUp, 120, 1);
  EXPECT_EQ(areas.n_missed, 0u);
  const std::size_t n = 2000;
  const Matrix x = sample(mixture, n, 5).x;
  for (std::size_t i = 0; i < masses.size(); ++i) {
    double count = 0;
    for (std::size_t row = 0; row < n; ++row) count += inside(areas.rings[i], x(row, 0), x(row, 1)) ? 1 : 0;
    EXPECT_NEAR(count / n, masses[i], tolerance + 4 * std::sqrt(masses[i] * (1 - masses[i]) / n)) << masses[i];
  }
}

TEST(Areas, OfManyNarrowComponentsHoldTheirMasses) {
  expect_masses(scattered(300, 0.01), kMasses, 0.01);
  expect_masses(scattered(300, 0.001), kMasses, 0.01);
}

TEST(Areas, OfManyComponentsThatTouchHoldTheirMasses) {
  expect_masses(scattered(300, 0.3), kMasses, 0.01);
  expect_masses(with_background(12, 0.01), kMasses, 0.01);
}

TEST(Areas, OfComponentsApartAreTheirEllipses) {
  const Mixture mixture = scattered(40, 0.02);
  const Areas areas = areas_above(mixture, highest_density_levels(mixture, kMasses), kAcross, kUp, 60, 1);
  for (std::size_t i = 0; i < kMasses.size(); ++i) {
    ASSERT_EQ(areas.rings[i].size(), 40u);
    for (const std::vector<Point>& ring : areas.rings[i]) {
      for (const Point& at : ring) {
        const Matrix distances = squared_mahalanobis(mixture, Matrix(1, 2, {at.x, at.y}));
        EXPECT_NEAR(std::sqrt(std::ranges::min(distances.row(0))), ellipse_radius(kMasses[i]), 0.05);
      }
    }
  }
}

TEST(Areas, CountTheComponentsThatTheyMiss) {
  const Mixture mixture = with_background(300, 0.001);
  const Areas areas = areas_above(mixture, highest_density_levels(mixture, kMasses), kAcross, kUp, 120, 1);
  EXPECT_GT(areas.n_missed, 250u);
  EXPECT_LE(areas.n_missed, 300u);
}

TEST(Areas, ThatMissComponentsClaimNoMass) {
  PlotOptions options;
  options.kind = PlotKind::contour;
  const Mixture missing = with_background(300, 0.001);
  const std::string svg = plot_svg(&missing, nullptr, {}, options);
  EXPECT_NE(svg.find("which would hold 39.3"), std::string::npos);
  EXPECT_NE(svg.find("the shaded regions lack those of "), std::string::npos);
  const Mixture whole = scattered(300, 0.01);
  EXPECT_EQ(plot_svg(&whole, nullptr, {}, options).find("lack"), std::string::npos);
}

// Three thousand components, of which the first ones are the heaviest.
Mixture crowd(std::size_t n_features) {
  const std::size_t k = 3000;
  std::vector<double> weights(k, 0.5 / (k - 300));
  for (std::size_t c = 0; c < 300; ++c) weights[c] = 0.5 / 300;
  Matrix means(k, n_features);
  const Mixture plane = scattered(k, 0.1);
  for (std::size_t c = 0; c < k; ++c) {
    for (std::size_t d = 0; d < n_features; ++d) means(c, d) = plane.means()(c, d % 2);
  }
  return {families::tied_spherical, std::move(weights), std::move(means), {0.01}};
}

TEST(Crowds, ShowTheHeaviestComponentsAndSaySo) {
  for (const std::size_t d : {1, 2}) {
    SCOPED_TRACE(d);
    const std::string svg = plot_svg(std::make_unique<Mixture>(crowd(d)).get(), nullptr, {});
    EXPECT_LT(svg.size(), 2000000u);
    EXPECT_NE(svg.find("of the 3000 components only the 300 heaviest are drawn one by one"), std::string::npos);
    const test::Element root = test::read_xml(svg);
    EXPECT_EQ(with_class(root, "ellipse").size(), d == 1 ? 0u : 900u);
    for (const test::Element* label : with_class(root, "label")) EXPECT_LT(std::stoi(label->text), 300);
    EXPECT_NE(svg.find(" of the labels, for which there is no room"), std::string::npos);
  }
}

TEST(Crowds, HaveResponsibilitiesAlongALine) {
  PlotOptions options;
  options.kind = PlotKind::responsibilities;
  const Mixture mixture = crowd(1);
  EXPECT_LT(plot_svg(&mixture, nullptr, {}, options).size(), 4000000u);
}

}  // namespace
}  // namespace mogul
