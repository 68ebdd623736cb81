#include "select/cell.hpp"

#include <algorithm>
#include <iterator>
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
constexpr std::size_t kFollowed = 3;  // runs that are followed to a maximum at a time
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

// The best few to their maxima; where all of these are flagged, the next few.
std::vector<Contender> followed(Contest& contest, std::vector<Contender> pool) {
  std::vector<Contender> ends;
  auto next = pool.begin();
  bool is_sound = false;
  while (next != pool.end() && !is_sound && !contest.has_ended()) {
    std::vector<Contender> group;
    for (; next != pool.end() && group.size() < kFollowed; ++next) group.push_back(std::move(*next));
    contest.converge(group, kGain * contest.row());
    is_sound = std::ranges::any_of(group, [](const Contender& contender) { return !contender.is_flagged; });
    std::ranges::move(group, std::back_inserter(ends));
  }
  for (; next != pool.end(); ++next) contest.drop(*next);
  std::ranges::stable_sort(ends, is_better);
  return ends;
}

// The best is at its end.
std::vector<Contender> race(Contest& contest, const std::vector<CellStart>& starts, SearchReport& report) {
  report.n_starts = starts.size();
  std::vector<Contender> pool = begin_all(contest, starts);
  contest.advance(pool, kSteps);
  contest.keep(pool, pool.size(), kSameRun * contest.row());
  contest.effort().phase = &PhasePasses::convergence;
  std::vector<Contender> ends = followed(contest, std::move(pool));
  report.n_finalists = ends.size();
  for (const Contender& contender : ends) {
    report.n_flagged += contender.is_flagged ? 1 : 0;
    report.n_agreeing += ends.front().objective() - contender.objective() < kAgree * contest.row() ? 1 : 0;
  }
  return best_at_its_end(contest, contest, std::move(ends));
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
    Contest contest(engine, options, rows, row, effort, report, 0, Narrow::flagged);
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
