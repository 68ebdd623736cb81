// How the log-likelihood rose, as the page about a fit shows it.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "report/figure/shown.hpp"
#include "report/parameter_table.hpp"
#include "report/report_sections.hpp"

namespace mogul {
namespace {

// Q below, H on top of it, L the upper edge. Q may lie anywhere, so the axis begins below the lowest.
Figure stacked_figure(std::span<const LikelihoodParts> steps) {
  Curve q{{}, of_component(0), Curve::Stroke::solid, true};
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
                   {"H, entropy of the responsibilities", LegendEntry::Sample::area, of_component(1)},
                   {"Q, expected complete-data log-likelihood", LegendEntry::Sample::line, of_component(0)}};
  q.filled = false;
  figure.panels.push_back({"",
                           {.name = "iteration", .low = 0, .high = last, .whole = true},
                           {"nats", up.low, up.high},
                           {Region{{std::move(ring)}, of_component(1), 0.35}, std::move(q), std::move(l)}});
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

}  // namespace

void add_convergence(Document& document, const ReportSubject& subject) {
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
  const Evaluation& evaluation = subject.evaluation;
  document.blocks.emplace_back(Quantity{"log_likelihood", "L = Q + H at the end", evaluation.log_likelihood});
  document.blocks.emplace_back(
      Quantity{"expected_complete_log_likelihood", "Q", evaluation.expected_complete_log_likelihood});
  document.blocks.emplace_back(Quantity{"entropy", "H", evaluation.entropy});
  if (report.restarts.size() < 2) return;
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

}  // namespace mogul
