#include "search/beginnings.hpp"

#include <exception>
#include <limits>
#include <optional>
#include <utility>

#include "base/timer.hpp"
#include "em/objective.hpp"
#include "mogul/error.hpp"
#include "search/short_runs.hpp"

namespace mogul {

std::vector<Run> Beginnings::begin(std::size_t first, std::size_t last) {
  std::vector<Run> runs;
  try {
    for (std::size_t i = first; i < last; ++i) runs.push_back(begin(i));
  } catch (const interrupted_error&) {
    runs.clear();
  }
  return runs;
}

Run Beginnings::begin(std::size_t restart) {
  const Timer timer(effort_.seconds.initialise);
  Run run;
  run.attempt([&] { run.loop = first_loop(restart); });
  return run;
}

EmLoop Beginnings::first_loop(std::size_t restart) {
  const EmOptions em = em_options(options_);
  if (const auto* given = std::get_if<Mixture>(&options_.init)) return {*given, em, rows_, watcher(restart)};
  const auto* method = std::get_if<InitMethod>(&options_.init);
  const bool from_kmeans = method != nullptr && *method == InitMethod::kmeans;
  if (from_kmeans && restart == 0 && first_start_ == FirstStart::best_of_short_runs) {
    auto best = best_of_short_runs(engine_, options_, rows_, effort_, report_.n_seed_rows);
    if (best) return {*std::move(best), em, rows_, watcher(restart)};
  }
  const std::vector<Start> starts = initialiser_.starts(restart);
  report_.n_seed_rows = starts.front().n_seed_rows;
  return likeliest(starts, restart);
}

EmLoop Beginnings::likeliest(const std::vector<Start>& starts, std::size_t restart) {
  const EmOptions em = em_options(options_);
  std::optional<EmLoop> best;
  std::exception_ptr failure;
  double highest = -std::numeric_limits<double>::infinity();
  for (const Start& start : starts) {
    try {
      EmLoop loop(start.stats, em, rows_, watcher(restart));
      answer(engine_, loop, effort_);
      if (starts.size() == 1) return loop;
      effort_.add_passes(1);
      const double l = loop.objective(loop.model(), engine_.accumulate(row_model(loop.model()), Moments::none));
      if (best && !is_higher(l, highest)) continue;
      highest = l;
      best = std::move(loop);
    } catch (const fit_error&) {  // a component is degenerate, and may not be in the other one
      if (!failure) failure = std::current_exception();
    }
  }
  if (!best) std::rethrow_exception(failure);
  return *std::move(best);
}

EmWatcher Beginnings::watcher(std::size_t restart) const {
  if (!options_.callback) return {};
  return [this, restart](const EmStep& step) {
    return options_.callback({restart, options_.n_init, step.iteration, step.mean_log_likelihood, step.change,
                              step.model, step.stats, step.mean_objective});
  };
}

}  // namespace mogul
