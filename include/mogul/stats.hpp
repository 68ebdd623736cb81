// EM in its single steps. One pass over rows gives Stats, which can be merged; a pure function turns
// Stats into the next mixture:
//
//   Stats   = accumulate(model, rows)     E-step and sums in one pass
//   Stats  += Stats                       rows of other blocks, files or machines
//   Mixture = maximise(Stats, model)      M-step
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/mixture.hpp"
#include "mogul/moments.hpp"
#include "mogul/options.hpp"

namespace mogul {

/// What second moments resolve of the next model. Where it lies beyond, they should be taken again in double and about
/// its means. Sums in double resolve every covariance that has a Cholesky factor.
struct Resolution {
  double max_move = 100;                ///< of a mean from where it was, in standard deviations
  double min_conditional_variance = 0;  ///< of a feature given those before it, as a share of its variance, and
  double min_deviation = 0;             ///< a standard deviation; where those of the model are smaller, sums are exact

  bool operator==(const Resolution&) const = default;
};

/// Sufficient statistics of rows under one model. Moments are about `shift` (the model's means), which
/// keeps one pass as accurate as two: Sigma = S / n - d d^T with d = new mean - shift.
struct Stats {
  /// All zero, about the given shift (K, D): where a sum begins.
  Stats(Moments moments, Matrix shift);

  Moments moments;
  std::uint64_t model = 0;    ///< fingerprint of the model; 0 under given responsibilities
  Matrix shift;               ///< (K, D), in the data's unit
  std::vector<double> n;      ///< (K), N_k = sum_n w_n r_nk
  Matrix first;               ///< (K, D), sum_n w_n r_nk (x_n - shift_k); (0, 0) without it
  Matrix second;              ///< (K, 1 | D | D(D+1)/2), lower triangle by rows; one row where pooled; (0, 0) without
  double sum_weights = 0;     ///< sum_n w_n
  double log_likelihood = 0;  ///< L
  double entropy = 0;         ///< H
  double map_log_likelihood = 0;  ///< C, complete-data log-likelihood at the MAP labels

  double rounding = 0;  ///< what lanes narrower than double may have left of L / sum_weights, in nats; 0 if exact
  Resolution resolution = {};  ///< of the second moments
  std::size_t n_promoted = 0;  ///< components summed in double although the rows are float, which cannot hold them

  std::size_t n_components() const { return n.size(); }
  std::size_t n_features() const { return shift.cols(); }
  /// Whether all sums were made in double.
  bool is_exact() const { return rounding == 0; }
  /// Q = L - H.
  double expected_complete_log_likelihood() const { return log_likelihood - entropy; }

  /// Adds the statistics of other rows under the same model.
  /// @throws invalid_argument if moments, model or shift differ
  Stats& operator+=(const Stats& other);
  bool operator==(const Stats&) const = default;
};

/// The E-step and the sums of one pass over the rows.
/// @throws invalid_argument on a wrong number of columns; invalid_data on bad values or row weights
Stats accumulate(const Mixture& model, const DataView& data, Moments moments, unsigned n_threads = 0);
/// The same with the moments that model.family() needs.
Stats accumulate(const Mixture& model, const DataView& data, unsigned n_threads = 0);

struct MStepOptions {
  std::optional<CovarianceFamily> covariance = {};  ///< default: that of the current model
  RegCovar reg_covar = 0;                           ///< relative: to the variances of the rows in the statistics
  Hold hold = {};                                   ///< what is taken from the current model
  std::optional<Prior> prior = {};                  ///< a complete one, of means and covariances
  std::optional<double> weight_concentration = {};  ///< as in FitOptions, as is the next
  std::optional<double> max_eigenvalue_ratio = {};
};

/// The M-step: N_k / n, weighted means and covariances under the family.
///
/// @param current  the model that the statistics are about: held parameters are taken from it, and a
///                 held mean is what the covariance is taken about. A component without rows keeps its
///                 parameters where its mean is held, or its weight is held at 0.
/// With a prior or a weight_concentration it maximises the expected complete-data log-likelihood plus the log density
/// of the priors.
/// @throws         invalid_argument if stats lack moments that the family needs, or are about other means, for options
///                 outside their range, or for a prior that is not complete;
///                 fit_error naming the component if it is empty or its covariance singular
/// @error          where a mean moves by s standard deviations, its covariance has lost eps s^2 relative
/// @source         Bishop (2006), eqs. 9.17, 9.19, 9.22
Mixture maximise(const Stats& stats, const Mixture& current, const MStepOptions& options);

/// The M-step from given responsibilities, for any subset of the parameters (the rest from `current`).
/// @param r   (N, K), rows >= 0 that sum to one
/// @throws    as above; invalid_data on bad values, row weights or responsibilities
Mixture maximise(const Mixture& current, const DataView& data, MatrixView<const double> r, const MStepOptions& options,
                 unsigned n_threads = 0);

}  // namespace mogul
