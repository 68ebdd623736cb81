#include "em/degenerate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "base/check_interrupted.hpp"
#include "base/cholesky.hpp"
#include "base/message.hpp"

namespace mogul {
namespace {

constexpr double kEps = std::numeric_limits<double>::epsilon();

// Of dying components, as shares of the sum of weights: below the first they are waited for, below the second they
// count as empty. A component of one row among 1e8 is none.
constexpr double kFewRows = 1e-3;
constexpr double kNextToNoRows = 1e-8;
constexpr double kFalls = 0.9;

// What rounding may leave of a variance of feature i: (8 eps |mean|)^2 is that of the data; S / n - m^2, m the move of
// the mean, keeps some eps of S / n = variance + m^2 (measured: 1 to 3 where m = 0, mostly below 16 D elsewhere). For a
// shared variance it is the mean over the components.
double rounding(const Parameters& p, const Matrix& about, std::size_t k, std::size_t i, double variance) {
  const std::size_t first = p.family.shared ? 0 : k;
  const std::size_t last = p.family.shared ? p.weights.size() : k + 1;
  double data = 0;
  double moved = 0;
  for (std::size_t c = first; c < last; ++c) {
    const double share = p.family.shared ? p.weights[c] : 1;
    data += share * std::pow(8 * kEps * p.means(c, i), 2);
    moved += share * std::pow(p.means(c, i) - about(c, i), 2);
  }
  return data + 16 * static_cast<double>(p.means.cols()) * kEps * (variance + moved);
}

Degenerate::Cause cause_of(const Parameters& p, std::size_t k, std::size_t feature) {
  const double variance = variance_of(p, k, feature);
  if (!(variance >= kSmallestVariance)) return variance > 0 ? Degenerate::Cause::tiny : Degenerate::Cause::dependent;
  const bool rounded = variance <= std::pow(8 * kEps * p.means(k, feature), 2);
  return rounded ? Degenerate::Cause::rounded : Degenerate::Cause::dependent;
}

// The first feature whose variance, given those before it, is rounding.
std::optional<std::size_t> singular_feature(const Parameters& p, const Matrix& about, std::size_t k) {
  const std::size_t d = p.means.cols();
  const std::span<const double> values = covariance_of(p, k);
  const bool matrix = p.family.moments() >= Moments::pooled;
  Matrix factor;
  if (matrix) {
    factor = Matrix(d, d, {values.begin(), values.end()});
    if (const auto failed = cholesky(factor.view())) return failed;
  }
  for (std::size_t i = 0; i < d; ++i) {
    const double variance = variance_of(p, k, i);
    const double given_those_before = matrix ? factor(i, i) * factor(i, i) : variance;
    if (!(given_those_before > rounding(p, about, k, i, variance)) || !(variance >= kSmallestVariance)) return i;
  }
  return std::nullopt;
}

// An offset is to blame for the rounding only where it is large beside the spread of all rows; else the component sits
// on equal rows.
Degenerate::Cause with_all_rows(Degenerate::Cause cause, double mean, double variance_of_all_rows) {
  if (cause != Degenerate::Cause::rounded) return cause;
  return std::abs(mean) > 1000 * std::sqrt(variance_of_all_rows) ? cause : Degenerate::Cause::dependent;
}

}  // namespace

std::vector<Degenerate> singular_components(const Parameters& parameters, const Matrix& about) {
  std::vector<Degenerate> found;
  const std::size_t n_covariances = parameters.family.shared ? 1 : parameters.weights.size();
  for (std::size_t k = 0; k < n_covariances; ++k) {
    check_interrupted();
    if (const auto feature = singular_feature(parameters, about, k)) {
      found.push_back({k, cause_of(parameters, k, *feature), *feature});
    }
  }
  return found;
}

std::vector<std::size_t> dying_components(const Mixture& model, const Stats& stats, const Update& update) {
  std::vector<std::size_t> dying;
  if (!update.weights || !update.means) return dying;
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    const double expected = model.weights()[k] * stats.sum_weights;
    if (stats.n[k] < kFalls * expected && stats.n[k] <= kFewRows * stats.sum_weights) dying.push_back(k);
  }
  return dying;
}

std::vector<Degenerate> degenerate_components(const Parameters& parameters, const Stats& stats, const Update& update,
                                              const std::vector<std::size_t>& dying) {
  std::vector<Degenerate> found;
  if (update.covariances) found = singular_components(parameters, stats.shift);
  if (!found.empty()) {
    const std::vector<double> of_all_rows =
        added_variances(stats, parameters.family, RegCovar::relative_to_variance(1));
    for (Degenerate& d : found) {
      d.cause = with_all_rows(d.cause, parameters.means(d.component, d.feature), of_all_rows[d.feature]);
    }
  }
  if (parameters.family.shared && !found.empty()) return found;
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    const bool stays_empty = !update.weights && parameters.weights[k] == 0;
    const bool dies = std::ranges::find(dying, k) != dying.end() && stats.n[k] <= kNextToNoRows * stats.sum_weights;
    if (!(is_empty(stats, k) || dies) || !update.means || stays_empty) continue;
    std::erase_if(found, [k](const Degenerate& d) { return d.component == k; });
    found.push_back({k, is_empty(stats, k) ? Degenerate::Cause::empty : Degenerate::Cause::dying, 0});
  }
  std::ranges::sort(found, {}, &Degenerate::component);
  return found;
}

std::string describe(const Degenerate& degenerate, CovarianceFamily family, const std::string& feature_name) {
  const std::string which = family.shared ? "the shared covariance"
                                               : fmt::format("the covariance of component {}", degenerate.component);
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
