// What fit() can be told. Every option has its default here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "mogul/field.hpp"
#include "mogul/hold.hpp"
#include "mogul/mixture.hpp"
#include "mogul/prior.hpp"

namespace mogul {

struct Stats;

/// Starts that draw from the random generator (all but `labels`, `responsibilities` and a Mixture).
enum class InitMethod {
  kmeans,            ///< k-means++ seeds, Lloyd's iterations, then moments of the clusters; the first
                     ///< restart begins with the best of four short runs of EM from there
  kmeans_plus_plus,  ///< k-means++ seeds only, then moments of the rows nearest to each seed
  random_from_data,  ///< K rows as means, the covariance of all rows, equal mixing weights
  random,            ///< means of random responsibilities of two rows each, a quarter of the covariance of all rows
};
struct InitMethodName {
  InitMethod method;
  std::string_view name;
};
std::span<const InitMethodName> init_methods();
std::string_view to_string(InitMethod method);

/// A start from a known partition: one label per row, 0..K-1.
struct Labels {
  std::vector<std::int32_t> values;
};
/// A start from known responsibilities: (N, K), rows >= 0 that sum to one.
struct Responsibilities {
  Matrix values;
};
/// Where EM starts. A Mixture continues from that model (warm start).
using Init = std::variant<InitMethod, Labels, Responsibilities, Mixture>;
/// "kmeans", ..., "labels", "responsibilities" or "model".
std::string_view to_string(const Init& init);

/// What to do when a component is left without rows or its covariance becomes singular.
enum class DegeneratePolicy {
  revive,  ///< move it to the worst-explained rows, and count it in the report
  error,   ///< throw fit_error
};
std::string_view to_string(DegeneratePolicy policy);

/// What the M-step adds to every variance, so that none becomes zero.
struct RegCovar {
  double value;           ///< absolute: in the data's unit squared; relative: a share, 0 to 1
  bool relative = false;  ///< of each column's weighted variance; for spherical families, of the mean of these

  constexpr RegCovar(double absolute) : value(absolute) {}  // NOLINT(google-explicit-constructor): 1e-6 is enough
  static constexpr RegCovar relative_to_variance(double share) {
    RegCovar made(share);
    made.relative = true;
    return made;
  }
  bool operator==(const RegCovar&) const = default;
};
/// "1e-06" or "relative:1e-06", which reg_covar_from() reads.
std::string to_string(const RegCovar& reg_covar);
/// @throws invalid_argument for another text, or a number outside its range
RegCovar reg_covar_from(std::string_view text);

/// What a callback is shown after each E-step. The references live until the callback returns.
struct Iteration {
  std::size_t restart;  ///< 0, 1, ..., n_init - 1
  std::size_t n_init;
  std::size_t iteration;       ///< number of M-steps that led to `model`; 0 is the start
  double mean_log_likelihood;  ///< of `model`, per unit of weight
  double change;               ///< of the objective since the last iteration; infinite at the start
  const Mixture& model;
  const Stats& stats;     ///< of the rows under `model`: L, H, N_k and moments
  double mean_objective;  ///< what EM climbs, per unit of weight: with priors the penalised log-likelihood
};

/// Called after each E-step; return false to stop. The best model so far is then returned. Restarts that share their
/// passes over the rows take turns.
using IterationCallback = std::function<bool(const Iteration&)>;

/// What each is: kFields<FitOptions> below.
struct FitOptions {
  std::size_t n_components = 1;
  CovarianceFamily covariance = families::full;
  Init init = InitMethod::kmeans;
  std::size_t n_init = 1;
  std::size_t max_iter = 1000;
  double tol = 1e-6;
  /// The default does not depend on the data's units, but is no help to a column whose values are all equal: that is an
  /// error.
  RegCovar reg_covar = RegCovar::relative_to_variance(1e-6);
  std::uint64_t seed = 0;
  unsigned n_threads = 0;  ///< 0: every processor this process may use; results do not depend on it
  Hold hold = {};
  DegeneratePolicy degenerate = DegeneratePolicy::revive;
  /// With one, EM climbs and stops on the log-likelihood plus the log density of the prior, which never falls where
  /// reg_covar is 0.
  std::optional<Prior> prior = {};
  std::optional<double> weight_concentration = {};
  /// For VII, VVI, VVV, EEI and EEE. Columns should be in like units then.
  std::optional<double> max_eigenvalue_ratio = {};
  IterationCallback callback = {};  ///< may be empty
  /// Asked at least every 50 ms on the thread that called fit(), in starts and within passes over the rows as well; may
  /// be empty. True ends the fit: its best model so far is returned as cancelled; where there is none yet, fit() throws
  /// interrupted_error.
  std::function<bool()> interrupted = {};
};

/// The part of FitOptions that one run of EM follows.
struct EmOptions {
  CovarianceFamily covariance = families::full;
  std::size_t max_iter = 1000;
  double tol = 1e-6;
  RegCovar reg_covar = RegCovar::relative_to_variance(1e-6);
  Hold hold = {};
  DegeneratePolicy degenerate = DegeneratePolicy::revive;
  std::optional<Prior> prior = {};
  std::optional<double> weight_concentration = {};
  std::optional<double> max_eigenvalue_ratio = {};
};
EmOptions em_options(const FitOptions& options);

/// The part of FitOptions that a model file keeps: what was asked, without data and callbacks.
struct FitSettings {
  std::size_t n_components = 1;
  CovarianceFamily covariance = families::full;
  std::string init;  ///< "kmeans", ..., "labels", "responsibilities" or "model"
  std::size_t n_init = 1;
  std::size_t max_iter = 0;
  double tol = 0;
  RegCovar reg_covar = 0;
  std::uint64_t seed = 0;
  Hold hold = {};
  DegeneratePolicy degenerate = DegeneratePolicy::revive;
  std::optional<Prior> prior = {};
  std::optional<double> weight_concentration = {};
  std::optional<double> max_eigenvalue_ratio = {};

