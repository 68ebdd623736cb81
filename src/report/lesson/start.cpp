// The lesson's first sections: the data, the start, the log-likelihood and the responsibilities.
#include <cmath>

#include <fmt/format.h>

#include "mogul/score.hpp"
#include "report/lesson/lesson.hpp"
#include "report/parameter_table.hpp"

namespace mogul {
void add_start(Document& document, const Lesson& lesson) {
  const Mixture& start = lesson.run.first().mixture;
  document.blocks.emplace_back(Heading{"The data and the start", "start"});
  document.blocks.emplace_back(Paragraph{fmt::format(
      "N = {} rows of D = {}, and a mixture of K = {} Gaussians ({} covariances) to begin with. Each row is thought "
      "to come from one of the components, but which one is not known.",
      lesson.data.rows(), lesson.data.cols(), start.n_components(), to_string(start.family()))});
  document.blocks.emplace_back(Formula{"p(x) = sum_k pi_k N(x | mu_k, Sigma_k)"});
  document.blocks.emplace_back(rows_table(lesson, "rows"));
  document.blocks.emplace_back(parameter_table(start, {}, lesson.names, Spread::variance));
  add_scenes(document, lesson, {{&start, "the start"}});
}

void add_log_likelihood(Document& document, const Lesson& lesson) {
  const EmStep& first = lesson.run.first();
  document.blocks.emplace_back(Heading{"The log-likelihood", "log_likelihood"});
  document.blocks.emplace_back(Paragraph{
      "How well the mixture explains the rows: the logarithm of their density, summed. No iteration of EM lowers it."});
  document.blocks.emplace_back(Formula{fmt::format("L = {} log p(x_n)", lesson.sum_over_rows())});
  Table table = rows_table(lesson, "densities");
  std::vector<double> log_density = log_densities(first.mixture, lesson.data, lesson.n_threads);
  std::vector<double> density;
  density.reserve(log_density.size());
  for (const double value : log_density) density.push_back(std::exp(value));
  table.columns.push_back({"p(x_n)", std::move(density)});
  table.columns.push_back({"log p(x_n)", std::move(log_density)});
  document.blocks.emplace_back(std::move(table));
  add_likelihood(document, first.stats.log_likelihood);
}

void add_responsibilities(Document& document, const Lesson& lesson) {
  const EmStep& first = lesson.run.first();
  document.blocks.emplace_back(Heading{"E-step: the responsibilities", "responsibilities"});
  document.blocks.emplace_back(Paragraph{
      "What each component contributes to the density of a row, as a share: the posterior probability that the row "
      "came from it. Each row's responsibilities sum to one."});
  document.blocks.emplace_back(Formula{"r_nk = pi_k N(x_n | mu_k, Sigma_k) / sum_j pi_j N(x_n | mu_j, Sigma_j)"});
  document.blocks.emplace_back(responsibility_table(lesson, first.mixture));
  document.blocks.emplace_back(Paragraph{"Summed over the rows, they say how many rows each component answers for."});
  document.blocks.emplace_back(Formula{fmt::format("N_k = {} r_nk", lesson.sum_over_rows())});
  document.blocks.emplace_back(
      Table{"component_sizes", "", {numbered("component", first.stats.n.size()), {"N_k", first.stats.n}}});
}

}  // namespace mogul
