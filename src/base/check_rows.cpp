#include "base/check_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>

namespace mogul {
namespace {

constexpr std::size_t kRowsPerTask = 16384;

[[noreturn]] void throw_value(const DataView& data, std::size_t row, std::size_t col, double value) {
  const char* rule = std::isfinite(value) ? "must be at most 1e100 in magnitude; rescale the column" : "must be finite";
  throw invalid_data(fmt::format("row {}, column '{}': value {}; {}", row + 1, data.column_name(col), value, rule));
}

// Whether all values are moderate.
template <class T>
bool check_values(const DataView& data, MatrixView<const T> x, std::size_t first, std::size_t last) {
  bool all_moderate = true;
  for (std::size_t i = first; i < last; ++i) {
    const std::span<const T> row = x.row(i);
    bool moderate = true;  // without a branch per value, so that it vectorises
    for (const T value : row) moderate &= std::abs(value) <= static_cast<T>(kModerateValue);
    if (moderate) continue;
    all_moderate = false;
    for (std::size_t j = 0; j < row.size(); ++j) {
      if (!(std::abs(static_cast<double>(row[j])) <= kLargestValue)) throw_value(data, i, j, row[j]);
    }
  }
  return all_moderate;
}

}  // namespace

RowCount count_weights(std::span<const double> weights) {
  RowCount count;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double w = weights[i];
    if (!(w >= 0 && w <= kLargestValue)) {
      throw invalid_data(fmt::format("row {}: weight {}; must be finite, >= 0 and at most 1e100", i + 1, w));
    }
    count.sum_weights += w;
    count.moderate &= w == 0 || (w >= 1 / kModerateWeight && w <= kModerateWeight);
    count.n_positive += w > 0;
  }
  if (count.n_positive == 0) throw invalid_data("weights are all zero; at least one must be positive");
  if (count.sum_weights < 1 / kLargestValue || count.sum_weights > kLargestValue) {
    throw invalid_data(
        fmt::format("weights sum to {}; must lie between 1e-100 and 1e100; rescale them", count.sum_weights));
  }
  return count;
}

RowCount check_rows(const DataView& data, ThreadPool& pool) {
  const std::size_t n_tasks = (data.rows() + kRowsPerTask - 1) / kRowsPerTask;
  std::atomic<bool> moderate = true;
  pool.run(n_tasks, [&](std::size_t task) {
    const std::size_t first = task * kRowsPerTask;
    const std::size_t last = std::min(data.rows(), first + kRowsPerTask);
    if (!std::visit([&](auto x) { return check_values(data, x, first, last); }, data.values())) moderate = false;
  });
  if (!data.weighted()) return {data.rows(), static_cast<double>(data.rows()), moderate};
  RowCount count = count_weights(data.weights());
  count.moderate &= moderate;
  return count;
}

}  // namespace mogul
