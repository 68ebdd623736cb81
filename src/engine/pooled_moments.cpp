#include "engine/pooled_moments.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace mogul {

Stats pooled(Stats full) {
  Stats out(Moments::pooled, full.shift);
  for (std::size_t k = 0; k < full.n_components(); ++k) {
    std::ranges::transform(out.second.row(0), full.second.row(k), out.second.row(0).begin(), std::plus<>());
  }
  full.moments = Moments::pooled;
  full.second = std::move(out.second);
  return full;
}

void move_to_shifts(Stats& pooled, std::span<const double> centre) {
  const std::size_t n_features = pooled.n_features();
  std::vector<double> d(n_features);
  for (std::size_t k = 0; k < pooled.n_components(); ++k) {
    const auto f = pooled.first.row(k);
    for (std::size_t i = 0; i < n_features; ++i) d[i] = pooled.shift(k, i) - centre[i];
    double* second = pooled.second.data();
    for (std::size_t i = 0; i < n_features; ++i) {
      for (std::size_t j = 0; j <= i; ++j) *second++ -= f[i] * d[j] + d[i] * f[j] + pooled.n[k] * d[i] * d[j];
    }
  }
}

}  // namespace mogul
