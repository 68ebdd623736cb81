// Rows of double in float lanes: a row model about a centre, which is subtracted from the rows as they become float.
#pragma once

#include <span>
#include <vector>

#include "engine/row_model.hpp"

namespace mogul::cpu {

/// Halfway between the smallest and the largest mean of each feature.
std::vector<double> middle_of_means(const RowModel& model);

/// The same model of rows from which the centre (D) has been subtracted.
RowModel centred(RowModel model, std::span<const double> centre);

/// Whether rows near the means of a centred model keep their whitened coordinates, to some 1e-4, when they are rounded
/// to float.
bool survives_rounding(const RowModel& centred);

}  // namespace mogul::cpu
