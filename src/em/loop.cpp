#include "mogul/em_loop.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "acceleration/lbfgs.hpp"
#include "em/constraints.hpp"
#include "em/degenerate.hpp"
#include "em/loop_state.hpp"
#include "em/lost_digits.hpp"
#include "em/maximise.hpp"
#include "em/objective.hpp"
#include "mogul/dataset.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

// Before the first proposal: a mixture is nearer to a maximum than the clusters of a start.
constexpr std::size_t kPlainStepsFromMixture = 2;
constexpr std::size_t kPlainStepsOfTied = 20;  // where proposals must be brought into the family, which costs an M-step

// Keeps the better of the two, the one that is there if they are equal.
void keep_better(std::optional<EmState>& kept, std::optional<EmState>& candidate) {
  if (candidate && (!kept || candidate->objective > kept->objective)) kept.swap(candidate);
  candidate.reset();
}

// The options as the loop follows them: checked, as are the facts of the rows, with a complete prior.
EmOptions with_complete_prior(EmOptions options, std::size_t n_components, std::size_t n_features,
                              const RowFacts& rows) {
  check_rows(rows, n_features);
  check_step_rules(options);
  check_constraints(options.covariance, m_step_options(options), n_components);
  if (options.prior) {
    options.prior = completed(*options.prior, options.covariance, n_components, n_features, rows);
  }
  return options;
}

LbfgsState first_state(const EmOptions& options, std::size_t n_plain) {
  return {.n_plain = has_fisher_coordinates(options.covariance) ? n_plain : kPlainStepsOfTied};
}

// That of the caller, or the one that the options ask for.
std::unique_ptr<Acceleration> acceleration_of(const EmCheckpoint& from, std::unique_ptr<Acceleration> own) {
  if (own || from.options.acceleration == AccelerationMethod::none || !can_accelerate(from.options)) return own;
  return std::make_unique<Lbfgs>(from.options.hold,
                                 from.lbfgs.value_or(first_state(from.options, LbfgsState().n_plain)));
}

}  // namespace

EmLoop::State::State(EmCheckpoint from, EmWatcher em_watcher, std::unique_ptr<Acceleration> own)
    : EmCheckpoint(std::move(from)),
      watcher(std::move(em_watcher)),
      acceleration(acceleration_of(*this, std::move(own))),
      stopping(options, acceleration != nullptr, std::move(progress)) {}

EmLoop::State::State(const State& other)
    : EmCheckpoint(other),
      watcher(other.watcher),
      acceleration(other.acceleration ? other.acceleration->clone() : nullptr),
      stopping(other.stopping),
      waiting(other.waiting),
      stats(other.stats),
      options_of_step(other.options_of_step),
      stepped(other.stepped),
      dying_now(other.dying_now),
      repair(other.repair) {}

void EmLoop::State::begin(const Stats& start) {
  const Parameters about{options.covariance, std::vector<double>(start.n_components()), start.shift, {}};
  options_of_step = m_step_options(options);
  options_of_step.hold = {.equal_weights = options.hold.equal_weights};  // all the rest is estimated
  stepped = update_parameters(start, about, options_of_step);
  validate(start);
  n_revived_of_step = 0;
}

std::optional<EmRequest> EmLoop::State::request() const {
  const auto sums = [&](const Mixture& of, const Matrix& about, bool in_double) {
    return StatsRequest{&of, &about, options.covariance.moments(), in_double, !in_double && may_round()};
  };
  switch (waiting) {
    case Waiting::for_statistics: return sums(*model, model->means(), exact);
    case Waiting::for_exact_statistics: return sums(*model, model->means(), true);
    case Waiting::for_exact_statistics_of_previous: return sums(previous->mixture, previous->mixture.means(), true);
    case Waiting::for_centred_moments: return sums(*model, stepped->means, true);
    case Waiting::for_worst_rows: return WorstRowsRequest{&repair->staying(), repair->n_rows()};
    case Waiting::for_exact_likelihood_of_last: return sums(result->mixture, result->mixture.means(), true);
    case Waiting::for_exact_likelihood_of_best:
      return sums(best_of_climb->mixture, best_of_climb->mixture.means(), true);
    case Waiting::for_nothing: return std::nullopt;
  }
  return std::nullopt;
}

