// Pictures of a selection.
#pragma once

#include "mogul/select.hpp"
#include "report/figure/figure.hpp"

namespace mogul {

/// The criterion against K, a curve for each family, with the best value marked. Of values that are far from the best
/// the nearer half is in sight.
/// @param selection  with at least one value
Figure criterion_figure(const Selection& selection, CriterionSign sign);

/// The table of the criterion: the better a value, the darker its cell.
/// @param selection  likewise
Figure heat_figure(const Selection& selection, CriterionSign sign);

}  // namespace mogul
