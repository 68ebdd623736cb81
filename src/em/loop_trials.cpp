// What a loop tries beside EM's own step: proposals of an acceleration, and the highest of several maxima of an M-step.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "acceleration/fisher_frame.hpp"
#include "em/degenerate.hpp"
#include "em/loop_state.hpp"
#include "em/maximise.hpp"
#include "em/objective.hpp"
#include "em/projection.hpp"

namespace mogul {

// Whether EM is at rest after a negligible change is for its own step to tell, unless the acceleration knows.
void EmLoop::State::propose() {
  if (n_revived_of_step > 0) return acceleration->forget();
  const double n = previous->stats.sum_weights;
  const bool crawls = std::abs(stopping.change()) * n < stopping.negligible(n);
  if (crawls && !stopping.goes_by_gain()) return;
  const bool in_vain = !has_fisher_coordinates(options.covariance) && stopping.is_in_vain();
  Proposal proposal = in_vain ? Proposal() : acceleration->propose(*previous, *model);
  const bool knows = std::isfinite(proposal.gain);
  stopping.note_gain(knows ? proposal.gain : stopping.gain_by_steps() * n);
  if (stopping.goes_by_gain()) {
    if (rests_at_previous(knows)) return;
    if (crawls && !knows) return;
  }
  if (proposal.model) {
    proposal.model = projected(*std::move(proposal.model), *model, previous->stats, options.reg_covar);
  }
  if (!proposal.model) return;
  constexpr double kLeastInFloat = 5e-11;  // |g| = 2e-5, some hundred times the rounding of float
  exact |= proposal.least_rise < kLeastInFloat * n;
  step = *std::exchange(model, std::move(proposal.model));
  least_rise = proposal.least_rise;
}

// Where too little is left to gain, the loop ends at the model of this iteration. A prediction from the steps of EM
// takes differences of objectives, which rounding hides; one from the steps alone does not.
bool EmLoop::State::rests_at_previous(bool is_predicted) {
  if (!stopping.is_at_rest()) return false;
  if (!is_predicted && !previous->stats.is_exact()) {
    exact = true;
    stopping.note_gain(std::numeric_limits<double>::infinity());
    return false;
  }
  if (!stopping.stops(previous->mixture, previous->stats)) return false;
  model = std::move(previous->mixture);
  stats = std::move(previous->stats);
  previous.reset();
  step.reset();
  if (!tries_other_optimum()) end(take_present());
  return true;
}

// A proposal that does not raise the objective enough gives way to EM's own step. Where rounding hides the rise, it is
// computed from the steps; without them the proposal is rejected, and sums are exact from here on.
void EmLoop::State::judge_proposal() {
  const double rounding = std::max(stats->rounding, previous->stats.rounding) * stats->sum_weights;
  double rise = objective(*model, *stats) - previous->objective;
  if (rounding > 0 && least_rise <= rounding) {
    const auto told = rise_by_steps();
    exact |= !told.has_value();
    rise = told.value_or(-std::numeric_limits<double>::infinity());
  }
  if (rise > 0 && rise >= least_rise) {
    stopping.note_accepted();
    if (acceleration) acceleration->accepted();  // a restored loop may be without
    step.reset();
    return judge();
  }
  stopping.note_rejected();
  if (acceleration) acceleration->rejected();
  model = *std::exchange(step, {});
  stats.reset();
}

std::optional<double> EmLoop::State::rise_by_steps() const {
  if (!acceleration || stopping.objective().is_penalised()) return std::nullopt;
  const MStepOptions m_step = m_step_options(options);
  Parameters next = update_parameters(*stats, parameters_of(*model), m_step, &model->covariances());
  if (!degenerate_components(next, *stats, m_step).empty()) return std::nullopt;
  const auto mean = acceleration->rise(*model, to_mixture(std::move(next)));
  return mean ? std::optional(*mean * stats->sum_weights) : std::nullopt;
}

// Where EM is at rest, the maximum that the M-step stays at may not be the highest of a family that has several. One
// M-step from all its starts is seen before the end; where none is better, the loop ends as it would have without.
// Where steps lead down, EM would come back from the other one as well, and for ever.
bool EmLoop::State::tries_other_optimum() {
  if (stopping.termination().reason != TerminationReason::converged) return false;
  if (options.hold.covariances || stopping.iterations() >= options.max_iter) return false;
  if (stopping.has_fallen(stats->sum_weights)) return false;
  options_of_step = m_step_options(options);
  const auto next = [&](Optimum optimum) {
    return update_parameters(*stats, parameters_of(*model), options_of_step, &model->covariances(), optimum);
  };
  Parameters highest = next(Optimum::highest);
  if (highest.covariances == next(Optimum::nearest).covariances) return false;
  if (!degenerate_components(highest, *stats, options_of_step).empty()) return false;
  previous = take_present();
  model = to_mixture(std::move(highest));
  n_revived_of_step = 0;
  waiting = Waiting::for_statistics;
  return true;
}

void EmLoop::State::judge_other_optimum() {
  const double rise = objective(*model, *stats) - previous->objective;
  const double n = stats->sum_weights;
  if (rise <= std::max(stopping.negligible(n), stats->rounding * n)) return end(*std::exchange(previous, {}));
  stopping.go_on();
  judge();
}

}  // namespace mogul
