#include "start/units.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "start/partition.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMostGroups = 8;
constexpr std::size_t kMostValues = 2048;
constexpr double kSmallestPart = 0.1;  // as a column of two values has no spread within groups at all

// Of sorted values, the mean square distance to the nearest of some means, by Lloyd's iterations from quantiles.
double within_groups(const std::vector<double>& sorted, std::size_t n_groups) {
  constexpr int kIterations = 20;
  std::vector<double> means;
  for (std::size_t k = 0; k < n_groups; ++k) means.push_back(sorted[(2 * k + 1) * sorted.size() / (2 * n_groups)]);
  double sum_of_squares = 0;
  for (int iteration = 0; iteration < kIterations; ++iteration) {
    sum_of_squares = 0;
    std::size_t first = 0;
    for (std::size_t k = 0; k < n_groups; ++k) {
      std::size_t last = first;
      double sum = 0;
      const double border = k + 1 < n_groups ? means[k] + (means[k + 1] - means[k]) / 2 : sorted.back();
      for (; last < sorted.size() && (sorted[last] <= border || k + 1 == n_groups); ++last) {
        sum += sorted[last];
        sum_of_squares += (sorted[last] - means[k]) * (sorted[last] - means[k]);
      }
      if (last > first) means[k] = sum / static_cast<double>(last - first);
      first = last;
    }
  }
  return sum_of_squares / static_cast<double>(sorted.size());
}

}  // namespace

Units standard_units(Engine& engine) {
  const Stats all = overall_stats(engine, Moments::diagonal);
  Units units;
  for (std::size_t d = 0; d < engine.n_features(); ++d) {
    const double mean = all.shift(0, d);
    const double rounding = 8 * std::numeric_limits<double>::epsilon() * std::abs(mean);
    units.centre.push_back(mean);
    units.scale.push_back(std::max({std::sqrt(all.second(0, d) / all.n[0]), rounding, kSmallestScale}));
  }
  return units;
}

Units with_one_scale(Units units) {
  const double largest = *std::ranges::max_element(units.scale);
  double sum = 0;
  for (const double scale : units.scale) sum += scale / largest * (scale / largest);
  const double common = largest * std::sqrt(sum / static_cast<double>(units.scale.size()));
  std::ranges::fill(units.scale, std::max(common, kSmallestScale));
  return units;
}

Units separating_units(Units units, const Matrix& rows, std::size_t n_components) {
  const std::size_t n_values = std::min(kMostValues, rows.rows());
  const std::size_t n_groups = std::min({n_components, kMostGroups, n_values});
  std::vector<double> values(n_values);
  for (std::size_t d = 0; d < units.scale.size(); ++d) {
    for (std::size_t i = 0; i < n_values; ++i) values[i] = rows(i * rows.rows() / n_values, d);
    std::ranges::sort(values);
    const double whole = within_groups(values, 1);
    if (!(whole > 0)) continue;
    const double part = std::sqrt(within_groups(values, n_groups) / whole);
    units.scale[d] = std::max(kSmallestScale, units.scale[d] * std::max(part, kSmallestPart));
  }
  return units;
}

Matrix in_units(const Engine& engine, std::span<const std::size_t> rows, const Units& units) {
  constexpr double kMost = 1e100;  // which only a row of next to no weight can exceed
  Matrix out = engine.rows(rows);
  for (std::size_t i = 0; i < out.rows(); ++i) {
    for (std::size_t d = 0; d < out.cols(); ++d) {
      out(i, d) = std::clamp((out(i, d) - units.centre[d]) / units.scale[d], -kMost, kMost);
    }
  }
  return out;
}

Matrix from_units(Matrix points, const Units& units) {
  for (std::size_t k = 0; k < points.rows(); ++k) {
    for (std::size_t d = 0; d < points.cols(); ++d) {
      const double value = units.centre[d] + units.scale[d] * points(k, d);
      points(k, d) = std::clamp(value, -kLargestValue, kLargestValue);  // rounding may exceed it
    }
  }
  return points;
}

Mixture distance_model(Matrix means, const Units& units) {
  const std::size_t k = means.rows();
  std::vector<double> variances;
  for (const double scale : units.scale) variances.push_back(std::max(kSmallestVariance, scale * scale));
  return {families::tied_diagonal, std::vector<double>(k, 1.0 / static_cast<double>(k)), std::move(means),
          std::move(variances)};
}

}  // namespace mogul
