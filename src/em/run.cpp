#include "em/run.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/timer.hpp"
#include "em/degenerate.hpp"
#include "em/m_step.hpp"
#include "kernel/prepared_model.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

constexpr double kRounding = 1e-12;  // of L, relative: by less no model is better than another

// A mixture of the next iteration, or none if `only_sound` and a component is degenerate.
std::optional<Mixture> m_step(Engine& engine, const Stats& stats, const Mixture& model, const FitOptions& options,
                              Lanes lanes, const std::vector<std::size_t>& dying, Revival& revival, bool only_sound) {
  const MStepOptions step{options.covariance, options.reg_covar, options.update};
  const Parameters current = parameters_of(model);
  const auto valid = [&](const Parameters& next, const Stats& from) -> std::optional<Mixture> {
    const std::vector<Degenerate> degenerate = degenerate_components(next, from, options.update, dying);
    if (only_sound && !degenerate.empty()) return std::nullopt;
    return make_valid(next, from, step, degenerate, engine, revival);
  };
  const Parameters next = update_parameters(stats, current, step, &model.covariances());
  const bool in_float = lanes == Lanes::float32 && engine.in_float(model.n_components());
  if (lost_digits(stats, next, options.update) ||
      (in_float && lost_digits_of_float(stats, current, next, options.update))) {
    const Stats again = engine.accumulate(model, next.means, stats.moments, Assignment::soft, Lanes::float64);
    return valid(update_parameters(again, next, step, &model.covariances()), again);
  }
  return valid(next, stats);
}

// Keeps the better of the two, the one that is there if they are equal.
void keep_better(std::optional<Seen>& kept, std::optional<Seen>& candidate) {
  if (candidate && (!kept || candidate->log_likelihood() > kept->log_likelihood())) kept.swap(candidate);
  candidate.reset();
}

// What rounding in float lanes may leave of the mean log-likelihood: an eps of float of the sums, which lack the
// largest log constant.
double rounding_of_float(const Mixture& model, const Stats& stats) {
  double largest = -std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < model.n_components(); ++k) {
    largest = std::max(largest, std::log(model.weights()[k]) + log_normaliser(model, k));
  }
  return std::numeric_limits<float>::epsilon() * std::abs(stats.log_likelihood / stats.sum_weights - largest);
}

}  // namespace

// Before convergence is claimed, the last two models are seen in double, as is all that may follow. False where the
// caller interrupts it.
bool Run::confirm(Engine& engine, Stats& stats) {
  if (lanes_ == Lanes::float64 || !engine.in_float(model_.n_components())) return true;
  if (!convergence_.must_confirm(stats, rounding_of_float(model_, stats))) return true;
  lanes_ = Lanes::float64;
  const auto in_double = [&](const Mixture& model) {
    return engine.accumulate(model, model.means(), stats.moments, Assignment::soft, lanes_);
  };
  try {
    Stats again = in_double(model_);
    if (previous_) {
      previous_->stats = in_double(previous_->mixture);
      previous_->lanes = lanes_;
      convergence_.correct(previous_->stats);
    }
    stats = std::move(again);
    return true;
  } catch (const interrupted_error&) {
    return false;
  }
}

bool Run::advance(Engine& engine, Stats stats, bool cancel, double& m_step_seconds) {
  cancel |= !confirm(engine, stats);
  if (n_revived_of_step_ > 0) {
    keep_better(best_of_earlier_, previous_);
    keep_better(best_of_earlier_, best_of_climb_);
  } else if (previous_ && stats.log_likelihood < previous_->log_likelihood()) {
    keep_better(best_of_climb_, previous_);
  }
  const bool stops = convergence_.stop(model_, stats, cancel);
  const Timer timer(m_step_seconds);
  if (stops) {
    end(current(std::move(stats)), &engine);
    if (options_.final_m_step && options_.max_iter > 0 && !cancelled() && !went_back_) take_final_m_step(engine);
    return false;
  }
  const std::size_t revived_before = revival_.n_revived;
  std::optional<Mixture> next = next_model(engine, stats);
  if (!next) {
    end(current(std::move(stats)), nullptr);
    return false;
  }
  previous_ = current(std::move(stats));
  model_ = *std::move(next);
  n_revived_of_step_ = revival_.n_revived - revived_before;
  if (n_revived_of_step_ > 0) convergence_.note_revived(n_revived_of_step_);
  return true;
}

