// Figures of one coordinate: curves over the values of a feature.
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "mogul/score.hpp"
#include "report/figure/geometry.hpp"
#include "report/figure/shown.hpp"

namespace mogul {
namespace {

constexpr std::size_t kGrid = 400;  // points of a curve over the whole range
constexpr double kFarthest = 5;     // standard deviations about a mean that a curve follows closely

// Points along the axis: close enough to each other for broad components and for narrow ones.
std::vector<double> curve_points(const Mixture& marginal, const Interval& range) {
  std::vector<double> x;
  for (std::size_t i = 0; i <= kGrid; ++i) {
    x.push_back(range.low + static_cast<double>(i) / kGrid * (range.high - range.low));
  }
  const std::size_t per_component = std::clamp<std::size_t>(6000 / marginal.n_components(), 6, 60);
  for (std::size_t k = 0; k < marginal.n_components(); ++k) {
    const double deviation = std::sqrt(marginal.variance(k, 0));
    for (std::size_t i = 0; i <= per_component; ++i) {
      const double z = kFarthest * (2 * static_cast<double>(i) / static_cast<double>(per_component) - 1);
      const double at = marginal.means()(k, 0) + z * deviation;
      if (at > range.low && at < range.high) x.push_back(at);
    }
  }
  std::ranges::sort(x);
  x.erase(std::unique(x.begin(), x.end()), x.end());
  return x;
}

Matrix as_rows(const std::vector<double>& x) { return {x.size(), 1, x}; }

Curve mixture_curve(const Mixture& marginal, const Interval& range, unsigned n_threads) {
  Curve curve{{}, ink()};
  const std::vector<double> x = curve_points(marginal, range);
  const std::vector<double> log_density = log_densities(marginal, as_rows(x), n_threads);
  for (std::size_t i = 0; i < x.size(); ++i) curve.points.push_back({x[i], std::exp(log_density[i])});
  return curve;
}

// pi_k N(x | mu_k, sigma_k), where it differs from zero.
Curve component_curve(const Mixture& marginal, std::size_t k, const Interval& range) {
  Curve curve{{}, of_component(k)};
  const double deviation = std::sqrt(marginal.variance(k, 0));
  const double peak = marginal.weights()[k] / (deviation * std::sqrt(2 * M_PI));
  const Interval reach{std::max(range.low, marginal.means()(k, 0) - kFarthest * deviation),
                       std::min(range.high, marginal.means()(k, 0) + kFarthest * deviation)};
  constexpr std::size_t kPoints = 120;
  for (std::size_t i = 0; reach.low < reach.high && i <= kPoints; ++i) {
    const double x = reach.low + static_cast<double>(i) / kPoints * (reach.high - reach.low);
    const double z = (x - marginal.means()(k, 0)) / deviation;
    curve.points.push_back({x, peak * std::exp(-0.5 * z * z)});
  }
  return curve;
}

// The number of each component where it is highest.
void add_numbers(Panel& panel, const Mixture& marginal) {
  for (std::size_t k = 0; k < marginal.n_components(); ++k) {
    if (marginal.weights()[k] == 0) continue;
    const double peak = marginal.weights()[k] / std::sqrt(2 * M_PI * marginal.variance(k, 0));
    panel.marks.emplace_back(Label{{marginal.means()(k, 0), peak}, fmt::format("{}", k), true});
  }
}

double highest(const Panel& panel) {
  double high = 0;
  for (const Mark& mark : panel.marks) {
    if (const Curve* curve = std::get_if<Curve>(&mark)) {
      for (const Point& point : curve->points) high = std::max(high, point.y);
    } else if (const Bars* bars = std::get_if<Bars>(&mark)) {
      for (const double height : bars->heights) high = std::max(high, height);
    }
  }
  return high > 0 ? high : 1;
}

Panel density_panel(const Shown& shown, const Interval& range) {
  return {"", {shown.axes[0].name, range.low, range.high}, {"density", 0, 1}, {}};
}

void add_rug(Panel& panel, const Shown& shown) {
  if (shown.rows == nullptr) return;
  if (std::optional<Rug> marks = rug(*shown.rows, shown.axes[0], shown.most_rug))
    panel.marks.emplace_back(std::move(*marks));
}

void add_rows(Panel& panel, const Shown& shown) {
  if (shown.rows == nullptr) return;
  panel.marks.emplace_back(histogram(*shown.rows, shown.axes[0], shown.row_ranges[0]));
  add_rug(panel, shown);
}

// The area below a curve where it exceeds a level; its edges lie where the line between two points crosses it.
Region area_above(const Curve& curve, double level, double opacity) {
  Region region{{}, muted(), opacity};
  std::vector<Point> ring;
  const auto end_ring = [&] {
    if (ring.size() > 1) {
      const double last = ring.back().x;
      ring.insert(ring.end(), {{last, 0}, {ring.front().x, 0}});
      region.rings.push_back(ring);
    }
    ring.clear();
  };
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    const Point& point = curve.points[i];
    const bool inside = point.y >= level;
    if (i > 0 && inside != (curve.points[i - 1].y >= level)) {
      const Point& before = curve.points[i - 1];
      ring.push_back({before.x + (level - before.y) / (point.y - before.y) * (point.x - before.x), level});
    }
    if (inside) ring.push_back(point);
    if (!inside) end_ring();
  }
  end_ring();
  return region;
}

Panel finished(Panel panel) {
  panel.y.high = 1.1 * highest(panel);
  return panel;
}

// The middle of where a curve is nearly as high as anywhere.
Point middle_of_top(const Curve& curve) {
  const double top = std::ranges::max_element(curve.points, {}, &Point::y)->y;
  double first = curve.points.back().x;
  double last = curve.points.front().x;
  for (const Point& point : curve.points) {
    if (point.y < 0.95 * top) continue;
    first = std::min(first, point.x);
    last = std::max(last, point.x);
  }
  return {0.5 * (first + last), top};
}

// Responsibilities along the axis, from the marginal.
struct Posterior {
  std::vector<double> x;
  Matrix r;
};
Posterior posterior_along(const Mixture& marginal, const Interval& range, unsigned n_threads) {
  std::vector<double> x = curve_points(marginal, range);
  Matrix r = responsibilities(marginal, as_rows(x), n_threads);
  return {std::move(x), std::move(r)};
}

}  // namespace

