// The M-step in three: the means alone, the covariances alone, the weights alone, under the same responsibilities.
#include <utility>

#include <fmt/format.h>

#include "mogul/error.hpp"
#include "mogul/score.hpp"
#include "mogul/stats.hpp"
#include "report/lesson/lesson.hpp"
#include "report/parameter_table.hpp"

namespace mogul {

namespace {

void add_result(Document& document, const Lesson& lesson, const Mixture& before, const Mixture& after) {
  document.blocks.emplace_back(parameter_table(after, {}, lesson.names, Spread::variance));
  add_likelihood(document, log_likelihood(after, lesson.data, lesson.n_threads));
  add_scenes(document, lesson, {{&before, "before"}, {&after, "after"}});
  document.blocks.emplace_back(Prose{"The gradients of $L$ are now:"});
  add_derivatives(document, lesson, after);
}

}  // namespace

void add_updates(Document& document, const Lesson& lesson) {
  const EmStep& first = lesson.run.first();
  const UpdateNumbers numbers{lesson, responsibilities(first.mixture, lesson.data, lesson.n_threads), first.stats.n,
                              first.stats.sum_weights};
  const auto stepped = [&](const Mixture& from, const Update& what) {
    return m_step(from, lesson.data, numbers.r.view(), {.update = what}, lesson.n_threads);
  };
  const char* sum = lesson.sum_over_rows();
  try {
    const Mixture means = stepped(first.mixture, {.weights = false, .means = true, .covariances = false});
    document.blocks.emplace_back(Heading{"M-step: the means alone", "update_means"});
    document.blocks.emplace_back(
        Prose{"Each mean moves to the mean of the rows, weighted by the component's responsibilities."});
    document.blocks.emplace_back(Formula{fmt::format("mu_k = {} r_nk x_n / N_k", sum)});
    write_out_means(document, numbers, means);
    add_result(document, lesson, first.mixture, means);

    const Mixture covariances = stepped(means, {.weights = false, .means = false, .covariances = true});
    document.blocks.emplace_back(Heading{"M-step: the covariances alone", "update_covariances"});
    document.blocks.emplace_back(Prose{
        "The covariances are taken about the new means, with the same responsibilities. $S_k$ is the covariance of "
        "all rows, weighted by the responsibilities of component $k$. The covariance structure says what becomes of "
        "it in $Sigma_k$."});
    document.blocks.emplace_back(Formula{fmt::format("S_k = {} r_nk (x_n - mu_k) (x_n - mu_k)^T / N_k", sum)});
    write_out_covariances(document, numbers, covariances);
    add_result(document, lesson, means, covariances);

    const Mixture weights = stepped(covariances, {.weights = true, .means = false, .covariances = false});
    document.blocks.emplace_back(Heading{"M-step: the weights alone", "update_weights"});
    document.blocks.emplace_back(Paragraph{"Each weight becomes the component's share of the rows."});
    document.blocks.emplace_back(Formula{lesson.data.weighted() ? "pi_k = N_k / sum_n w_n" : "pi_k = N_k / N"});
    write_out_weights(document, numbers, weights);
    add_result(document, lesson, covariances, weights);
  } catch (const fit_error& error) {
    document.blocks.emplace_back(Paragraph{fmt::format("EM ends here: {}.", why_em_ends(error))});
  }
}

}  // namespace mogul
