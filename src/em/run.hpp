// One restart of EM on its way: a mixture that waits for the statistics of the rows under it.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "em/converge.hpp"
#include "em/revive.hpp"
#include "kernel/engine.hpp"
#include "mogul/mixture.hpp"
#include "mogul/options.hpp"
#include "mogul/report.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// A mixture and the statistics of the rows under it, or, after a final M-step, under the one before.
struct Seen {
  Mixture mixture;
  Stats stats;
  std::size_t iteration;
  Lanes lanes;  // of the statistics

  double log_likelihood() const { return stats.log_likelihood; }
};

class Run {
 public:
  /// @param start      the first mixture
  /// @param revival    how it was made valid, and what is done about degenerate components from there on
  /// @param options    borrowed
  Run(Mixture start, const Revival& revival, const FitOptions& options, std::size_t restart)
      : model_(std::move(start)), revival_(revival), options_(options), convergence_(options, restart) {}

  /// The model to accumulate next, for advance().
  const Mixture& model() const { return model_; }
  /// The lanes to accumulate it in: float32 until the log-likelihood changes by less than float can resolve.
  Lanes lanes() const { return lanes_; }

  /// Ends here, or goes on to the next model by an M-step.
  /// @param stats   of the rows under model()
  /// @param cancel  ends in any case, as the caller of another run asked to
  /// @param m_step_seconds  grows by what the M-step takes
  /// @return        whether it goes on
  /// @throws        fit_error if the likelihood is not finite, or a component stays degenerate
  bool advance(Engine& engine, Stats stats, bool cancel, double& m_step_seconds);

  /// Ends at the model before model(), whose statistics are known; without a result where there is none before.
  void cancel();

  bool has_result() const { return result_.has_value(); }

  /// Once ended: the best mixture that was seen; where EM came to rest with a reg_covar > 0, the last one.
  const Seen& result() const { return *result_; }
  Seen take_result() { return std::move(*result_); }
  bool cancelled() const { return convergence_.termination().reason == TerminationReason::cancelled; }
  const Convergence& convergence() const { return convergence_; }
  std::size_t n_revived() const { return revival_.n_revived; }
  /// Components that the result would go on to lose, see dying_components().
  const std::vector<std::size_t>& dying() const { return dying_; }

 private:
  std::optional<Mixture> next_model(Engine& engine, const Stats& stats);
  bool confirm(Engine& engine, Stats& stats);
  void take_final_m_step(Engine& engine);
  Seen current(Stats stats);
  void compare_in_double(Engine& engine, Seen& last);
  void end(Seen last, Engine* engine);

  Mixture model_;
  Lanes lanes_ = Lanes::float32;
  Revival revival_;
  std::size_t n_revived_of_step_ = 0;  // that led to model_
  const FitOptions& options_;
  Convergence convergence_;
  std::optional<Seen> previous_;
  std::optional<Seen> best_of_climb_;    // before a fall of L, since the last revival
  std::optional<Seen> best_of_earlier_;  // before revivals
  std::optional<Seen> result_;
  bool went_back_ = false;  // to an earlier model than the last
  std::vector<std::size_t> dying_;
};

}  // namespace mogul
