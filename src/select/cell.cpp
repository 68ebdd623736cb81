#include "select/cell.hpp"

#include <algorithm>
#include <utility>

#include "base/timer.hpp"
#include "mogul/error.hpp"
#include "search/contest.hpp"
#include "search/final.hpp"
#include "search/fit_result.hpp"
#include "search/restarts.hpp"
#include "start/partition.hpp"

namespace mogul {
namespace {

constexpr std::size_t kSteps = 5;     // before runs are compared
constexpr std::size_t kFollowed = 3;  // runs that are followed to a maximum
constexpr double kSameRun = 1e-3;     // nats, of rows that weigh 1, between runs that have met
constexpr double kGain = 0.1;         // that those that are followed may have yet to gain
constexpr double kAgree = 0.2;        // between ends at the same maximum

std::vector<Contender> begin_all(Contest& contest, const std::vector<CellStart>& starts) {
  std::vector<Contender> pool;
  for (const CellStart& start : starts) {
    auto begun = std::visit([&](const auto& given) { return contest.begin(given); }, start);
    if (begun) pool.push_back(*std::move(begun));
  }
  return pool;
}

// The best is at its end.
std::vector<Contender> race(Contest& contest, const std::vector<CellStart>& starts, SearchReport& report) {
  report.n_starts = starts.size();
  std::vector<Contender> pool = begin_all(contest, starts);
  contest.advance(pool, kSteps);
  contest.keep(pool, kFollowed, kSameRun * contest.row());
  contest.effort().phase = &PhasePasses::convergence;
  contest.converge(pool, kGain * contest.row());
  report.n_finalists = pool.size();
  for (const Contender& contender : pool) {
    report.n_flagged += contender.is_flagged ? 1 : 0;
    report.n_agreeing += pool.front().objective() - contender.objective() < kAgree * contest.row() ? 1 : 0;
  }
  return best_at_its_end(contest, contest, std::move(pool));
}

}  // namespace

SelectionCell fit_cell(Engine& engine, const FitOptions& options, const std::vector<CellStart>& starts,
                       Effort& effort) {
  SelectionCell cell{.n_components = options.n_components, .covariance = options.covariance};
  FitReport report;
  effort.phase = &PhasePasses::starts;
  report.search.emplace();
  const RowFacts rows = facts_of(engine, {}, options);
  const double row = row_weight(engine);
  std::vector<Contender> best;
  bool has_ended = false;
  {
    const Timer timer(effort.seconds.total);
    Contest contest(engine, options, rows, row, effort, report);
    best = race(contest, starts, *report.search);
    has_ended = contest.has_ended();
  }
  if (has_ended) throw interrupted_error("interrupted");
  if (best.empty()) {
    cell.reason =
        "a component collapses from every start: too few rows, or too few different ones, for so many "
        "components";
  } else if (best.front().is_flagged) {
    cell.reason =
        "in every maximum a component holds fewer rows than its covariance needs, is nearly singular, or "
        "coincides with another one";
  } else {
    report.best_restart = best.front().number;
    cell.fit = fit_result({*std::move(best.front().run.loop), false}, std::move(report), effort, options,
                          engine.n_rows(), row, rows);
  }
  return cell;
}

}  // namespace mogul
