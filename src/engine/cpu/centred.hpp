// Rows of double in float lanes: a row model with triangular factors about a centre, which is subtracted from the rows
// before they are rounded.
#pragma once

#include <span>
#include <vector>

#include "engine/row_model.hpp"

namespace mogul::cpu {

/// Halfway between the smallest and the largest mean of each feature.
std::vector<double> middle_of_means(const RowModel& model);

/// The same model of rows from which the centre (D) has been subtracted.
RowModel centred(RowModel model, std::span<const double> centre);

/// Whether rounding to float changes the whitened coordinates of rows near the means by less than some 1e-4.
bool survives_rounding(const RowModel& centred);

}  // namespace mogul::cpu
