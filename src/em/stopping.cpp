#include "em/stopping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include "em/coincide.hpp"
#include "em/degenerate.hpp"

namespace mogul {
namespace {

constexpr double kUnderestimate = 100;  // as in EmProgress::largest_gain()

}  // namespace

Stopping::Stopping(const EmOptions& options, bool accelerates, EmProgress progress)
    : options_(options), accelerates_(accelerates), objective_(options), progress_(std::move(progress)) {}

double Stopping::negligible(double sum_weights) const {
  return goes_by_gain() ? options_.gain / kUnderestimate : *options_.tol * sum_weights;
}

void Stopping::note(const Mixture& model, const Stats& stats) {
  if (!std::isfinite(stats.log_likelihood)) {
    throw fit_error(
        fmt::format("the log-likelihood is {}: rows lie too many standard deviations from every component; "
                    "rescale the data or raise reg_covar",
                    stats.log_likelihood));
  }
  const double last = progress_.mean;
  progress_.history.push_back(0);
  if (objective_.is_penalised()) progress_.penalised_history.push_back(0);
  record_last(model, stats);
  progress_.earlier_change = progress_.comparable ? progress_.change : std::numeric_limits<double>::infinity();
  progress_.change = progress_.mean - last;
  if (!goes_by_gain()) {
    progress_.at_rest = progress_.comparable && std::abs(progress_.change) < *options_.tol;
  }
  if (!accelerates_) note_gain(gain_by_steps() * stats.sum_weights);
}

void Stopping::note_gain(double nats) {
  progress_.earlier_gain = std::exchange(progress_.gain, nats);
  if (goes_by_gain()) progress_.at_rest = progress_.largest_gain() < options_.gain;
}

// Steps of EM shrink at a rate that becomes constant.
double Stopping::gain_by_steps() const {
  const double rate = progress_.change / progress_.earlier_change;
  if (!progress_.comparable || !std::isfinite(progress_.earlier_change)) return std::numeric_limits<double>::infinity();
  if (progress_.change <= 0) return 0;
  return rate < 1 ? progress_.change * rate / (1 - rate) : std::numeric_limits<double>::infinity();
}

bool Stopping::stops(const Mixture& model, const Stats& stats) {
  const bool stops = converged(model, stats) || out_of_iterations();
  progress_.comparable = true;
  return stops;
}

void Stopping::cancel(TerminationReason reason) {
  const std::string_view why = reason == TerminationReason::cancelled    ? "cancelled by the caller"
                               : reason == TerminationReason::max_passes ? "stopped at max_passes"
                                                                         : "dropped for better runs";
  record(reason, fmt::format("{} after iteration {}; the mean {} is {:.10g}", why, iterations(), objective_.name(),
                             progress_.mean));
}

bool Stopping::might_stop(const Mixture& model, const Stats& stats, double rounding) const {
  const double least = negligible(stats.sum_weights) / stats.sum_weights;
  return progress_.comparable && least > 0 &&
         objective_(model, stats) / stats.sum_weights - progress_.mean < std::max(least, rounding);
}

bool Stopping::has_fallen(double sum_weights) const {
  const std::vector<double>& climbed = objective_.is_penalised() ? progress_.penalised_history : progress_.history;
  return std::ranges::max(climbed) > climbed.back() + negligible(sum_weights);
}

void Stopping::set_rule(std::optional<double> tol, double gain) {
  options_.tol = tol;
  options_.gain = gain;
  progress_.at_rest = tol ? progress_.comparable && std::abs(progress_.change) < *tol : progress_.largest_gain() < gain;
}

void Stopping::correct(const Mixture& model, const Stats& stats) { record_last(model, stats); }

void Stopping::record_last(const Mixture& model, const Stats& stats) {
  const double objective = objective_(model, stats);
  progress_.mean = objective / stats.sum_weights;
  progress_.history.back() = stats.log_likelihood;
  if (objective_.is_penalised()) progress_.penalised_history.back() = objective;
}

void Stopping::note_revived(std::size_t count) {
  progress_.n_revived += count;
  progress_.comparable = false;
}

bool Stopping::converged(const Mixture& model, const Stats& stats) {
  if (!progress_.at_rest || !dying_components(model, stats, m_step_options(options_)).empty()) return false;
  const bool coincident = !coinciding_components(model, kSame).empty();
  record(coincident ? TerminationReason::coincident : TerminationReason::converged,
         fmt::format("{} at iteration {}: {}{}", coincident ? "stopped" : "converged", iterations(), why_at_rest(),
                     coincident ? ", but components coincide" : ""));
  return true;
}

std::string Stopping::why_at_rest() const {
  if (goes_by_gain()) {
    return fmt::format("the {} is predicted to rise by {:.2g} more, less than a hundredth of what gain allows",
                       objective_.name(), std::max({0.0, progress_.gain, progress_.earlier_gain}));
  }
  return fmt::format("the mean {} changed by {:.3g}, less than tol = {:g}", objective_.name(), progress_.change,
                     *options_.tol);
}

bool Stopping::out_of_iterations() {
  if (iterations() < options_.max_iter) return false;
  if (options_.max_iter == 0) {
    record(TerminationReason::max_iter, fmt::format("evaluated only, max_iter = 0: the mean {} of the start is {:.10g}",
                                                    objective_.name(), progress_.mean));
    return true;
  }
  const bool stands_still = progress_.comparable && progress_.change == 0;
  const std::string remedy =
      stands_still ? "it no longer rises, but tol or gain of 0 never stops EM: set one above 0"
      : progress_.n_revived == 0
          ? fmt::format("raise max_iter{}", !goes_by_gain()     ? " or tol"
                                            : options_.gain > 0 ? " or gain"
                                                                : "")
          : fmt::format("components were revived {} times and may go on to be: raise reg_covar or lower n_components",
                        progress_.n_revived);
  const std::string rule = goes_by_gain() ? "" : fmt::format(", tol = {:g}", *options_.tol);
  const std::string change = std::isfinite(progress_.change) ? fmt::format("the mean {} last changed by {:.3g}{}; ",
                                                                           objective_.name(), progress_.change, rule)
                                                             : "";
  record(TerminationReason::max_iter, fmt::format("stopped at max_iter = {}: {}{}", options_.max_iter, change, remedy));
  return true;
}

void Stopping::go_back_to(std::size_t iteration, const Mixture& model, const Stats& stats) {
  progress_.history.resize(iteration + 1);
  if (objective_.is_penalised()) progress_.penalised_history.resize(iteration + 1);
  record_last(model, stats);
  std::string& message = progress_.termination.message;
  if (is_cancelled()) message.resize(message.find(';'));
  message += fmt::format("; the best model so far, of iteration {}, has the mean {} {:.10g}", iteration,
                         objective_.name(), progress_.mean);
}

}  // namespace mogul
