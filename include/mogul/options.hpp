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

/// How hard the start is searched for, with sixteen starts or so, short runs and moves of components (docs/search.md).
enum class Search {
  none,      ///< not at all
  quick,     ///< one start from k-means, and moves
  standard,  ///< "default": 16 starts, of which the best are followed, and moves
  thorough,  ///< 32 starts, more of which are followed, each by moves of its own
};
std::string_view to_string(Search search);

/// Starts that find K clusters by themselves. All draw from the random generator, but for `hierarchical`, which does so
/// only where there are many rows.
enum class InitMethod {
  kmeans,            ///< k-means++ seeds, Lloyd's iterations, then moments of the clusters; the first
                     ///< restart begins with the best of four short runs of EM from there
  kmeans_plus_plus,  ///< k-means++ seeds only, then moments of the rows nearest to each seed
  random_from_data,  ///< K rows as means, the covariance of all rows, equal mixing weights
  random,            ///< means of random responsibilities of two rows each, a quarter of the covariance of all rows
  hierarchical,      ///< moments of the clusters of hierarchy(): mclust's start, VVV costs of SVD-transformed rows;
                     ///< without restarts
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
/// Where EM starts: where a search leads, from a method of K clusters, or where the caller says. A Mixture continues
/// from that model (warm start).
using Init = std::variant<Search, InitMethod, Labels, Responsibilities, Mixture>;
/// "search", "kmeans", ..., "labels", "responsibilities" or "model".
std::string_view to_string(const Init& init);

/// What to do when a component is left without rows or its covariance becomes singular.
enum class DegeneratePolicy {
  revive,  ///< move it to the worst-explained rows, and count it in the report
  error,   ///< throw fit_error
};
std::string_view to_string(DegeneratePolicy policy);

/// What proposes models beyond EM's next step, so that fewer passes over the rows are needed.
enum class AccelerationMethod {
  none,   ///< textbook EM
  lbfgs,  ///< quasi-Newton steps; textbook EM under a bound on eigenvalues, and with priors or held covariances for
          ///< families without a plain word (full, tied, diagonal, ...)
};
std::string_view to_string(AccelerationMethod method);

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
  std::size_t restart;         ///< 0, 1, ..., n_init - 1; in a search the runs of EM are numbered as they begin
  std::size_t n_init;          ///< 0 in a search
  std::size_t iteration;       ///< number of M-steps that led to `model`; 0 is the start
  double mean_log_likelihood;  ///< of `model`, per unit of weight
  double change;               ///< of the objective since the last iteration; infinite at the start
  const Mixture& model;
  const Stats& stats;     ///< of the rows under `model`: L, H, N_k and moments
  double mean_objective;  ///< what EM climbs, per unit of weight: with priors the penalised log-likelihood
  std::string_view phase = "convergence";  ///< of the fit, as the report counts passes by: kFields<PhasePasses>
};

/// Called after each E-step; return false to stop. The best model so far is then returned. Restarts that share their
/// passes over the rows take turns.
using IterationCallback = std::function<bool(const Iteration&)>;

inline constexpr double kDefaultGain = 0.01;

/// What each is: kFields<FitOptions> below.
struct FitOptions {
  std::size_t n_components = 1;
  CovarianceFamily covariance = families::full;
  /// n_init > 1 and hold go with starts that are not searched for: with the default they mean InitMethod::kmeans, as
  /// does Search::none.
  Init init = Search::standard;
  std::size_t n_init = 1;
  std::optional<std::size_t> max_passes = {};
  std::size_t max_iter = 1000;
  std::optional<double> tol = {};
  double gain = kDefaultGain;
  AccelerationMethod acceleration = AccelerationMethod::lbfgs;
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

/// Where EM starts, as n_init and hold have their say.
Init start_of(const FitOptions& options);

/// The part of FitOptions that one run of EM follows.
struct EmOptions {
  CovarianceFamily covariance = families::full;
  std::size_t max_iter = 1000;
  std::optional<double> tol = {};
  double gain = kDefaultGain;
  AccelerationMethod acceleration = AccelerationMethod::lbfgs;
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
  Search search = Search::none;
  std::string init;  ///< as to_string(Init)
  std::size_t n_init = 1;
  std::optional<std::size_t> max_passes = {};
  std::size_t max_iter = 0;
  std::optional<double> tol = {};
  double gain = kDefaultGain;
  AccelerationMethod acceleration = AccelerationMethod::none;
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
    Field{"tol", &Options::tol, "in place of gain, change of the mean objective below which EM stops, 0: never",
          "nats"},
    Field{"gain", &Options::gain, "what EM may leave of the log-likelihood of all rows, as predicted, 0: nothing",
          "nats"},
    Field{"acceleration", &Options::acceleration,
          "textbook EM (none), or quasi-Newton steps where they gain more (lbfgs)"},
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
inline constexpr std::tuple kSizeFields{
    Field{"n_components", &Options::n_components, "K, number of components, 1 or more"}};

template <class Options>
inline constexpr std::tuple kStartFields{
    Field{"init", &Options::init, "where EM starts"},
    Field{"n_init", &Options::n_init, "restarts, of which the best is kept"},
    Field{"max_passes", &Options::max_passes, "passes over the rows, after which the best model so far is taken"}};

template <class Options>
inline constexpr std::tuple kSeedFields{Field{"seed", &Options::seed, "seed of the random starts"}};

template <>
inline constexpr auto kFields<FitOptions> = std::tuple_cat(kSizeFields<FitOptions>, kFamilyFields<FitOptions>,
                                                           kStartFields<FitOptions>, kStoppingFields<FitOptions>,
                                                           kSeedFields<FitOptions>, kConstraintFields<FitOptions>);

template <>
inline constexpr auto kFields<FitSettings> = std::tuple_cat(kSizeFields<FitSettings>, kFamilyFields<FitSettings>,
                                                            std::tuple{Field{"search", &FitSettings::search,
                                                                             "how hard the start was searched for"}},
                                                            kStartFields<FitSettings>, kStoppingFields<FitSettings>,
                                                            kSeedFields<FitSettings>, kConstraintFields<FitSettings>);

template <>
inline constexpr auto kFields<EmOptions> = std::tuple_cat(kFamilyFields<EmOptions>, kStoppingFields<EmOptions>,
                                                          kConstraintFields<EmOptions>);

/// Checks the options alone, without data. fit() calls it first.
/// @throws invalid_argument naming the option, its value and the rule
void check(const FitOptions& options);
/// @throws invalid_argument unless it lies in [0, 1e300], or, relative, in [0, 1]
void check_reg_covar(const RegCovar& reg_covar);

}  // namespace mogul
