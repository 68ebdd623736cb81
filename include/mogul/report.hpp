// What a fit tells about itself: how well, how long, why it stopped, what had to be repaired.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mogul/mixture.hpp"
#include "mogul/prior.hpp"

namespace mogul {

enum class TerminationReason {
  converged,
  max_iter,
  cancelled,
  coincident,  ///< EM has come to rest, but components are the same, which it never parts
};
std::string_view to_string(TerminationReason reason);

/// Why EM stopped, with a message that carries the numbers compared.
struct Termination {
  TerminationReason reason = TerminationReason::max_iter;
  std::string message;

  bool converged() const { return reason == TerminationReason::converged; }
  bool operator==(const Termination&) const = default;
};

/// One restart's outcome.
struct Restart {
  double log_likelihood = 0;
  std::size_t iterations = 0;
  std::size_t n_revived = 0;
  TerminationReason reason = TerminationReason::max_iter;
  bool failed = false;                                  ///< a component stayed degenerate; another restart was kept
  std::optional<double> penalised_log_likelihood = {};  ///< with priors, what restarts are compared by

  bool operator==(const Restart&) const = default;
};

/// Wall seconds per phase, over all restarts.
struct PhaseSeconds {
  double initialise = 0;
  double e_step = 0;
  double m_step = 0;
  double total = 0;

  bool operator==(const PhaseSeconds&) const = default;
};

/// Everything is about the returned model unless it says otherwise; log-likelihoods are in nats.
struct FitReport {
  Termination termination;
  std::size_t n_rows = 0;
  double sum_weights = 0;                               ///< the effective number of rows, used by mean, BIC and ICL
  std::size_t iterations = 0;                           ///< M-steps that led to the model, excluding a final one
  double log_likelihood = 0;                            ///< L
  double mean_log_likelihood = 0;                       ///< L / sum_weights
  std::optional<double> penalised_log_likelihood = {};  ///< with priors: L plus the log density of the priors
  double entropy = 0;                                   ///< H of the responsibilities; Q = L - H
  std::vector<double> history;                          ///< L of the start and after each M-step: iterations + 1 values
  std::vector<double> penalised_history =
      {};                               ///< with priors, the same of the penalised log-likelihood, which never falls
  std::vector<double> component_sizes;  ///< N_k (K)
  std::size_t n_parameters = 0;         ///< free parameters that were estimated; those that update holds are not
  double aic = 0;                       ///< lower is better, as are bic and icl
  double bic = 0;
  double icl = 0;
  std::vector<Restart> restarts;
  std::size_t best_restart = 0;
  std::size_t n_regularised = 0;  ///< components with a direction that reg_covar supplies half or more of
  std::size_t n_revived = 0;      ///< times a degenerate component was moved, in the kept restart
  std::size_t n_promoted = 0;     ///< components that float cannot hold, computed in double though the rows are float
  std::size_t n_seed_rows = 0;    ///< rows that k-means or k-means++ looked at; 0 for other starts
  std::vector<std::string> warnings;  ///< what a user should look at before trusting the model; a sentence each
  std::optional<Prior> prior = {};    ///< complete, as the fit used it
  PhaseSeconds seconds;

  bool operator==(const FitReport&) const = default;
};

/// How tables of components show the width of a feature: sigma, in the feature's unit, or sigma^2.
enum class Spread { standard_deviation, variance };

/// One line: K, family, mean L, BIC, iterations, why it stopped, and what had to be repaired.
std::string brief(const FitReport& report, const Mixture& mixture);
/// Several lines: the numbers of brief() and more, a row per component (weight, N_k, means and standard deviations or
/// variances, correlations where there are few), restarts, repairs and seconds.
/// @param feature_names  (D), or empty for "x1", "x2", ...
std::string summary(const FitReport& report, const Mixture& mixture, std::span<const std::string> feature_names = {},
                    Spread spread = Spread::standard_deviation);
/// The component table alone.
/// @param component_sizes  N_k (K), or empty where unknown
/// @param feature_names    (D), or empty for "x1", "x2", ...
/// @throws                 invalid_argument for another number of sizes or names
std::string component_table(const Mixture& mixture, std::span<const double> component_sizes = {},
                            std::span<const std::string> feature_names = {},
                            Spread spread = Spread::standard_deviation);

/// The largest standard deviation of a feature within one component, of those with weight: the unit in which values of
/// that feature are printed far from zero (number_text()).
double largest_standard_deviation(const Mixture& mixture, std::size_t feature);

}  // namespace mogul
