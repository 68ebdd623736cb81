// Whole iterations of EM, to the end.
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "report/figure/shown.hpp"
#include "report/lesson/lesson.hpp"
#include "report/parameter_table.hpp"

namespace mogul {
namespace {

// Value j at each iteration.
std::vector<double> over_iterations(const std::vector<std::vector<double>>& noted, std::size_t j) {
  std::vector<double> column;
  column.reserve(noted.size());
  for (const std::vector<double>& at : noted) column.push_back(at[j]);
  return column;
}

void add_covariances(Table& table, const Lesson& lesson) {
  std::size_t at = 0;
  for (std::size_t k = 0; k < lesson.run.first().mixture.n_components(); ++k) {
    for (std::size_t i = 0; i < lesson.names.size(); ++i) {
      for (std::size_t j = i + 1; j < lesson.names.size(); ++j) {
        table.columns.push_back({covariance_column(fmt::format("covariance_{}", k), lesson.names, i, j),
                                 over_iterations(lesson.run.covariances, at++)});
      }
    }
  }
}

Table iteration_table(const Lesson& lesson) {
  const EmRun& run = lesson.run;
  std::vector<double> negative;
  for (const double value : run.log_likelihood) negative.push_back(-value);
  Table table{"iterations",
              "",
              {numbered("iteration", run.log_likelihood.size()),
               {.name = "negative_log_likelihood",
                .values = std::move(negative),
                .digits = 10,
                .heading = "negative log-likelihood"}},
              "The iterations"};
  const Mixture& start = run.first().mixture;
  const std::size_t k = start.n_components();
  const std::size_t d = lesson.names.size();
  if (d > 1 && has_matrices(start.family()) && !lesson.for_programs) {
    table.caption = "covariances at each iteration are only in the JSON form";
  }
  const auto add_of_components = [&](const char* name, const char* heading,
                                     const std::vector<std::vector<double>>& noted) {
    for (std::size_t c = 0; c < k; ++c) {
      table.columns.push_back({.name = fmt::format("{}_{}", name, c),
                               .values = over_iterations(noted, c),
                               .heading = fmt::format("{} {}", heading, c)});
    }
  };
  const auto add_of_features = [&](const char* what, const std::vector<std::vector<double>>& noted, bool in_its_unit) {
    for (std::size_t c = 0; c < k; ++c) {
      for (std::size_t f = 0; f < d; ++f) {
        table.columns.push_back({.name = feature_column(fmt::format("{}_{}", what, c), lesson.names, f),
                                 .values = over_iterations(noted, c * d + f),
                                 .unit = in_its_unit ? lesson.unit(f) : 0,
                                 .heading = feature_heading(fmt::format("{} {}", what, c), lesson.names, f)});
      }
    }
  };
  add_of_components("weight", "weight", run.weights);
  add_of_features("mean", run.means, true);
  add_of_features("variance", run.variances, false);
  if (lesson.for_programs && !run.covariances.empty()) add_covariances(table, lesson);
  add_of_components("N", "size", run.sizes);
  table.columns.push_back({"largest scaled gradient", run.gradient, 3});
  return table;
}

std::string iterations_made(const EmRun& run) {
  const std::size_t n = run.iterations();
  if (n == 0) return "No whole iteration follows.";
  return n == 1 ? "One iteration: an E-step and an M-step."
                : fmt::format("{} iterations, each an E-step and an M-step.", n);
}

// L never falls but for rounding, of which a sum over the rows has some.
std::string whether_it_fell(const EmRun& run) {
  const std::vector<double>& l = run.log_likelihood;
  double largest = 0;
  std::size_t at = 0;
  for (std::size_t i = 1; i < l.size(); ++i) {
    if (l[i - 1] - l[i] > largest) {
      largest = l[i - 1] - l[i];
      at = i;
    }
  }
  if (l.size() == 1) return "";
  if (largest == 0) return " No iteration lowered the log-likelihood.";
  constexpr double kRounding = 64 * std::numeric_limits<double>::epsilon();
  const double allowed = kRounding * (std::abs(l[at]) + run.last().stats.sum_weights);
  return fmt::format(" The log-likelihood fell by {} at iteration {}, {}.", number_text(largest, 2), at,
                     largest <= allowed ? "which is within rounding" : "more than rounding explains");
}

}  // namespace

void add_iterations(Document& document, const Lesson& lesson) {
  const EmRun& run = lesson.run;
  document.blocks.emplace_back(Heading{"Whole iterations, to the end", "iterations"});
  document.blocks.emplace_back(Paragraph{fmt::format("{} {}{}", iterations_made(run), run.end, whether_it_fell(run))});
  document.blocks.emplace_back(iteration_table(lesson));
  std::vector<Scene> scenes;
  for (const EmStep& step : run.kept) {
    const std::string title = step.iteration == 0   ? "the start"
                              : step.iteration == 1 ? "after 1 iteration"
                                                    : fmt::format("after {} iterations", step.iteration);
    scenes.push_back({&step.mixture, &step == &run.last() && step.iteration > 0 ? title + ", the last" : title});
  }
  add_scenes(document, lesson, scenes);
  const LikelihoodCurve curve{"", run.log_likelihood};
  Figure history = history_figure({&curve, 1}, true);
  history.title = "Negative log-likelihood";
  document.blocks.emplace_back(Figures{{std::move(history)}});
  document.blocks.emplace_back(
      Paragraph{run.iterations() == 0 ? "The mixture at the end, which is the start:" : "The mixture at the end:"});
  add_parameters(document, lesson, run.last().mixture, run.last().stats.n);
  add_likelihood(document, run.last().stats.log_likelihood);
}

}  // namespace mogul
