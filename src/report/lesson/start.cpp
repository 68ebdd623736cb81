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
  document.blocks.emplace_back(Prose{fmt::format(
      "$N = {}$ row{} of $D = {}$ feature{}, and a mixture of $K = {}$ Gaussian{} ({} covariances) to "
      "start from. Each row is assumed to come from one of the components, but which one is not known.",
      lesson.data.rows(), lesson.data.rows() == 1 ? "" : "s", lesson.data.cols(), lesson.data.cols() == 1 ? "" : "s",
      start.n_components(), start.n_components() == 1 ? "" : "s", to_string(start.family()))});
  document.blocks.emplace_back(Formula{"p(x) = sum_k pi_k N(x | mu_k, Sigma_k)"});
  document.blocks.emplace_back(rows_table(lesson, "rows", "The rows"));
  add_parameters(document, lesson, start);
  add_scenes(document, lesson, {{&start, "the start"}});
}

void add_log_likelihood(Document& document, const Lesson& lesson) {
  const EmStep& first = lesson.run.first();
  document.blocks.emplace_back(Heading{"The log-likelihood", "log_likelihood"});
  document.blocks.emplace_back(Prose{
      "The log-likelihood $L$ says how well the mixture explains the rows: it is the sum of the logarithms of their "
      "densities. An iteration of EM never lowers it, except by rounding."});
  document.blocks.emplace_back(Formula{fmt::format("L = {} log p(x_n)", lesson.sum_over_rows())});
  Table table = rows_table(lesson, "densities", "The density of each row");
  std::vector<double> log_density = log_densities(first.mixture, lesson.data, lesson.n_threads);
  std::vector<double> density;
  density.reserve(log_density.size());
  for (const double value : log_density) density.push_back(std::exp(value));
  table.columns.push_back({.name = "p(x_n)", .values = std::move(density), .heading = "$p(x_n)$"});
  table.columns.push_back({.name = "log p(x_n)", .values = std::move(log_density), .heading = "$log p(x_n)$"});
  document.blocks.emplace_back(std::move(table));
  add_likelihood(document, first.stats.log_likelihood);
}

void add_responsibilities(Document& document, const Lesson& lesson) {
  const EmStep& first = lesson.run.first();
  document.blocks.emplace_back(Heading{"E-step: the responsibilities", "responsibilities"});
  document.blocks.emplace_back(Prose{
      "The responsibility $r_nk$ is the share of component $k$ in the density of row $n$: the posterior probability "
      "that the row came from it. The responsibilities for a row sum to one."});
  document.blocks.emplace_back(Formula{"r_nk = pi_k N(x_n | mu_k, Sigma_k) / sum_j pi_j N(x_n | mu_j, Sigma_j)"});
  document.blocks.emplace_back(responsibility_table(lesson, first.mixture));
  document.blocks.emplace_back(Prose{
      "Their sum over the rows is the size $N_k$ of a component, the number of rows that it is responsible for."});
  document.blocks.emplace_back(Formula{fmt::format("N_k = {} r_nk", lesson.sum_over_rows())});
  document.blocks.emplace_back(
      Table{"component_sizes",
            "",
            {numbered("component", first.stats.n.size()), {.name = "N_k", .values = first.stats.n, .heading = "$N_k$"}},
            "The sizes of the components"});
}

}  // namespace mogul
