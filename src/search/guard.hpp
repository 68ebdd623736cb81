// Maxima that are not worth finding: the likelihood has no upper bound where a component shrinks onto few rows.
#pragma once

#include <vector>

#include "engine/engine.hpp"
#include "mogul/em_loop.hpp"
#include "mogul/options.hpp"

namespace mogul {

/// How to treat a narrow component with at least twice the rows that it needs, if reg_covar bounds the likelihood.
enum class Narrow {
  kept,     ///< not an accident: rows are equal there, or lie in a plane
  flagged,  ///< reg_covar alone decides how high the likelihood is, so it cannot be compared with other models
};

/// Knows the covariance of all rows. Shared covariances are always sound, and so are all where a prior or a bound on
/// eigenvalues keeps the likelihood bounded.
class Guard {
 public:
  /// @param row  what one row weighs: row_weight()
  /// @cost       two passes
  Guard(Engine& engine, const FitOptions& options, double row, Narrow narrow = Narrow::kept);

  /// Whether a component holds fewer rows than its covariance needs, D + 1 for a matrix and 2 for variances, or is
  /// narrower in some direction than 1e-6 of the variance of all rows, without what reg_covar has added; or whether two
  /// coincide, as no maximum needs both.
  bool flags(const EmState& state) const;

 private:
  bool is_narrow(const Mixture& mixture, std::size_t k) const;

  CovarianceFamily family_;
  bool is_bounded_;
  bool keeps_narrow_;
  double row_;
  Matrix covariance_ = {};         // of all rows, times 1e-6, and reg_covar, for families with matrices
  std::vector<double> variances_;  // its diagonal
};

}  // namespace mogul