void EmLoop::State::feed(Stats fed) {
  check(fed);
  switch (waiting) {
    case Waiting::for_statistics:
      stats = std::move(fed);
      if (step) return judge_proposal();
      if (stopping.has_ended()) return judge_other_optimum();
      if (!must_confirm()) return judge();
      exact = true;
      waiting = Waiting::for_exact_statistics;
      return;
    case Waiting::for_exact_statistics:
      stats = std::move(fed);
      if (!previous) return judge();
      waiting = Waiting::for_exact_statistics_of_previous;
      return;
    case Waiting::for_exact_statistics_of_previous:
      previous->stats = std::move(fed);
      previous->objective = objective(previous->mixture, previous->stats);
      stopping.correct(previous->mixture, previous->stats);
      return judge();
    case Waiting::for_centred_moments:
      stepped = update_parameters(fed, *stepped, options_of_step, &model->covariances());
      return validate(fed);
    case Waiting::for_exact_likelihood_of_last:
      result->stats = std::move(fed);
      result->objective = objective(result->mixture, result->stats);
      stopping.correct(result->mixture, result->stats);
      return settle();
    case Waiting::for_exact_likelihood_of_best:
      best_of_climb->stats = std::move(fed);
      best_of_climb->objective = objective(best_of_climb->mixture, best_of_climb->stats);
      return settle();
    case Waiting::for_worst_rows:
    case Waiting::for_nothing: return;
  }
}

void EmLoop::State::check(const Stats& fed) const {
  const auto wanted = request();
  const auto* asked = wanted ? std::get_if<StatsRequest>(&*wanted) : nullptr;
  if (asked == nullptr) throw invalid_argument("EmLoop: it does not wait for statistics");
  if (fed.shift != *asked->about || (fed.model != 0 && fed.model != asked->model->fingerprint())) {
    throw invalid_argument("EmLoop: the statistics are about another model than it asked for");
  }
  if (!provides(fed.moments, asked->moments)) {
    throw invalid_argument(fmt::format("EmLoop: the statistics hold '{}' moments; it asked for '{}'",
                                       to_string(fed.moments), to_string(asked->moments)));
  }
}

void EmLoop::State::feed(const Matrix& worst_rows) {
  if (waiting != Waiting::for_worst_rows) throw invalid_argument("EmLoop: it does not wait for rows");
  if (worst_rows.rows() == 0 || worst_rows.cols() != repair->staying().n_features()) {
    throw invalid_argument(fmt::format("EmLoop: the rows have shape ({}, {}); it asked for rows of {} features",
                                       worst_rows.rows(), worst_rows.cols(), repair->staying().n_features()));
  }
  go_on(repair->finish(worst_rows));
}

// Textbook EM has every sum in double.
bool EmLoop::State::may_round() const { return acceleration != nullptr; }

// Before convergence is claimed by what a step has changed, the last two models are seen in double, as is all that may
// follow.
bool EmLoop::State::must_confirm() const {
  if (acceleration && stopping.goes_by_gain()) return false;
  return !exact && !stats->is_exact() && stopping.might_stop(*model, *stats, stats->rounding);
}

// Between E- and M-step.
void EmLoop::State::judge() {
  if (n_revived_of_step > 0) {
    keep_better(best_of_earlier, previous);
    keep_better(best_of_earlier, best_of_climb);
  } else if (previous && objective(*model, *stats) < previous->objective) {
    keep_better(best_of_climb, previous);
  }
  stopping.note(*model, *stats);
  const EmStep shown{
      stopping.iterations(), stats->log_likelihood / stats->sum_weights, stopping.change(), *model, *stats,
      stopping.mean()};
  const bool cancelled = ends_at_next_step || (watcher && !watcher(shown));
  if (cancelled) stopping.cancel();
  if (!cancelled && !stopping.stops(*model, *stats)) return take_step();
  if (cancelled || !tries_other_optimum()) end(take_present());
}

void EmLoop::State::take_step() {
  options_of_step = m_step_options(options);
  dying_now = stopping.is_at_rest() ? dying_components(*model, *stats, options_of_step) : std::vector<std::size_t>();
  stepped = update_parameters(*stats, parameters_of(*model), options_of_step, &model->covariances());
  if (lost_digits(*stats, parameters_of(*model), *stepped, options.hold)) {
    waiting = Waiting::for_centred_moments;
    return;
  }
  validate(*stats);
}

