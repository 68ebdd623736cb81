#include "report/figure/plot.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/message.hpp"
#include "data/check_rows.hpp"
#include "mogul/error.hpp"
#include "report/figure/shown.hpp"
#include "report/write/svg.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMostPanels = 12;  // features in a matrix at all

constexpr std::array kKinds{
    PlotKindName{PlotKind::rows, "rows"},
    PlotKindName{PlotKind::density, "density"},
    PlotKindName{PlotKind::contour, "contour"},
    PlotKindName{PlotKind::ellipses, "ellipses"},
    PlotKindName{PlotKind::components, "components"},
    PlotKindName{PlotKind::responsibilities, "responsibilities"},
    PlotKindName{PlotKind::uncertainty, "uncertainty"},
    PlotKindName{PlotKind::pairs, "pairs"},
};

std::size_t feature_named(const std::string& name, std::span<const std::string> names, std::size_t n_features) {
  for (std::size_t d = 0; d < n_features; ++d) {
    if (name == (names.empty() ? default_column_name(d) : names[d])) return d;
  }
  std::size_t position = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), position);
  if (error == std::errc() && end == name.data() + name.size() && position >= 1 && position <= n_features)
    return position - 1;
  std::vector<std::string> known;
  for (std::size_t d = 0; d < std::min<std::size_t>(n_features, 10); ++d) {
    known.push_back(names.empty() ? default_column_name(d) : printable(names[d]));
  }
  throw invalid_argument(fmt::format("features: there is no feature '{}'; the features are {}{}", printable(name),
                                     fmt::join(known, ", "), n_features > 10 ? ", ..." : ""));
}

// The features that are named, or the first ones.
std::vector<std::size_t> chosen_features(const PlotOptions& options, std::span<const std::string> names,
                                         std::size_t d) {
  std::vector<std::size_t> chosen;
  for (const std::string& name : options.features) {
    const std::size_t feature = feature_named(name, names, d);
    if (std::ranges::find(chosen, feature) != chosen.end()) {
      throw invalid_argument(fmt::format("features: '{}' is named twice; each may be shown once", printable(name)));
    }
    chosen.push_back(feature);
  }
  if (chosen.empty()) {
    chosen.resize(std::min(d, options.most_features));
    std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  }
  return chosen;
}

PlotKind kind_of(const PlotOptions& options, bool has_mixture, bool has_rows, std::size_t n_features) {
  const PlotKind usual = has_mixture ? PlotKind::density : PlotKind::rows;
  const PlotKind kind = options.kind.value_or(n_features > 2 && !options.principal_axes ? PlotKind::pairs : usual);
  std::vector<std::string> reasons;
  if (!has_mixture && kind != PlotKind::rows && kind != PlotKind::pairs)
    reasons.emplace_back("needs a model (rows alone have the kinds rows and pairs)");
  if (!has_rows && kind == PlotKind::rows) reasons.emplace_back("needs rows (a model alone has none to show)");
  if (!has_rows && kind == PlotKind::uncertainty && n_features > 1)
    reasons.emplace_back("needs rows, whose uncertainty it shows (one feature alone needs none)");
  if (n_features < 2 && kind == PlotKind::pairs) reasons.emplace_back("needs two or more features");
  if (n_features < 2 && kind == PlotKind::ellipses)
    reasons.emplace_back("needs two or more features (one feature has the kind components)");
  if (reasons.empty()) return kind;
  throw invalid_argument(fmt::format("kind = {} {}", to_string(kind), fmt::join(reasons, "; it also ")));
}

