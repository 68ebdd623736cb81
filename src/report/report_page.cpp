// The page about a fit, section by section.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "mogul/error.hpp"
#include "mogul/gradient.hpp"
#include "mogul/page.hpp"
#include "mogul/score.hpp"
#include "report/figure/plot.hpp"
#include "report/figure/projection.hpp"
#include "report/figure/shown.hpp"
#include "report/page_data.hpp"
#include "report/parameter_table.hpp"
#include "report/report_reproduction.hpp"
#include "report/report_summary.hpp"
#include "report/row_summary.hpp"
#include "report/same_fit.hpp"
#include "report/search_text.hpp"
#include "report/write/html.hpp"
#include "report/write/page_files.hpp"

namespace mogul {
namespace {

constexpr std::size_t kWorst = 20;
constexpr std::size_t kMostPairs = 20;           // of components
constexpr std::size_t kMostWithCovariances = 8;  // features
constexpr std::size_t kMostFeatures = 50;        // in a table
constexpr std::size_t kMostInPicture = 4;        // features; with five, a page of many rows exceeds a megabyte

/// What the sections are about.
struct Subject {
  const ModelFile& model;
  const DataView& data;
  const ReportPageOptions& options;
  Evaluation evaluation;
  RowSummary facts;

  const Mixture& mixture() const { return model.mixture; }
  std::span<const std::string> names() const { return model.feature_names; }
};

void add_pictures(Document& document, const Subject& subject) {
  document.blocks.emplace_back(Heading{"Pictures", "pictures"});
  const auto figure = [&](PlotOptions options) {
    options.n_threads = subject.options.n_threads;
    return plot_figure(&subject.mixture(), &subject.data, subject.names(), options);
  };
  PlotOptions uncertainty;
  uncertainty.kind = PlotKind::uncertainty;
  uncertainty.title = "Uncertainty: 1 - the largest responsibility";
  const std::size_t n_features = subject.mixture().n_features();
  const bool is_too_wide = n_features > kMostOfPrincipalAxes;
  uncertainty.principal_axes = n_features > 2 && !is_too_wide;
  if (is_too_wide) uncertainty.most_features = 2;
  document.blocks.emplace_back(
      Figures{{figure({.most_features = kMostInPicture, .title = "The rows and the mixture"})}});
  document.blocks.emplace_back(Figures{{figure(uncertainty)}});
  if (!is_too_wide) return;
  document.blocks.emplace_back(
      Paragraph{fmt::format("The uncertainty is shown over the first two features: there are {}, and principal axes "
                            "are taken of {} at most.",
                            n_features, kMostOfPrincipalAxes)});
}

Table covariance_table(const Subject& subject) {
  const Mixture& mixture = subject.mixture();
  std::vector<double> component;
  std::vector<std::string> first;
  std::vector<std::string> second;
  std::vector<double> covariance;
  std::vector<double> correlation;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    const Matrix sigma = mixture.covariance(k);
    for (std::size_t i = 0; i < mixture.n_features(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        component.push_back(static_cast<double>(k));
        first.push_back(subject.names()[j]);
        second.push_back(subject.names()[i]);
        covariance.push_back(sigma(i, j));
        correlation.push_back(sigma(i, j) / std::sqrt(sigma(i, i)) / std::sqrt(sigma(j, j)));
      }
    }
  }
  return {"covariances",
          "Covariances between features",
          {{"component", std::move(component)},
           {"feature", std::move(first)},
           {"and", std::move(second)},
           {"covariance", std::move(covariance)},
           {"correlation", std::move(correlation), 3}}};
}

void add_parameters(Document& document, const Subject& subject) {
  document.blocks.emplace_back(Heading{"Parameters", "parameters"});
  document.blocks.emplace_back(parameter_table(subject.mixture(), subject.evaluation.component_sizes, subject.names(),
                                               Spread::standard_deviation, {.most = kMostFeatures}));
  if (subject.mixture().n_features() > 1 && subject.mixture().n_features() <= kMostWithCovariances) {
    document.blocks.emplace_back(covariance_table(subject));
  }
}

// Q below, H on top of it, L the upper edge. Q may lie anywhere, so the axis begins below the lowest.
Figure stacked_figure(std::span<const LikelihoodParts> steps) {
  Curve q{{}, of_expectation()};
  Curve l{{}, ink()};
  double low = steps[0].expected_complete_log_likelihood;
  double high = steps[0].log_likelihood;
  std::vector<Point> between;
  for (const LikelihoodParts& step : steps) {
    const auto x = static_cast<double>(step.iteration);
    q.points.push_back({x, step.expected_complete_log_likelihood});
    l.points.push_back({x, step.log_likelihood});
    low = std::min(low, step.expected_complete_log_likelihood);
    high = std::max(high, step.log_likelihood);
  }
  std::vector<Point> ring = l.points;
  ring.insert(ring.end(), q.points.rbegin(), q.points.rend());
  const Interval up = with_room(low, high, 0.08);
  const double last = std::max(1.0, l.points.back().x);
  Figure figure;
  figure.title = "L = Q + H";
  figure.legend = {{"L, log-likelihood", LegendEntry::Sample::line, ink()},
                   {"H, entropy of the responsibilities", LegendEntry::Sample::area, of_entropy()},
                   {"Q, expected complete-data log-likelihood", LegendEntry::Sample::line, of_expectation()}};
  figure.panels.push_back({"",
                           {.name = "iteration", .low = 0, .high = last, .whole = true},
                           {"nats", up.low, up.high},
                           {Region{{std::move(ring)}, of_entropy(), 0.6}, std::move(q), std::move(l)}});
  return figure;
}

Figure change_figure(std::span<const double> history, double n) {
  Curve curve{{}, ink()};
  for (std::size_t i = 1; i < history.size(); ++i) {
    const double change = std::abs(history[i] - history[i - 1]) / n;
    if (change > 0) curve.points.push_back({static_cast<double>(i), std::log10(change)});
  }
  Figure figure;
  figure.title = "Change per iteration";
  if (curve.points.empty()) return figure;
  const auto [low, high] = std::ranges::minmax(curve.points, {}, &Point::y);
  const Interval up = with_room(low.y, high.y, 0.08);
  figure.panels.push_back(
      {"",
       {.name = "iteration", .low = 0, .high = std::max(1.0, static_cast<double>(history.size()) - 1), .whole = true},
       {"log10 of the change of L / n", up.low, up.high},
       {std::move(curve)}});
  return figure;
}

std::vector<LikelihoodParts> steps_of(std::size_t restart, const std::vector<LikelihoodParts>& all) {
  std::vector<LikelihoodParts> steps;
  std::ranges::copy_if(all, std::back_inserter(steps),
                       [&](const LikelihoodParts& step) { return step.restart == restart; });
  return steps;
}

void add_convergence(Document& document, const Subject& subject) {
  if (!subject.model.report || subject.model.report->history.empty()) return;
  const FitReport& report = *subject.model.report;
  document.blocks.emplace_back(Heading{"Convergence", "convergence"});
  const LikelihoodCurve curve{"", report.history};
  Figure history = history_figure({&curve, 1}, false);
  history.title = "Log-likelihood";
  Figures figures{{std::move(history)}};
  const std::vector<LikelihoodParts> steps = steps_of(report.best_restart, subject.options.iterations);
  if (!steps.empty()) figures.figures.push_back(stacked_figure(steps));
  Figure change = change_figure(report.history, report.sum_weights);
  if (!change.panels.empty()) figures.figures.push_back(std::move(change));
  document.blocks.emplace_back(std::move(figures));
  document.blocks.emplace_back(Quantity{"log_likelihood", "L = Q + H at the end of the fit", report.log_likelihood});
  document.blocks.emplace_back(
      Quantity{"expected_complete_log_likelihood", "Q", report.log_likelihood - report.entropy});
  document.blocks.emplace_back(Quantity{"entropy", "H", report.entropy});
  if (report.search) {
    document.blocks.emplace_back(
        Paragraph{fmt::format("The start was searched for: {}, in {:.0f} passes over the rows.",
                              search_text(*report.search), report.passes)});
  }
  if (report.restarts.size() < 2 || report.search) return;
  Table table{"restarts", "Restarts", {numbered("restart", report.restarts.size(), 1)}};
  std::vector<double> likelihoods;
  std::vector<double> iterations;
  std::vector<std::string> ends;
  for (std::size_t i = 0; i < report.restarts.size(); ++i) {
    const Restart& restart = report.restarts[i];
    likelihoods.push_back(restart.failed ? std::nan("") : restart.log_likelihood);
    iterations.push_back(static_cast<double>(restart.iterations));
    ends.push_back(restart.failed
                       ? "failed: degenerate"
                       : fmt::format("{}{}", to_string(restart.reason), i == report.best_restart ? ", kept" : ""));
  }
  table.columns.push_back({"L", std::move(likelihoods), 10});
  table.columns.push_back({"iterations", std::move(iterations)});
  table.columns.push_back({"ended", std::move(ends)});
  document.blocks.emplace_back(std::move(table));
}

Table sizes_table(const Subject& subject) {
  const std::size_t k = subject.mixture().n_components();
  Table table{"component_sizes", "Sizes", {numbered("component", k)}};
  std::vector<double> share;
  for (const double size : subject.evaluation.component_sizes) share.push_back(size / subject.evaluation.sum_weights);
  table.columns.push_back({.name = "N_k", .values = subject.evaluation.component_sizes, .heading = "$N_k$"});
  table.columns.push_back({"share", std::move(share), 4});
  const std::vector<std::size_t>& counts = subject.facts.label_counts;
  table.columns.push_back({"rows labelled", std::vector<double>(counts.begin(), counts.end()), 15});
  return table;
}

// The share of the smaller component's rows that belongs to the other one as well.
Table overlap_table(const Subject& subject) {
  struct Overlap {
    double share;
    std::size_t a, b;
  };
  std::vector<Overlap> overlaps;
  const std::vector<double>& sizes = subject.evaluation.component_sizes;
  for (std::size_t b = 0; b < sizes.size(); ++b) {
    for (std::size_t a = 0; a < b; ++a) {
      const double smaller = std::min(sizes[a], sizes[b]);
      if (smaller > 0) overlaps.push_back({subject.facts.shared(a, b) / smaller, a, b});
    }
  }
  const auto order = [](const Overlap& pair) { return std::tuple(-pair.share, pair.b, pair.a); };
  const std::size_t n_shown = std::min(overlaps.size(), kMostPairs);
  std::ranges::partial_sort(overlaps, overlaps.begin() + static_cast<std::ptrdiff_t>(n_shown), {}, order);
  Table table{"overlap",
              overlaps.size() > kMostPairs
                  ? fmt::format("Overlap: the {} of {} pairs that overlap most", kMostPairs, overlaps.size())
                  : "Overlap of each pair of components",
              {}};
  overlaps.resize(n_shown);
  std::vector<double> first;
  std::vector<double> second;
  std::vector<double> share;
  for (const Overlap& overlap : overlaps) {
    first.push_back(static_cast<double>(overlap.a));
    second.push_back(static_cast<double>(overlap.b));
    share.push_back(overlap.share);
  }
  table.columns = {{"component", std::move(first)}, {"and", std::move(second)}, {"overlap", std::move(share), 3}};
  return table;
}

Figure uncertainty_figure(const Subject& subject) {
  const std::vector<double>& weights = subject.facts.uncertainty;
  Bars bars;
  for (std::size_t i = 0; i <= weights.size(); ++i) {
    bars.edges.push_back(static_cast<double>(i) / static_cast<double>(weights.size()));
  }
  bars.heights = weights;
  const double highest = *std::ranges::max_element(weights);
  Figure figure;
  figure.title = "How uncertain the rows' components are";
  figure.panels.push_back({"",
                           {"1 - largest responsibility", 0, 1},
                           {subject.data.weighted() ? "weight of rows" : "rows", 0, 1.05 * highest},
                           {std::move(bars)}});
  return figure;
}

void add_components(Document& document, const Subject& subject) {
  document.blocks.emplace_back(Heading{"Components", "components"});
  document.blocks.emplace_back(sizes_table(subject));
  if (subject.mixture().n_components() < 2) return;
  document.blocks.emplace_back(Prose{
      "The overlap of components $a$ and $b$ is the sum over the rows of the product of their responsibilities, "
      "divided by the size of the smaller one. It is 0 where each row clearly belongs to one of them, and near one "
      "half where the rows of the smaller one could come from either."});
  document.blocks.emplace_back(
      Formula{fmt::format("overlap = {} r_na r_nb / min(N_a, N_b)", subject.data.weighted() ? "sum_n w_n" : "sum_n")});
  document.blocks.emplace_back(overlap_table(subject));
  document.blocks.emplace_back(Figures{{uncertainty_figure(subject)}});
}

void add_worst_rows(Document& document, const Subject& subject) {
  const std::vector<BadRow>& worst = subject.facts.worst;
  document.blocks.emplace_back(Heading{"The rows explained worst", "worst_rows"});
  document.blocks.emplace_back(Paragraph{"The rows of lowest density. They are numbered as in the file, from 1."});
  std::vector<double> row;
  std::vector<double> log_density;
  std::vector<double> label;
  std::vector<double> responsibility;
  for (const BadRow& bad : worst) {
    row.push_back(row_number(bad.row, subject.options.dropped_rows));
    log_density.push_back(bad.log_density);
    label.push_back(static_cast<double>(bad.label));
    responsibility.push_back(bad.responsibility);
  }
  Table table{"worst_rows",
              "",
              {{"row", std::move(row), 15},
               {"log-density", std::move(log_density)},
               {"component", std::move(label)},
               {"responsibility", std::move(responsibility), 4}},
              "The rows explained worst"};
  for (std::size_t d = 0; d < std::min(subject.names().size(), kMostFeatures); ++d) {
    std::vector<double> values;
    values.reserve(worst.size());
    for (const BadRow& bad : worst) values.push_back(subject.data.value(bad.row, d));
    table.columns.push_back({.name = subject.names()[d],
                             .values = std::move(values),
                             .unit = largest_standard_deviation(subject.mixture(), d)});
  }
  document.blocks.emplace_back(std::move(table));
}

// What a fit maximised other than L with all parameters free; empty where nothing is known of it.
std::string why_gradient_stays(const Subject& subject) {
  const CovarianceFamily& family = subject.mixture().family();
  if (family.plain.empty()) return fmt::format("covariances of the family {} cannot move freely", to_string(family));
  const auto& settings = subject.model.settings;
  if (!settings) return "";
  if (settings->prior || settings->weight_concentration) return "the fit maximised the penalised log-likelihood";
  if (settings->hold != Hold{}) return "parameters were held";
  if (settings->max_eigenvalue_ratio) return "eigenvalues were bounded";
  return "";
}

void add_criteria(Document& document, const Subject& subject) {
  const Evaluation& evaluation = subject.evaluation;
  document.blocks.emplace_back(Heading{"Criteria", "criteria"});
  document.blocks.emplace_back(
      Table{"criteria",
            "Lower AIC, BIC and ICL are better",
            {{"criterion", std::vector<std::string>{"L", "L / n", "free parameters", "AIC", "BIC", "ICL"}},
             {"value",
              std::vector<double>{evaluation.log_likelihood, evaluation.mean_log_likelihood,
                                  static_cast<double>(evaluation.n_parameters), evaluation.aic, evaluation.bic,
                                  evaluation.icl},
              10}}});
  if (const auto& report = subject.model.report; report && report->prior) {
    document.blocks.emplace_back(Paragraph{
        fmt::format("The fit climbed the penalised log-likelihood, {:.10g} at its end, with the prior {}.",
                    report->penalised_log_likelihood.value_or(report->log_likelihood), to_string(*report->prior))});
  }
  const std::string why = why_gradient_stays(subject);
  document.blocks.emplace_back(Prose{
      "At a maximum of $L$ the gradient vanishes. The largest scaled gradient is the largest change of a parameter "
      "that "
      "an M-step without constraints would make: of a mean in standard deviations, of a weight or a covariance as a "
      "share of its value." +
      (why.empty() ? " With reg_covar above 0 it does not become 0."
                   : fmt::format(" Here it need not vanish: {}.", why))});
  try {
    const LogLikelihoodGradient gradient =
        log_likelihood_gradient(subject.mixture(), subject.data, subject.options.n_threads);
    document.blocks.emplace_back(
        Quantity{"largest_scaled_gradient", "largest scaled gradient", gradient.largest_scaled, 3});
  } catch (const invalid_argument&) {
    document.blocks.emplace_back(Paragraph{"Here the gradient exceeds the range of double."});
  }
}

}  // namespace

