// What a report tells of the rows under a model, gathered in one pass.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/matrix.hpp"
#include "mogul/mixture.hpp"

namespace mogul {

struct BadRow {
  std::size_t row;  ///< counted from 0
  double log_density;
  std::size_t label;
  double responsibility;  ///< of the label
};

struct RowSummary {
  std::vector<std::size_t> label_counts;  ///< (K), rows whose most probable component it is
  Matrix shared;                          ///< (K, K), sum_n w_n r_nj r_nk, without responsibilities below 2^-60
  std::vector<double> uncertainty;        ///< weight of the rows with 1 - max_k r_nk in [i / 40, (i + 1) / 40)
  std::vector<BadRow> worst;              ///< of lowest density, the lowest first
};

/// @param n_worst  how many of the worst rows are kept
RowSummary row_summary(const Mixture& mixture, const DataView& data, std::size_t n_worst, unsigned n_threads);

}  // namespace mogul