  bool operator==(const FitSettings&) const = default;
};
FitSettings settings_of(const FitOptions& options);

// The fields that these structs share, in three groups: model files have those of a whole fit between them.

template <class Options>
inline constexpr std::tuple kFamilyFields{
    Field{"covariance", &Options::covariance, "family of the covariances, such as full or VEV"}};

template <class Options>
inline constexpr std::tuple kStoppingFields{
    Field{"max_iter", &Options::max_iter, "M-steps per restart at most; 0 only evaluates the start"},
    Field{"tol", &Options::tol, "change of the mean objective below which EM stops, 0: never", "nats"},
    Field{"reg_covar", &Options::reg_covar,
          "added to every variance: a number in the data's unit squared, or relative:SHARE of each column's variance "
          "(for spherical families, of their mean)"}};

template <class Options>
inline constexpr std::tuple kConstraintFields{
    Field{"hold", &Options::hold, "of weights, means and covariances, those that stay as they start"},
    Field{"degenerate", &Options::degenerate,
          "an empty or singular component is moved to the worst-explained rows (revive), or ends the fit (error)"},
    Field{"prior", &Options::prior, "conjugate prior of means and covariances"},
    Field{"weight_concentration", &Options::weight_concentration,
          "of a symmetric Dirichlet prior on the mixing weights, 1 or more"},
    Field{"max_eigenvalue_ratio", &Options::max_eigenvalue_ratio,
          "bound on the ratio of two variances in any components and directions, 1 or more"}};

template <class Options>
requires std::is_same_v<Options, FitOptions> || std::is_same_v<Options, FitSettings>
inline constexpr auto kFields<Options> =
    std::tuple_cat(std::tuple{Field{"n_components", &Options::n_components, "K, number of components, 1 or more"}},
                   kFamilyFields<Options>,
                   std::tuple{Field{"init", &Options::init, "where EM starts"},
                              Field{"n_init", &Options::n_init, "restarts, of which the best is kept"}},
                   kStoppingFields<Options>, std::tuple{Field{"seed", &Options::seed, "seed of the random starts"}},
                   kConstraintFields<Options>);

template <>
inline constexpr auto kFields<EmOptions> = std::tuple_cat(kFamilyFields<EmOptions>, kStoppingFields<EmOptions>,
                                                          kConstraintFields<EmOptions>);

/// Checks the options alone, without data. fit() calls it first.
/// @throws invalid_argument naming the option, its value and the rule
void check(const FitOptions& options);
/// @throws invalid_argument unless it lies in [0, 1e300], or, relative, in [0, 1]
void check_reg_covar(const RegCovar& reg_covar);

}  // namespace mogul