LikelihoodParts likelihood_parts(const TraceStep& step) {
  return {step.restart, step.iteration, step.log_likelihood, step.expected_complete_log_likelihood, step.entropy};
}

std::string report_page(const ModelFile& model, const DataView& data, const ReportPageOptions& options) {
  const Hold hold = options.hold.value_or(model.settings ? model.settings->hold : Hold());
  const std::size_t n_features = model.mixture.n_features();
  ModelFile named = model;
  if (named.feature_names.empty()) {
    for (std::size_t d = 0; d < n_features; ++d) named.feature_names.push_back(default_column_name(d));
  } else if (named.feature_names.size() != n_features) {
    throw invalid_argument(fmt::format("{} feature names for {} features; must have one per feature",
                                       named.feature_names.size(), n_features));
  }
  check_trace(options.iterations, named, options.trace_name);
  const Subject subject{named, data, options, evaluate(model.mixture, data, options.n_threads, hold),
                        row_summary(model.mixture, data, kWorst, options.n_threads)};
  Document document{options.title.empty() ? "Gaussian mixture: report" : options.title, {}};
  const bool has_rows_of_fit =
      !named.report || are_rows_of_fit(*named.report, named.mixture, data, subject.evaluation, hold);
  add_summary(document, {named, data, options, subject.evaluation, has_rows_of_fit});
  add_pictures(document, subject);
  add_parameters(document, subject);
  add_convergence(document, subject);
  add_components(document, subject);
  add_worst_rows(document, subject);
  add_criteria(document, subject);
  add_reproduction(document, options, model.settings);
  return html_of(document, {{}, {page_files::dom_js, page_files::tables_js}});
}

}  // namespace mogul
