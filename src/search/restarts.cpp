#include "search/restarts.hpp"

#include <algorithm>
#include <exception>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "base/timer.hpp"
#include "em/run_em.hpp"
#include "init/initialise.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMaxFailures = 100;  // restarts without any success, after which others are not tried

// The loops of one fit before their first step.
class Beginnings {
 public:
  Beginnings(Engine& engine, const FitOptions& options, const RowFacts& rows, FitReport& report)
      : engine_(engine), options_(options), rows_(rows), report_(report), initialiser_(engine, options) {}

  Run begin(std::size_t restart) {
    const Timer timer(report_.seconds.initialise);
    Run run;
    run.attempt([&] { run.loop = first_loop(restart); });
    return run;
  }

  /// All of them, or none if interrupted.
  std::vector<Run> begin(std::size_t first, std::size_t last) {
    std::vector<Run> runs;
    try {
      for (std::size_t i = first; i < last; ++i) runs.push_back(begin(i));
    } catch (const interrupted_error&) {
      runs.clear();
    }
    return runs;
  }

 private:
  EmWatcher watcher(std::size_t restart) const {
    if (!options_.callback) return {};
    return [this, restart](const EmStep& step) {
      return options_.callback({restart, options_.n_init, step.iteration, step.mean_log_likelihood, step.change,
                                step.model, step.stats});
    };
  }

  // The one given, or the M-step of the start's statistics; of several starts the likelier.
  EmLoop first_loop(std::size_t restart) {
    const EmOptions em = em_options(options_);
    if (const auto* given = std::get_if<Mixture>(&options_.init)) return {*given, em, rows_, watcher(restart)};
    std::optional<EmLoop> best;
    std::exception_ptr failure;
    double highest = -std::numeric_limits<double>::infinity();
    const std::vector<Start> starts = initialiser_.starts(restart);
    report_.n_seed_rows = starts.front().n_seed_rows;
    for (const Start& start : starts) {
      try {
        EmLoop loop(start.stats, em, rows_, watcher(restart));
        answer(engine_, loop);
        if (starts.size() == 1) return loop;
        const double l = engine_.accumulate(row_model(loop.model()), Moments::none).log_likelihood;
        if (best && !(l > highest)) continue;
        highest = l;
        best = std::move(loop);
      } catch (const fit_error&) {  // a component is degenerate, and may not be in the other one
        if (!failure) failure = std::current_exception();
      }
    }
    if (!best) std::rethrow_exception(failure);
    return *std::move(best);
  }

  Engine& engine_;
  const FitOptions& options_;
  const RowFacts& rows_;
  FitReport& report_;
  Initialiser initialiser_;
};

// How many restarts share their passes: more gain little, and their statistics must not need much memory.
std::size_t n_side_by_side(const FitOptions& options, std::size_t n_features) {
  constexpr std::size_t kMost = 8;
  constexpr std::size_t kMaxBytes = 1 << 20;
  const std::size_t bytes = options.n_components * (n_features * (n_features + 5) / 2 + 8) * sizeof(double);
  return std::clamp<std::size_t>(kMaxBytes / bytes, 1, kMost);
}

// The best of all restarts, or of those up to the one that the caller ends.
struct Search {
  std::optional<EmLoop> best;
  std::exception_ptr failure;  // the first
  bool ended = false;          // by the caller

  void add(Run run, FitReport& report) {
    if (run.failure) {
      report.restarts.push_back({.failed = true});
      if (!failure) failure = run.failure;
      return;
    }
    EmLoop& loop = *run.loop;
    ended |= !loop.has_result() || loop.is_cancelled();
    if (!loop.has_result()) return;
    report.restarts.push_back(
        {loop.result().log_likelihood(), loop.iterations(), loop.n_revived(), loop.termination().reason, false});
    if (best && !(loop.result().log_likelihood() > best->result().log_likelihood())) return;
    report.best_restart = report.restarts.size() - 1;
    best = std::move(loop);
  }
};

}  // namespace

BestRun best_of_restarts(Engine& engine, const FitOptions& options, const RowFacts& rows, FitReport& report) {
  Search search;
  Beginnings beginnings(engine, options, rows, report);
  const std::size_t n_together = n_side_by_side(options, engine.n_features());
  std::size_t next = 0;
  while (!search.ended && next < options.n_init && (search.best || next < kMaxFailures)) {
    const std::size_t last = std::min({next + n_together, options.n_init, search.best ? options.n_init : kMaxFailures});
    std::vector<Run> runs = beginnings.begin(next, last);
    search.ended = runs.empty();
    run_em(engine, runs, report.seconds);
    for (Run& run : runs) search.add(std::move(run), report);
    next = last;
  }
  if (!search.best && search.ended) throw interrupted_error("interrupted before the first model");
  if (!search.best) std::rethrow_exception(search.failure);
  return {*std::move(search.best), search.ended};
}

}  // namespace mogul
