#include "use/elbow.hpp"

#include <cassert>
#include <limits>

namespace mogul {
namespace {

// Sum of the squared residuals of values / unit at 0, 1, 2, ... about their least-squares line.
double residual_of_line(std::span<const double> values, double unit) {
  const auto n = static_cast<double>(values.size());
  double mean = 0;
  for (const double value : values) mean += value / unit / n;
  const double middle = (n - 1) / 2;
  double sum_xx = 0;
  double sum_xy = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double x = static_cast<double>(i) - middle;
    sum_xx += x * x;
    sum_xy += x * (values[i] / unit - mean);
  }
  const double slope = sum_xy / sum_xx;
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double residual = values[i] / unit - mean - slope * (static_cast<double>(i) - middle);
    sum += residual * residual;
  }
  return sum;
}

}  // namespace

std::size_t elbow(std::span<const double> entropies) {
  assert(entropies.size() >= 3);
  const double unit = entropies.back() > 0 ? entropies.back() : 1;  // squares neither overflow nor underflow
  std::size_t best = 2;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t c = 2; c < entropies.size(); ++c) {
    const double residual =
        residual_of_line(entropies.first(c), unit) + residual_of_line(entropies.subspan(c - 1), unit);
    if (residual >= least) continue;
    least = residual;
    best = c;
  }
  return best;
}

}  // namespace mogul
