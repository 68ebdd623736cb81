// What a figure is asked to show: a mixture, rows or both, in the coordinates of the picture.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "mogul/mixture.hpp"
#include "mogul/plot.hpp"
#include "report/figure/figure.hpp"
#include "report/figure/projection.hpp"
#include "report/figure/rows_shown.hpp"

namespace mogul {

/// Components of less weight decide neither the range of an axis nor where labels go.
inline constexpr double kWithoutWeight = 1e-6;

/// Of more components the legend names none, and ellipses have no masses beside them.
inline constexpr std::size_t kMostNamed = 8;

struct Shown {
  Projection axes;
  const Mixture* mixture = nullptr;       ///< of all features; null: rows alone
  const RowsShown* rows = nullptr;        ///< null: the mixture alone
  std::vector<Interval> row_ranges = {};  ///< one per axis, where there are rows
  bool has_bars = false;                  ///< whether rows are drawn as histograms along the axes
  std::vector<double> masses = {};        ///< of ellipses and areas, ascending
  std::size_t most_rug = 2000;            ///< rows that are marked along an axis
  unsigned n_threads = 0;

  /// The same, of some of the axes.
  Shown along(std::span<const std::size_t> chosen) const;
  /// The exact marginal in the shown coordinates.
  Mixture marginal() const { return projected(*mixture, axes); }
  bool is_marginal() const { return mixture != nullptr && axes.size() < mixture->n_features(); }
};

/// From the smallest to the largest value along an axis that a picture has room for: the rows, the bars of their
/// histogram, and three standard deviations about the mean of each component, or its largest ellipse.
/// @param marginal  of the shown coordinates; null where there is no mixture
Interval shown_range(const Shown& shown, const Mixture* marginal, std::size_t axis);

/// How opaque each of n areas that lie on each other is.
double area_opacity(std::size_t n);

/// "39.3 %"; a share below one never reads 100 %.
std::string percent(double share);
/// "39.3, 86.5 and 98.9 %".
std::string percents(std::span<const double> shares);

/// The components that are drawn one by one, ascending: those of weight, of very many the heaviest.
std::vector<std::size_t> drawn_components(const Mixture& mixture);
/// A sentence about those that are not; empty where there are none.
std::string left_out_note(const Mixture& mixture);

/// What tells the components apart in a legend.
std::vector<LegendEntry> component_entries(const Mixture& mixture, LegendEntry::Sample sample);

// --- One coordinate: line.cpp ---------------------------------------------------------------------------------------

Panel rows_along_line(const Shown& shown);              ///< a histogram and marks for the rows
Panel density_along_line(const Shown& shown);           ///< rows below, weighted components dashed, the mixture solid
Panel areas_along_line(const Shown& shown);             ///< the mixture over its intervals of highest density
Panel components_along_line(const Shown& shown);        ///< the weighted components, filled
Panel responsibilities_along_line(const Shown& shown);  ///< the posterior of each component against x
Panel uncertainty_along_line(const Shown& shown);       ///< one minus the largest responsibility against x

// --- Two coordinates: plane.cpp -------------------------------------------------------------------------------------

/// What is drawn in the plane, from the bottom to the top.
struct PlaneLayers {
  bool areas = false;      ///< regions of highest density
  bool posterior = false;  ///< at each point of the plane the colour of its responsibilities
  bool rows = false;
  bool ellipses = false;
  bool filled = false;     ///< ellipses are filled
  bool labels = true;      ///< numbers of the components, masses of the ellipses
  std::size_t grid = 120;  ///< lines of the grid that areas are found on, in either direction
};
/// What must be said below the picture.
struct PlaneFacts {
  std::string rows = {};     ///< of the rows, if anything
  std::size_t n_missed = 0;  ///< components that are too narrow to be seen in the areas
};
/// @param facts  of this panel and those before it
Panel plane(const Shown& shown, const PlaneLayers& layers, PlaneFacts& facts);

// --- More: pairs.cpp ------------------------------------------------------------------------------------------------

/// A matrix of panels: each coordinate on the diagonal, rows and ellipses of each pair below, areas above.
/// @param facts  receives what its panels leave out
Figure pairs(const Shown& shown, PlaneFacts& facts);

// --- Of a fit: history.cpp ------------------------------------------------------------------------------------------

/// The log-likelihood, or its negative, against iterations; a curve per restart.
Figure history_figure(std::span<const LikelihoodCurve> histories, bool negative);

}  // namespace mogul
