#include "report/figure/rows_shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "mogul/score.hpp"

namespace mogul {
namespace {

constexpr std::size_t kChunk = 1 << 16;  // rows
constexpr std::size_t kMostDots = 6000;  // in all panels of a picture: some 340 kB
constexpr double kLeastOpacity = 0.3;    // of a cell that holds rows at all
constexpr double kSingleBar = 0.2;       // of the picture's width: rows of one value

constexpr Rgb kCertain{130, 140, 150};
constexpr Rgb kUncertain{200, 60, 0};

// Colour of a row, or of a cell, of which the responsibilities are the mean over its rows.
Colour colour_of(RowColour by, std::span<const double> responsibilities) {
  if (by == RowColour::none) return ink();
  if (by == RowColour::responsibilities) return mixed(responsibilities);
  const double uncertainty = 1 - *std::ranges::max_element(responsibilities);
  const auto between = [uncertainty](std::uint8_t a, std::uint8_t b) {
    return static_cast<std::uint8_t>(std::lround(a + std::min(1.0, 2 * uncertainty) * (b - a)));
  };
  return {Colour::Kind::mixed,
          0,
          {between(kCertain.red, kUncertain.red), between(kCertain.green, kUncertain.green),
           between(kCertain.blue, kUncertain.blue)}};
}

// Area in proportion to the weight, within what can be seen.
double size_of(double weight, double mean_weight) { return std::clamp(std::sqrt(weight / mean_weight), 0.4, 3.0); }

double mean_weight(const DataView& data) {
  double sum = 0;
  std::size_t n = 0;
  for (const double weight : data.weights()) {
    sum += weight;
    n += weight > 0 ? 1 : 0;
  }
  return n == 0 ? 1 : sum / static_cast<double>(n);
}

std::size_t bin_of(double value, const Interval& range, std::size_t n) {
  const double share = (value - range.low) / (range.high - range.low);
  return std::min(n - 1, static_cast<std::size_t>(std::max(0.0, share * static_cast<double>(n))));
}

// Sums of one panel's cells, row by row of the grid.
class CellSums {
 public:
  CellSums(const ScatterPanel& panel, std::size_t bins, std::size_t n_components)
      : panel_(panel),
        bins_(bins),
        n_components_(n_components),
        weights_(bins * bins),
        shares_(bins * bins * n_components) {}

  void add(std::span<const double> row, double weight, std::span<const double> responsibilities) {
    const std::size_t cell =
        bin_of(panel_.y.of(row), panel_.y_range, bins_) * bins_ + bin_of(panel_.x.of(row), panel_.x_range, bins_);
    weights_[cell] += weight;
    for (std::size_t k = 0; k < n_components_; ++k) shares_[cell * n_components_ + k] += weight * responsibilities[k];
  }

  Cells cells(RowColour by) const {
    const double largest = *std::ranges::max_element(weights_);
    const auto edge = [this](const Interval& range, std::size_t i) {
      return range.low + static_cast<double>(i) / static_cast<double>(bins_) * (range.high - range.low);
    };
    Cells made{.cells = {}, .outlined = true};
    std::vector<double> mean(n_components_);
    for (std::size_t cell = 0; cell < weights_.size(); ++cell) {
      if (!(weights_[cell] > 0)) continue;
      for (std::size_t k = 0; k < n_components_; ++k) mean[k] = shares_[cell * n_components_ + k] / weights_[cell];
      const std::size_t i = cell % bins_;
      const std::size_t j = cell / bins_;
      const double opacity = kLeastOpacity + (1 - kLeastOpacity) * std::sqrt(weights_[cell] / largest);
      made.cells.push_back({{edge(panel_.x_range, i), edge(panel_.y_range, j)},
                            {edge(panel_.x_range, i + 1), edge(panel_.y_range, j + 1)},
                            colour_of(by, mean),
                            opacity});
    }
    return made;
  }

