#include "search/search.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/timer.hpp"
#include "mogul/error.hpp"
#include "search/contest.hpp"
#include "search/final.hpp"
#include "search/first_models.hpp"
#include "search/sampled_rows.hpp"
#include "search/swap_moves.hpp"
#include "start/initialise.hpp"

namespace mogul {
namespace {

// In nats, of rows that weigh 1.
constexpr double kSameRun = 1e-3;      // between objectives of runs that have met
constexpr double kSameMaximum = 0.02;  // between objectives on the way to the same maximum
constexpr double kAgree = 0.1;         // and at the end
constexpr double kFinalGain = 1;       // that finalists may have yet to gain

constexpr std::size_t kMostFinalists = 7;

struct Plan {
  StartCounts starts;
  std::size_t n_kept;       // after the first steps
  std::size_t n_finalists;  // that are improved by moves
};

// A quick search has one start, from k-means. Few components make runs cheap, and starts less alike; where covariances
// are shared, more of the maxima are worth a look.
Plan plan_of(Search search, std::size_t n_components, bool shared) {
  if (n_components == 1) return {{1, 0, 0}, 1, 1};
  const bool few = n_components <= 3;
  if (search == Search::quick) return {{0, 0, 0}, 1, 1};
  if (search == Search::standard) return {{6, 6, 4}, 8, few ? 4U : shared ? 3U : 2U};
  return {{12, 12, 8}, 12, few ? kMostFinalists : 5U};
}

// One search; borrows the contest and the report.
class Searcher {
 public:
  Searcher(Contest& contest, const Plan& plan, SearchReport& report)
      : contest_(contest), plan_(plan), report_(report) {}

  /// The finalists, the best first, at maxima but for a nat; nothing where all starts collapse.
  std::vector<Contender> find();

 private:
  std::vector<Contender> starts();
  std::vector<Contender> finalists(std::vector<Contender> pool);
  void improve(std::vector<Contender>& finalists);

