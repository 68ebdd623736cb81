#include "em/run.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/timer.hpp"
#include "em/m_step.hpp"
#include "em/revive.hpp"
#include "kernel/prepared_model.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

Mixture m_step(Engine& engine, const Stats& stats, const Mixture& model, const FitOptions& options, Lanes lanes,
               std::size_t& n_revived) {
  const MStepOptions step{options.covariance, options.reg_covar, options.update};
  const Parameters current = parameters_of(model);
  const Parameters next = update_parameters(stats, current, step);
  const bool in_float = lanes == Lanes::float32 && engine.in_float(model.n_components());
  if (lost_digits(stats, next, options.update) ||
      (in_float && lost_digits_of_float(stats, current, next, options.update))) {
    const Stats again = engine.accumulate(model, next.means, stats.moments, Assignment::soft, Lanes::float64);
    return make_valid(update_parameters(again, next, step), again, step, options.degenerate, engine, n_revived);
  }
  return make_valid(next, stats, step, options.degenerate, engine, n_revived);
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
    return m_step(engine, stats, model_, options_, lanes_, n_revived_);
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
