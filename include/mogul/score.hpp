// What a mixture says about rows: densities, posteriors, labels, likelihoods and criteria.
// Every function streams over blocks of rows; beyond its result it allocates a few numbers per block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/mixture.hpp"
#include "mogul/options.hpp"

namespace mogul {

// All functions: `data` has D = model.n_features() columns. n_threads = 0 uses every processor this
// process may use; the result does not depend on it. They throw invalid_argument on a wrong number of
// columns and invalid_data on NaN, infinities or bad row weights. Logarithms are natural.

/// log N(x_n | mu_k, Sigma_k) = -(D log 2pi + log|Sigma_k| + |L_k^-1 (x_n - mu_k)|^2) / 2: (N, K).
/// @error  |out - reference| <= 8 D eps (1 + |out|) for well-conditioned covariances
/// @source Bishop (2006), eq. 2.43
Matrix component_log_densities(const Mixture& model, const DataView& data, unsigned n_threads = 0);

/// The joint log p(x_n, z_n = k) = log pi_k + log N(x_n | mu_k, Sigma_k): (N, K); -inf where pi_k = 0.
/// @source Bishop (2006), eq. 9.10
Matrix log_joint(const Mixture& model, const DataView& data, unsigned n_threads = 0);

/// The marginal log p(x_n) = log sum_k pi_k N(x_n | mu_k, Sigma_k): (N).
/// @source Bishop (2006), eq. 9.7
std::vector<double> log_densities(const Mixture& model, const DataView& data, unsigned n_threads = 0);

/// L = sum_n w_n log p(x_n).
/// @source Bishop (2006), eq. 9.14
double log_likelihood(const Mixture& model, const DataView& data, unsigned n_threads = 0);

/// The posterior r_nk = p(z_n = k | x_n): (N, K), rows sum to one. The E-step.
/// @source Bishop (2006), eq. 9.13
Matrix responsibilities(const Mixture& model, const DataView& data, unsigned n_threads = 0);

/// The most probable component of each row (MAP), 0..K-1; the lowest of equals: (N).
std::vector<std::int32_t> labels(const Mixture& model, const DataView& data, unsigned n_threads = 0);

/// |L_k^-1 (x_n - mu_k)|^2 = (x_n - mu_k)^T Sigma_k^-1 (x_n - mu_k): (N, K), capped at 1e300.
/// @error  8 D eps cond(L_k) of the distance; tied: of the distance times that to the farthest mean, both not squared
Matrix squared_mahalanobis(const Mixture& model, const DataView& data, unsigned n_threads = 0);

/// The complete-data log-likelihood sum_n w_n [log pi_{z_n} + log N(x_n | mu_{z_n}, Sigma_{z_n})].
/// @param z  (N), labels 0..K-1
/// @source   Bishop (2006), eq. 9.36
double complete_log_likelihood(const Mixture& model, const DataView& data, std::span<const std::int32_t> z,
                               unsigned n_threads = 0);

/// Q = sum_n w_n sum_k r_nk [log pi_k + log N(x_n | mu_k, Sigma_k)] for given responsibilities.
/// @param r  (N, K), rows >= 0 that sum to one
/// @source   Bishop (2006), eq. 9.40
double expected_complete_log_likelihood(const Mixture& model, const DataView& data, MatrixView<const double> r,
                                        unsigned n_threads = 0);

/// Q at the model's own responsibilities; then L = Q + H.
double expected_complete_log_likelihood(const Mixture& model, const DataView& data, unsigned n_threads = 0);

/// H = -sum_n w_n sum_k r_nk log r_nk at the model's own responsibilities; 0 <= H <= sum(w) log K.
double entropy(const Mixture& model, const DataView& data, unsigned n_threads = 0);

/// Criteria of a model on given rows; n = sum of the weights, p = number of free parameters.
struct Evaluation {
  std::size_t n_rows = 0;
  double sum_weights = 0;
  std::size_t n_parameters = 0;
  double log_likelihood = 0;                    ///< L
  double mean_log_likelihood = 0;               ///< L / n
  double expected_complete_log_likelihood = 0;  ///< Q
  double entropy = 0;                           ///< H
  double aic = 0;                               ///< -2 L + 2 p
  double bic = 0;                               ///< -2 L + p log n (Schwarz 1978)
  double icl = 0;                       ///< -2 C + p log n, C the complete-data log-likelihood at the MAP labels
                                        ///< (Biernacki, Celeux, Govaert 2000); bic + what the labels leave uncertain
  std::vector<double> component_sizes;  ///< N_k (K)

  bool operator==(const Evaluation&) const = default;
};
/// @param hold  what a fit held, which n_parameters does not count
/// @throws      invalid_argument also as check_hold()
Evaluation evaluate(const Mixture& model, const DataView& data, unsigned n_threads = 0, const Hold& hold = {});

}  // namespace mogul
