// The shapes that pictures draw, as pure functions: ellipses of a given mass, regions of highest density.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "mogul/mixture.hpp"

namespace mogul {

/// Radius, in standard deviations, of the ellipse that holds a share `mass` of a Gaussian in two dimensions: the square
/// root of the chi-square quantile with two degrees of freedom. Radius 1 holds 39.3 %, not 68.3 %.
/// @param mass  0 < mass < 1
double ellipse_radius(double mass);

/// The share that the ellipse of that radius holds: 1 - exp(-radius^2 / 2).
double ellipse_mass(double radius);

/// Half axes and direction of the ellipse x^T S^-1 x = 1.
struct EllipseAxes {
  double major;
  double minor;
  double angle;  ///< of the major axis, in radians, counted from x towards y
};
/// @param covariance  S as (xx, xy, yy), positive semidefinite
EllipseAxes ellipse_axes(const std::array<double, 3>& covariance);

/// Logarithms of the densities c_i such that the points with p(x) > c_i hold the masses m_i: the edges of the regions
/// of highest density (Hyndman 1996).
///
/// The integral of p over {p > c} is taken over points in rings about each component's mean, weighted by what a ring
/// holds, so narrow components are seen as well as broad ones.
/// @param mixture  of one or two features
/// @param masses   each > 0 and <= kHighestMass (mogul/plot.hpp)
/// @error          the region holds its mass to 0.002 (geometry_test.cpp)
/// @cost           K times the points' densities: at most 4,800 points per component, of more than 32 components about
///                 150,000 in all, of more than 1,000 about 150 million / K, but 16 per component
std::vector<double> highest_density_levels(const Mixture& mixture, std::span<const double> masses,
                                           unsigned n_threads = 0);

}  // namespace mogul
