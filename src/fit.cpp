// The spine: initialise -> [ E-step -> stop? -> M-step ]* -> model, for each restart; the best is kept. Some restarts
// go side by side, as passes over the rows cost less when they are shared.

#include "mogul/fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/timer.hpp"
#include "em/constant_columns.hpp"
#include "em/degenerate.hpp"
#include "em/fill_report.hpp"
#include "em/m_step.hpp"
#include "em/revive.hpp"
#include "em/run.hpp"
#include "init/initialise.hpp"
#include "kernel/engine.hpp"
#include "kernel/worst_rows.hpp"
#include "mogul/error.hpp"
#include "mogul/interrupt.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMaxFailures = 100;  // restarts without any success, after which others are not tried

// A first model of a start, and how it was made valid.
struct FirstModel {
  Mixture mixture;
  Revival revival;
};

FirstModel model_of(Engine& engine, const FitOptions& options, const Stats& start, Revival revival) {
  const Parameters about{options.covariance, std::vector<double>(options.n_components), start.shift, {}};
  const MStepOptions step{options.covariance, options.reg_covar, {}};
  Parameters first = update_parameters(start, about, step);
  const std::vector<Degenerate> degenerate = degenerate_components(first, start, step.update);
  Mixture mixture = make_valid(std::move(first), start, step, degenerate, engine, revival);
  return {std::move(mixture), revival};
}

// The one given, or the M-step of the initial statistics, which updates everything; of several starts the likelier.
FirstModel first_model(Engine& engine, Initialiser& initialiser, const FitOptions& options, std::size_t restart,
                       const Revival& revival, FitReport& report) {
  if (const auto* given = std::get_if<Mixture>(&options.init)) return {*given, revival};
  std::optional<FirstModel> best;
  std::exception_ptr failure;
  double highest = -std::numeric_limits<double>::infinity();
  const std::vector<Start> starts = initialiser.starts(restart);
  report.n_seed_rows = starts.front().n_seed_rows;
  for (const Start& start : starts) {
    try {
      FirstModel model = model_of(engine, options, start.stats, revival);
      if (starts.size() == 1) return model;
      const double l = engine.accumulate(model.mixture, Moments::none).log_likelihood;
      if (best && !(l > highest)) continue;
      highest = l;
      best = std::move(model);
    } catch (const fit_error&) {  // a component is degenerate, and may not be in the other one
      if (!failure) failure = std::current_exception();
    }
  }
  if (!best) std::rethrow_exception(failure);
  return *std::move(best);
}

// A restart, or why there is none.
struct Attempt {
  std::unique_ptr<Run> run;
  std::exception_ptr failure;

  // What step() returns; false if it fails.
  template <class Step>
  bool take(const Step& step) {
    try {
      return step();
    } catch (const fit_error&) {
      failure = std::current_exception();
      return false;
    }
  }
};

Attempt begin(Engine& engine, Initialiser& initialiser, const FitOptions& options, std::size_t restart,
              const Revival& revival, FitReport& report) {
  const Timer timer(report.seconds.initialise);
  Attempt attempt;
  attempt.take([&] {
    FirstModel first = first_model(engine, initialiser, options, restart, revival, report);
    attempt.run = std::make_unique<Run>(std::move(first.mixture), first.revival, options, restart);
    return true;
  });
  return attempt;
}

std::vector<Stats> e_step(Engine& engine, const std::vector<Attempt*>& active, const FitOptions& options,
                          PhaseSeconds& seconds) {
  const Timer timer(seconds.e_step);
  const Moments moments = options.covariance.moments();
  std::vector<const Mixture*> together;
  for (const Attempt* attempt : active) {
    if (attempt->run->lanes() == Lanes::float32) together.push_back(&attempt->run->model());
  }
  std::vector<Stats> side_by_side;
  if (!together.empty()) side_by_side = engine.accumulate(together, moments);
  auto next = side_by_side.begin();
  std::vector<Stats> all;
  all.reserve(active.size());
  for (const Attempt* attempt : active) {
    const Run& run = *attempt->run;
    all.push_back(run.lanes() == Lanes::float32
                      ? std::move(*next++)
                      : engine.accumulate(run.model(), run.model().means(), moments, Assignment::soft, run.lanes()));
  }
  return all;
}

// EM of several restarts to their ends. Who cancels one cancels all; who interrupts may leave some without a result.
void run_em(Engine& engine, const FitOptions& options, std::vector<Attempt>& attempts, PhaseSeconds& seconds) {
  std::vector<Attempt*> active;
  for (Attempt& attempt : attempts) {
    if (!attempt.failure) active.push_back(&attempt);
  }
  bool cancelled = false;
  while (!active.empty() && !cancelled) {
    std::vector<Stats> stats;
    try {
      stats = e_step(engine, active, options, seconds);
    } catch (const interrupted_error&) {
      break;
    }
    std::vector<Attempt*> left;
    for (std::size_t i = 0; i < active.size(); ++i) {
      Run& run = *active[i]->run;
      const auto step = [&] { return run.advance(engine, std::move(stats[i]), cancelled, seconds.m_step); };
      if (active[i]->take(step)) left.push_back(active[i]);
      cancelled |= run.cancelled();
    }
    active = std::move(left);
  }
  for (Attempt* attempt : active) attempt->run->cancel();
}

