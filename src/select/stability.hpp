// How stable labels are: from one run of EM to another, and with one component more or fewer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mogul/select.hpp"
#include "select/fit_table.hpp"

namespace mogul {

/// The Fowlkes-Mallows index of two partitions: of the pairs of rows that are together in one of them, the share that
/// is in both, as the geometric mean over the two. 0 where there is none.
/// @param a, b     (N), 0, 1, ...
/// @param weights  (N), how often each row counts; or empty for once
double fowlkes_mallows(std::span<const std::int32_t> a, std::span<const std::int32_t> b,
                       std::span<const double> weights);

/// @throws invalid_argument for runs that are too few
void check_runs(const SelectOptions& options);
std::size_t n_fits_of_runs(const SelectOptions& options);

/// Gives the cells their stability. Every run fits each K from a start of its own, which depends on (seed, run, K)
/// alone, with a K below the least and one above the most. Labels of a run are compared with those of every earlier run
/// at the next K. Where all runs of a K or its neighbour fail, and where K = 1, the cell has a reason.
/// @param table  receives whether it was interrupted: families that are done have their values
void measure_stability(const DataView& data, const SelectOptions& options, FitTable& table, FitsDone& done);

}  // namespace mogul
