// Coordinates of the covariances about those of a mixture, for every family. In whitened coordinates component k is
//
//   Sigma_k = F_k exp(Psi_k) exp(T_k) exp(Psi_k)^T F_k^T,    F_k F_k^T = Sigma_k of the mixture,
//
// T_k symmetric and Psi_k a rotation of the axes, both linear in the coordinates, which are
//
//   volume       T = I
//   shape        T diagonal, of trace 0
//   orientation  Psi = V^-1/2 Omega V^1/2, Omega skew-symmetric and V the variances along the axes
//
// Where shape and orientation have the same letter (EEE, VEE, EVV, VVV) a symmetric T of trace 0 stands for both:
// unlike rotations, it is a coordinate where two axes have the same variance, too. What a family's letter calls equal
// in all components is one coordinate of all; what varies is one for each.
#pragma once

#include <cstddef>
#include <vector>

#include "mogul/matrix.hpp"
#include "mogul/mixture.hpp"

namespace mogul {

/// An element of a matrix of which few are not 0.
struct Element {
  std::size_t row;
  std::size_t col;
  double value;
};

/// How a coordinate moves the covariance of one component: its T, or its Psi.
struct Direction {
  std::size_t component;
  bool turns;  ///< it is Psi
  std::vector<Element> generator;
};

struct CovarianceChart {
  std::vector<Matrix> frames;      ///< (K) of (D, D), F_k
  std::vector<Matrix> whitenings;  ///< (K) of (D, D), F_k^-1
  std::vector<std::vector<Direction>> coordinates;
};

/// @throws invalid_argument for a family that is none of the fourteen, or covariances that are not of their family
/// @cost   O(K D^3)
CovarianceChart covariance_chart(const Mixture& mixture);

}  // namespace mogul
