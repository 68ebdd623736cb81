// What a fit tells about itself: how well, how long, why it stopped, what had to be repaired.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "mogul/field.hpp"
#include "mogul/mixture.hpp"
#include "mogul/prior.hpp"

namespace mogul {

enum class TerminationReason {
  converged,
  max_iter,
  cancelled,
  coincident,  ///< EM has come to rest, but components are the same, which it never parts
  max_passes,
  dropped,  ///< by a search, which went on with better runs
};
std::string_view to_string(TerminationReason reason);

/// Why EM stopped.
struct Termination {
  TerminationReason reason = TerminationReason::max_iter;
  std::string message;

  bool converged() const { return reason == TerminationReason::converged; }
  bool operator==(const Termination&) const = default;
};
template <>
inline constexpr std::tuple kFields<Termination>{
    Field{"reason", &Termination::reason, "converged, max_iter, cancelled, coincident or max_passes"},
    Field{"message", &Termination::message, "the same for people, with the numbers compared"}};

/// One restart's outcome.
struct Restart {
  double log_likelihood = 0;
  std::size_t iterations = 0;
  std::size_t n_revived = 0;
  TerminationReason reason = TerminationReason::max_iter;
  bool failed = false;
  std::optional<double> penalised_log_likelihood = {};

  bool operator==(const Restart&) const = default;
};
template <>
inline constexpr std::tuple kFields<Restart>{
    Field{"log_likelihood", &Restart::log_likelihood, "L at its end", "nats"},
    Field{"iterations", &Restart::iterations, "M-steps"},
    Field{"n_revived", &Restart::n_revived, "times a degenerate component was moved"},
    Field{"reason", &Restart::reason, "why it stopped: as the termination, or dropped by a search for better runs"},
    Field{"failed", &Restart::failed, "whether a component stayed degenerate, so that the rest means nothing"},
    Field{"penalised_log_likelihood", &Restart::penalised_log_likelihood, "with priors, what restarts are compared by",
          "nats"}};

/// Wall time per phase, over all restarts.
struct PhaseSeconds {
  double initialise = 0;
  double e_step = 0;
  double m_step = 0;
  double total = 0;

  bool operator==(const PhaseSeconds&) const = default;
};
template <>
inline constexpr std::tuple kFields<PhaseSeconds>{
    Field{"initialise", &PhaseSeconds::initialise, "time of the starts", "seconds"},
    Field{"e_step", &PhaseSeconds::e_step, "time of passes over the rows", "seconds"},
    Field{"m_step", &PhaseSeconds::m_step, "time of everything between them", "seconds"},
    Field{"total", &PhaseSeconds::total, "time of the whole fit", "seconds"}};

/// Passes over the rows per phase, over all restarts. One pass is the E-step of one model over all its rows; those that
/// share a pass over memory count each, partial ones pro rata.
struct PhasePasses {
  double starts = 0;
  double convergence = 0;
  double splits = 0;
  double trials = 0;
  double last = 0;

  double total() const { return starts + convergence + splits + trials + last; }
  bool operator==(const PhasePasses&) const = default;
};
template <>
inline constexpr std::tuple kFields<PhasePasses>{
    Field{"starts", &PhasePasses::starts, "of starts, until one is chosen"},
    Field{"convergence", &PhasePasses::convergence, "of EM from what was chosen"},
    Field{"splits", &PhasePasses::splits, "of the search: what each component gains where it is split"},
    Field{"trials", &PhasePasses::trials, "of the search: moves on trial"},
    Field{"last", &PhasePasses::last, "of the search: the best model, until the fit ends"}};

/// What a search did.
struct SearchReport {
  std::size_t n_starts = 0;
  std::size_t n_finalists = 0;
  std::size_t n_agreeing = 0;
  std::size_t n_moves_tried = 0;
  std::size_t n_moves_taken = 0;
  std::size_t n_flagged = 0;
  bool is_flagged = false;

