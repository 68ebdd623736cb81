#include "em/stopping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "em/coincide.hpp"
#include "em/degenerate.hpp"

namespace mogul {

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
  progress_.change = progress_.mean - last;
  progress_.at_rest = progress_.comparable && std::abs(progress_.change) < options_.tol;
}

bool Stopping::stops(const Mixture& model, const Stats& stats) {
  const bool stops = converged(model, stats) || out_of_iterations();
  progress_.comparable = true;
  return stops;
}

void Stopping::cancel() {
  record(TerminationReason::cancelled, fmt::format("cancelled by the caller after iteration {}; the mean {} is {:.10g}",
                                                   iterations(), objective_.name(), progress_.mean));
}

bool Stopping::might_stop(const Mixture& model, const Stats& stats, double rounding) const {
  return progress_.comparable && options_.tol > 0 &&
         objective_(model, stats) / stats.sum_weights - progress_.mean < std::max(options_.tol, rounding);
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
         fmt::format("{} at iteration {}: the mean {} changed by {:.3g}, less than tol = {:g}{}",
                     coincident ? "stopped" : "converged", iterations(), objective_.name(), progress_.change,
                     options_.tol, coincident ? ", but components coincide" : ""));
  return true;
}

bool Stopping::out_of_iterations() {
  if (iterations() < options_.max_iter) return false;
  if (options_.max_iter == 0) {
    record(TerminationReason::max_iter, fmt::format("evaluated only, max_iter = 0: the mean {} of the start is {:.10g}",
                                                    objective_.name(), progress_.mean));
    return true;
  }
  const std::string remedy =
      progress_.n_revived == 0
          ? "raise max_iter or tol"
          : fmt::format("components were revived {} times and may go on to be: raise reg_covar or lower n_components",
                        progress_.n_revived);
  const std::string change = progress_.comparable ? fmt::format("the mean {} last changed by {:.3g}, tol = {:g}; ",
                                                                objective_.name(), progress_.change, options_.tol)
                                                  : "";
  record(TerminationReason::max_iter, fmt::format("stopped at max_iter = {}: {}{}", options_.max_iter, change, remedy));
  return true;
}

void Stopping::go_back_to(std::size_t iteration, const Mixture& model, const Stats& stats) {
  const std::size_t last = iterations();
  progress_.history.resize(iteration + 1);
  if (objective_.is_penalised()) progress_.penalised_history.resize(iteration + 1);
  record_last(model, stats);
  if (progress_.termination.reason == TerminationReason::cancelled) {
    progress_.termination.message = fmt::format("cancelled by the caller after iteration {}", last);
  }
  progress_.termination.message += fmt::format("; the best model so far, of iteration {}, has the mean {} {:.10g}",
                                               iteration, objective_.name(), progress_.mean);
}

}  // namespace mogul
