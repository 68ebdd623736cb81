#include "report/figure/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <utility>

#include "mogul/matrix.hpp"
#include "mogul/score.hpp"

namespace mogul {
namespace {

// Standard deviations about a mean that the points cover: beyond them lie 2e-9 of a Gaussian.
constexpr double kFarthest = 6.4;
constexpr std::size_t kSteps = 1200;  // of a component in one dimension
constexpr std::size_t kRings = 4800;  // in two dimensions

constexpr std::size_t kLeast = 16;  // of any component
constexpr double kMostDensities = 1.5e8;

// Many components need fewer points each, as the steps of one fall between those of others.
std::size_t n_points(std::size_t most, std::size_t n_components) {
  const double k = static_cast<double>(n_components);
  const auto few = static_cast<std::size_t>(std::min(32 * static_cast<double>(most) / k, kMostDensities / (k * k)));
  return std::clamp(few, kLeast, most);
}

// By how much of a step the points of a component are shifted, so that few points each still are at many radii.
double shift_of(std::size_t component, std::size_t n) {
  constexpr std::size_t kMany = 256;
  const double turns = static_cast<double>(component) * (2 - std::numbers::phi);
  return n >= kMany ? 0 : turns - std::floor(turns);
}

struct WeightedPoints {
  Matrix points;
  std::vector<double> weights;
};

double normal_probability_below(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

WeightedPoints points_1d(const Mixture& mixture) {
  const std::size_t k = mixture.n_components();
  const std::size_t n = n_points(kSteps, k);
  WeightedPoints made{Matrix(k * n, 1), {}};
  const double step = 2 * kFarthest / static_cast<double>(n);
  for (std::size_t c = 0, i = 0; c < k; ++c) {
    const double deviation = std::sqrt(mixture.variance(c, 0));
    const double shift = shift_of(c, n);
    for (std::size_t s = 0; s < n; ++s, ++i) {
      const double z = -kFarthest + (static_cast<double>(s) + 0.5 - shift) * step;
      made.points(i, 0) = mixture.means()(c, 0) + z * deviation;
      made.weights.push_back(mixture.weights()[c] *
                             (normal_probability_below(z + step / 2) - normal_probability_below(z - step / 2)));
    }
  }
  return made;
}

// Each point stands for a thin ring: densities that all rings of a Gaussian have at one radius alone would leave steps
// in the mass above a level. From ring to ring the angle turns by the golden section, so any part of the plane has its
// share of the points.
WeightedPoints points_2d(const Mixture& mixture) {
  const std::size_t k = mixture.n_components();
  const std::size_t n = n_points(kRings, k);
  WeightedPoints made{Matrix(k * n, 2), {}};
  const double step = kFarthest / static_cast<double>(n);
  const double turn = 2 * std::numbers::pi * (2 - std::numbers::phi);
  for (std::size_t c = 0, i = 0; c < k; ++c) {
    const Matrix factor = mixture.cholesky(c);
    const double shift = shift_of(c, n);
    for (std::size_t ring = 0; ring < n; ++ring, ++i) {
      const double inner = std::max(0.0, (static_cast<double>(ring) - shift) * step);
      const double outer = (static_cast<double>(ring + 1) - shift) * step;
      const double radius = 0.5 * (inner + outer);
      const double u = radius * std::cos(turn * static_cast<double>(ring));
      const double v = radius * std::sin(turn * static_cast<double>(ring));
      made.points(i, 0) = mixture.means()(c, 0) + factor(0, 0) * u;
      made.points(i, 1) = mixture.means()(c, 1) + factor(1, 0) * u + factor(1, 1) * v;
      made.weights.push_back(mixture.weights()[c] * (ellipse_mass(outer) - ellipse_mass(inner)));
    }
  }
  return made;
}

}  // namespace

double ellipse_radius(double mass) { return std::sqrt(-2 * std::log1p(-mass)); }

double ellipse_mass(double radius) { return -std::expm1(-0.5 * radius * radius); }

EllipseAxes ellipse_axes(const std::array<double, 3>& covariance) {
  const auto [xx, xy, yy] = covariance;
  const double middle = 0.5 * (xx + yy);
  const double half_difference = 0.5 * (xx - yy);
  const double radius = std::hypot(half_difference, xy);
  const double largest = middle + radius;
  // The determinant over the largest eigenvalue, as the difference middle - radius loses digits of thin ellipses.
  const double smallest = largest > 0 ? std::max(0.0, (xx / largest) * yy - (xy / largest) * xy) : 0;
  return {std::sqrt(largest), std::sqrt(smallest), 0.5 * std::atan2(xy, half_difference)};
}

std::vector<double> highest_density_levels(const Mixture& mixture, std::span<const double> masses, unsigned n_threads) {
  const auto [points, weights] = mixture.n_features() == 1 ? points_1d(mixture) : points_2d(mixture);
  const std::vector<double> log_density = log_densities(mixture, points, n_threads);
  std::vector<std::pair<double, double>> sorted;  // log-density, what its point stands for
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] > 0) sorted.emplace_back(log_density[i], weights[i]);
  }
  std::ranges::sort(sorted, std::greater<>());
  std::vector<double> levels;
  for (const double mass : masses) {
    double above = 0;  // mass of the points before this one, and half of its own
    std::size_t i = 0;
    double before = 0;
    for (; i < sorted.size(); ++i) {
      const double centre = above + 0.5 * sorted[i].second;
      if (centre >= mass) break;
      before = centre;
      above += sorted[i].second;
    }
    if (i == 0 || i == sorted.size()) {
      levels.push_back(sorted[std::min(i, sorted.size() - 1)].first);
      continue;
    }
    const double centre = above + 0.5 * sorted[i].second;
    const double share = (mass - before) / (centre - before);
    levels.push_back(sorted[i - 1].first + share * (sorted[i].first - sorted[i - 1].first));
  }
  return levels;
}

}  // namespace mogul
