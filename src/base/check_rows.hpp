// The one check that rows pass before anything is computed from them.
#pragma once

#include <cstddef>
#include <span>

#include "base/thread_pool.hpp"
#include "mogul/dataset.hpp"

namespace mogul {

struct RowCount {
  std::size_t n_positive = 0;  ///< rows of positive weight
  double sum_weights = 0;
};

/// @throws invalid_data for the first bad weight, weights that are all zero, or a sum outside [1e-100, 1e100]
RowCount count_weights(std::span<const double> weights);

/// @throws invalid_data naming the first row and column with a value that is not finite or beyond
///         kLargestValue; as count_weights()
RowCount check_rows(const DataView& data, ThreadPool& pool);

}  // namespace mogul
