#include "em/degenerate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/message.hpp"
#include "em/component_moments.hpp"
#include "em/overall_moments.hpp"

namespace mogul {
namespace {

// Of dying components, as shares of the sum of weights: below the first they are waited for, below the second they
// count as empty. A component of one row among 1e8 is none.
constexpr double kFewRows = 1e-3;
constexpr double kNextToNoRows = 1e-8;
constexpr double kFalls = 0.9;

// An offset is to blame for the rounding only where it is large beside the spread of all rows; else the component sits
// on equal rows.
Degenerate::Cause with_all_rows(Degenerate::Cause cause, double mean, double variance_of_all_rows) {
  if (cause != Degenerate::Cause::rounded) return cause;
  return std::abs(mean) > 1000 * std::sqrt(variance_of_all_rows) ? cause : Degenerate::Cause::dependent;
}

}  // namespace

std::vector<std::size_t> dying_components(const Mixture& model, const Stats& stats, const MStepOptions& step) {
  std::vector<std::size_t> dying;
  if (!step.hold.estimates_weights() || step.weight_concentration > 1.0) return dying;
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    if (!step.hold.estimates_mean(k)) continue;
    const double expected = model.weights()[k] * stats.sum_weights;
    if (stats.n[k] < kFalls * expected && stats.n[k] <= kFewRows * stats.sum_weights) dying.push_back(k);
  }
  return dying;
}

std::vector<Degenerate> degenerate_components(const Parameters& parameters, const Stats& stats,
                                              const MStepOptions& step, const std::vector<std::size_t>& dying) {
  const Hold& hold = step.hold;
  std::vector<Degenerate> found;
  if (!hold.covariances) found = singular_components(parameters, stats.shift);
  if (!found.empty()) {
    const std::vector<double> of_all_rows =
        added_variances(stats, parameters.family, RegCovar::relative_to_variance(1));
    for (Degenerate& d : found) {
      d.cause = with_all_rows(d.cause, parameters.means(d.component, d.feature), of_all_rows[d.feature]);
    }
  }
  if ((parameters.family.shared && !found.empty()) || step.weight_concentration > 1.0) return found;
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    const bool stays_empty = hold.weights && parameters.weights[k] == 0;
    const bool dies = std::ranges::find(dying, k) != dying.end() && stats.n[k] <= kNextToNoRows * stats.sum_weights;
    if (!(is_empty(stats, k) || dies) || !hold.estimates_mean(k) || stays_empty) continue;
    std::erase_if(found, [k](const Degenerate& d) { return d.component == k; });
    found.push_back({k, is_empty(stats, k) ? Degenerate::Cause::empty : Degenerate::Cause::dying, 0});
  }
  std::ranges::sort(found, {}, &Degenerate::component);
  return found;
}

std::string describe(const Degenerate& degenerate, CovarianceFamily family, const std::string& feature_name) {
  const std::string which =
      family.shared ? "the shared covariance" : fmt::format("the covariance of component {}", degenerate.component);
  const std::string where = fmt::format("{} is singular at column '{}'", which, printable(feature_name));
  switch (degenerate.cause) {
    case Degenerate::Cause::empty:
      return fmt::format("component {} is empty (no row belongs to it); lower n_components or start elsewhere",
                         degenerate.component);
    case Degenerate::Cause::dying:
      return fmt::format("component {} loses its rows with every step; lower n_components or start elsewhere",
                         degenerate.component);
    case Degenerate::Cause::rounded:
      return where + ": its spread is below the rounding of values as large as its mean; subtract an offset from it";
    case Degenerate::Cause::tiny: return where + ": its variance is below 1e-300; rescale it";
    case Degenerate::Cause::dependent: break;
  }
  return where +
         " (constant there, a combination of the columns before it, or too few rows); raise reg_covar, lower "
         "n_components, or leave the column out";
}

}  // namespace mogul
