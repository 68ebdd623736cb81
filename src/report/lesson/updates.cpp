// The M-step in three: the means alone, the covariances alone, the weights alone, under the same responsibilities.
#include <utility>

#include <fmt/format.h>

#include "mogul/error.hpp"
#include "mogul/score.hpp"
#include "mogul/stats.hpp"
#include "report/lesson/lesson.hpp"

namespace mogul {

namespace {

void add_result(Document& document, const Lesson& lesson, const Mixture& before, const Mixture& after) {
  add_parameters(document, lesson, after);
  add_likelihood(document, log_likelihood(after, lesson.data, lesson.n_threads));
  add_scenes(document, lesson, {{&before, "before"}, {&after, "after"}});
  document.blocks.emplace_back(Prose{"The gradients of $L$ are now:"});
  add_derivatives(document, lesson, after);
}

// An M-step from the responsibilities of the start.
Mixture stepped(const UpdateNumbers& numbers, const Mixture& from, const Hold& hold) {
  return maximise(from, numbers.lesson.data, numbers.r.view(), {.hold = hold}, numbers.lesson.n_threads);
}

Mixture update_means(Document& document, const UpdateNumbers& numbers, const Mixture& start) {
  document.blocks.emplace_back(Heading{"M-step: the means alone", "update_means"});
  document.blocks.emplace_back(
      Prose{"Each mean moves to the mean of the rows, weighted by the component's responsibilities."});
  document.blocks.emplace_back(Formula{fmt::format("mu_k = {} r_nk x_n / N_k", numbers.lesson.sum_over_rows())});
  // Called for its fit_error alone: with weights held, an empty component would pass unnoticed.
  stepped(numbers, start, {.covariances = true});
  Mixture after = stepped(numbers, start, {.weights = true, .covariances = true});
  write_out_means(document, numbers, after);
  add_result(document, numbers.lesson, start, after);
  return after;
}

Mixture update_covariances(Document& document, const UpdateNumbers& numbers, const Mixture& means) {
  document.blocks.emplace_back(Heading{"M-step: the covariances alone", "update_covariances"});
  document.blocks.emplace_back(Prose{
      "The covariances are taken about the new means, with the same responsibilities. $S_k$ is the covariance of "
      "all rows, weighted by the responsibilities of component $k$. The covariance structure says what becomes of "
      "it in $Sigma_k$."});
  document.blocks.emplace_back(
      Formula{fmt::format("S_k = {} r_nk (x_n - mu_k) (x_n - mu_k)^T / N_k", numbers.lesson.sum_over_rows())});
  write_out_covariances(document, numbers, means);
  Mixture after = stepped(numbers, means, {.weights = true, .means = true});
  add_result(document, numbers.lesson, means, after);
  return after;
}

void update_weights(Document& document, const UpdateNumbers& numbers, const Mixture& covariances) {
  document.blocks.emplace_back(Heading{"M-step: the weights alone", "update_weights"});
  document.blocks.emplace_back(Paragraph{"Each weight becomes the component's share of the rows."});
  document.blocks.emplace_back(Formula{numbers.lesson.data.weighted() ? "pi_k = N_k / sum_n w_n" : "pi_k = N_k / N"});
  const Mixture after = stepped(numbers, covariances, {.means = true, .covariances = true});
  write_out_weights(document, numbers, after);
  add_result(document, numbers.lesson, covariances, after);
}

}  // namespace

void add_updates(Document& document, const Lesson& lesson) {
  const UpdateNumbers numbers = update_numbers(lesson);
  try {
    const Mixture means = update_means(document, numbers, lesson.run.first().mixture);
    const Mixture covariances = update_covariances(document, numbers, means);
    update_weights(document, numbers, covariances);
  } catch (const fit_error& error) {
    document.blocks.emplace_back(Paragraph{fmt::format("EM ends here: {}.", why_em_ends(error))});
  }
}

}  // namespace mogul
