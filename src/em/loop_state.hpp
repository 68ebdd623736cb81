// What an EmLoop is made of: the state that loop.cpp steps from one question to the next.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "em/parameters.hpp"
#include "em/repair.hpp"
#include "em/stopping.hpp"
#include "mogul/em_loop.hpp"

namespace mogul {

enum class Waiting {
  for_statistics,
  for_exact_statistics,
  for_exact_statistics_of_previous,
  for_centred_moments,
  for_worst_rows,
  for_exact_likelihood_of_last,
  for_exact_likelihood_of_best,
  for_nothing,
};

// What lasts from step to step is in the checkpoint; the rest is of the step that is under way.
struct EmLoop::State : EmCheckpoint {
  State(EmCheckpoint from, EmWatcher em_watcher, std::unique_ptr<Acceleration> own);
  State(const State& other);

  void begin(const Stats& start);
  std::optional<EmRequest> request() const;
  void feed(Stats fed);
  void feed(const Matrix& worst_rows);
  void cancel(TerminationReason reason);

  void check(const Stats& fed) const;
  bool may_round() const;
  bool must_confirm() const;
  bool tries_other_optimum();
  void judge_other_optimum();
  void judge_proposal();
  std::optional<double> rise_by_steps() const;
  void judge();
  void take_step();
  void validate(const Stats& from);
  void go_on(Mixture next);
  void propose();
  bool rests_at_previous(bool is_predicted);
  void end(EmState last);
  void settle();
  double objective(const Mixture& of, const Stats& its_stats) const { return stopping.objective()(of, its_stats); }
  EmState take_present() {
    const double value = objective(*model, *stats);
    return {*std::move(model), *std::exchange(stats, {}), stopping.iterations(), value};
  }

  EmWatcher watcher;
  std::unique_ptr<Acceleration> acceleration;
  Stopping stopping;
  Waiting waiting = Waiting::for_statistics;

  std::optional<Stats> stats;  // of the rows under the model, once they are known
  MStepOptions options_of_step;
  std::optional<Parameters> stepped;   // by the M-step, not known to be valid
  std::vector<std::size_t> dying_now;  // components of the model
  std::optional<Repair> repair;
};

}  // namespace mogul
