// Figures of two coordinates: rows, ellipses and areas in the plane.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "mogul/score.hpp"
#include "report/figure/areas.hpp"
#include "report/figure/geometry.hpp"
#include "report/figure/shown.hpp"

namespace mogul {
namespace {

constexpr std::size_t kPosteriorGrid = 64;
constexpr double kLabelRoom = 0.034;  // of the picture's height that a line of text takes

Matrix grid_points(std::span<const double> x, std::span<const double> y) {
  Matrix points(x.size() * y.size(), 2);
  for (std::size_t j = 0; j < y.size(); ++j) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      points(j * x.size() + i, 0) = x[i];
      points(j * x.size() + i, 1) = y[j];
    }
  }
  return points;
}

// Returns how many components are too narrow to be seen in them.
std::size_t add_areas(Panel& panel, const Mixture& marginal, const Shown& shown, std::size_t grid) {
  const std::vector<double> levels = highest_density_levels(marginal, shown.masses, shown.n_threads);
  Areas areas =
      areas_above(marginal, levels, {panel.x.low, panel.x.high}, {panel.y.low, panel.y.high}, grid, shown.n_threads);
  for (std::size_t i = levels.size(); i-- > 0;) {  // the widest first; they lie on each other
    panel.marks.emplace_back(Region{std::move(areas.rings[i]), muted(), area_opacity(levels.size())});
  }
  return areas.n_missed;
}

// The colour of responsibilities in steps that the eye does not see, so that many places have the same.
Colour in_steps(std::span<const double> responsibilities) {
  constexpr double kSteps = 24;
  std::vector<double> shares;
  double sum = 0;
  for (const double r : responsibilities) {
    shares.push_back(std::round(kSteps * r));
    sum += shares.back();
  }
  if (sum == 0) return mixed(responsibilities);  // of very many components none has a step
  for (double& share : shares) share /= sum;
  return mixed(shares);
}

void add_posterior(Panel& panel, const Mixture& marginal, const Interval& across, const Interval& up,
                   unsigned n_threads) {
  const auto centres = [](const Interval& range) {
    std::vector<double> at;
    for (std::size_t i = 0; i < kPosteriorGrid; ++i) {
      at.push_back(range.low + (static_cast<double>(i) + 0.5) / kPosteriorGrid * (range.high - range.low));
    }
    return at;
  };
  const std::vector<double> x = centres(across);
  const std::vector<double> y = centres(up);
  const Matrix r = responsibilities(marginal, grid_points(x, y), n_threads);
  const double half_x = 0.5 * (x[1] - x[0]);
  const double half_y = 0.5 * (y[1] - y[0]);
  Cells cells;
  for (std::size_t j = 0; j < y.size(); ++j) {
    for (std::size_t i = 0; i < x.size(); ++i) {
      const Colour colour = in_steps(r.row(j * x.size() + i));
      if (i > 0 && cells.cells.back().colour == colour) {
        cells.cells.back().high.x = x[i] + half_x;  // far from a border neighbours have one colour
      } else {
        cells.cells.push_back({{x[i] - half_x, y[j] - half_y}, {x[i] + half_x, y[j] + half_y}, colour, 0.3});
      }
    }
  }
  panel.marks.emplace_back(std::move(cells));
}

std::array<double, 3> covariance_of(const Mixture& marginal, std::size_t k) {
  const Matrix covariance = marginal.covariance(k);
  return {covariance(0, 0), covariance(0, 1), covariance(1, 1)};
}

// Each ellipse's mass, above it: at the component that is highest in the picture, where the ellipses are farthest
// apart, as those of the others look the same. Where even these are too close, or components are many, the note below
// the picture tells.
void add_masses(Panel& panel, const Mixture& marginal, const Shown& shown) {
  if (marginal.n_components() > kMostNamed) return;
  std::size_t highest = 0;
  double deviation = 0;
  for (std::size_t k = 0; k < marginal.n_components(); ++k) {
    if (marginal.weights()[k] < kWithoutWeight || marginal.variance(k, 1) <= deviation * deviation) continue;
    deviation = std::sqrt(marginal.variance(k, 1));
    highest = k;
  }
  const std::array<double, 3> covariance = covariance_of(marginal, highest);
  double below = 0;  // radius of the ellipse within
  for (const double mass : shown.masses) {
    const double radius = ellipse_radius(mass);
    if ((radius - below) * deviation < kLabelRoom * (panel.y.high - panel.y.low)) return;
    below = radius;
  }
  for (const double mass : shown.masses) {
    const double radius = ellipse_radius(mass);
    const Point top{marginal.means()(highest, 0) + radius * covariance[1] / deviation,
                    marginal.means()(highest, 1) + radius * deviation};
    panel.marks.emplace_back(Label{.at = top, .text = percent(mass), .above = true, .movable = false});
  }
}

// The number of a component at its mean, or above an ellipse that it would cover.
Label number_of(const Panel& panel, const Mixture& marginal, const Shown& shown, std::size_t k) {
  const double radius = ellipse_radius(shown.masses.back());
  const double half_width = radius * std::sqrt(marginal.variance(k, 0));
  const double half_height = radius * std::sqrt(marginal.variance(k, 1));
  const bool small =
      half_width < kLabelRoom * (panel.x.high - panel.x.low) && half_height < kLabelRoom * (panel.y.high - panel.y.low);
  const Point mean{marginal.means()(k, 0), marginal.means()(k, 1)};
  return {.at = {mean.x, small ? mean.y + half_height : mean.y},
          .text = fmt::format("{}", k),
          .above = small,
          .stands_for = Spot{mean, of_component(k)}};
}

void add_ellipses(Panel& panel, const Mixture& marginal, const Shown& shown, const PlaneLayers& layers) {
  const std::vector<std::size_t> drawn = drawn_components(marginal);
  for (const std::size_t k : drawn) {
    const Point mean{marginal.means()(k, 0), marginal.means()(k, 1)};
    for (const double mass : shown.masses) {
      panel.marks.emplace_back(
          Ellipse{mean, covariance_of(marginal, k), ellipse_radius(mass), of_component(k), layers.filled});
    }
  }
  if (!layers.labels) return;
  for (const std::size_t k : drawn) panel.marks.emplace_back(number_of(panel, marginal, shown, k));
  add_masses(panel, marginal, shown);
}

}  // namespace

Panel plane(const Shown& shown, const PlaneLayers& layers, PlaneFacts& facts) {
  const bool has_mixture = shown.mixture != nullptr;
  const std::optional<Mixture> marginal = has_mixture ? std::optional(shown.marginal()) : std::nullopt;
  const Interval across = shown_range(shown, has_mixture ? &*marginal : nullptr, 0);
  const Interval up = shown_range(shown, has_mixture ? &*marginal : nullptr, 1);
  Panel panel{"", {shown.axes[0].name, across.low, across.high}, {shown.axes[1].name, up.low, up.high}, {}};
  if (layers.posterior) add_posterior(panel, *marginal, across, up, shown.n_threads);
  if (layers.areas) facts.n_missed = std::max(facts.n_missed, add_areas(panel, *marginal, shown, layers.grid));
  if (layers.rows && shown.rows != nullptr) {
    const ScatterPanel wanted{shown.axes[0], shown.axes[1], across, up};
    Scatter made = scatter(*shown.rows, {&wanted, 1});
    panel.marks.push_back(std::move(made.marks[0]));
    facts.rows = made.note;
  }
  if (layers.ellipses) add_ellipses(panel, *marginal, shown, layers);
  return panel;
}

}  // namespace mogul
