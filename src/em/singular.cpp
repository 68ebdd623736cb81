#include "em/singular.hpp"

#include <cmath>
#include <limits>
#include <optional>

#include "base/check_interrupted.hpp"

namespace mogul {
namespace {

constexpr double kEps = std::numeric_limits<double>::epsilon();

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
    if (!p.has_prior) data += share * std::pow(8 * kEps * p.means(c, i), 2);
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
std::optional<std::size_t> singular_feature(const Parameters& p, const Factors& factors, const Matrix& about,
                                            std::size_t k) {
  if (factors.failed_row[k]) return factors.failed_row[k];
  const std::size_t d = p.means.cols();
  for (std::size_t i = 0; i < d; ++i) {
    const double variance = variance_of(p, k, i);
    const double root = p.family.layout == Layout::matrix ? factors.values[(k * d + i) * d + i] : 0;
    const double given_those_before = p.family.layout == Layout::matrix ? root * root : variance;
    if (!(given_those_before > rounding(p, about, k, i, variance)) || !(variance >= kSmallestVariance)) return i;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Degenerate> singular_components(const Parameters& parameters, const Matrix& about) {
  std::vector<Degenerate> found;
  const std::size_t n_covariances = parameters.family.shared ? 1 : parameters.weights.size();
  std::optional<Factors> made;
  if (!parameters.factors) made = factorised(parameters);
  const Factors& factors = made ? *made : *parameters.factors;
  for (std::size_t k = 0; k < n_covariances; ++k) {
    check_interrupted();
    if (const auto feature = singular_feature(parameters, factors, about, k)) {
      found.push_back({k, cause_of(parameters, k, *feature), *feature});
    }
  }
  return found;
}

}  // namespace mogul