Panel rows_along_line(const Shown& shown) {
  Panel panel = density_panel(shown, shown_range(shown, nullptr, 0));
  add_rows(panel, shown);
  return finished(std::move(panel));
}

Panel density_along_line(const Shown& shown) {
  const Mixture marginal = shown.marginal();
  const Interval range = shown_range(shown, &marginal, 0);
  Panel panel = density_panel(shown, range);
  add_rows(panel, shown);
  panel.marks.emplace_back(mixture_curve(marginal, range, shown.n_threads));
  for (std::size_t k = 0; k < marginal.n_components(); ++k) {  // on top: far from the others a component is the mixture
    Curve curve = component_curve(marginal, k, range);
    curve.stroke = Curve::Stroke::dashed;
    panel.marks.emplace_back(std::move(curve));
  }
  add_numbers(panel, marginal);
  return finished(std::move(panel));
}

Panel areas_along_line(const Shown& shown) {
  const Mixture marginal = shown.marginal();
  const Interval range = shown_range(shown, &marginal, 0);
  Panel panel = density_panel(shown, range);
  Curve whole = mixture_curve(marginal, range, shown.n_threads);
  const std::vector<double> levels = highest_density_levels(marginal, shown.masses, shown.n_threads);
  for (std::size_t i = levels.size(); i-- > 0;) {  // the widest first; they lie on each other
    panel.marks.emplace_back(area_above(whole, std::exp(levels[i]), area_opacity(levels.size())));
  }
  panel.marks.emplace_back(std::move(whole));
  add_rug(panel, shown);
  return finished(std::move(panel));
}

Panel components_along_line(const Shown& shown) {
  const Mixture marginal = shown.marginal();
  const Interval range = shown_range(shown, &marginal, 0);
  Panel panel = density_panel(shown, range);
  for (std::size_t k = 0; k < marginal.n_components(); ++k) {
    Curve curve = component_curve(marginal, k, range);
    curve.filled = true;
    panel.marks.emplace_back(std::move(curve));
  }
  add_numbers(panel, marginal);
  return finished(std::move(panel));
}

Panel responsibilities_along_line(const Shown& shown) {
  const Mixture marginal = shown.marginal();
  const Interval range = shown_range(shown, &marginal, 0);
  Panel panel{"", {shown.axes[0].name, range.low, range.high}, {"responsibility", 0, 1.1}, {}};
  const auto [x, r] = posterior_along(marginal, range, shown.n_threads);
  add_rug(panel, shown);
  for (std::size_t k = 0; k < marginal.n_components(); ++k) {
    if (marginal.weights()[k] == 0) continue;
    Curve curve{{}, of_component(k)};
    for (std::size_t i = 0; i < x.size(); ++i) curve.points.push_back({x[i], r(i, k)});
    panel.marks.emplace_back(Label{middle_of_top(curve), fmt::format("{}", k), true});
    panel.marks.emplace_back(std::move(curve));
  }
  return panel;
}

Panel uncertainty_along_line(const Shown& shown) {
  const Mixture marginal = shown.marginal();
  const Interval range = shown_range(shown, &marginal, 0);
  Panel panel{"", {shown.axes[0].name, range.low, range.high}, {"1 - largest responsibility", 0, 1}, {}};
  const auto [x, r] = posterior_along(marginal, range, shown.n_threads);
  Curve curve{{}, ink()};
  for (std::size_t i = 0; i < x.size(); ++i) curve.points.push_back({x[i], 1 - *std::ranges::max_element(r.row(i))});
  panel.marks.emplace_back(std::move(curve));
  add_rug(panel, shown);
  panel.y.high = std::max(0.05, 1.1 * highest(panel));
  return panel;
}

}  // namespace mogul
