// When EM stops. Asked between E-step and M-step, so that what is reported is about the model at hand.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "mogul/mixture.hpp"
#include "mogul/options.hpp"
#include "mogul/report.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// Follows the log-likelihood of one run. Every rule that stops it records its reason with the numbers compared.
class Stopping {
 public:
  explicit Stopping(const EmOptions& options) : options_(options) {}

  /// The E-step of another iteration.
  /// @throws fit_error if the log-likelihood is not finite
  void note(const Stats& stats);
  /// Whether EM stops at the iteration that was noted last. @param stats  of the rows under `model`
  bool stops(const Mixture& model, const Stats& stats);
  /// Records that the caller asked to stop there.
  void cancel();

  /// Whether these statistics might make EM stop as converged, or would but for `rounding`, what is missing
  /// of a mean log-likelihood: it has changed by less than that, or than tol, or has fallen.
  bool might_stop(const Stats& stats, double rounding) const;
  /// Replaces the log-likelihood of the last iteration by one that was computed again, in double.
  void correct(const Stats& stats);
  /// The next change is not a step of EM, as components were revived: it does not count as converged.
  void note_revived(std::size_t count);
  /// An earlier, better model than the last is returned: what is reported is about that one.
  /// @param stats  of that model; its log-likelihood may have been computed again
  void go_back_to(std::size_t iteration, const Stats& stats);

  /// Whether the last step, one of EM, changed the mean log-likelihood by less than tol.
  bool is_at_rest() const { return is_at_rest_; }
  bool is_cancelled() const { return termination_.reason == TerminationReason::cancelled; }
  double mean() const { return mean_; }
  double change() const { return change_; }
  std::size_t iterations() const { return history_.empty() ? 0 : history_.size() - 1; }
  const std::vector<double>& history() const { return history_; }
  const Termination& termination() const { return termination_; }

 private:
  bool converged(const Mixture& model, const Stats& stats);
  bool out_of_iterations();
  void record(TerminationReason reason, std::string sentence) { termination_ = {reason, std::move(sentence)}; }

  EmOptions options_;
  std::vector<double> history_;  // total log-likelihoods
  double mean_ = -std::numeric_limits<double>::infinity();
  double change_ = 0;
  bool comparable_ = false;  // whether the last change is that of a step of EM
  bool is_at_rest_ = false;
  std::size_t n_revived_ = 0;
  Termination termination_;
};

}  // namespace mogul
