#include "search/restarts.hpp"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

#include "em/objective.hpp"
#include "em/run_em.hpp"
#include "engine/worst_rows.hpp"
#include "mogul/error.hpp"
#include "start/partition.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMaxFailures = 100;  // restarts without any success, after which others are not tried

// How many restarts share their passes: more gain little, and their statistics must not need much memory.
std::size_t n_side_by_side(const FitOptions& options, std::size_t n_features) {
  constexpr std::size_t kMost = 8;
  constexpr std::size_t kMaxBytes = 1 << 20;
  const std::size_t bytes = options.n_components * (n_features * (n_features + 5) / 2 + 8) * sizeof(double);
  return std::clamp<std::size_t>(kMaxBytes / bytes, 1, kMost);
}

// The best of all restarts, or of those up to the one that the caller ends.
struct BestOfRuns {
  bool is_penalised = false;
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
    report.accepted += loop.progress().n_accepted;
    report.rejected += loop.progress().n_rejected;
    if (!loop.has_result()) return;
    Restart restart{loop.result().log_likelihood(), loop.iterations(), loop.n_revived(), loop.termination().reason};
    if (is_penalised) restart.penalised_log_likelihood = loop.result().objective;
    report.restarts.push_back(restart);
    if (best && !is_higher(loop.result().objective, best->result().objective)) return;
    report.best_restart = report.restarts.size() - 1;
    best = std::move(loop);
  }
};

// The moments are about the mean. A divisor of sum w - 1 counts a row of weight 2 as two rows; it is never less than
// half of the sum of weights.
Matrix sample_covariance(const Stats& all) {
  const std::size_t d = all.n_features();
  const double divisor = std::max(all.n[0] - 1, all.n[0] / 2);
  if (all.moments == Moments::diagonal) {
    Matrix variances = all.second;
    for (double& value : variances.row(0)) value /= divisor;
    return variances;
  }
  Matrix covariance(d, d);
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      covariance(i, j) = covariance(j, i) = all.second(0, i * (i + 1) / 2 + j) / divisor;
    }
  }
  return covariance;
}

}  // namespace

RowFacts facts_of(Engine& engine, std::vector<std::string> feature_names, const FitOptions& options) {
  RowFacts facts{count_distinct_rows(engine, options.n_components), std::move(feature_names)};
  if (!options.prior || is_complete(*options.prior)) return facts;
  const bool matrices = options.covariance.layout == Layout::matrix;
  const Stats all = overall_stats(engine, matrices ? Moments::full : Moments::diagonal);
  facts.mean = {all.shift.row(0).begin(), all.shift.row(0).end()};
  facts.covariance = sample_covariance(all);
  return facts;
}

BestRun best_of_restarts(Engine& engine, const FitOptions& options, const RowFacts& rows, FirstStart first_start,
                         Effort& effort, FitReport& report) {
  BestOfRuns search;
  search.is_penalised = options.prior || options.weight_concentration;
  Beginnings beginnings(engine, options, rows, first_start, effort, report);
  const std::size_t n_together = n_side_by_side(options, engine.n_features());
  std::size_t next = 0;
  while (!search.ended && next < options.n_init && (search.best || next < kMaxFailures)) {
    const std::size_t last = std::min({next + n_together, options.n_init, search.best ? options.n_init : kMaxFailures});
    std::vector<Run> runs = beginnings.begin(next, last);
    search.ended = runs.empty();
    effort.phase = &PhasePasses::convergence;
    std::vector<Run*> together;
    together.reserve(runs.size());
    for (Run& run : runs) together.push_back(&run);
    run_em(engine, together, effort);
    effort.phase = &PhasePasses::starts;
    for (Run& run : runs) search.add(std::move(run), report);
    next = last;
  }
  if (!search.best && search.ended) throw interrupted_error("interrupted before the first model");
  if (!search.best) std::rethrow_exception(search.failure);
  return {*std::move(search.best), search.ended};
}

}  // namespace mogul