// The features along whose principal axes the picture is; none where its coordinates are features. A plane has no other
// way to show more than two.
std::vector<std::size_t> projected_features(const PlotOptions& options, PlotKind kind,
                                            const std::vector<std::size_t>& chosen, std::size_t d) {
  const bool is_matrix = kind == PlotKind::rows || kind == PlotKind::pairs;
  if (!options.principal_axes && (is_matrix || chosen.size() <= 2)) return {};
  if (!options.features.empty()) return chosen;
  std::vector<std::size_t> all(d);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

RowColour row_colour(PlotKind kind, bool has_mixture) {
  if (!has_mixture || kind == PlotKind::rows) return RowColour::none;
  return kind == PlotKind::uncertainty ? RowColour::uncertainty : RowColour::responsibilities;
}

Panel line_panel(const Shown& shown, PlotKind kind) {
  switch (kind) {
    case PlotKind::rows: return rows_along_line(shown);
    case PlotKind::contour: return areas_along_line(shown);
    case PlotKind::components: return components_along_line(shown);
    case PlotKind::responsibilities: return responsibilities_along_line(shown);
    case PlotKind::uncertainty: return uncertainty_along_line(shown);
    case PlotKind::density:
    case PlotKind::ellipses:
    case PlotKind::pairs: break;
  }
  return density_along_line(shown);
}

PlaneLayers layers_of(PlotKind kind, bool posterior) {
  switch (kind) {
    case PlotKind::rows: return {.rows = true};
    case PlotKind::contour: return {.areas = true, .rows = true, .labels = false};
    case PlotKind::ellipses: return {.rows = true, .ellipses = true};
    case PlotKind::components: return {.rows = true, .ellipses = true, .filled = true};
    case PlotKind::responsibilities: return {.posterior = posterior, .rows = true, .ellipses = true};
    case PlotKind::uncertainty: return {.rows = true, .ellipses = true};
    case PlotKind::density:
    case PlotKind::pairs: break;
  }
  return {.areas = true, .rows = true, .ellipses = true};
}

void add_left_out_note(Figure& figure, const Mixture& mixture) {
  if (const std::string note = left_out_note(mixture); !note.empty()) figure.notes.push_back(note);
}

// Why a picture of uncertainties may be empty.
void add_certainty_note(Figure& figure, const Mixture& mixture) {
  if (std::ranges::count_if(mixture.weights(), [](double weight) { return weight > 0; }) > 1) return;
  figure.notes.emplace_back("every row belongs to the only component, so the uncertainty is zero everywhere");
}

// Why rows that differ may look like one.
void add_closeness_note(Figure& figure, const Shown& shown) {
  std::vector<std::string> names;
  for (std::size_t a = 0; a < shown.row_ranges.size(); ++a) {
    const Interval& values = shown.row_ranges[a];
    const bool is_feature = shown.axes[a].direction.empty();  // along others, equal values differ by rounding
    if (is_feature && is_narrow(values) && values.low < values.high) names.push_back(printable(shown.axes[a].name));
  }
  if (names.empty()) return;
  figure.notes.push_back(
      fmt::format("the values of {} differ by less than a picture can show, and are drawn as one; subtract a constant "
                  "from them, or choose another unit",
                  fmt::join(names, ", ")));
}

// Along one axis, or on the diagonal of a matrix.
bool has_histogram(const Shown& shown, PlotKind kind) {
  if (shown.rows == nullptr) return false;
  if (shown.axes.size() == 1)
    return kind == PlotKind::density || kind == PlotKind::components || kind == PlotKind::rows;
  return kind == PlotKind::pairs || shown.axes.size() > 2;
}

void add_line_legend(Figure& figure, const Shown& shown, PlotKind kind) {
  if (shown.has_bars) {
    const std::size_t n = shown.rows->data.rows();
    figure.legend.push_back({fmt::format("{} row{}", n, n == 1 ? "" : "s"), LegendEntry::Sample::area, muted()});
  }
  if (shown.mixture == nullptr) return;
  if (kind == PlotKind::density || kind == PlotKind::contour) {
    figure.legend.push_back({"mixture", LegendEntry::Sample::line, ink()});
  }
  if (kind == PlotKind::contour) {
    figure.notes.push_back(
        fmt::format("shaded: the regions of highest density, which hold {}", percents(shown.masses)));
    return;
  }
  if (kind == PlotKind::uncertainty) {
    add_certainty_note(figure, *shown.mixture);
    return;
  }
  add_left_out_note(figure, *shown.mixture);
  const auto sample = kind == PlotKind::density      ? LegendEntry::Sample::dashed
                      : kind == PlotKind::components ? LegendEntry::Sample::area
                                                     : LegendEntry::Sample::line;
  std::ranges::move(component_entries(shown.marginal(), sample), std::back_inserter(figure.legend));
}

void add_plane_legend(Figure& figure, const Shown& shown, const PlaneLayers& layers, PlotKind kind,
                      const PlaneFacts& facts) {
  if (!facts.rows.empty()) figure.notes.push_back(facts.rows);
  if (shown.mixture == nullptr) return;
  if (kind != PlotKind::contour && kind != PlotKind::uncertainty) {
    std::ranges::move(component_entries(*shown.mixture, LegendEntry::Sample::dot), std::back_inserter(figure.legend));
  }
  if (layers.posterior && shown.is_marginal()) {
    figure.notes.emplace_back("each place has the colour of the responsibilities given these two coordinates alone");
  }
  if (layers.ellipses) {
    figure.notes.push_back(fmt::format("ellipses hold {} of their component", percents(shown.masses)));
  }
  if (layers.ellipses) add_left_out_note(figure, *shown.mixture);
  if (layers.areas) {
    figure.notes.push_back(fmt::format("shaded: the regions of highest density, which {} {} of the mixture",
                                       facts.n_missed == 0 ? "hold" : "would hold", percents(shown.masses)));
  }
  if (facts.n_missed > 0) {
    figure.notes.push_back(
        fmt::format("the shaded regions lack those of {} component{}, too narrow to be drawn among "
                    "so many others",
                    facts.n_missed, facts.n_missed == 1 ? "" : "s"));
  }
  if (kind == PlotKind::uncertainty) {
    figure.notes.push_back(
        "rows are grey where one component is certain, red where the largest responsibility is half or less");
    add_certainty_note(figure, *shown.mixture);
  }
}

Figure figure_of(const Shown& shown, PlotKind kind) {
  Figure figure;
  PlaneFacts facts;
  if (kind == PlotKind::pairs || shown.axes.size() > 2) {
    figure = pairs(shown, facts);
    add_plane_legend(figure, shown, {.areas = true, .ellipses = true}, PlotKind::pairs, facts);
  } else if (shown.axes.size() == 1) {
    figure.panels.push_back(line_panel(shown, kind));
    add_line_legend(figure, shown, kind);
  } else {
    const PlaneLayers layers = layers_of(kind, !shown.is_marginal() || shown.rows == nullptr);
    figure.panels.push_back(plane(shown, layers, facts));
    add_plane_legend(figure, shown, layers, kind, facts);
  }
  return figure;
}

std::string subtitle_of(std::size_t n_projected, std::size_t d) {
  if (n_projected == d) return fmt::format("along the two principal axes of {} features", d);
  return fmt::format("along the two principal axes of {} of {} features", n_projected, d);
}

bool shows_masses(const Shown& shown, PlotKind kind) {
  if (shown.mixture == nullptr) return false;
  return shown.axes.size() > 1 || kind == PlotKind::contour;
}

// Ascending, each once.
std::vector<double> checked_masses(const PlotOptions& options, const Shown& shown, PlotKind kind) {
  if (!options.masses) return {0.3934693402873666, 0.8646647167633873, 0.9888910034617577};
  std::vector<double> masses = *options.masses;
  if (masses.empty()) throw invalid_argument("masses is empty; name at least one share above 0");
  for (const double mass : masses) {
    if (!(mass > 0 && mass <= kHighestMass))
      throw invalid_argument(fmt::format("masses: {}; must be above 0 and at most {}", mass, kHighestMass));
  }
  if (!shows_masses(shown, kind)) {
    const char* of = kind == PlotKind::rows ? "" : shown.mixture == nullptr ? " without a model" : " of one feature";
    throw invalid_argument(
        fmt::format("masses is given, but kind = {}{} has neither ellipses nor shaded regions", to_string(kind), of));
  }
  std::ranges::sort(masses);
  masses.erase(std::unique(masses.begin(), masses.end()), masses.end());
  return masses;
}

void check_names(std::span<const std::string> names, std::size_t n_features) {
  if (names.empty() || names.size() == n_features) return;
  throw invalid_argument(
      fmt::format("{} feature names for {} features; must have one per feature", names.size(), n_features));
}

void check(const DataView& data, std::size_t n_features, unsigned n_threads) {
  if (data.cols() != n_features) {
    throw invalid_argument(
        fmt::format("data has {} columns, but the mixture has {} features", data.cols(), n_features));
  }
  ThreadPool pool(n_threads);
  check_rows(data, pool);
}

}  // namespace

