// Runs of EM that compete: begun, run side by side for some steps, ranked, and dropped or followed.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "em/run_em.hpp"
#include "mogul/options.hpp"
#include "mogul/report.hpp"
#include "search/guard.hpp"

namespace mogul {

/// A run in a contest.
struct Contender {
  Run run;
  std::size_t number = 0;  ///< of its entry in the report
  bool is_flagged = false;

  const EmState& state() const { return *run.loop->last(); }
  double objective() const { return state().objective; }
};

/// Flagged ones are worse than all others.
bool is_better(const Contender& a, const Contender& b);

class Contest {
 public:
  /// All are borrowed.
  /// @param row     row_weight() of all rows, of which the engine may have a sample
  /// @param report  receives an entry for each run that is begun
  /// @param first   the number of the first run
  /// @param narrow  which maxima are worthless
  Contest(Engine& engine, const FitOptions& options, const RowFacts& rows, double row, Effort& effort,
          FitReport& report, std::size_t first = 0, Narrow narrow = Narrow::kept);

  /// A run whose first model `start` yields: a Mixture, or the statistics of a partition.
  template <class First>
  std::optional<Contender> begin(const First& start);

  /// Runs all until each has taken so many steps, or has ended. Those that fail are left out; the rest is ranked.
  void advance(std::vector<Contender>& contenders, std::size_t n_steps);
  /// Until they have so much to gain at most, in nats.
  void converge(std::vector<Contender>& contenders, double gain);
  /// One step, whatever it takes, and an end there.
  void end(std::vector<Contender>& contenders, TerminationReason reason);
  /// To their ends. @param gain  nats that they may leave
  void finish(std::vector<Contender>& contenders, double gain);
  /// Only the best remain, and of those with the same objective one: the first where rounding alone tells them apart.
  void keep(std::vector<Contender>& contenders, std::size_t n_kept, double same);
  void drop(Contender& contender);

  /// An interruption that was heard outside of the runs.
  void note_interruption() { ended_ = TerminationReason::cancelled; }
  /// Whether the caller has cancelled, or all passes that were allowed are spent.
  bool has_ended() const { return ended_.has_value(); }
  std::optional<TerminationReason> ended() const { return ended_; }

  Engine& engine() { return engine_; }
  Effort& effort() { return effort_; }
  const FitOptions& options() const { return options_; }
  /// What one row weighs, 1 at most, and so the unit of log-likelihoods that are compared.
  double row() const { return row_; }
  /// Nats that the run that is kept may leave where all rows are searched: a tenth of what a single one may, which
  /// costs little.
  double rest() const { return rest_; }

 private:
  void run(std::vector<Contender>& contenders, const Pause& pauses);
  bool rests(const EmLoop& loop, double gain) const;
  void record(const Contender& contender);
  EmWatcher watcher(std::size_t number) const;

  Engine& engine_;
  const FitOptions& options_;
  EmOptions em_;
  double row_;
  double rest_;
  const RowFacts& rows_;
  Effort& effort_;
  FitReport& report_;
  std::size_t first_;
  Guard guard_;
  std::optional<TerminationReason> ended_ = {};
};

}  // namespace mogul