  bool operator==(const SearchReport&) const = default;
};
template <>
inline constexpr std::tuple kFields<SearchReport>{
    Field{"n_starts", &SearchReport::n_starts, "starts that were tried"},
    Field{"n_finalists", &SearchReport::n_finalists, "of them, those that were followed to a maximum and improved"},
    Field{"n_agreeing", &SearchReport::n_agreeing, "finalists that ended within 0.1 nat of the best"},
    Field{"n_moves_tried", &SearchReport::n_moves_tried, "moves of a component to where another is split"},
    Field{"n_moves_taken", &SearchReport::n_moves_taken, "those that led to a higher maximum"},
    Field{"n_flagged", &SearchReport::n_flagged,
          "maxima in which a component held too few rows or was nearly singular"},
    Field{"is_flagged", &SearchReport::is_flagged, "whether the model is one of them, as no other was found"}};

/// What a fit found; each field: kFields<FitReport> below. Everything is about the returned model unless it says
/// otherwise.
struct FitReport {
  Termination termination;
  std::size_t n_rows = 0;
  double sum_weights = 0;
  std::size_t iterations = 0;
  double log_likelihood = 0;
  double mean_log_likelihood = 0;
  std::optional<double> penalised_log_likelihood = {};
  double entropy = 0;
  std::vector<double> history;
  std::vector<double> penalised_history = {};
  std::vector<double> component_sizes;
  std::size_t n_parameters = 0;
  double aic = 0;
  double bic = 0;
  double icl = 0;
  std::vector<Restart> restarts;
  std::size_t best_restart = 0;
  std::size_t n_regularised = 0;
  std::size_t n_revived = 0;
  std::size_t n_promoted = 0;
  std::size_t n_seed_rows = 0;
  std::vector<std::string> warnings;
  std::optional<Prior> prior = {};
  double passes = 0;
  PhasePasses passes_by_phase;
  std::size_t accepted = 0;
  std::size_t rejected = 0;
  std::optional<SearchReport> search = {};
  PhaseSeconds seconds;

  bool operator==(const FitReport&) const = default;
};
template <>
inline constexpr std::tuple kFields<FitReport>{
    Field{"termination", &FitReport::termination, "why EM stopped"},
    Field{"n_rows", &FitReport::n_rows, "N, number of rows"},
    Field{"sum_weights", &FitReport::sum_weights, "sum of the row weights, which stands for N in means, BIC and ICL"},
    Field{"iterations", &FitReport::iterations, "M-steps of the kept restart that led to the model"},
    Field{"log_likelihood", &FitReport::log_likelihood, "L", "nats"},
    Field{"mean_log_likelihood", &FitReport::mean_log_likelihood, "L / sum_weights", "nats"},
    Field{"penalised_log_likelihood", &FitReport::penalised_log_likelihood,
          "with priors, L plus the log density of the priors", "nats"},
    Field{"entropy", &FitReport::entropy, "H of the responsibilities, Q = L - H", "nats"},
    Field{"history", &FitReport::history, "L of the start and after each M-step, iterations + 1 of them", "nats"},
    Field{"penalised_history", &FitReport::penalised_history, "with priors, the same of the penalised log-likelihood",
          "nats"},
    Field{"component_sizes", &FitReport::component_sizes, "N_k, which add up to sum_weights"},
    Field{"n_parameters", &FitReport::n_parameters,
          "free parameters that were estimated; those that are held do not count"},
    Field{"aic", &FitReport::aic, "-2 L + 2 p, lower is better"},
    Field{"bic", &FitReport::bic, "-2 L + p log n, lower is better"},
    Field{"icl", &FitReport::icl,
          "-2 C + p log n, C the complete-data log-likelihood at the MAP labels, lower is better"},
    Field{"restarts", &FitReport::restarts, "the outcome of each restart"},
    Field{"best_restart", &FitReport::best_restart, "the restart that was kept, from 0"},
    Field{"n_regularised", &FitReport::n_regularised,
          "components with a direction in which reg_covar makes up half or more of the variance"},
    Field{"n_revived", &FitReport::n_revived, "times a degenerate component was moved, in the kept restart"},
    Field{"n_promoted", &FitReport::n_promoted,
          "components computed in double though the rows are float32, as float cannot hold them"},
    Field{"n_seed_rows", &FitReport::n_seed_rows,
          "rows that seeds of the start were looked for in, 0 for starts without"},
    Field{"warnings", &FitReport::warnings, "what to look at before trusting the model, a sentence each"},
    Field{"prior", &FitReport::prior, "the prior that the fit used, complete"},
    Field{"passes", &FitReport::passes, "E-steps of one model over all its rows, over all restarts"},
    Field{"passes_by_phase", &FitReport::passes_by_phase, "the same, per phase of the fit"},
    Field{"accepted", &FitReport::accepted, "models that the acceleration proposed and EM took, over all restarts"},
    Field{"rejected", &FitReport::rejected, "those that it did not take"},
    Field{"search", &FitReport::search, "what the search for a start did, if there was one"},
    Field{"seconds", &FitReport::seconds, "wall time over all restarts"}};

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
