// When EM stops. Asked between E-step and M-step, so that what is reported is about the model at hand.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "em/objective.hpp"
#include "mogul/em_loop.hpp"
#include "mogul/mixture.hpp"
#include "mogul/options.hpp"
#include "mogul/report.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// Follows the objective of one run. Every rule that stops it records its reason with the numbers compared.
class Stopping {
 public:
  /// @param accelerates  whether an Acceleration predicts what EM has yet to gain; else its last steps tell
  explicit Stopping(const EmOptions& options, bool accelerates = false, EmProgress progress = {});

  /// The E-step of another iteration.
  /// @throws fit_error if the log-likelihood is not finite
  void note(const Mixture& model, const Stats& stats);
  /// Whether EM stops at the iteration that was noted last. @param stats  of the rows under `model`
  bool stops(const Mixture& model, const Stats& stats);
  /// Records that the caller asked to stop there.
  void cancel(TerminationReason reason = TerminationReason::cancelled);

  /// What an acceleration predicts that EM has yet to gain from the iteration noted last; it may be at rest there.
  void note_gain(double nats);
  /// The same by Aitken's rule, per unit of weight; infinite unless the last two steps were EM's own.
  double gain_by_steps() const;
  /// Whether the rule is the predicted gain, and not tol.
  bool goes_by_gain() const { return !options_.tol; }
  /// A rise of the objective that is not worth another step; in nats.
  double negligible(double sum_weights) const;

  /// Whether these statistics might make EM stop as converged, or would but for `rounding`, what is missing
  /// of a mean log-likelihood: the objective has changed by less than that, or than the rule allows, or has fallen.
  bool might_stop(const Mixture& model, const Stats& stats, double rounding) const;
  /// Whether the objective was higher once, by more than is negligible: steps under reg_covar may lead down.
  bool has_fallen(double sum_weights) const;
  void set_rule(std::optional<double> tol, double gain);
  /// Replaces the objective of the last iteration by one that was computed again, in double.
  void correct(const Mixture& model, const Stats& stats);
  /// The next change is not a step of EM, as components were revived: it does not count as converged.
  void note_revived(std::size_t count);
  /// The next change is not a step of EM for another reason: the start broke a constraint.
  void note_new_stretch() { progress_.comparable = false; }
  void note_accepted() {
    ++progress_.n_accepted;
    note_new_stretch();
  }
  void note_rejected() { ++progress_.n_rejected; }
  /// Whether proposals fail so often that they cost more than they save, where each takes another M-step.
  bool is_in_vain() const { return progress_.n_rejected > progress_.n_accepted + kMostInVain; }
  /// It had ended, but a better model was found.
  void go_on() {
    progress_.termination = {};
    progress_.comparable = false;
  }
  /// An earlier, better model than the last is returned: what is reported is about that one.
  /// @param stats  of that model; its log-likelihood may have been computed again
  void go_back_to(std::size_t iteration, const Mixture& model, const Stats& stats);

  const Objective& objective() const { return objective_; }
  const EmProgress& progress() const { return progress_; }
  /// Whether the last step, one of EM, changed the mean objective by less than tol, or too little is left to gain.
  bool is_at_rest() const { return progress_.at_rest; }
  bool has_ended() const { return !progress_.termination.message.empty(); }
  bool is_cancelled() const {
    const TerminationReason reason = progress_.termination.reason;
    return reason == TerminationReason::cancelled || reason == TerminationReason::max_passes ||
           reason == TerminationReason::dropped;
  }
  double mean() const { return progress_.mean; }
  double change() const { return progress_.change; }
  std::size_t iterations() const { return progress_.history.empty() ? 0 : progress_.history.size() - 1; }
  const std::vector<double>& history() const { return progress_.history; }
  const std::vector<double>& penalised_history() const { return progress_.penalised_history; }
  const Termination& termination() const { return progress_.termination; }

 private:
  static constexpr std::size_t kMostInVain = 3;

  void record_last(const Mixture& model, const Stats& stats);
  std::string why_at_rest() const;
  bool converged(const Mixture& model, const Stats& stats);
  bool out_of_iterations();
  void record(TerminationReason reason, std::string message) { progress_.termination = {reason, std::move(message)}; }

  EmOptions options_;
  bool accelerates_;
  Objective objective_;
  EmProgress progress_;
};

}  // namespace mogul
