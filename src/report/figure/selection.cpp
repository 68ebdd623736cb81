#include "report/figure/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "report/figure/ticks.hpp"
#include "report/selection_values.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMostWithNumbers = 10;  // columns of a heat map
constexpr double kInSight = 3;                // times the distance of the median from the best that an axis reaches

// What a selection shows.
struct Values {
  const Selection& selection;
  CriterionSign sign;

  double of(const SelectionCell& cell) const { return shown_value(cell, selection.criterion, sign); }
  bool is_highest_best() const { return shows_highest(selection.criterion, sign); }
  // As far from the best as some of the better half: those beyond are out of sight.
  Interval range() const;
  Interval range_of_bars() const;
};

Interval Values::range() const {
  std::vector<double> all;
  for (const SelectionCell& cell : selection.cells) {
    if (std::isfinite(of(cell))) all.push_back(of(cell));
  }
  std::ranges::sort(all);
  const double best = is_highest_best() ? all.back() : all.front();
  const double far = std::max(kInSight * std::abs(all[all.size() / 2] - best), 1e-9 * std::abs(best));
  return {std::max(all.front(), best - far), std::min(all.back(), best + far)};
}

// Of the values in sight with what is drawn to both sides of them.
Interval Values::range_of_bars() const {
  const Interval in_sight = range();
  Interval bars = in_sight;
  for (const SelectionCell& cell : selection.cells) {
    const double value = of(cell);
    const double spread = spread_of(cell, selection.criterion);
    if (!(value >= in_sight.low && value <= in_sight.high)) continue;
    bars = {std::min(bars.low, value - spread), std::max(bars.high, value + spread)};
  }
  return bars;
}

// After as many families as there are colours, these begin again with dashed lines.
Curve::Stroke stroke_of(std::size_t family) {
  return family < kPaletteSize ? Curve::Stroke::solid : Curve::Stroke::dashed;
}

void add_family(Figure& figure, const Values& values, std::size_t family, std::size_t n_families) {
  std::vector<Mark>& marks = figure.panels.front().marks;
  const Colour colour = of_component(family);
  Curve curve{{}, colour, stroke_of(family)};
  std::size_t n_points = 0;
  const auto end_curve = [&] {
    if (curve.points.size() > 1) marks.emplace_back(curve);
    if (!curve.points.empty()) marks.emplace_back(Dots{curve.points, {colour}});
    n_points += curve.points.size();
    curve.points.clear();
  };
  const std::vector<SelectionCell>& cells = values.selection.cells;
  for (std::size_t i = family; i < cells.size(); i += n_families) {
    const double value = values.of(cells[i]);
    const auto k = static_cast<double>(cells[i].n_components);
    if (!std::isfinite(value)) {
      end_curve();
      continue;
    }
    curve.points.push_back({k, value});
    const double spread = spread_of(cells[i], values.selection.criterion);
    if (spread > 0) marks.emplace_back(Curve{{{k, value - spread}, {k, value + spread}}, colour, Curve::Stroke::thin});
  }
  end_curve();
  if (n_points == 0) return;
  figure.legend.push_back(
      {std::string(cells[family].covariance.name),
       stroke_of(family) == Curve::Stroke::solid ? LegendEntry::Sample::line : LegendEntry::Sample::dashed, colour});
}

// 0 for the worst in sight, 1 for the best.
double goodness(double value, const Interval& range, bool is_highest_best) {
  const double width = range.high - range.low;
  if (!(width > 0)) return 1;
  const double share = std::clamp((value - range.low) / width, 0.0, 1.0);
  return is_highest_best ? share : 1 - share;
}

}  // namespace

