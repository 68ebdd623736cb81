// Rows and mixtures as JSON for the scripts of pages.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "io/json/json_value.hpp"
#include "mogul/dataset.hpp"
#include "mogul/mixture.hpp"

namespace mogul {

/// The numbers of the rows that a page holds, at most `most`: one at random of each of so many equal stretches, so that
/// no period in the order of the rows shows. The same ones every time.
std::vector<std::size_t> rows_for_page(std::size_t n_rows, std::size_t most);

/// The number, from 1, that a row has in its file.
/// @param row      counted from 0 among the rows that were kept
/// @param dropped  rows of the file that were left out, ascending, counted from 0
/// @cost           O(log of the number of dropped rows)
double row_number(std::size_t row, std::span<const std::size_t> dropped);

/// (n, D), row by row.
JsonValue page_rows(const DataView& data, std::size_t most);

/// {"weights", "means", "covariances"}, each covariance as a whole matrix.
JsonValue page_mixture(const Mixture& mixture);

}  // namespace mogul
