// Figures of one coordinate: curves over the values of a feature.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

#include <fmt/format.h>

#include "mogul/score.hpp"
#include "report/figure/geometry.hpp"
#include "report/figure/shown.hpp"

namespace mogul {
namespace {

constexpr std::size_t kGrid = 400;             // points of a curve over the whole range
constexpr std::size_t kComponentPoints = 120;  // of a component's own curve
constexpr double kFarthest = 5;                // standard deviations about a mean that a curve follows closely
constexpr double kAbove = 1.1;                 // the axis ends at this multiple of the highest mark
constexpr double kLeastUncertainty = 0.05;     // where the axis of uncertainties ends at least

/// The mixture along the axis of the picture.
struct Line {
  explicit Line(const Shown& what) : shown(what), marginal(what.marginal()), range(shown_range(what, &marginal, 0)) {}

  const Shown& shown;
  Mixture marginal;
  Interval range;
};

// n + 1 values from low to high.
std::vector<double> evenly(double low, double high, std::size_t n) {
  std::vector<double> values;
  for (std::size_t i = 0; i <= n; ++i)
    values.push_back(low + static_cast<double>(i) / static_cast<double>(n) * (high - low));
  return values;
}

// Points along the axis: close enough to each other for broad components and for narrow ones.
std::vector<double> curve_points(const Line& line) {
  std::vector<double> x = evenly(line.range.low, line.range.high, kGrid);
  const std::size_t per_component = std::clamp<std::size_t>(6000 / line.marginal.n_components(), 6, 60);
  for (std::size_t k = 0; k < line.marginal.n_components(); ++k) {
    const double deviation = std::sqrt(line.marginal.variance(k, 0));
    for (const double z : evenly(-kFarthest, kFarthest, per_component)) {
      const double at = line.marginal.means()(k, 0) + z * deviation;
      if (at > line.range.low && at < line.range.high) x.push_back(at);
    }
  }
  std::ranges::sort(x);
  x.erase(std::unique(x.begin(), x.end()), x.end());
  return x;
}

Matrix as_rows(const std::vector<double>& x) { return {x.size(), 1, x}; }

Curve mixture_curve(const Line& line) {
  Curve curve{{}, ink()};
  const std::vector<double> x = curve_points(line);
  const std::vector<double> log_density = log_densities(line.marginal, as_rows(x), line.shown.n_threads);
  for (std::size_t i = 0; i < x.size(); ++i) curve.points.push_back({x[i], std::exp(log_density[i])});
  return curve;
}

// pi_k N(mu_k | mu_k, sigma_k), the top of a weighted component.
double peak_of(const Mixture& marginal, std::size_t k) {
  return marginal.weights()[k] / std::sqrt(2 * M_PI * marginal.variance(k, 0));
}

// pi_k N(x | mu_k, sigma_k), where it differs from zero.
Curve component_curve(const Line& line, std::size_t k) {
  Curve curve{{}, of_component(k)};
  const double mean = line.marginal.means()(k, 0);
  const double deviation = std::sqrt(line.marginal.variance(k, 0));
  const Interval reach{std::max(line.range.low, mean - kFarthest * deviation),
                       std::min(line.range.high, mean + kFarthest * deviation)};
  if (!(reach.low < reach.high)) return curve;
  for (const double x : evenly(reach.low, reach.high, kComponentPoints)) {
    const double z = (x - mean) / deviation;
    curve.points.push_back({x, peak_of(line.marginal, k) * std::exp(-0.5 * z * z)});
  }
  return curve;
}

// The weighted components in the style of `look`, each with its number where it is highest.
void add_components(Panel& panel, const Line& line, const Curve& look) {
  for (const std::size_t k : drawn_components(line.marginal)) {
    Curve curve = component_curve(line, k);
    curve.stroke = look.stroke;
    curve.filled = look.filled;
    panel.marks.emplace_back(std::move(curve));
    panel.marks.emplace_back(
        Label{{line.marginal.means()(k, 0), peak_of(line.marginal, k)}, fmt::format("{}", k), true});
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

Panel panel_of(const Shown& shown, const Interval& range, const char* heights) {
  return {"", {shown.axes[0].name, range.low, range.high}, {heights, 0, 1}, {}};
}

Panel finished(Panel panel, double least_high = 0) {
  panel.y.high = std::max(least_high, kAbove * highest(panel));
  return panel;
}

void add_rug(Panel& panel, const Shown& shown) {
  if (shown.rows == nullptr) return;
  if (std::optional<Rug> marks = rug(*shown.rows, shown.axes[0], shown.most_rug))
    panel.marks.emplace_back(std::move(*marks));
}

void add_rows(Panel& panel, const Shown& shown) {
  if (shown.rows == nullptr) return;
  panel.marks.emplace_back(histogram(*shown.rows, shown.axes[0], shown.row_ranges[0], {panel.x.low, panel.x.high}));
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

// Shows the responsibilities at each point in turn; those of very many components at all points would not fit in
// memory.
void visit_responsibilities(const Line& line, const std::vector<double>& x, const auto& visit) {
  constexpr std::size_t kBlock = 1024;
  for (std::size_t first = 0; first < x.size(); first += kBlock) {
    const auto begin = x.begin() + static_cast<std::ptrdiff_t>(first);
    const std::vector<double> block(begin, begin + static_cast<std::ptrdiff_t>(std::min(kBlock, x.size() - first)));
    const Matrix r = responsibilities(line.marginal, as_rows(block), line.shown.n_threads);
    for (std::size_t i = 0; i < block.size(); ++i) visit(block[i], r.row(i));
  }
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

}  // namespace

Panel rows_along_line(const Shown& shown) {
  Panel panel = panel_of(shown, shown_range(shown, nullptr, 0), "density");
  add_rows(panel, shown);
  return finished(std::move(panel));
}

Panel density_along_line(const Shown& shown) {
  const Line line(shown);
  Panel panel = panel_of(shown, line.range, "density");
  add_rows(panel, shown);
  panel.marks.emplace_back(mixture_curve(line));
  // On top: far from the others a component is the mixture.
  add_components(panel, line, {.stroke = Curve::Stroke::dashed});
  return finished(std::move(panel));
}

Panel areas_along_line(const Shown& shown) {
  const Line line(shown);
  Panel panel = panel_of(shown, line.range, "density");
  Curve whole = mixture_curve(line);
  const std::vector<double> levels = highest_density_levels(line.marginal, shown.masses, shown.n_threads);
  for (std::size_t i = levels.size(); i-- > 0;) {  // the widest first; they lie on each other
    panel.marks.emplace_back(area_above(whole, std::exp(levels[i]), area_opacity(levels.size())));
  }
  panel.marks.emplace_back(std::move(whole));
  add_rug(panel, shown);
  return finished(std::move(panel));
}

Panel components_along_line(const Shown& shown) {
  const Line line(shown);
  Panel panel = panel_of(shown, line.range, "density");
  add_rows(panel, shown);
  add_components(panel, line, {.filled = true});
  return finished(std::move(panel));
}

Panel responsibilities_along_line(const Shown& shown) {
  const Line line(shown);
  Panel panel = panel_of(shown, line.range, "responsibility");
  panel.y.high = kAbove;
  const std::vector<double> x = curve_points(line);
  add_rug(panel, shown);
  const std::vector<std::size_t> drawn = drawn_components(line.marginal);
  std::vector<Curve> curves;
  curves.reserve(drawn.size());
  for (const std::size_t k : drawn) curves.push_back({{}, of_component(k)});
  visit_responsibilities(line, x, [&](double at, std::span<const double> r) {
    for (std::size_t i = 0; i < drawn.size(); ++i) curves[i].points.push_back({at, r[drawn[i]]});
  });
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    panel.marks.emplace_back(Label{middle_of_top(curves[i]), fmt::format("{}", drawn[i]), true});
    panel.marks.emplace_back(std::move(curves[i]));
  }
  return panel;
}

Panel uncertainty_along_line(const Shown& shown) {
  const Line line(shown);
  Panel panel = panel_of(shown, line.range, "1 - largest responsibility");
  const std::vector<double> x = curve_points(line);
  Curve curve{{}, ink()};
  visit_responsibilities(line, x, [&curve](double at, std::span<const double> r) {
    curve.points.push_back({at, 1 - *std::ranges::max_element(r)});
  });
  panel.marks.emplace_back(std::move(curve));
  add_rug(panel, shown);
  return finished(std::move(panel), kLeastUncertainty);
}

}  // namespace mogul
