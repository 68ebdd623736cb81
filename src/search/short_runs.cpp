#include "search/short_runs.hpp"

#include "base/random.hpp"
#include "mogul/error.hpp"
#include "search/restarts.hpp"
#include "search/sampled_rows.hpp"

namespace mogul {
namespace {

constexpr std::size_t kRuns = 4;
constexpr std::size_t kSteps = 5;

FitOptions of_short_runs(FitOptions options) {
  options.init = InitMethod::kmeans;
  options.n_init = kRuns;
  options.max_iter = kSteps;
  options.callback = {};
  options.seed = RandomStream(options.seed, Purpose::short_runs).next();  // other clusterings than of later restarts
  return options;
}

Mixture best_of(Engine& engine, const FitOptions& options, const RowFacts& rows, Effort& effort,
                std::size_t& n_seed_rows) {
  FitReport report;
  Effort own{.max_passes = effort.max_passes};
  BestRun best = best_of_restarts(engine, options, rows, FirstStart::one_clustering, own, report);
  effort.add_passes(own.passes.total());
  n_seed_rows = report.n_seed_rows;
  return best.loop.take_result().mixture;
}

}  // namespace

std::optional<Mixture> best_of_short_runs(Engine& engine, const FitOptions& options, const RowFacts& rows,
                                          Effort& effort, std::size_t& n_seed_rows) {
  if (options.n_components == 1 || options.max_iter == 0) return std::nullopt;
  const FitOptions brief = of_short_runs(options);
  try {
    const auto sampled = sampled_rows(engine, brief, rows);
    if (!sampled) return best_of(engine, brief, rows, effort, n_seed_rows);
    return best_of(*sampled->engine, brief, sampled->facts, effort, n_seed_rows);
  } catch (const fit_error&) {
  } catch (const invalid_data&) {  // weights that the sample sums to more than a double
  }
  return std::nullopt;
}

}  // namespace mogul
