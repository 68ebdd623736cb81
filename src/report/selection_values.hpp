// What texts and pictures of a selection share: names, families, and the values that are shown.
#pragma once

#include <string>
#include <vector>

#include "mogul/select.hpp"

namespace mogul {

/// "BIC", "AICc", "held-out log-likelihood per row".
std::string name_of(Criterion criterion);
/// "VVV 3".
std::string name_of(const SelectionCell& cell);
/// In the order of the columns of its table.
std::vector<const CovarianceFamily*> families_of(const Selection& selection);
/// Its value by the criterion with the sign that is shown; NaN where there is none.
double shown_value(const SelectionCell& cell, Criterion criterion, CriterionSign sign);
/// Whether the best of the values that are shown is the highest.
bool shows_highest(Criterion criterion, CriterionSign sign);
/// Half of the error bar of a mean: the standard error of cv, the standard deviation of stability; 0 for others.
double spread_of(const SelectionCell& cell, Criterion criterion);
/// Digits after the point, more than which no choice depends on.
int decimals_of(Criterion criterion);

}  // namespace mogul
