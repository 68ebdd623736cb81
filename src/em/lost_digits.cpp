#include "em/lost_digits.hpp"

#include <span>

#include "base/check_interrupted.hpp"
#include "base/cholesky.hpp"
#include "em/singular.hpp"

namespace mogul {
namespace {

// Of matrices, also each feature's variance given those before it.
bool resolves(const Resolution& resolution, const Parameters& p, std::size_t k) {
  const std::size_t d = p.means.cols();
  for (std::size_t i = 0; i < d; ++i) {
    if (!(variance_of(p, k, i) > resolution.min_deviation * resolution.min_deviation)) return false;
  }
  if (p.family.moments() < Moments::pooled) return true;
  const std::span<const double> values = covariance_of(p, k);
  Matrix factor(d, d, {values.begin(), values.end()});
  if (cholesky(factor.view())) return false;
  for (std::size_t i = 0; i < d; ++i) {
    if (factor(i, i) * factor(i, i) < resolution.min_conditional_variance * variance_of(p, k, i)) return false;
  }
  return true;
}

// Whether a mean has moved by so many standard deviations.
bool has_moved_far(const Stats& stats, const Parameters& next, double deviations) {
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    for (std::size_t d = 0; d < stats.n_features(); ++d) {
      const double move = next.means(k, d) - stats.shift(k, d);
      if (move != 0 && move * move >= deviations * deviations * variance_of(next, k, d)) return true;
    }
  }
  return false;
}

}  // namespace

bool lost_digits(const Stats& stats, const Parameters& current, const Parameters& next, const Hold& hold) {
  if (hold.covariances) return false;
  if (!hold.means) {
    if (next.means != stats.shift && !singular_components(next, stats.shift).empty()) return true;
    if (has_moved_far(stats, next, stats.resolution.max_move)) return true;
  }
  if (stats.is_exact()) return false;
  const std::size_t n_covariances = next.family.shared ? 1 : next.weights.size();
  for (std::size_t k = 0; k < n_covariances; ++k) {
    check_interrupted();
    if (!resolves(stats.resolution, next, k) && resolves(stats.resolution, current, k)) return true;
  }
  return false;
}

}  // namespace mogul
