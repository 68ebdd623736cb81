// What of D features a picture shows: some of them, or two directions through all of them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/mixture.hpp"

namespace mogul {

/// Features that principal axes are taken of: a covariance of 32 MB, and some seconds for its eigenvectors.
constexpr std::size_t kMostOfPrincipalAxes = 2000;

/// One coordinate of a picture.
struct ShownAxis {
  std::string name;
  std::size_t feature = 0;             ///< the feature that it is, if `direction` is empty
  std::vector<double> direction = {};  ///< (D), a unit vector: the coordinate is direction . (x - centre)
  double offset = 0;                   ///< direction . centre

  double of(std::span<const double> row) const;
};

using Projection = std::vector<ShownAxis>;

/// The chosen features, in this order.
Projection feature_axes(std::span<const std::size_t> features, std::span<const std::string> names);

/// The first two principal axes of the overall covariance of some features, about their overall mean.
/// @throws invalid_argument for one feature, or more than kMostOfPrincipalAxes
Projection principal_axes(const Mixture& mixture, std::span<const std::size_t> features);

/// The exact marginal mixture in the shown coordinates.
Mixture projected(const Mixture& mixture, const Projection& axes);

}  // namespace mogul
