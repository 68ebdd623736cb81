#include "start/partition_criterion.hpp"

#include <algorithm>
#include <cmath>

#include "base/cholesky.hpp"

namespace mogul {
namespace {

constexpr double kSmallest = 1e-6;  // of W, as columns may depend on each other, or be constant within all clusters

// Element (i, j) of the scatter of all clusters about their means.
double within(const Stats& stats, std::size_t i, std::size_t j) {
  const bool diagonal = stats.moments == Moments::diagonal;
  double sum = 0;
  for (std::size_t k = 0; k < stats.second.rows(); ++k) sum += stats.second(k, diagonal ? i : i * (i + 1) / 2 + j);
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    if (stats.n[k] > 0) sum -= stats.first(k, i) * stats.first(k, j) / stats.n[k];
  }
  return sum;
}

}  // namespace

double partition_criterion(const Stats& stats, const Units& units) {
  const std::size_t d = stats.n_features();
  const double n = stats.sum_weights;
  const auto element = [&](std::size_t i, std::size_t j) {
    return within(stats, i, j) / n / units.scale[i] / units.scale[j];
  };
  double log_determinant = 0;
  if (stats.moments == Moments::diagonal) {
    for (std::size_t i = 0; i < d; ++i) log_determinant += std::log(std::max(0.0, element(i, i)) + kSmallest);
  } else {
    Matrix w(d, d);
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j <= i; ++j) w(i, j) = w(j, i) = element(i, j);
      w(i, i) += kSmallest;
    }
    cholesky(w.view());
    for (std::size_t i = 0; i < d; ++i) log_determinant += 2 * std::log(w(i, i));
  }
  double criterion = -n / 2 * log_determinant;
  for (const double size : stats.n) {
    if (size > 0) criterion += size * std::log(size / n);
  }
  return criterion;
}

}  // namespace mogul
