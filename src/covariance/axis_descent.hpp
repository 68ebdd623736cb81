// The common axes of EVE and VVE on their way from one start to a maximum.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "mogul/matrix.hpp"

namespace mogul {

/// What the volumes of the components are while the axes turn: each its own (VVE), or the same (EVE).
enum class Volumes { own, shared };

/// Lowers, by rotations of pairs of axes, what the objective leaves to be lowered once the variances
/// x_kj = d_j^T S_k d_j along the axes are the best ones; p_k = a_k / sum a, S_k = B_k / a_k:
///
///   VVE   sum_k p_k sum_j log x_kj            EVE   sum_k p_k (prod_j x_kj)^(1/D)
///
/// Both are sum_k w_k f(l_k), where l_k = sum_j log x_kj changes by m: for VVE w_k = p_k and f(m) = m; for EVE w_k is
/// proportional to p_k times the volume and f(m) = D (exp(m / D) - 1).
///
/// The axes turn Cholesky factors, S_k = L_k L_k^T, x_kj = |d_j^T L_k|^2, as Jacobi's one-sided method does: a variance
/// far below the other of its pair keeps the digits that it would lose in the elements of D^T S_k D.
///
/// A pair is rotated by a Newton step for its angle or, where that lowers nothing, by the minimum of a bound that
/// touches the function, which always does. So the function never rises, and the axes stay orthogonal to rounding.
///
/// @source  Flury, Gautschi (1986), SIAM J. Sci. Stat. Comput. 7(1), for pairs of axes; Browne, McNicholas (2014), Adv.
///          Data Anal. Classif. 8(2), for the bound
class AxisDescent {
 public:
  /// @param packed  (K, D(D+1)/2), S_k, none of them singular
  /// @param shares  (K), p_k > 0
  /// @param axes    (D, D), the start, as rows
  /// @param scan    whether to look for each pair's best angle all around, not only down the nearest valley
  /// @cost          O(K D^3)
  AxisDescent(const Matrix& packed, std::vector<double> shares, Volumes volumes, Matrix axes, bool scan);

  /// VVE: sum_k p_k sum_j log x_kj / D; EVE: the logarithm of its function. In the unit of InnerLoop::tolerance.
  double value() const { return value_; }
  const Matrix& axes() const { return axes_; }

  /// Rotates every pair of axes once.
  /// @return  by how much that lowers the value
  /// @cost    6 K D^3 flops
  double sweep(double tolerance);

 private:
  // The covariances in the plane of two axes: variances p and q along them, r their covariance, of all components.
  struct Plane {
    std::span<const double> p, q, r;
  };
  struct Rotation {
    double cosine = 1;
    double sine = 0;
  };
  struct Step {
    Rotation by;
    double gain = 0;  // by how much sum_k w_k f falls
  };

  static double turned_first(const Plane& at, std::size_t k, Rotation by);
  static double turned_second(const Plane& at, std::size_t k, Rotation by);

  std::size_t n_features() const { return axes_.rows(); }
  void weigh();
  std::span<const double> turned_root(std::size_t i, std::size_t k) const;
  double change(const Plane& at, Rotation by);
  double width(const Plane& at) const;
  Step best_step(const Plane& at, double negligible);
  double rotate(std::size_t i, std::size_t j, double negligible);

  Matrix axes_;
  Matrix roots_;      // (D, K D), D L_k of all components: row i holds d_i^T L_k one after the other
  Matrix variances_;  // (D, K), x_kj, the squared lengths of those
  std::vector<double> shares_;
  std::vector<double> weights_;
  std::vector<double> products_;  // (K), the covariances r of the plane looked at last
  std::vector<double> tried_;     // (K), f of the rotation looked at last
  std::vector<double> accepted_;  // (K), f of the best one so far
  double bend_;                   // f(m) = (exp(bend m) - 1) / bend, which is m where bend is 0
  bool scan_;
  double value_ = 0;
};

}  // namespace mogul
