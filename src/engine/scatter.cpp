#include "engine/scatter.hpp"

#include <numeric>

namespace mogul {

Scatter coarsened(std::span<const double> second, Moments from, Moments to, std::size_t n_features) {
  if (from == to || to == Moments::pooled) return {second.begin(), second.end()};
  Scatter variances(second.begin(), second.end());
  if (from == Moments::full) {
    variances.resize(n_features);
    for (std::size_t i = 0; i < n_features; ++i) variances[i] = second[i * (i + 1) / 2 + i];
  }
  if (to == Moments::diagonal) return variances;
  return {std::accumulate(variances.begin(), variances.end(), 0.0)};
}

}  // namespace mogul
