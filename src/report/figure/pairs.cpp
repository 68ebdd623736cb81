// A matrix of panels: every pair of the shown coordinates.
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "report/figure/shown.hpp"

namespace mogul {
namespace {

// The panels below the diagonal share one pass over the rows.
Scatter all_scatters(const Shown& shown, const std::vector<Interval>& ranges) {
  std::vector<ScatterPanel> wanted;
  for (std::size_t i = 1; i < shown.axes.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) wanted.push_back({shown.axes[j], shown.axes[i], ranges[j], ranges[i]});
  }
  return scatter(*shown.rows, wanted);
}

Panel diagonal(const Shown& shown, std::size_t i) {
  Shown line = shown.along({&i, 1});
  line.most_rug /= shown.axes.size();  // they are in a smaller panel, and there are more of these
  Panel panel = shown.mixture != nullptr ? density_along_line(line) : rows_along_line(line);
  for (Mark& mark : panel.marks) {  // numbers that have no room at their curve would pile up beside it
    if (Label* label = std::get_if<Label>(&mark)) label->movable = false;
  }
  return panel;
}

}  // namespace

Figure pairs(const Shown& shown, PlaneFacts& facts) {
  const std::size_t m = shown.axes.size();
  const std::optional<Mixture> marginal = shown.mixture != nullptr ? std::optional(shown.marginal()) : std::nullopt;
  std::vector<Interval> ranges;
  for (std::size_t i = 0; i < m; ++i) ranges.push_back(shown_range(shown, marginal ? &*marginal : nullptr, i));
  Scatter rows;
  if (shown.rows != nullptr) rows = all_scatters(shown, ranges);
  Figure figure;
  figure.columns = m;
  for (std::size_t i = 0, below = 0; i < m; ++i) {
    for (std::size_t j = 0; j < m; ++j) {
      const std::array<std::size_t, 2> pair{j, i};
      Panel panel;
      if (i == j) {
        panel = diagonal(shown, i);
      } else if (shown.mixture != nullptr) {
        const PlaneLayers layers = j < i ? PlaneLayers{.ellipses = true, .labels = false}
                                         : PlaneLayers{.areas = true, .labels = false, .grid = 60};
        panel = plane(shown.along(pair), layers, facts);
      } else {
        panel = {"",
                 {shown.axes[j].name, ranges[j].low, ranges[j].high},
                 {shown.axes[i].name, ranges[i].low, ranges[i].high},
                 {}};
      }
      if (j < i && shown.rows != nullptr) panel.marks.insert(panel.marks.begin(), std::move(rows.marks[below++]));
      panel.x.shown = i + 1 == m;
      panel.y.shown = j == 0;
      if (i == 0 && j == 0) {  // its heights are densities, but its row is that of the first feature
        panel.y.name = shown.axes[0].name;
        panel.y.ticks = false;
      }
      figure.panels.push_back(std::move(panel));
    }
  }
  facts.rows = rows.note;
  return figure;
}

}  // namespace mogul
