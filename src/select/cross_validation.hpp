// Cross-validation of a table of fits: what the fits of some rows say of the others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "mogul/select.hpp"
#include "select/fit_table.hpp"

namespace mogul {

/// @throws invalid_argument for folds that are too few, or more than rows of positive weight
void check_folds(const SelectOptions& options, const DataView& data);

/// The fold of each row, 0..n_folds - 1. Of rows of positive weight each fold has the same number, or one more.
std::vector<std::uint32_t> folds_of(const DataView& data, std::size_t n_folds, std::uint64_t seed);

/// Gives the cells their held_out: each fold is scored by a table of fits to the others, each with starts of its own.
/// Where such a fit cannot be made, the cell has a reason.
/// @param table  receives whether it was interrupted: the folds up to then count, where there are two
/// @throws       as select(), for a column that is constant without a fold
void cross_validate(const DataView& data, const SelectOptions& options, FitTable& table, FitsDone& done);

}  // namespace mogul
