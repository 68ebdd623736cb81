// The derivatives of L: what they are at a step, and that they vanish at the end.
#include <optional>

#include <fmt/format.h>

#include "mogul/error.hpp"
#include "mogul/gradient.hpp"
#include "report/lesson/lesson.hpp"
#include "report/parameter_table.hpp"

namespace mogul {
namespace {

constexpr const char* kLargestScaled =
    "The largest scaled gradient is the largest change of a parameter that the next M-step would make if covariances "
    "were free to move. A change of a mean is measured in standard deviations, that of a weight or a covariance as a "
    "share of its value.";

// Whether the M-step's covariances are where the derivatives vanish, as in families with a plain name.
bool is_free(const CovarianceFamily& family) { return !family.plain.empty(); }

// Nothing where a derivative exceeds the range of double.
std::optional<LogLikelihoodGradient> gradient_at(const Lesson& lesson, const Mixture& mixture) {
  try {
    return log_likelihood_gradient(mixture, lesson.data, lesson.n_threads);
  } catch (const invalid_argument&) {
    return std::nullopt;
  }
}

// Whether the largest scaled gradient is too large for a maximum, or not a number.
bool is_far_from_maximum(const EmRun& run) {
  constexpr double kVanished = 1e-4;  // of a standard deviation, or relative
  return run.failed || !(run.gradient.back() <= kVanished);
}

std::string about_the_end(const EmRun& run) {
  const CovarianceFamily& family = run.last().mixture.family();
  if (!run.failed && !is_free(family)) {
    return fmt::format(
        "At a maximum of $L$ within the family {} those of the means and the weights vanish. Those of the covariances "
        "need not: they are free derivatives, and covariances of the family cannot move freely.",
        to_string(family));
  }
  std::string text =
      "At a maximum of $L$ all of them vanish. These are the necessary conditions that the updates solve.";
  if (is_far_from_maximum(run)) {
    text +=
        " Here they do not all vanish, as EM ended before it reached a maximum. The largest scaled gradient says "
        "how far from one it is.";
  }
  return text;
}

// One value per entry of each covariance that the structure has, of symmetric matrices the lower triangle.
Table covariance_table(const Lesson& lesson, const LogLikelihoodGradient& gradient) {
  const bool tied = gradient.family.shared;
  const std::size_t d = lesson.names.size();
  const std::size_t n_owners = tied ? 1 : gradient.weights.size();
  const std::size_t size = gradient.covariances.size() / n_owners;  // D * D, D or 1
  const bool matrices = size == d * d && d > 1;
  std::vector<double> components;
  std::vector<std::string> first;
  std::vector<std::string> second;
  std::vector<double> values;
  for (std::size_t k = 0; k < n_owners; ++k) {
    for (std::size_t i = 0; i < size; ++i) {
      if (matrices && i % d > i / d) continue;
      components.push_back(static_cast<double>(k));
      first.push_back(size == 1 ? "" : lesson.names[matrices ? i / d : i]);
      second.push_back(matrices ? lesson.names[i % d] : "");
      values.push_back(gradient.covariances[k * size + i]);
    }
  }
  Table table{"covariance_gradients", fmt::format("Gradients of the covariances ({})", to_string(gradient.family)), {}};
  if (!tied) table.columns.push_back({"component", std::move(components), 15});
  if (size > 1) table.columns.push_back({"feature", std::move(first)});
  if (matrices) table.columns.push_back({"and", std::move(second)});
  table.columns.push_back({.name = tied ? "dL/dSigma" : "dL/dSigma_k",
                           .values = std::move(values),
                           .heading = tied ? "$dL/dSigma$" : "$dL/dSigma_k$"});
  return table;
}

}  // namespace

void add_derivatives(Document& document, const Lesson& lesson, const Mixture& mixture) {
  const std::optional<LogLikelihoodGradient> gradient = gradient_at(lesson, mixture);
  if (!gradient) {
    document.blocks.emplace_back(Paragraph{"The derivatives of L exceed the range of double."});
    return;
  }
  const std::size_t k = mixture.n_components();
  Table table{"gradients", "", {numbered("component", k)}, "The gradients of the log-likelihood"};
  for (std::size_t d = 0; d < lesson.names.size(); ++d) {
    std::vector<double> values;
    for (std::size_t c = 0; c < k; ++c) values.push_back(gradient->means(c, d));
    table.columns.push_back({.name = feature_column("dL/dmu_k", lesson.names, d),
                             .values = std::move(values),
                             .heading = feature_heading("$dL/dmu_k$", lesson.names, d)});
  }
  const bool one_variance_each = lesson.names.size() == 1 && gradient->covariances.size() == k;
  if (one_variance_each) {
    table.columns.push_back({.name = "dL/dSigma_k", .values = gradient->covariances, .heading = "$dL/dSigma_k$"});
  }
  std::vector<double> constrained;
  for (const double weight : gradient->weights) constrained.push_back(weight + gradient->multiplier);
  table.columns.push_back({.name = "dL/dpi_k", .values = gradient->weights, .heading = "$dL/dpi_k$"});
  table.columns.push_back(
      {.name = "dL/dpi_k + lambda", .values = std::move(constrained), .heading = "$dL/dpi_k + lambda$"});
  document.blocks.emplace_back(std::move(table));
  if (!one_variance_each) document.blocks.emplace_back(covariance_table(lesson, *gradient));
  document.blocks.emplace_back(Quantity{"lagrange_multiplier", "$lambda$", gradient->multiplier});
  document.blocks.emplace_back(
      Quantity{"largest_scaled_gradient", "largest scaled gradient", gradient->largest_scaled, 4});
}

void add_gradient(Document& document, const Lesson& lesson, Moment moment) {
  const bool at_end = moment == Moment::end;
  const char* n = lesson.data.weighted() ? "the sum of the row weights" : "the number of rows";
  document.blocks.emplace_back(at_end ? Heading{"The gradients at the end", "gradient_at_end"}
                                      : Heading{"The gradients of L", "gradient"});
  document.blocks.emplace_back(Prose{
      at_end ? about_the_end(lesson.run)
             : fmt::format("At a maximum of $L$ the gradients vanish{}. The weights must sum to one, so the Lagrange "
                           "multiplier $lambda$ of that constraint is added to theirs; it is minus {}.",
                           is_free(lesson.run.first().mixture.family())
                               ? ""
                               : ", but for those of covariances, which are not free in this family",
                           n)});
  const char* sum = lesson.sum_over_rows();
  document.blocks.emplace_back(Formula{fmt::format("dL / dmu_k = Sigma_k^(-1) {} r_nk (x_n - mu_k)", sum)});
  document.blocks.emplace_back(
      Formula{fmt::format("dL / dSigma_k = -1/2 {} r_nk (Sigma_k^(-1) - Sigma_k^(-1) (x_n - mu_k) (x_n - mu_k)^T "
                          "Sigma_k^(-1))",
                          sum)});
  document.blocks.emplace_back(Formula{"dL / dpi_k + lambda = N_k / pi_k + lambda"});
  if (!at_end) document.blocks.emplace_back(Prose{kLargestScaled});
  add_derivatives(document, lesson, (at_end ? lesson.run.last() : lesson.run.first()).mixture);
}

}  // namespace mogul
