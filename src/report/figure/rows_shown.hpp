// What pictures need of rows: ranges, histograms, and the rows themselves, one by one or, where they are many, as
// counts in the cells of a grid. Each function is one pass over the rows in chunks.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/mixture.hpp"
#include "report/figure/figure.hpp"
#include "report/figure/projection.hpp"
#include "report/figure/ticks.hpp"

namespace mogul {

/// What a row is coloured by.
enum class RowColour { none, responsibilities, uncertainty };

/// Rows under the model that colours them.
struct RowsShown {
  DataView data;
  const Mixture* mixture = nullptr;  ///< of all features; null: rows alone
  RowColour colour = RowColour::none;
  unsigned n_threads = 0;
};

/// A chunk of rows as a callback sees it.
struct RowChunk {
  std::size_t first;        ///< number of its first row
  Matrix x;                 ///< (n, D)
  Matrix responsibilities;  ///< (n, K); (0, 0) where no colour asks for them
};
void for_each_chunk(const RowsShown& rows, const std::function<void(const RowChunk&)>& show);

/// The smallest and the largest value of each shown coordinate among the rows of positive weight.
std::vector<Interval> ranges(const RowsShown& rows, const Projection& axes);

/// Bars whose total area is one, on edges at round numbers; a single bar about values that are all equal.
/// @param values  of the rows of positive weight
/// @param shown   the range of the picture, of which a single bar takes a share
Bars histogram(const RowsShown& rows, const ShownAxis& axis, const Interval& values, const Interval& shown);

/// From the first edge of these bars to the last. A single bar fits into any picture that shows its values.
Interval bars_reach(const RowsShown& rows, const Interval& values);

/// One panel of a scatter plot: its coordinates and their ranges.
struct ScatterPanel {
  ShownAxis x, y;
  Interval x_range, y_range;
};
/// Rows of several panels, in one pass.
struct Scatter {
  std::vector<Mark> marks;  ///< one per panel: Dots or Cells
  std::string note;         ///< how rows were put together in cells; empty where each is drawn
};
Scatter scatter(const RowsShown& rows, std::span<const ScatterPanel> panels);

/// Where rows lie along an axis; nothing where they are more than `most`, too many to be told apart.
std::optional<Rug> rug(const RowsShown& rows, const ShownAxis& axis, std::size_t most);

}  // namespace mogul
