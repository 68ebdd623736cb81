#include "em/stopping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "em/coincide.hpp"
#include "em/degenerate.hpp"

namespace mogul {

void Stopping::note(const Stats& stats) {
  if (!std::isfinite(stats.log_likelihood)) {
    throw fit_error(
        fmt::format("the log-likelihood is {}: rows lie too many standard deviations from every component; "
                    "rescale the data or raise reg_covar",
                    stats.log_likelihood));
  }
  const double mean = stats.log_likelihood / stats.sum_weights;
  change_ = mean - mean_;
  mean_ = mean;
  history_.push_back(stats.log_likelihood);
  is_at_rest_ = comparable_ && std::abs(change_) < options_.tol;
}

bool Stopping::stops(const Mixture& model, const Stats& stats) {
  const bool stops = converged(model, stats) || out_of_iterations();
  comparable_ = true;
  return stops;
}

void Stopping::cancel() {
  record(TerminationReason::cancelled,
         fmt::format("cancelled by the caller after iteration {}; the mean log-likelihood is {:.10g}", iterations(),
                     mean_));
}

bool Stopping::might_stop(const Stats& stats, double rounding) const {
  return comparable_ && options_.tol > 0 &&
         stats.log_likelihood / stats.sum_weights - mean_ < std::max(options_.tol, rounding);
}

void Stopping::correct(const Stats& stats) {
  mean_ = stats.log_likelihood / stats.sum_weights;
  history_.back() = stats.log_likelihood;
}

void Stopping::note_revived(std::size_t count) {
  n_revived_ += count;
  comparable_ = false;
}

bool Stopping::converged(const Mixture& model, const Stats& stats) {
  if (!is_at_rest_ || !dying_components(model, stats, options_.update).empty()) return false;
  const bool coincident = !coinciding_components(model, kSame).empty();
  record(coincident ? TerminationReason::coincident : TerminationReason::converged,
                fmt::format("{} at iteration {}: the mean log-likelihood changed by {:.3g}, less than tol = {:g}{}",
                            coincident ? "stopped" : "converged", iterations(), change_, options_.tol,
                            coincident ? ", but components coincide" : ""));
  return true;
}

bool Stopping::out_of_iterations() {
  if (iterations() < options_.max_iter) return false;
  if (options_.max_iter == 0) {
    record(TerminationReason::max_iter,
           fmt::format("evaluated only, max_iter = 0: the mean log-likelihood of the start is {:.10g}", mean_));
    return true;
  }
  const std::string remedy =
      n_revived_ == 0
          ? "raise max_iter or tol"
          : fmt::format("components were revived {} times and may go on to be: raise reg_covar or lower n_components",
                        n_revived_);
  const std::string change =
      comparable_ ? fmt::format("the mean log-likelihood last changed by {:.3g}, tol = {:g}; ", change_, options_.tol)
                  : "";
  record(TerminationReason::max_iter,
         fmt::format("stopped at max_iter = {}: {}{}", options_.max_iter, change, remedy));
  return true;
}

void Stopping::go_back_to(std::size_t iteration, const Stats& stats) {
  const std::size_t last = iterations();
  history_.resize(iteration + 1);
  history_.back() = stats.log_likelihood;
  mean_ = stats.log_likelihood / stats.sum_weights;
  if (termination_.reason == TerminationReason::cancelled) {
    termination_.sentence = fmt::format("cancelled by the caller after iteration {}", last);
  }
  termination_.sentence +=
      fmt::format("; the best model so far, of iteration {}, has the mean log-likelihood {:.10g}", iteration, mean_);
}

}  // namespace mogul
