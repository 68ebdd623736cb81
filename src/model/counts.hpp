// What the N_k of statistics and reports satisfy.
#pragma once

#include <span>
#include <string>

namespace mogul {

/// That each is at least 0, and that they add up to the weight of the rows as closely as a mixture's weights sum to 1.
/// @param name  of the N_k, for messages
/// @throws      invalid_argument naming the number and the rule
void check_counts(std::span<const double> n, double sum_weights, const std::string& name);

}  // namespace mogul
