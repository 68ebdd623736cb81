// The one check that rows pass before anything is computed from them.
#pragma once

#include <cstddef>

#include "base/thread_pool.hpp"
#include "mogul/dataset.hpp"

namespace mogul {

struct RowCount {
  std::size_t n_positive = 0;  ///< rows of positive weight
  double sum_weights = 0;
};

/// @throws invalid_data naming the first row and column with a value that is not finite or beyond
///         kLargestValue, the first bad weight, or weights that are all zero
RowCount check_rows(const DataView& data, ThreadPool& pool);

}  // namespace mogul
