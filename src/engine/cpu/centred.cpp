#include "engine/cpu/centred.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mogul::cpu {
namespace {

// In standard deviations given the features before: a row at such a mean is rounded by 6e-5 of them.
constexpr double kFarthestMean = 1000;

// Calls visit(row, column, element of the triangular factor) for component k.
void visit_factor(const RowModel& model, std::size_t k, auto&& visit) {
  const std::size_t d = model.n_features;
  const double* factor = model.operands.factors.data() + k * model.factor_stride;
  for (std::size_t strip = 0; strip < strip_count(d); ++strip) {
    const std::size_t first = strip_begin(strip, d);
    const std::size_t last = strip_begin(strip + 1, d);
    for (std::size_t col = 0; col < last; ++col) {
      for (std::size_t row = std::max(first, col); row < last; ++row) visit(row, col, *factor++);
    }
  }
}

}  // namespace

std::vector<double> middle_of_means(const RowModel& model) {
  const std::size_t d = model.n_features;
  const std::vector<double>& means = model.operands.means.high;
  std::vector<double> lowest(means.begin(), means.begin() + static_cast<std::ptrdiff_t>(d));
  std::vector<double> highest = lowest;
  for (std::size_t i = 0; i < means.size(); ++i) {
    lowest[i % d] = std::min(lowest[i % d], means[i]);
    highest[i % d] = std::max(highest[i % d], means[i]);
  }
  for (std::size_t i = 0; i < d; ++i) lowest[i] += (highest[i] - lowest[i]) / 2;
  return lowest;
}

RowModel centred(RowModel model, std::span<const double> centre) {
  std::vector<double>& means = model.operands.means.high;
  for (std::size_t i = 0; i < means.size(); ++i) means[i] -= centre[i % centre.size()];
  return model;
}

bool survives_rounding(const RowModel& centred) {
  for (std::size_t k = 0; k < centred.n_components; ++k) {
    const double* mean = centred.operands.means.high.data() + k * centred.n_features;
    std::vector<double> sums(centred.n_features);
    visit_factor(centred, k, [&](std::size_t row, std::size_t col, double w) { sums[row] += std::abs(w * mean[col]); });
    if (!(*std::ranges::max_element(sums) <= kFarthestMean)) return false;
  }
  return true;
}

}  // namespace mogul::cpu