// All of them, or none if interrupted.
std::vector<Attempt> begin(Engine& engine, Initialiser& initialiser, const FitOptions& options, std::size_t first,
                           std::size_t last, const Revival& revival, FitReport& report) {
  std::vector<Attempt> attempts;
  try {
    for (std::size_t i = first; i < last; ++i)
      attempts.push_back(begin(engine, initialiser, options, i, revival, report));
  } catch (const interrupted_error&) {
    attempts.clear();
  }
  return attempts;
}

// How many restarts share their passes: more gain little, and their statistics must not need much memory.
std::size_t n_side_by_side(const FitOptions& options, std::size_t n_features) {
  constexpr std::size_t kMost = 8;
  constexpr std::size_t kMaxBytes = 1 << 20;
  const std::size_t bytes = options.n_components * (n_features * (n_features + 5) / 2 + 8) * sizeof(double);
  return std::clamp<std::size_t>(kMaxBytes / bytes, 1, kMost);
}

void check_against_data(const FitOptions& options, const Engine& engine) {
  if (options.n_components > engine.n_positive_rows()) {
    throw invalid_argument(fmt::format("n_components = {}; must be at most the number of rows of positive weight, {}",
                                       options.n_components, engine.n_positive_rows()));
  }
  const auto* given = std::get_if<Mixture>(&options.init);
  if (given != nullptr && given->n_features() != engine.n_features()) {
    throw invalid_argument(fmt::format("init: the mixture has {} features; the data have {} columns",
                                       given->n_features(), engine.n_features()));
  }
  check_columns_vary(engine, options);
}

Restart summary(const Run& run) {
  return {run.result().log_likelihood(), run.convergence().iterations(), run.n_revived(),
          run.convergence().termination().reason, false};
}

// The best of all restarts, or of those up to the one that the caller ends.
struct Search {
  std::unique_ptr<Run> best;
  std::exception_ptr failure;  // the first
  bool ended = false;          // by the caller

  void add(Attempt attempt, FitReport& report) {
    if (attempt.failure) {
      report.restarts.push_back({.failed = true});
      if (!failure) failure = attempt.failure;
      return;
    }
    ended |= !attempt.run->has_result() || attempt.run->cancelled();
    if (!attempt.run->has_result()) return;
    report.restarts.push_back(summary(*attempt.run));
    if (best && !(attempt.run->result().log_likelihood() > best->result().log_likelihood())) return;
    report.best_restart = report.restarts.size() - 1;
    best = std::move(attempt.run);
  }
};

Search search(Engine& engine, const FitOptions& options, const Revival& revival, FitReport& report) {
  Search search;
  Initialiser initialiser(engine, options);
  const std::size_t n_together = n_side_by_side(options, engine.n_features());
  std::size_t next = 0;
  while (!search.ended && next < options.n_init && (search.best || next < kMaxFailures)) {
    const std::size_t last = std::min({next + n_together, options.n_init, search.best ? options.n_init : kMaxFailures});
    std::vector<Attempt> attempts = begin(engine, initialiser, options, next, last, revival, report);
    search.ended = attempts.empty();
    run_em(engine, options, attempts, report.seconds);
    for (Attempt& attempt : attempts) search.add(std::move(attempt), report);
    next = last;
  }
  return search;
}

// The best restart may have come to an end of its own.
void record_that_the_caller_ended(FitReport& report, std::size_t n_init) {
  Termination& termination = report.termination;
  if (termination.reason == TerminationReason::cancelled) return;
  termination = {TerminationReason::cancelled,
                 fmt::format("cancelled by the caller after {} of {} restarts, of which number {} is the best: {}",
                             report.restarts.size(), n_init, report.best_restart, termination.sentence)};
}

}  // namespace

FitResult fit(const DataView& data, const FitOptions& options) {
  check(options);
  FitReport report;
  std::unique_ptr<Run> best;
  {
    const Timer timer(report.seconds.total);
    std::optional<InterruptScope> scope;
    if (options.interrupted) scope.emplace(options.interrupted);
    const auto engine = make_engine(data, options.n_threads);
    check_against_data(options, *engine);
    const Revival revival{options.degenerate, count_distinct_rows(*engine, options.n_components)};
    Search found = search(*engine, options, revival, report);
    if (!found.best && found.ended) throw interrupted_error("interrupted before the first model");
    if (!found.best) std::rethrow_exception(found.failure);
    best = std::move(found.best);
    const InterruptScope undisturbed({});
    fill_report(report, *best, options, *engine, revival.n_distinct_rows);
    if (found.ended) record_that_the_caller_ended(report, options.n_init);
  }
  return {best->take_result().mixture, std::move(report)};
}

}  // namespace mogul