  Contest& contest_;
  const Plan plan_;
  SearchReport& report_;
};

std::vector<Contender> Searcher::starts() {
  const Timer timer(contest_.effort().seconds.initialise);
  Engine& engine = contest_.engine();
  FitOptions options = contest_.options();
  std::vector<Stats> first;
  if (plan_.starts.total() > 0) {
    std::size_t n_passes = 0;
    first = first_models(engine, options, plan_.starts, contest_.row(), n_passes);
    contest_.effort().add_passes(static_cast<double>(n_passes));
  } else {
    options.init = InitMethod::kmeans;
    for (Start& start : Initialiser(engine, options).starts(0)) first.push_back(std::move(start.stats));
    contest_.effort().add_passes(static_cast<double>(first.size()));
  }
  std::vector<Contender> pool;
  for (const Stats& stats : first) {
    if (auto contender = contest_.begin(stats)) pool.push_back(*std::move(contender));
  }
  report_.n_starts += first.size();
  return pool;
}

// Short runs of all, longer ones of the better; the best are followed to a maximum, one after another while they are
// flagged.
std::vector<Contender> Searcher::finalists(std::vector<Contender> pool) {
  const double same = kSameRun * contest_.row();
  contest_.advance(pool, 5);
  contest_.keep(pool, plan_.n_kept, same);
  contest_.advance(pool, 15);
  contest_.keep(pool, pool.size(), same);
  contest_.effort().phase = &PhasePasses::convergence;
  std::vector<Contender> followed;
  std::size_t n_sound = 0;
  auto next = pool.begin();
  while (next != pool.end() && n_sound < plan_.n_finalists && !contest_.has_ended()) {
    std::vector<Contender> group;
    for (; next != pool.end() && n_sound + group.size() < plan_.n_finalists; ++next) group.push_back(std::move(*next));
    contest_.converge(group, kFinalGain * contest_.row());
    for (Contender& contender : group) {
      n_sound += contender.is_flagged ? 0 : 1;
      report_.n_flagged += contender.is_flagged ? 1 : 0;
      followed.push_back(std::move(contender));
    }
  }
  for (; next != pool.end(); ++next) followed.push_back(std::move(*next));
  std::ranges::stable_sort(followed, is_better);
  // Flagged ones are improved only where there are no others.
  const std::size_t n_kept = contest_.has_ended() ? followed.size() : n_sound > 0 ? n_sound : plan_.n_finalists;
  for (std::size_t i = n_kept; i < followed.size(); ++i) contest_.drop(followed[i]);
  followed.erase(followed.begin() + static_cast<std::ptrdiff_t>(std::min(n_kept, followed.size())), followed.end());
  return followed;
}

void Searcher::improve(std::vector<Contender>& finalists) {
  std::vector<double> maxima;
  std::vector<double> ends;
  for (Contender& finalist : finalists) {
    if (contest_.has_ended()) break;
    const double objective = finalist.objective();
    const bool is_new =
        std::ranges::none_of(maxima, [&](double m) { return std::abs(m - objective) < kSameMaximum * contest_.row(); });
    maxima.push_back(objective);
    if (is_new) improve_by_moves(contest_, finalist, report_);
    ends.push_back(finalist.objective());
  }
  report_.n_finalists = ends.size();
  if (ends.empty()) return;
  const double best = std::ranges::max(ends);
  report_.n_agreeing = static_cast<std::size_t>(
      std::ranges::count_if(ends, [&](double e) { return best - e < kAgree * contest_.row(); }));
}

std::vector<Contender> Searcher::find() {
  std::vector<Contender> found = finalists(starts());
  improve(found);
  std::ranges::stable_sort(found, is_better);
  return found;
}

// Where a quick search finds nothing, the default one may.
std::vector<Contender> finalists_of(Contest& contest, Search search, SearchReport& report) {
  const std::size_t k = contest.options().n_components;
  const bool shared = contest.options().covariance.shared;
  std::vector<Contender> found = Searcher(contest, plan_of(search, k, shared), report).find();
  if (found.empty() && search == Search::quick && !contest.has_ended()) {
    found = Searcher(contest, plan_of(Search::standard, k, shared), report).find();
  }
  return found;
}

std::vector<Contender> best_in_all(Contest& contest, Search search, FitReport& report) {
  std::vector<Contender> finalists = finalists_of(contest, search, *report.search);
  report.n_seed_rows = contest.engine().n_rows();
  return best_at_its_end(contest, contest, std::move(finalists));
}

// From the best model of a sample on over all rows. Where the search has been ended, they are seen under it once. Runs
// in the sample are numbered after those over all rows.
std::vector<Contender> best_by_sample(Contest& contest, const SampledRows& sampled, Search search, FitReport& report) {
  FitReport of_sample;
  Contest of_rows(*sampled.engine, contest.options(), sampled.facts, contest.row(), contest.effort(), of_sample,
                  kMostFinalists);
  contest.effort().share =
      static_cast<double>(sampled.rows->rows()) / static_cast<double>(contest.engine().n_positive_rows());
  std::vector<Contender> finalists = finalists_of(of_rows, search, *report.search);
  report.n_seed_rows = sampled.rows->rows();
  std::vector<Contender> best = best_at_its_end(contest, of_rows, std::move(finalists));
  report.accepted += of_sample.accepted;
  report.rejected += of_sample.rejected;
  return best;
}

}  // namespace

BestRun best_of_search(Engine& engine, const FitOptions& options, Search search, const RowFacts& rows, double row,
                       Effort& effort, FitReport& report) {
  report.search.emplace();
  if (rows.n_distinct >= options.n_components) {
    const auto sampled = sampled_rows(engine, options, rows);
    Contest contest(engine, options, rows, row, effort, report);
    std::vector<Contender> found =
        sampled ? best_by_sample(contest, *sampled, search, report) : best_in_all(contest, search, report);
    if (!found.empty()) {
      report.best_restart = found.front().number;
      report.search->is_flagged = found.front().is_flagged;
      return {*std::move(found.front().run.loop), contest.has_ended()};
    }
  }
  effort.share = 1;
  report.search.reset();
  report.restarts.clear();
  FitOptions from_kmeans = options;
  from_kmeans.init = InitMethod::kmeans;
  return best_of_restarts(engine, from_kmeans, rows, FirstStart::best_of_short_runs, effort, report);
}

}  // namespace mogul
