#include "model/counts.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "mogul/error.hpp"

namespace mogul {

void check_counts(std::span<const double> n, double sum_weights, const std::string& name) {
  for (std::size_t k = 0; k < n.size(); ++k) {
    if (!(n[k] >= 0)) throw invalid_argument(fmt::format("{}[{}] = {}; must be >= 0", name, k, n[k]));
  }
  const double sum = std::accumulate(n.begin(), n.end(), 0.0);
  if (std::abs(sum - sum_weights) <= 1e-8 * sum_weights) return;
  throw invalid_argument(fmt::format("{} sums to {}; must sum to sum_weights = {}", name, sum, sum_weights));
}

}  // namespace mogul
