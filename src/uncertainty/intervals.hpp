// From standard errors or replicates to the ends of intervals. All numbers are in the order of values_of().
#pragma once

#include <vector>

#include "mogul/matrix.hpp"
#include "mogul/mixture.hpp"

namespace mogul {

struct Interval {
  std::vector<double> lower;
  std::vector<double> upper;
};

/// z such that a standard normal variable lies within z of 0 with this probability.
double normal_reach(double level);

/// By the normal distribution: of logit pi_k, mu_kd, log of a variance, and covariances as they are.
Interval normal_interval(const Mixture& mixture, const std::vector<double>& errors, double level);

/// Percentiles of replicates, rows of a matrix: the value at (m + 1) p of m sorted ones, between two of them in
/// proportion.
/// @param replicates  at least 2 / (1 - level) - 1, or the interval ends at the outermost ones
Interval percentile_interval(const Matrix& replicates, double level);

/// The standard deviation of each column.
std::vector<double> deviations(const Matrix& replicates);

}  // namespace mogul