Figure criterion_figure(const Selection& selection, CriterionSign sign) {
  const Values values{selection, sign};
  const std::string name = name_of(selection.criterion);
  const auto n_families = families_of(selection).size();
  const auto first = static_cast<double>(selection.cells.front().n_components);
  const auto last = static_cast<double>(selection.cells.back().n_components);
  const Interval range = values.range_of_bars();
  const Interval up = with_room(range.low, range.high, 0.08);
  const double room = 0.05 * std::max(1.0, last - first);
  Figure figure;
  figure.title = fmt::format("{} against K", name);
  figure.panels.push_back({"",
                           {.name = "K, number of components", .low = first - room, .high = last + room, .whole = true},
                           {name, up.low, up.high},
                           {}});
  for (std::size_t family = 0; family < n_families; ++family) add_family(figure, values, family, n_families);
  if (selection.best) {
    const SelectionCell& best = selection.cells[*selection.best];
    const Point at{static_cast<double>(best.n_components), values.of(best)};
    figure.panels.front().marks.emplace_back(Dots{{at}, {ink()}, {1.6}});
    figure.legend.push_back({fmt::format("{}, chosen", name_of(best)), LegendEntry::Sample::dot, ink()});
  }
  std::size_t n_beyond = 0;
  for (const SelectionCell& cell : selection.cells) {
    n_beyond += values.of(cell) < up.low || values.of(cell) > up.high ? 1 : 0;
  }
  if (n_beyond > 0) figure.notes.push_back(fmt::format("{} worse values are beyond the picture", n_beyond));
  if (selection.criterion == Criterion::cv) figure.notes.emplace_back("the bars are one standard error to each side");
  if (selection.criterion == Criterion::stability) {
    figure.notes.emplace_back("the bars are one standard deviation to each side");
  }
  return figure;
}

Figure heat_figure(const Selection& selection, CriterionSign sign) {
  const Values values{selection, sign};
  const auto families = families_of(selection);
  const Interval range = values.range();
  const std::size_t n_columns = selection.cells.size() / families.size();
  const auto width = static_cast<double>(n_columns);
  const auto height = static_cast<double>(families.size());
  Figure figure;
  figure.title = fmt::format("{} of every fit, less that of the best", name_of(selection.criterion));
  const double best = values.is_highest_best() ? range.high : range.low;
  figure.panels.push_back({"",
                           {.name = "K, number of components", .low = -1, .high = width, .ticks = false},
                           {.name = "family", .low = 0, .high = height + 1, .ticks = false},
                           {}});
  std::vector<Mark>& marks = figure.panels.front().marks;
  const auto write = [&marks](double x, double y, std::string text) {
    marks.emplace_back(Label{.at = {x + 0.5, y + 0.5}, .text = std::move(text), .movable = false});
  };
  marks.emplace_back(Cells{});
  std::vector<Cells::Cell> cells;
  for (std::size_t i = 0; i < selection.cells.size(); ++i) {
    const std::size_t column = i / families.size();
    const auto x = static_cast<double>(column);
    const double y = height - 1 - static_cast<double>(i % families.size());
    const double value = values.of(selection.cells[i]);
    if (i == selection.best) {
      marks.emplace_back(Curve{{{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}, {x, y}}, ink()});
    }
    if (std::isfinite(value)) {
      const double good = goodness(value, range, values.is_highest_best());
      cells.push_back({{x, y}, {x + 1, y + 1}, of_component(0), 0.05 + 0.75 * good * good});
    }
    if (n_columns > kMostWithNumbers) continue;
    const int decimals = higher_is_better(selection.criterion) ? 2 : 0;
    if (!std::isfinite(value)) write(x, y, "-");
    if (value >= range.low && value <= range.high) write(x, y, fmt::format("{:.{}f}", value - best, decimals));
  }
  std::get<Cells>(marks.front()).cells = std::move(cells);
  for (std::size_t family = 0; family < families.size(); ++family) {
    write(-1, height - 1 - static_cast<double>(family), std::string(families[family]->name));
  }
  for (std::size_t column = 0; column < n_columns; ++column) {
    write(static_cast<double>(column), height,
          fmt::format("{}", selection.cells[column * families.size()].n_components));
  }
  figure.notes.emplace_back(
      "the darker, the better; the frame is around the one that is chosen; - where there is no value");
  if (n_columns <= kMostWithNumbers) figure.notes.emplace_back("values far from the best have no number");
  return figure;
}

}  // namespace mogul
