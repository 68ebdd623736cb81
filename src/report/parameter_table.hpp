// The parameters of a mixture as a table: a row per component.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "mogul/mixture.hpp"
#include "mogul/report.hpp"
#include "mogul/table.hpp"

namespace mogul {

/// How wide a table of parameters may be.
struct FeaturesShown {
  std::size_t most = 6;
  std::size_t most_with_covariances = 4;  ///< more features have no columns for the covariances between them
};
inline constexpr FeaturesShown kEveryFeature{std::numeric_limits<std::size_t>::max(),
                                             std::numeric_limits<std::size_t>::max()};

/// Columns: component, weight, N_k where there are sizes, the mean of each feature, then its standard deviation or
/// variance, and with variances the covariances between features. Of many features, covariances have columns only
/// where the structure has them.
/// @param sizes  (K), or empty
/// @param names  (D)
/// @param shown  the caption says what was left out
Table parameter_table(const Mixture& mixture, std::span<const double> sizes, std::span<const std::string> names,
                      Spread spread, const FeaturesShown& shown = {});

/// Whether covariances between features are parameters.
bool has_matrices(const CovarianceFamily& family);
/// "covariance a, b".
std::string covariance_column(std::string_view what, std::span<const std::string> names, std::size_t i, std::size_t j);

/// Means of components under a name for each: "mean", or "mean a", "mean b" where there are several features.
std::string feature_column(std::string_view what, std::span<const std::string> names, std::size_t d);

/// The same as a heading. @param what  as prose
std::string feature_heading(std::string_view what, std::span<const std::string> names, std::size_t d);

/// 0, 1, ..., n - 1, or 1, 2, ..., n, as a column.
Column numbered(std::string name, std::size_t n, std::size_t first = 0);

}  // namespace mogul
