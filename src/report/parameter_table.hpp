// The parameters of a mixture as a table: a row per component.
#pragma once

#include <span>
#include <string>

#include "mogul/mixture.hpp"
#include "mogul/report.hpp"
#include "mogul/table.hpp"

namespace mogul {

/// Columns: component, weight, N_k where there are sizes, the mean of each feature, then its standard deviation or
/// variance, and with variances of few features the covariances between them.
/// @param sizes  (K), or empty
/// @param names  (D)
/// @param most   features that are shown; the caption says if there are more
Table parameter_table(const Mixture& mixture, std::span<const double> sizes, std::span<const std::string> names,
                      Spread spread, std::size_t most = 6);

/// Means of components under a name for each: "mean", or "mean a", "mean b" where there are several features.
std::string feature_column(std::string_view what, std::span<const std::string> names, std::size_t d);

/// The same as a heading. @param what  as prose
std::string feature_heading(std::string_view what, std::span<const std::string> names, std::size_t d);

/// 0, 1, ..., n - 1, or 1, 2, ..., n, as a column.
Column numbered(std::string name, std::size_t n, std::size_t first = 0);

}  // namespace mogul
