// The gradient of the log-likelihood with respect to a mixture's parameters. Under the constraint on the weights it is
// zero where EM has come to rest, for full, tied, diagonal, tied_diagonal, spherical and tied_spherical without a
// prior, a bound or held parameters and with reg_covar = 0; elsewhere it need not be zero at the maximum.
#pragma once

#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/matrix.hpp"
#include "mogul/mixture.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// Derivatives of L = sum_n w_n log p(x_n), and how far the mixture is from a stationary point.
struct LogLikelihoodGradient {
  CovarianceFamily family;  ///< of the mixture; the shape of `covariances`

  /// (K), dL/dpi_k = sum_n w_n N(x_n | mu_k, Sigma_k) / p(x_n), the mixing weights taken as free; N_k / pi_k where
  /// pi_k > 0. EM never changes a weight of 0, even where dL/dpi_k + lambda > 0 says that L would rise with it.
  std::vector<double> weights;
  /// lambda of the Lagrangian L + lambda (sum_k pi_k - 1), by sum_k pi_k (dL/dpi_k + lambda) = 0: minus the sum of the
  /// row weights. Weights are stationary where dL/dpi_k + lambda = 0 for every k.
  double multiplier;
  Matrix means;  ///< (K, D), Sigma_k^-1 sum_n w_n r_nk (x_n - mu_k); per unit of the data

  /// Row-major, of the family's shape, per unit of the data squared. Of a matrix it is the symmetric G with
  /// dL = sum_ij G_ij dSigma_ij for symmetric changes dSigma, so that moving both Sigma_ij and Sigma_ji by h changes L
  /// by 2 h G_ij.
  std::vector<double> covariances;

  /// The largest relative move that the next M-step would make, to first order: without unit, unchanged by another unit
  /// or origin of any column, 0 at a stationary point. The largest absolute value among N_k / (n pi_k) - 1, the
  /// coordinates of L_k^-1 (new mean - mu_k) and the entries of L_k^-1 (new covariance) L_k^-T - I; of a component
  /// without rows only the first, of one without weight none.
  double largest_scaled;

  bool operator==(const LogLikelihoodGradient&) const = default;
};

/// The gradient at `model`, computed in double whatever the type of the rows.
/// @throws  invalid_argument on a wrong number of columns, or if a derivative exceeds the range of double;
///          invalid_data on bad values or row weights
/// @cost    one pass over the rows, two where a weight is 0, and O(K D^3) full, O(D^3 + K D^2) tied, O(K D) otherwise
/// @source  Bishop (2006), section 9.2.2; Deisenroth, Faisal, Ong (2020), section 11.2
LogLikelihoodGradient log_likelihood_gradient(const Mixture& model, const DataView& data, unsigned n_threads = 0);

/// The same from the sums of rows under the model, as accumulate() gives them. They do not hold the derivative by a
/// weight of 0, which is NaN here.
/// @throws  invalid_argument if the statistics are of another mixture, of no rows, or lack moments that the family
///          needs
LogLikelihoodGradient log_likelihood_gradient(const Stats& stats, const Mixture& model);

}  // namespace mogul