void EmLoop::State::validate(const Stats& from) {
  const auto degenerate = degenerate_components(*stepped, from, options_of_step, dying_now);
  if (degenerate.empty()) return go_on(to_mixture(*std::exchange(stepped, {})));
  const Revival revival{options.degenerate, rows.n_distinct, n_revived};
  repair.emplace(*std::exchange(stepped, {}), from, options_of_step, degenerate, revival, rows.feature_names);
  if (repair->n_rows() == 0) return go_on(repair->finish({}));
  waiting = Waiting::for_worst_rows;
}

void EmLoop::State::go_on(Mixture next) {
  if (stats) previous = take_present();
  model = std::move(next);
  n_revived_of_step = repair ? repair->n_moved() : 0;
  repair.reset();
  n_revived += n_revived_of_step;
  if (previous && n_revived_of_step > 0) stopping.note_revived(n_revived_of_step);
  if (previous && start_breaks_constraints) {
    start_breaks_constraints = false;
    previous.reset();
    stopping.note_new_stretch();
  }
  waiting = Waiting::for_statistics;
  if (acceleration && previous) propose();
}

void EmLoop::State::cancel(TerminationReason reason) {
  if (waiting == Waiting::for_nothing) return;
  const bool is_confirming =
      waiting == Waiting::for_exact_statistics || waiting == Waiting::for_exact_statistics_of_previous;
  if (is_confirming) stopping.note(*model, *stats);
  if (step) stats.reset();  // of a proposal that is not judged yet
  if (stats) {
    stopping.cancel(reason);
    return end(take_present());
  }
  if (result) {  // it compares two models
    stopping.cancel(reason);
    return settle();
  }
  waiting = Waiting::for_nothing;
  if (!previous) return model.reset();
  n_revived -= std::exchange(n_revived_of_step, 0);  // of the step that is not taken
  stopping.cancel(reason);
  end(*std::exchange(previous, {}));
}

// Returns the best model seen. But a reg_covar > 0 draws EM to a point a little below the highest likelihood on its
// way. Where EM came to rest there, this is what the steps lead to, and it is not given up for an earlier model. With
// 0, only rounding lowers the likelihood.
void EmLoop::State::end(EmState last) {
  const TerminationReason reason = stopping.termination().reason;
  const bool at_rest = reason == TerminationReason::converged || reason == TerminationReason::coincident;
  const bool may_fall = options.reg_covar.value > 0 && !options.hold.covariances;
  if (!at_rest) keep_better(best_of_climb, best_of_earlier);
  if (at_rest && may_fall) best_of_climb.reset();
  result = std::move(last);
  settle();
}

// The last model and a better one before it are compared in double, unless the caller wants the loop to end. So is the
// last one seen where rows of double were rounded on the way.
void EmLoop::State::settle() {
  if (!stopping.is_cancelled() && (best_of_climb || may_round())) {
    waiting = Waiting::for_exact_likelihood_of_last;
    if (!result->stats.is_exact()) return;
    waiting = Waiting::for_exact_likelihood_of_best;
    if (best_of_climb && !best_of_climb->stats.is_exact()) return;
  }
  if (best_of_climb && is_higher(best_of_climb->objective, result->objective)) {
    stopping.go_back_to(best_of_climb->iteration, best_of_climb->mixture, best_of_climb->stats);
    result = std::move(best_of_climb);
  }
  dying = dying_components(result->mixture, result->stats, m_step_options(options));
  model.reset();
  step.reset();
  previous.reset();
  best_of_climb.reset();
  best_of_earlier.reset();
  waiting = Waiting::for_nothing;
}

EmLoop::EmLoop(Mixture start, const EmOptions& options, RowFacts rows, EmWatcher watcher,
               std::unique_ptr<Acceleration> acceleration) {
  check_weights_of_start(start, options);
  check_family_of_start(start, options);
  EmOptions complete = with_complete_prior(options, start.n_components(), start.n_features(), rows);
  EmCheckpoint from{std::move(complete), std::move(rows), {}};
  from.start_breaks_constraints = !keeps_constraints(start, from.options);
  from.model = std::move(start);
  if (can_accelerate(from.options)) from.lbfgs = first_state(from.options, kPlainStepsFromMixture);
  state_ = std::make_unique<State>(std::move(from), std::move(watcher), std::move(acceleration));
}

