#include "em/converge.hpp"

#include <fmt/format.h>

#include <cmath>

#include "em/coincide.hpp"
#include "em/degenerate.hpp"

namespace mogul {

bool Convergence::stop(const Mixture& model, const Stats& stats, bool cancelled) {
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
  const bool stops =
      cancelled || !wants_to_go_on(model, stats) ? cancel() : converged(model, stats) || out_of_iterations();
  comparable_ = true;
  return stops;
}

bool Convergence::wants_to_go_on(const Mixture& model, const Stats& stats) const {
  if (!options_.callback) return true;
  return options_.callback({restart_, options_.n_init, iterations(), mean_, change_, model, stats});
}

bool Convergence::cancel() {
  return record(TerminationReason::cancelled,
                fmt::format("cancelled by the caller after iteration {}; the mean log-likelihood is {:.10g}",
                            iterations(), mean_));
}

bool Convergence::converged(const Mixture& model, const Stats& stats) {
  if (!is_at_rest_ || !dying_components(model, stats, options_.update).empty()) return false;
  const bool coincident = !coinciding_components(model, kSame).empty();
  return record(coincident ? TerminationReason::coincident : TerminationReason::converged,
                fmt::format("{} at iteration {}: the mean log-likelihood changed by {:.3g}, less than tol = {:g}{}",
                            coincident ? "stopped" : "converged", iterations(), change_, options_.tol,
                            coincident ? ", but components coincide" : ""));
}

bool Convergence::out_of_iterations() {
  if (iterations() + (options_.final_m_step ? 1 : 0) < options_.max_iter) return false;
  if (options_.max_iter == 0) {
    return record(TerminationReason::max_iter,
                  fmt::format("evaluated only, max_iter = 0: the mean log-likelihood of the start is {:.10g}", mean_));
  }
  const std::string remedy =
      n_revived_ == 0
          ? "raise max_iter or tol"
          : fmt::format("components were revived {} times and may go on to be: raise reg_covar or lower n_components",
                        n_revived_);
  const std::string change =
      comparable_ ? fmt::format("the mean log-likelihood last changed by {:.3g}, tol = {:g}; ", change_, options_.tol)
                  : "";
  return record(TerminationReason::max_iter,
                fmt::format("stopped at max_iter = {}: {}{}", options_.max_iter, change, remedy));
}

void Convergence::go_back_to(std::size_t iteration, const Stats& stats) {
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

bool Convergence::record(TerminationReason reason, std::string sentence) {
  termination_ = {reason, std::move(sentence)};
  return true;
}

}  // namespace mogul
