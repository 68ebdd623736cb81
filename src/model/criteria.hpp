// Information criteria from the sums of one pass. Lower is better for all.
#pragma once

#include <cmath>

#include "mogul/stats.hpp"

namespace mogul {

/// n = sum of the weights, p = number of free parameters, C = complete-data log-likelihood at the labels.
/// @source  Akaike (1974); Schwarz (1978); Biernacki, Celeux, Govaert (2000)
struct Criteria {
  Criteria(const Stats& stats, std::size_t n_parameters)
      : aic(-2 * stats.log_likelihood + 2 * static_cast<double>(n_parameters)),
        bic(-2 * stats.log_likelihood + static_cast<double>(n_parameters) * std::log(stats.sum_weights)),
        icl(-2 * stats.map_log_likelihood + static_cast<double>(n_parameters) * std::log(stats.sum_weights)) {}

  double aic;
  double bic;
  double icl;
};

}  // namespace mogul
