#include "data/check_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "base/message.hpp"

namespace mogul {
namespace {

constexpr std::size_t kRowsPerTask = 16384;

[[noreturn]] void throw_value(const DataView& data, std::size_t row, std::size_t col, double value) {
  const char* rule = std::isfinite(value) ? "must be at most 1e100 in magnitude; rescale the column" : "must be finite";
  throw invalid_data(
      fmt::format("row {}, column '{}': value {}; {}", row + 1, printable(data.column_name(col)), value, rule));
}

template <class T>
bool are_moderate(std::span<const T> values) {
  bool moderate = true;  // without a branch per value, so that it vectorises
  for (const T value : values) moderate &= std::abs(value) <= static_cast<T>(kModerateValue);
  return moderate;
}

// Of rows [first, last), in the order in which they lie in memory.
template <class T>
bool are_moderate(MatrixView<const T> x, std::size_t first, std::size_t last) {
  bool moderate = true;
  for (std::size_t i = first; i < last; ++i) moderate &= are_moderate(x.row(i));
  return moderate;
}

template <class T>
bool are_moderate(ColumnsView<const T> x, std::size_t first, std::size_t last) {
  bool moderate = true;
  for (std::size_t j = 0; j < x.cols(); ++j) moderate &= are_moderate(x.column(j).subspan(first, last - first));
  return moderate;
}

bool are_moderate(const ConvertedView& x, std::size_t first, std::size_t last) {
  bool moderate = true;
  for (std::size_t j = 0; j < x.cols(); ++j) {
    for (std::size_t i = first; i < last; ++i) moderate &= std::abs(x(i, j)) <= kModerateValue;
  }
  return moderate;
}

// Whether all values are moderate. The first bad one is that of the first row, whatever the layout.
template <class View>
bool check_values(const DataView& data, const View& x, std::size_t first, std::size_t last) {
  if (are_moderate(x, first, last)) return true;
  for (std::size_t i = first; i < last; ++i) {
    for (std::size_t j = 0; j < x.cols(); ++j) {
      const double value = x(i, j);
      if (!(std::abs(value) <= kLargestValue)) throw_value(data, i, j, value);
    }
  }
  return false;
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
    if (!std::visit([&](const auto& x) { return check_values(data, x, first, last); }, data.values())) moderate = false;
  });
  if (!data.weighted()) return {data.rows(), static_cast<double>(data.rows()), moderate};
  RowCount count = count_weights(data.weights());
  count.moderate &= moderate;
  return count;
}

}  // namespace mogul
