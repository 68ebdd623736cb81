// Pictures of mixtures and rows, as SVG.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/mixture.hpp"
#include "mogul/report.hpp"

namespace mogul {

enum class PlotKind {
  rows,              ///< histogram, scatter, or a matrix of scatters
  density,           ///< 1-D: mixture and weighted components; 2-D: areas of highest density, ellipses, rows
  contour,           ///< areas of highest density
  ellipses,          ///< ellipses of the components over the rows; 2-D
  components,        ///< the weighted components, filled
  responsibilities,  ///< which component each point belongs to; rows in the mixed colours of their responsibilities
  uncertainty,       ///< 1 - max_k r_k, of rows and, in 1-D, along the axis
  pairs,             ///< a matrix of panels, each the exact marginal of two features
};
struct PlotKindName {
  PlotKind kind;
  std::string_view name;
};
std::span<const PlotKindName> plot_kinds();
std::string_view to_string(PlotKind kind);

/// What an ellipse or a region holds at most: what lies beyond more cannot be told apart.
inline constexpr double kHighestMass = 0.999999;

struct PlotOptions {
  /// Default: pairs for more than two features, else density with a mixture and rows without one.
  std::optional<PlotKind> kind = {};
  /// To be shown, names or positions 1, 2, ...; empty: the first ones, or the principal axes of all.
  std::vector<std::string> features = {};
  std::size_t most_features = 5;  ///< shown where `features` is empty
  /// Show the two principal axes of the features in place of these. Kinds that are drawn in the plane do so anyway
  /// where there are more than two.
  bool principal_axes = false;
  /// Of ellipses and areas, each > 0 and <= kHighestMass, for kinds that have some. Default: those of the ellipses of
  /// 1, 2 and 3 standard deviations.
  std::optional<std::vector<double>> masses = {};
  std::string title = {};
  unsigned n_threads = 0;
};

/// A picture of a mixture, of rows, or of rows under a mixture. Rows that are too many to be drawn one by one are
/// counted in the cells of a grid.
/// @param mixture        null: the rows alone
/// @param data           null: the mixture alone
/// @param feature_names  (D), or empty for "x1", "x2", ...
/// @return               an SVG document; below 2 MB for any number of rows and up to 30 components. Of more than 300
///                       components the heaviest are drawn one by one, which a note says.
/// @throws               invalid_argument where both are null, for a feature that is not there, a wrong number of
///                       names, a kind that does not go with what is given, a mass that is out of range, or masses of
///                       a picture without ellipses and areas; invalid_data as score.hpp
std::string plot_svg(const Mixture* mixture, const DataView* data, std::span<const std::string> feature_names,
                     const PlotOptions& options = {});

/// One run of EM, as its log-likelihoods tell it.
struct LikelihoodCurve {
  std::string name;                    ///< for the legend
  std::vector<double> log_likelihood;  ///< L of the start and after each M-step
};
/// L, or -L, against iterations. Of several runs the one that ends highest is named so; where they are more than there
/// are colours, the others are thin and grey.
/// @throws invalid_argument where there is nothing to draw
std::string plot_log_likelihood_svg(std::span<const LikelihoodCurve> curves, bool negative = false,
                                    const std::string& title = {});

/// An HTML page that shows an SVG document, light or dark as its reader prefers.
std::string picture_page(std::string_view svg, std::string_view title);

}  // namespace mogul
