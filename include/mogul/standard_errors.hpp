// How sure the parameters of a fitted mixture are: a standard error and an interval for each.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/matrix.hpp"
#include "mogul/mixture.hpp"
#include "mogul/options.hpp"
#include "mogul/table.hpp"

namespace mogul {

/// What the standard errors come from. The first needs one pass over the rows, the others a fit for each replicate, all
/// of which begin at the mixture.
enum class StandardErrorMethod {
  information,         ///< the curvature of the log-likelihood at its maximum: the observed information, inverted
  bootstrap,           ///< fits of as many rows, drawn with replacement
  weighted_bootstrap,  ///< fits of all rows under random weights, which drop no row
  jackknife,           ///< fits without one row each
};
std::string_view to_string(StandardErrorMethod method);
/// The word of each method, in this order.
std::span<const std::string_view> standard_error_words();
/// @throws invalid_argument for another word
StandardErrorMethod standard_error_method_from(std::string_view word);

/// A number for each parameter of a mixture, in the shapes of the mixture's own.
struct ParameterValues {
  std::vector<double> weights;      ///< (K)
  Matrix means;                     ///< (K, D)
  std::vector<double> covariances;  ///< as Covariances::values()

  bool operator==(const ParameterValues&) const = default;
};
ParameterValues parameter_values(const Mixture& mixture);

struct StandardErrors {
  CovarianceFamily family;  ///< of the mixture; the shape of the covariances below
  StandardErrorMethod method = StandardErrorMethod::information;
  double level = 0.95;           ///< coverage of the intervals
  std::size_t n_replicates = 0;  ///< fits that were made; 0 for the information
  std::size_t n_failed = 0;      ///< of them, those that collapsed or did not converge, which are left out
  ParameterValues estimate = {};
  ParameterValues standard_error = {};  ///< 0 for what the fit held
  ParameterValues lower = {};
  ParameterValues upper = {};

  bool operator==(const StandardErrors&) const = default;
};

struct StandardErrorOptions {
  StandardErrorMethod method = StandardErrorMethod::information;
  double level = 0.95;  ///< in (0, 1)
  /// Replicates of both bootstraps, at least 2 / (1 - level) - 1, so that the intervals end within them, and at most a
  /// million.
  std::size_t n_bootstrap = 999;
  /// How the mixture was fitted: reg_covar, hold, prior, weight_concentration and max_eigenvalue_ratio; and seed,
  /// n_threads and interrupted. The rest does not matter.
  FitOptions fit = {};
  /// Told how many replicates are done, from one thread at a time. May be empty.
  std::function<void(std::size_t n_done, std::size_t n_replicates)> progress = {};
};

/// Standard errors and intervals of weights, means and covariances of a mixture that was fitted to these rows. The
/// bytes of the result do not depend on the number of threads.
///
/// information, jackknife: intervals by the normal distribution, on the scale of logit pi_k, mu_kd, log of a variance,
/// and a covariance itself, so that none leaves the range of its parameter. Both bootstraps: percentiles.
///
/// @param mixture  at a maximum of the log-likelihood, or with priors of the penalised one
/// @throws         invalid_argument for options that break a rule; invalid_data as fit(), and for the jackknife, where
///                 row weights are no whole numbers; fit_error where the information has no inverse, the mixture is
///                 not at a maximum, or half of the replicates fail; interrupted_error
/// @cost           information: one pass of O(N P^2) and O(P^3), P about the number of parameters; else as so many fits
///                 from a start next to the maximum
/// @source         docs/method.md, "Standard errors"
StandardErrors standard_errors(const Mixture& mixture, const DataView& data, const StandardErrorOptions& options = {});

/// A row for each parameter: component, parameter, estimate, standard error, and the ends of the interval. Of a matrix
/// its lower triangle; of a covariance that all components share, no component.
/// @param feature_names  (D), or empty for "x1", "x2", ...
/// @throws               invalid_argument for another number of names
Table standard_error_table(const StandardErrors& errors, std::span<const std::string> feature_names = {});
/// Several lines: how they were made, and the table.
std::string summary(const StandardErrors& errors, std::span<const std::string> feature_names = {});

/// Checks the options alone, without data. standard_errors() calls it first.
/// @throws invalid_argument naming the option, its value and the rule
void check(const StandardErrorOptions& options);
/// @throws invalid_argument unless they have the mixture's parameters as estimates, its shapes, finite numbers, and
///         standard errors >= 0
void check(const StandardErrors& errors, const Mixture& mixture);

}  // namespace mogul
