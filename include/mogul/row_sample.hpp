// A part of the rows that stands for all of them, as starts look at it where rows are many.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/mixture.hpp"

namespace mogul {

struct RowSample {
  std::vector<std::size_t> rows;  ///< ascending
  std::vector<double> weights;    ///< of each: of all the rows that it stands for
};

/// An evenly spread random sample of the rows of positive weight, and with it those that lie outermost: in each column
/// the least and the largest, and those farthest from the mean of all rows, by their covariance (full and tied) or by
/// each column's variance. These may make up a quarter of the sample and stand for themselves only; of the rest, a row
/// stands for as many as it was drawn from. So a few rows far out count for what they are, neither lost nor more.
///
/// @param n_rows  how many; all rows of positive weight, with their own weights, if there are no more
/// @throws        invalid_argument if n_rows is 0; invalid_data as fit()
/// @cost          some six passes over the rows; the result is the same for any n_threads
RowSample sample_rows(const DataView& data, std::size_t n_rows, CovarianceFamily covariance, std::uint64_t seed = 0,
                      unsigned n_threads = 0);

}  // namespace mogul
