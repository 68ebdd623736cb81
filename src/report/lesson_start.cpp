// The lesson's first sections: the data, the start, the log-likelihood, responsibilities and gradients.
#include <cmath>

#include <fmt/format.h>

#include "mogul/gradient.hpp"
#include "mogul/score.hpp"
#include "report/lesson.hpp"
#include "report/parameter_table.hpp"

namespace mogul {
namespace {

const char* row_sum(const Lesson& lesson) { return lesson.data.weighted() ? "sum_n w_n" : "sum_n"; }

}  // namespace

void add_start(Document& document, const Lesson& lesson) {
  const Mixture& start = lesson.run.first().mixture;
  document.blocks.emplace_back(Heading{"The data and the start", "start"});
  document.blocks.emplace_back(Paragraph{fmt::format(
      "N = {} rows of D = {}, and a mixture of K = {} Gaussians ({} covariances) to begin with. Each row is thought "
      "to come from one of the components, but which one is not known.",
      lesson.data.rows(), lesson.data.cols(), start.n_components(), to_string(start.structure()))});
  document.blocks.emplace_back(Formula{"p(x) = sum_k pi_k N(x | mu_k, Sigma_k)"});
  document.blocks.emplace_back(rows_table(lesson, "rows"));
  document.blocks.emplace_back(parameter_table(start, {}, lesson.names, Spread::variance));
  document.blocks.emplace_back(Figures{{side_by_side(lesson, {{&start, "the start"}})}});
}

void add_log_likelihood(Document& document, const Lesson& lesson) {
  const EmStep& first = lesson.run.first();
  document.blocks.emplace_back(Heading{"The log-likelihood", "log_likelihood"});
  document.blocks.emplace_back(Paragraph{
      "How well the mixture explains the rows: the logarithm of their density, summed. EM raises it with every step."});
  document.blocks.emplace_back(Formula{fmt::format("L = {} log p(x_n)", row_sum(lesson))});
  Table table = rows_table(lesson, "densities");
  std::vector<double> log_density = log_densities(first.mixture, lesson.data, lesson.n_threads);
  std::vector<double> density;
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
  document.blocks.emplace_back(Formula{fmt::format("N_k = {} r_nk", row_sum(lesson))});
  document.blocks.emplace_back(
      Table{"component_sizes", "", {numbered("component", first.stats.n.size()), {"N_k", first.stats.n}}});
}

void add_gradient(Document& document, const Lesson& lesson, Moment moment) {
  const bool at_end = moment == Moment::end;
  const EmStep& step = at_end ? lesson.run.last() : lesson.run.first();
  const LogLikelihoodGradient gradient = log_likelihood_gradient(step.stats, step.mixture);
  document.blocks.emplace_back(at_end ? Heading{"The gradients at the end", "gradient_at_end"}
                                      : Heading{"The gradients of L", "gradient"});
  document.blocks.emplace_back(Paragraph{
      at_end
          ? "At a maximum of L all of them vanish: the necessary conditions from which the updates come."
          : "At a maximum of L they would vanish. The weights sum to one, so theirs come with the Lagrange multiplier "
            "lambda of that constraint, which is minus the number of rows."});
  document.blocks.emplace_back(Formula{"dL / dmu_k = Sigma_k^(-1) sum_n r_nk (x_n - mu_k)"});
  document.blocks.emplace_back(Formula{
      "dL / dSigma_k = -1/2 sum_n r_nk (Sigma_k^(-1) - Sigma_k^(-1) (x_n - mu_k) (x_n - mu_k)^T Sigma_k^(-1))"});
  document.blocks.emplace_back(Formula{"dL / dpi_k + lambda = N_k / pi_k + lambda"});
  const std::size_t k = step.mixture.n_components();
  Table table{"gradients", "", {numbered("component", k)}};
  for (std::size_t d = 0; d < lesson.names.size(); ++d) {
    std::vector<double> values;
    for (std::size_t c = 0; c < k; ++c) values.push_back(gradient.means(c, d));
    table.columns.push_back({feature_column("dL/dmean", lesson.names, d), std::move(values)});
  }
  if (lesson.names.size() == 1 && gradient.covariances.size() == k) {
    table.columns.push_back({"dL/dvariance", gradient.covariances});
  }
  std::vector<double> constrained;
  for (const double weight : gradient.weights) constrained.push_back(weight + gradient.multiplier);
  table.columns.push_back({"dL/dweight", gradient.weights});
  table.columns.push_back({"dL/dweight + lambda", std::move(constrained)});
  document.blocks.emplace_back(std::move(table));
  if (lesson.names.size() > 1 || gradient.covariances.size() != k) {
    document.blocks.emplace_back(
        Table{"covariance_gradients",
              fmt::format("dL/dSigma, entry by entry ({} covariances)", to_string(gradient.structure)),
              {numbered("entry", gradient.covariances.size()), {"dL/dSigma", gradient.covariances}}});
  }
  document.blocks.emplace_back(Quantity{"lagrange_multiplier", "lambda", gradient.multiplier});
  document.blocks.emplace_back(Quantity{"largest_scaled_gradient",
                                        "largest gradient, scaled to be the relative move of the next M-step",
                                        gradient.largest_scaled, 4});
}

}  // namespace mogul
