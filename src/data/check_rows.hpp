// The one check that rows pass before anything is computed from them.
#pragma once

#include <cstddef>
#include <span>

#include "base/thread_pool.hpp"
#include "mogul/dataset.hpp"

namespace mogul {

/// Weighted squares of values up to these, summed over a block, do not leave the range of float.
inline constexpr double kModerateValue = 1e12;
inline constexpr double kModerateWeight = 1e10;

struct RowCount {
  std::size_t n_positive = 0;  ///< rows of positive weight
  double sum_weights = 0;
  /// Values up to kModerateValue, positive weights within [1 / kModerateWeight, kModerateWeight].
  bool moderate = true;
};

/// @throws invalid_data for the first bad weight, weights that are all zero, or a sum outside [1e-100, 1e100]
RowCount count_weights(std::span<const double> weights);

/// @throws invalid_data naming the first row and column with a value that is not finite or beyond
///         kLargestValue; as count_weights()
RowCount check_rows(const DataView& data, ThreadPool& pool);

}  // namespace mogul