// The model of this iteration, which is moved from.
Seen Run::current(Stats stats) { return {std::move(model_), std::move(stats), convergence_.iterations(), lanes_}; }

// None where the caller interrupts it, which cancels.
std::optional<Mixture> Run::next_model(Engine& engine, const Stats& stats) {
  const auto dying =
      convergence_.is_at_rest() ? dying_components(model_, stats, options_.update) : std::vector<std::size_t>();
  try {
    return m_step(engine, stats, model_, options_, lanes_, dying, revival_, /*only_sound=*/false);
  } catch (const interrupted_error&) {
    convergence_.cancel();
    return std::nullopt;
  }
}

// No E-step follows that would show what moving a component has cost: then the mixture stays as it is.
void Run::take_final_m_step(Engine& engine) {
  try {
    auto next = m_step(engine, result_->stats, result_->mixture, options_, lanes_, {}, revival_, /*only_sound=*/true);
    if (next) result_->mixture = *std::move(next);
  } catch (const interrupted_error&) {
    convergence_.cancel();
  }
}

void Run::cancel() {
  if (!previous_) return;
  convergence_.cancel();
  revival_.n_revived -= n_revived_of_step_;  // which is not taken
  end(*std::move(previous_), nullptr);
}

// The log-likelihoods of the last model and of a better one before it, as far as they were summed in float lanes.
void Run::compare_in_double(Engine& engine, Seen& last) {
  if (!engine.in_float(last.mixture.n_components())) return;
  try {
    for (Seen* seen : {&last, &*best_of_climb_}) {
      if (seen->lanes == Lanes::float64) continue;
      seen->stats = engine.accumulate(seen->mixture, seen->mixture.means(), seen->stats.moments, Assignment::soft,
                                      Lanes::float64);
      seen->lanes = Lanes::float64;
      if (seen == &last) convergence_.correct(last.stats);
    }
    lanes_ = Lanes::float64;
  } catch (const interrupted_error&) {
    convergence_.cancel();
  }
}

// Returns the best model seen. But a reg_covar > 0 draws EM to a point a little below the highest likelihood on its
// way. Where EM came to rest there, this is what the steps lead to, and it is not given up for an earlier model. With
// 0, only rounding lowers the likelihood.
// @param engine  none if the caller waits for the end
void Run::end(Seen last, Engine* engine) {
  const TerminationReason reason = convergence_.termination().reason;
  const bool at_rest = reason == TerminationReason::converged || reason == TerminationReason::coincident;
  const bool may_fall = options_.reg_covar.value > 0 && options_.update.covariances;
  const bool returns_best = !(at_rest && may_fall);
  if (!at_rest) keep_better(best_of_climb_, best_of_earlier_);
  if (returns_best && best_of_climb_ && engine != nullptr && !cancelled()) compare_in_double(*engine, last);
  const auto is_better = [&last](const Seen& seen) {
    return seen.log_likelihood() > last.log_likelihood() + kRounding * std::abs(last.log_likelihood());
  };
  went_back_ = returns_best && best_of_climb_ && is_better(*best_of_climb_);
  if (went_back_) {
    convergence_.go_back_to(best_of_climb_->iteration, best_of_climb_->stats);
    result_ = std::move(best_of_climb_);
  } else {
    result_ = std::move(last);
  }
  dying_ = dying_components(result_->mixture, result_->stats, options_.update);
  previous_.reset();
  best_of_climb_.reset();
  best_of_earlier_.reset();
}

}  // namespace mogul