 private:
  const ScatterPanel& panel_;
  std::size_t bins_;
  std::size_t n_components_;
  std::vector<double> weights_;
  std::vector<double> shares_;
};

// Of each axis: as many as leave the picture of so many panels well below 2 MB.
std::size_t bins_for(std::size_t n_panels) {
  constexpr double kMostCells = 9000;
  return static_cast<std::size_t>(std::clamp(std::sqrt(kMostCells / static_cast<double>(n_panels)), 10.0, 80.0));
}

Scatter scatter_cells(const RowsShown& rows, std::span<const ScatterPanel> panels) {
  const std::size_t bins = bins_for(panels.size());
  const std::size_t k = rows.colour == RowColour::none ? 0 : rows.mixture->n_components();
  std::vector<CellSums> sums;
  for (const ScatterPanel& panel : panels) sums.emplace_back(panel, bins, k);
  for_each_chunk(rows, [&](const RowChunk& chunk) {
    for (std::size_t i = 0; i < chunk.x.rows(); ++i) {
      const double weight = rows.data.weight(chunk.first + i);
      const std::span<const double> r = k == 0 ? std::span<const double>() : chunk.responsibilities.row(i);
      for (CellSums& sum : sums) sum.add(chunk.x.row(i), weight, r);
    }
  });
  Scatter made{{},
               fmt::format("{} rows are shown as counts in {} x {} cells, darker where there are more",
                           rows.data.rows(), bins, bins)};
  for (const CellSums& sum : sums) made.marks.push_back(sum.cells(rows.colour));
  return made;
}

Scatter scatter_dots(const RowsShown& rows, std::span<const ScatterPanel> panels) {
  const bool coloured = rows.colour != RowColour::none;
  std::vector<Dots> dots(panels.size());
  if (!coloured) std::ranges::fill(dots, Dots{{}, {ink()}});
  const double usual = mean_weight(rows.data);
  for_each_chunk(rows, [&](const RowChunk& chunk) {
    for (std::size_t i = 0; i < chunk.x.rows(); ++i) {
      const double weight = rows.data.weight(chunk.first + i);
      if (weight == 0) continue;
      const Colour colour = coloured ? colour_of(rows.colour, chunk.responsibilities.row(i)) : ink();
      for (std::size_t p = 0; p < panels.size(); ++p) {
        dots[p].points.push_back({panels[p].x.of(chunk.x.row(i)), panels[p].y.of(chunk.x.row(i))});
        if (coloured) dots[p].colours.push_back(colour);
        if (rows.data.weighted()) dots[p].sizes.push_back(size_of(weight, usual));
      }
    }
  });
  Scatter made;
  for (Dots& mark : dots) made.marks.emplace_back(std::move(mark));
  if (rows.data.weighted()) made.note = "the area of a row's mark grows with its weight";
  return made;
}

// Bars at multiples of a round width, about as many as 2 n^(1/3) (Rice): 0.6 to 1.6 times that.
std::vector<double> round_edges(const Interval& range, std::size_t n) {
  const double wanted = 1.6 * std::clamp(2 * std::cbrt(static_cast<double>(n)), 5.0, 100.0);
  const std::vector<Tick> at = ticks(range.low, range.high, static_cast<std::size_t>(wanted)).marks;
  if (at.size() < 2) return {range.low, range.high};
  const double step = at[1].value - at[0].value;
  std::vector<double> edges;
  if (range.low < at.front().value) edges.push_back(at.front().value - step);
  for (const Tick& tick : at) edges.push_back(tick.value);
  if (range.high >= edges.back()) edges.push_back(edges.back() + step);
  return edges;
}

// One bar in the middle of equal values, as wide as can be seen, and within the picture.
std::vector<double> single_bar(const Interval& values, const Interval& shown) {
  const double middle = values.low + 0.5 * (values.high - values.low);
  const double room = std::min(middle - shown.low, shown.high - middle);
  const double half = std::max(std::min(0.5 * kSingleBar * (shown.high - shown.low), room), values.high - values.low);
  return {middle - half, middle + half};
}

}  // namespace

void for_each_chunk(const RowsShown& rows, const std::function<void(const RowChunk&)>& show) {
  for (std::size_t first = 0; first < rows.data.rows(); first += kChunk) {
    RowChunk chunk{first, Matrix(std::min(kChunk, rows.data.rows() - first), rows.data.cols()), {}};
    for (std::size_t i = 0; i < chunk.x.rows(); ++i) {
      for (std::size_t d = 0; d < chunk.x.cols(); ++d) chunk.x(i, d) = rows.data.value(first + i, d);
    }
    if (rows.colour != RowColour::none)
      chunk.responsibilities = responsibilities(*rows.mixture, chunk.x, rows.n_threads);
    show(chunk);
  }
}

std::vector<Interval> ranges(const RowsShown& rows, const Projection& axes) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::vector<Interval> found(axes.size(), Interval{kInfinity, -kInfinity});
  RowsShown alone = rows;
  alone.colour = RowColour::none;
  for_each_chunk(alone, [&](const RowChunk& chunk) {
    for (std::size_t i = 0; i < chunk.x.rows(); ++i) {
      if (rows.data.weight(chunk.first + i) == 0) continue;
      for (std::size_t a = 0; a < axes.size(); ++a) {
        const double value = axes[a].of(chunk.x.row(i));
        found[a] = {std::min(found[a].low, value), std::max(found[a].high, value)};
      }
    }
  });
  return found;
}

Interval bars_reach(const RowsShown& rows, const Interval& values) {
  if (is_narrow(values)) return values;
  const std::vector<double> edges = round_edges(values, rows.data.rows());
  return {edges.front(), edges.back()};
}

Bars histogram(const RowsShown& rows, const ShownAxis& axis, const Interval& values, const Interval& shown) {
  Bars bars{is_narrow(values) ? single_bar(values, shown) : round_edges(values, rows.data.rows()), {}};
  bars.heights.assign(bars.edges.size() - 1, 0);
  const Interval whole{bars.edges.front(), bars.edges.back()};
  double sum = 0;
  RowsShown alone = rows;
  alone.colour = RowColour::none;
  for_each_chunk(alone, [&](const RowChunk& chunk) {
    for (std::size_t i = 0; i < chunk.x.rows(); ++i) {
      const double weight = rows.data.weight(chunk.first + i);
      bars.heights[bin_of(axis.of(chunk.x.row(i)), whole, bars.heights.size())] += weight;
      sum += weight;
    }
  });
  for (std::size_t i = 0; i < bars.heights.size(); ++i) bars.heights[i] /= sum * (bars.edges[i + 1] - bars.edges[i]);
  return bars;
}

Scatter scatter(const RowsShown& rows, std::span<const ScatterPanel> panels) {
  return rows.data.rows() * panels.size() <= kMostDots ? scatter_dots(rows, panels) : scatter_cells(rows, panels);
}

std::optional<Rug> rug(const RowsShown& rows, const ShownAxis& axis, std::size_t most) {
  if (rows.data.rows() > most) return std::nullopt;
  const bool coloured = rows.colour != RowColour::none;
  Rug made;
  if (!coloured) made.colours = {muted()};
  for_each_chunk(rows, [&](const RowChunk& chunk) {
    for (std::size_t i = 0; i < chunk.x.rows(); ++i) {
      if (rows.data.weight(chunk.first + i) == 0) continue;
      made.x.push_back(axis.of(chunk.x.row(i)));
      if (coloured) made.colours.push_back(colour_of(rows.colour, chunk.responsibilities.row(i)));
    }
  });
  return made;
}

}  // namespace mogul
