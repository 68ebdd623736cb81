// Whole iterations of EM, to the end.
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

Table iteration_table(const Lesson& lesson) {
  const EmRun& run = lesson.run;
  std::vector<double> negative;
  for (const double value : run.log_likelihood) negative.push_back(-value);
  Table table{"iterations",
              "",
              {numbered("iteration", run.log_likelihood.size()), {"negative_log_likelihood", std::move(negative), 10}}};
  const std::size_t k = run.first().mixture.n_components();
  const std::size_t d = lesson.names.size();
  for (std::size_t c = 0; c < k; ++c)
    table.columns.push_back({fmt::format("weight_{}", c), over_iterations(run.weights, c)});
  const auto add = [&](std::string_view what, const std::vector<std::vector<double>>& noted) {
    for (std::size_t c = 0; c < k; ++c) {
      for (std::size_t f = 0; f < d; ++f) {
        const std::string which = d == 1 ? "" : " " + lesson.names[f];
        table.columns.push_back({fmt::format("{}_{}{}", what, c, which), over_iterations(noted, c * d + f)});
      }
    }
  };
  add("mean", run.means);
  add("variance", run.variances);
  for (std::size_t c = 0; c < k; ++c) table.columns.push_back({fmt::format("N_{}", c), over_iterations(run.sizes, c)});
  table.columns.push_back({"largest scaled gradient", run.gradient, 3});
  return table;
}

std::string iterations_made(const EmRun& run) {
  const std::size_t n = run.iterations();
  if (n == 0) return "No whole iteration follows.";
  return n == 1 ? "One iteration: an E-step and an M-step."
                : fmt::format("{} iterations, each an E-step and an M-step.", n);
}

}  // namespace

void add_iterations(Document& document, const Lesson& lesson) {
  const EmRun& run = lesson.run;
  document.blocks.emplace_back(Heading{"Whole iterations, to the end", "iterations"});
  document.blocks.emplace_back(
      Paragraph{fmt::format("{} {}{}", iterations_made(run), run.end,
                            run.iterations() == 0 ? "" : " No iteration lowers the log-likelihood.")});
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
  document.blocks.emplace_back(Paragraph{"The mixture at the end:"});
  document.blocks.emplace_back(parameter_table(run.last().mixture, run.last().stats.n, lesson.names, Spread::variance));
  add_likelihood(document, run.last().stats.log_likelihood);
}

}  // namespace mogul
