#include "em/run.hpp"

#include <utility>

#include "base/timer.hpp"
#include "em/m_step.hpp"
#include "em/revive.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

Mixture m_step(Engine& engine, const Stats& stats, const Mixture& model, const FitOptions& options,
               std::size_t& n_revived) {
  const MStepOptions step{options.covariance, options.reg_covar, options.update};
  const Parameters current = parameters_of(model);
  const Parameters next = update_parameters(stats, current, step);
  const bool in_float = engine.in_float(model.n_components());
  if (lost_digits(stats, next, options.update) ||
      (in_float && lost_digits_of_float(stats, current, next, options.update))) {
    const Stats again = engine.accumulate(model, next.means, stats.moments, Assignment::soft, Lanes::float64);
    return make_valid(update_parameters(again, next, step), again, step, options.degenerate, engine, n_revived);
  }
  return make_valid(next, stats, step, options.degenerate, engine, n_revived);
}

}  // namespace

bool Run::advance(Engine& engine, Stats stats, bool cancel, double& m_step_seconds) {
  if (previous_ && stats.log_likelihood < previous_->log_likelihood() && !(best_ && *best_ >= *previous_)) {
    best_ = std::move(previous_);
  }
  const bool stops = convergence_.stop(model_, stats, cancel);
  const Timer timer(m_step_seconds);
  if (stops) {
    if (options_.final_m_step && options_.max_iter > 0 && !cancelled()) {
      if (auto next = next_model(engine, stats)) model_ = *std::move(next);
    }
    end({std::move(model_), std::move(stats), convergence_.iterations()});
    return false;
  }
  const std::size_t revived_before = n_revived_;
  std::optional<Mixture> next = next_model(engine, stats);
  if (!next) {
    end({std::move(model_), std::move(stats), convergence_.iterations()});
    return false;
  }
  previous_ = Seen{std::exchange(model_, *std::move(next)), std::move(stats), convergence_.iterations()};
  n_revived_of_step_ = n_revived_ - revived_before;
  if (n_revived_of_step_ > 0) convergence_.note_revived(n_revived_of_step_);
  return true;
}

// None where the caller interrupts it, which cancels.
std::optional<Mixture> Run::next_model(Engine& engine, const Stats& stats) {
  try {
    return m_step(engine, stats, model_, options_, n_revived_);
  } catch (const interrupted_error&) {
    convergence_.cancel();
    return std::nullopt;
  }
}

void Run::cancel() {
  if (!previous_) return;
  convergence_.cancel();
  n_revived_ -= n_revived_of_step_;  // which is not taken
  end(*std::move(previous_));
}

void Run::end(Seen last) {
  if (cancelled() && best_ && *best_ >= last) {
    convergence_.go_back_to(best_->iteration, best_->stats);
    result_ = std::move(best_);
  } else {
    result_ = std::move(last);
  }
  previous_.reset();
  best_.reset();
}

}  // namespace mogul