EmLoop::EmLoop(const Stats& start, const EmOptions& options, RowFacts rows, EmWatcher watcher,
               std::unique_ptr<Acceleration> acceleration) {
  EmOptions complete = with_complete_prior(options, start.n_components(), start.n_features(), rows);
  EmCheckpoint from{std::move(complete), std::move(rows), {}};
  state_ = std::make_unique<State>(std::move(from), std::move(watcher), std::move(acceleration));
  state_->begin(start);
}

EmLoop::EmLoop(EmCheckpoint checkpoint, EmWatcher watcher, std::unique_ptr<Acceleration> acceleration) {
  check(checkpoint);
  state_ = std::make_unique<State>(std::move(checkpoint), std::move(watcher), std::move(acceleration));
  if (!state_->model) state_->waiting = Waiting::for_nothing;
}

EmCheckpoint EmLoop::checkpoint() const {
  const bool has_ended = state_->waiting == Waiting::for_nothing;
  if (!has_ended && !waits_for_step()) {
    throw invalid_argument(
        "EmLoop: it is within a step, and a checkpoint is made between two; answer what next() asks for, then try "
        "again");
  }
  EmCheckpoint made = *state_;
  made.progress = state_->stopping.progress();
  const auto* lbfgs = dynamic_cast<const Lbfgs*>(state_->acceleration.get());
  made.lbfgs = lbfgs != nullptr ? std::optional(lbfgs->state()) : std::nullopt;
  return made;
}

EmLoop::EmLoop(const EmLoop& other) : state_(std::make_unique<State>(*other.state_)) {}
EmLoop::EmLoop(EmLoop&& other) noexcept = default;
EmLoop& EmLoop::operator=(EmLoop other) noexcept {
  state_.swap(other.state_);
  return *this;
}
EmLoop::~EmLoop() = default;

double EmLoop::objective(const Mixture& model, const Stats& stats) const { return state_->objective(model, stats); }
const std::optional<Prior>& EmLoop::prior() const { return state_->options.prior; }
std::optional<EmRequest> EmLoop::next() const { return state_->request(); }
bool EmLoop::waits_for_step() const { return state_->waiting == Waiting::for_statistics; }
const Mixture& EmLoop::model() const { return *state_->model; }
void EmLoop::feed(Stats stats) { state_->feed(std::move(stats)); }
void EmLoop::feed(const Matrix& rows) { state_->feed(rows); }
void EmLoop::cancel(TerminationReason reason) { state_->cancel(reason); }
void EmLoop::set_rule(std::optional<double> tol, double gain) {
  EmOptions changed = state_->options;
  changed.tol = tol;
  changed.gain = gain;
  check_step_rules(changed);
  state_->options = std::move(changed);
  state_->stopping.set_rule(tol, gain);
  if (waits_for_step() && state_->previous) state_->rests_at_previous(false);
}
void EmLoop::end_at_next_step() { state_->ends_at_next_step = true; }
bool EmLoop::has_result() const { return state_->waiting == Waiting::for_nothing && state_->result; }
bool EmLoop::is_cancelled() const { return state_->stopping.is_cancelled(); }
const EmState& EmLoop::result() const { return *state_->result; }
EmState EmLoop::take_result() { return *std::move(state_->result); }
const Termination& EmLoop::termination() const { return state_->stopping.termination(); }
const std::vector<double>& EmLoop::history() const { return state_->stopping.history(); }
const std::vector<double>& EmLoop::penalised_history() const { return state_->stopping.penalised_history(); }
std::size_t EmLoop::iterations() const { return state_->stopping.iterations(); }
std::size_t EmLoop::n_revived() const { return state_->n_revived; }
const EmState* EmLoop::last() const {
  const std::optional<EmState>& last = state_->result ? state_->result : state_->previous;
  return last ? &*last : nullptr;
}
const EmProgress& EmLoop::progress() const { return state_->stopping.progress(); }
const std::vector<std::size_t>& EmLoop::dying() const { return state_->dying; }

}  // namespace mogul