std::span<const PlotKindName> plot_kinds() { return kKinds; }

std::string_view to_string(PlotKind kind) { return std::ranges::find(kKinds, kind, &PlotKindName::kind)->name; }

Figure plot_figure(const Mixture* mixture, const DataView* data, std::span<const std::string> feature_names,
                   const PlotOptions& options) {
  if (mixture == nullptr && data == nullptr) throw invalid_argument("plot: there is neither a mixture nor rows");
  const std::size_t d = mixture != nullptr ? mixture->n_features() : data->cols();
  check_names(feature_names, d);
  if (data != nullptr) check(*data, d, options.n_threads);
  const std::vector<std::size_t> chosen = chosen_features(options, feature_names, d);
  if (options.principal_axes && mixture == nullptr)
    throw invalid_argument("projection = pca needs a model, whose covariance it takes");
  const PlotKind kind = kind_of(options, mixture != nullptr, data != nullptr, chosen.size());
  const std::vector<std::size_t> along = projected_features(options, kind, chosen, d);
  Shown shown;
  shown.axes = along.empty() ? feature_axes(chosen, feature_names) : principal_axes(*mixture, along);
  if (shown.axes.size() > kMostPanels) {
    throw invalid_argument(fmt::format("{} features are chosen, but a matrix of panels shows at most {}; choose fewer",
                                       chosen.size(), kMostPanels));
  }
  if (kind != PlotKind::rows) shown.mixture = mixture;
  shown.n_threads = options.n_threads;
  shown.masses = checked_masses(options, shown, kind);
  std::optional<RowsShown> rows;
  if (data != nullptr) {
    rows.emplace(RowsShown{*data, mixture, row_colour(kind, mixture != nullptr), options.n_threads});
    shown.rows = &*rows;
    shown.row_ranges = ranges(*rows, shown.axes);
    shown.has_bars = has_histogram(shown, kind);
  }

  Figure figure = figure_of(shown, kind);
  add_closeness_note(figure, shown);
  figure.title = options.title;
  if (!along.empty()) figure.subtitle = subtitle_of(along.size(), d);
  if (along.empty() && options.features.empty() && figure.panels.size() > 1 && chosen.size() < d)
    figure.notes.push_back(fmt::format("the first {} of {} features", chosen.size(), d));
  if (along.empty() && shown.is_marginal() && figure.panels.size() == 1)
    figure.notes.push_back(fmt::format("the marginal of {} of {} features", chosen.size(), d));
  return figure;
}

std::string plot_svg(const Mixture* mixture, const DataView* data, std::span<const std::string> feature_names,
                     const PlotOptions& options) {
  return svg_text(plot_figure(mixture, data, feature_names, options), SvgPlace::file);
}

std::string plot_log_likelihood_svg(std::span<const LikelihoodCurve> curves, bool negative, const std::string& title) {
  if (curves.empty() ||
      std::ranges::all_of(curves, [](const LikelihoodCurve& c) { return c.log_likelihood.empty(); })) {
    throw invalid_argument(
        "plot: there is no log-likelihood to draw; the model was not fitted, or its history is empty");
  }
  for (const LikelihoodCurve& curve : curves) {
    const auto bad = std::ranges::find_if_not(curve.log_likelihood, [](double value) { return std::isfinite(value); });
    if (bad == curve.log_likelihood.end()) continue;
    throw invalid_argument(fmt::format("plot: the log-likelihood of iteration {} is {}; it must be finite",
                                       bad - curve.log_likelihood.begin(), *bad));
  }
  Figure figure = history_figure(curves, negative);
  figure.title = title;
  return svg_text(figure, SvgPlace::file);
}

}  // namespace mogul
