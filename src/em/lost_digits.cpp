#include "em/lost_digits.hpp"

#include <algorithm>

#include "base/check_interrupted.hpp"
#include "base/cholesky.hpp"
#include "em/singular.hpp"
#include "kernel/prepared_model.hpp"

namespace mogul {
namespace {

// Of any feature given those before it, in units of its variance; 0 if singular, or not within the range of float.
double smallest_conditional_variance(const Parameters& p, std::size_t k) {
  const std::size_t d = p.means.cols();
  double smallest = 1;
  for (std::size_t i = 0; i < d; ++i) {
    if (!(variance_of(p, k, i) * kLargestFloatFactor * kLargestFloatFactor > 1)) return 0;
  }
  if (p.family.moments() < Moments::pooled) return smallest;
  const std::span<const double> values = covariance_of(p, k);
  Matrix factor(d, d, {values.begin(), values.end()});
  if (cholesky(factor.view())) return 0;
  for (std::size_t i = 0; i < d; ++i) {
    smallest = std::min(smallest, factor(i, i) * factor(i, i) / variance_of(p, k, i));
  }
  return smallest;
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

bool lost_digits(const Stats& stats, const Parameters& next, const Update& update) {
  if (!update.means || !update.covariances) return false;
  if (next.means != stats.shift && !singular_components(next, stats.shift).empty()) return true;
  return has_moved_far(stats, next, 100);
}

bool lost_digits_of_float(const Stats& stats, const Parameters& current, const Parameters& next, const Update& update) {
  if (!update.covariances) return false;
  if (update.means && has_moved_far(stats, next, 3)) return true;
  const std::size_t n_covariances = next.family.shared ? 1 : next.weights.size();
  for (std::size_t k = 0; k < n_covariances; ++k) {
    check_interrupted();
    const bool was_in_double = smallest_conditional_variance(current, k) * kMaxFloatInflation < 1;
    if (!was_in_double && smallest_conditional_variance(next, k) * kMaxFloatInflation < 1) return true;
  }
  return false;
}

}  // namespace mogul
