// The M-step in three: the means alone, the covariances alone, the weights alone, under the same responsibilities.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "mogul/error.hpp"
#include "mogul/score.hpp"
#include "mogul/stats.hpp"
#include "report/lesson.hpp"
#include "report/parameter_table.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMostTerms = 8;     // of a sum that is written out
constexpr std::size_t kMostFeatures = 3;  // whose sums are written out
constexpr std::size_t kMostComponents = 6;

std::string shown(double value) { return fmt::format("{:.4g}", value); }
// After a sign: a negative number in parentheses.
std::string operand(double value) { return value < 0 ? fmt::format("({:.4g})", value) : shown(value); }

// "(first + second + ... + last)", of as many terms as there are rows.
template <class Term>
std::string sum_of(std::size_t n, Term&& term) {
  std::string text = "(";
  for (std::size_t i = 0; i < n; ++i) {
    if (n > kMostTerms && i == 3) {
      text += " + ...";
      i = n - 1;
    }
    text += (i == 0 ? "" : " + ") + term(i);
  }
  return text + ")";
}

/// The mixture before and after each of the three, and what they were computed from.
struct Updates {
  const Lesson& lesson;
  Matrix r;
  const std::vector<double>& sizes;  ///< N_k

  double share(std::size_t i, std::size_t k) const { return lesson.data.weight(i) * r(i, k); }
};

bool written_out(const Updates& updates) {
  return updates.lesson.names.size() <= kMostFeatures && updates.r.cols() <= kMostComponents;
}

void write_out_means(Document& document, const Updates& updates, const Mixture& after) {
  for (std::size_t k = 0; written_out(updates) && k < after.n_components(); ++k) {
    for (std::size_t d = 0; d < after.n_features(); ++d) {
      const std::string sum = sum_of(updates.lesson.data.rows(), [&](std::size_t i) {
        return fmt::format("{} * {}", shown(updates.share(i, k)), operand(updates.lesson.data.value(i, d)));
      });
      const std::string which = after.n_features() == 1 ? "" : fmt::format(" [{}]", updates.lesson.names[d]);
      document.blocks.emplace_back(Formula{
          fmt::format("mu_{}{} = {} / {} = {}", k, which, sum, shown(updates.sizes[k]), shown(after.means()(k, d)))});
    }
  }
}

// Of a component's variances; covariances between features are in the table.
void write_out_variances(Document& document, const Updates& updates, const Mixture& after) {
  if (is_tied(after.structure()) || (after.structure() == CovarianceStructure::spherical && after.n_features() > 1))
    return;
  for (std::size_t k = 0; written_out(updates) && k < after.n_components(); ++k) {
    for (std::size_t d = 0; d < after.n_features(); ++d) {
      const std::string sum = sum_of(updates.lesson.data.rows(), [&](std::size_t i) {
        return fmt::format("{} ({} - {})^2", shown(updates.share(i, k)), shown(updates.lesson.data.value(i, d)),
                           operand(after.means()(k, d)));
      });
      const std::string which = after.n_features() == 1 ? fmt::format("sigma_{}^2", k)
                                                        : fmt::format("Sigma_{} [{}]", k, updates.lesson.names[d]);
      document.blocks.emplace_back(
          Formula{fmt::format("{} = {} / {} = {}", which, sum, shown(updates.sizes[k]), shown(after.variance(k, d)))});
    }
  }
}

void write_out_weights(Document& document, const Updates& updates, const Mixture& after, double n) {
  for (std::size_t k = 0; written_out(updates) && k < after.n_components(); ++k) {
    document.blocks.emplace_back(
        Formula{fmt::format("pi_{} = {} / {} = {}", k, shown(updates.sizes[k]), shown(n), shown(after.weights()[k]))});
  }
}

void add_result(Document& document, const Updates& updates, const Mixture& before, const Mixture& after) {
  const Lesson& lesson = updates.lesson;
  document.blocks.emplace_back(parameter_table(after, {}, lesson.names, Spread::variance));
  add_likelihood(document, log_likelihood(after, lesson.data, lesson.n_threads));
  document.blocks.emplace_back(Figures{{side_by_side(lesson, {{&before, "before"}, {&after, "after"}})}});
}

}  // namespace

void add_updates(Document& document, const Lesson& lesson) {
  const EmStep& first = lesson.run.first();
  const Updates updates{lesson, responsibilities(first.mixture, lesson.data, lesson.n_threads), first.stats.n};
  const MatrixView<const double> r = updates.r.view();
  const auto stepped = [&](const Mixture& from, const Update& what) {
    return m_step(from, lesson.data, r, {.update = what}, lesson.n_threads);
  };
  try {
    const Mixture means = stepped(first.mixture, {.weights = false, .means = true, .covariances = false});
    document.blocks.emplace_back(Heading{"M-step: the means alone", "update_means"});
    document.blocks.emplace_back(
        Paragraph{"Each mean moves to the mean of the rows, weighted by its responsibilities."});
    document.blocks.emplace_back(Formula{"mu_k = sum_n r_nk x_n / N_k"});
    write_out_means(document, updates, means);
    add_result(document, updates, first.mixture, means);

    const Mixture covariances = stepped(means, {.weights = false, .means = false, .covariances = true});
    document.blocks.emplace_back(Heading{"M-step: the covariances alone", "update_covariances"});
    document.blocks.emplace_back(Paragraph{
        "About the new means, with the same responsibilities. The structure decides what of it is kept: all of it "
        "(full), the variances (diagonal), their mean (spherical), or the mean over the components (tied)."});
    document.blocks.emplace_back(Formula{"Sigma_k = sum_n r_nk (x_n - mu_k) (x_n - mu_k)^T / N_k"});
    write_out_variances(document, updates, covariances);
    add_result(document, updates, means, covariances);

    const Mixture weights = stepped(covariances, {.weights = true, .means = false, .covariances = false});
    document.blocks.emplace_back(Heading{"M-step: the weights alone", "update_weights"});
    document.blocks.emplace_back(Paragraph{"Each weight becomes the component's share of the rows."});
    document.blocks.emplace_back(Formula{lesson.data.weighted() ? "pi_k = N_k / sum_n w_n" : "pi_k = N_k / N"});
    write_out_weights(document, updates, weights, first.stats.sum_weights);
    add_result(document, updates, covariances, weights);
  } catch (const fit_error& error) {
    document.blocks.emplace_back(Paragraph{fmt::format("Here EM ends: {}", error.what())});
  }
}

}  // namespace mogul
