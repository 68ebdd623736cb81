// When to stop. Asked between E-step and M-step, so that what is reported is about the model at hand.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "mogul/options.hpp"
#include "mogul/report.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// Follows one restart. Every rule that stops it records its reason with the numbers compared.
class Convergence {
 public:
  Convergence(const FitOptions& options, std::size_t restart)
      : options_(options),
        restart_(restart),
        mean_(options.previous_mean_log_likelihood),
        comparable_(std::isfinite(options.previous_mean_log_likelihood)) {}

  /// @param stats      of the rows under `model`, which is shown to the callback
  /// @param cancelled  stops as if the callback had asked for it, which is not asked
  /// @return           whether EM stops here
  /// @throws           fit_error if the log-likelihood is not finite
  bool stop(const Mixture& model, const Stats& stats, bool cancelled = false);

  /// Whether stop() would, or might but for rounding, call this converged: the log-likelihood has changed by less than
  /// tol, or than `rounding`, what float lanes may leave of a mean log-likelihood, or has fallen.
  bool must_confirm(const Stats& stats, double rounding) const {
    return comparable_ && options_.tol > 0 &&
           stats.log_likelihood / stats.sum_weights - mean_ < std::max(options_.tol, rounding);
  }

  /// Replaces the log-likelihood of the last iteration by one that was computed again, in double.
  void correct(const Stats& stats) {
    mean_ = stats.log_likelihood / stats.sum_weights;
    history_.back() = stats.log_likelihood;
  }

  /// The next change is not a step of EM, as components were revived: it does not count as converged.
  void note_revived(std::size_t count) {
    n_revived_ += count;
    comparable_ = false;
  }

  /// Records that the caller asked to stop, at the last iteration.
  bool cancel();

  /// The restart returns an earlier, better model than its last: what is reported is about that one.
  /// @param stats  of that model; its log-likelihood may have been computed again
  void go_back_to(std::size_t iteration, const Stats& stats);

  /// Whether the last step, one of EM, changed the mean log-likelihood by less than tol.
  bool is_at_rest() const { return is_at_rest_; }

  std::size_t iterations() const { return history_.size() - 1; }
  const std::vector<double>& history() const { return history_; }
  const Termination& termination() const { return termination_; }

 private:
  bool wants_to_go_on(const Mixture& model, const Stats& stats) const;
  bool converged(const Mixture& model, const Stats& stats);
  bool out_of_iterations();
  bool record(TerminationReason reason, std::string sentence);

  const FitOptions& options_;
  const std::size_t restart_;
  std::vector<double> history_;  // total log-likelihoods
  double mean_;
  double change_ = 0;
  bool comparable_;
  bool is_at_rest_ = false;
  std::size_t n_revived_ = 0;
  Termination termination_;
};

}  // namespace mogul
