// One restart of EM on its way: a mixture that waits for the statistics of the rows under it.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>

#include "em/converge.hpp"
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

  double log_likelihood() const { return stats.log_likelihood; }
  bool operator>=(const Seen& other) const { return log_likelihood() >= other.log_likelihood(); }
};

class Run {
 public:
  /// @param start      the first mixture
  /// @param n_revived  components that were revived to make it valid
  /// @param options    borrowed
  Run(Mixture start, std::size_t n_revived, const FitOptions& options, std::size_t restart)
      : model_(std::move(start)), n_revived_(n_revived), options_(options), convergence_(options, restart) {}

  /// What advance() wants the statistics of.
  const Mixture& model() const { return model_; }
  /// The lanes that it wants them in: float32 until the log-likelihood changes too little for float to tell.
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
  /// Once ended: the last mixture, or, if cancelled, the best.
  const Seen& result() const { return *result_; }
  Seen take_result() { return std::move(*result_); }
  bool cancelled() const { return convergence_.termination().reason == TerminationReason::cancelled; }
  const Convergence& convergence() const { return convergence_; }
  std::size_t n_revived() const { return n_revived_; }

 private:
  std::optional<Mixture> next_model(Engine& engine, const Stats& stats);
  bool confirm(Engine& engine, Stats& stats);
  void end(Seen last);

  Mixture model_;
  Lanes lanes_ = Lanes::float32;
  std::size_t n_revived_;
  std::size_t n_revived_of_step_ = 0;  // that led to model_
  const FitOptions& options_;
  Convergence convergence_;
  std::optional<Seen> previous_;
  std::optional<Seen> best_;  // before a fall of L, as after a revival: what a cancelled run returns
  std::optional<Seen> result_;
};

}  // namespace mogul
