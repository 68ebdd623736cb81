#include "search/short_runs.hpp"

#include <algorithm>

#include "base/random.hpp"
#include "engine/worst_rows.hpp"
#include "mogul/dataset.hpp"
#include "mogul/error.hpp"
#include "search/restarts.hpp"
#include "start/row_sample.hpp"

namespace mogul {
namespace {

constexpr std::size_t kRuns = 4;
constexpr std::size_t kSteps = 5;
constexpr std::size_t kMaxRows = 16384;
constexpr std::size_t kMaxBytes = 16 << 20;
constexpr std::size_t kMinRowsPerComponent = 64;

FitOptions of_short_runs(FitOptions options) {
  options.init = InitMethod::kmeans;
  options.n_init = kRuns;
  options.max_iter = kSteps;
  options.callback = {};
  options.seed = RandomStream(options.seed, Purpose::short_runs).next();  // other clusterings than of later restarts
  return options;
}

std::size_t n_sampled_rows(const Engine& engine, std::size_t n_components) {
  return std::max(std::min(kMaxRows, kMaxBytes / sizeof(double) / engine.n_features()),
                  kMinRowsPerComponent * n_components);
}

Mixture best_of(Engine& engine, const FitOptions& options, const RowFacts& rows, std::size_t& n_seed_rows) {
  FitReport report;
  BestRun best = best_of_restarts(engine, options, rows, FirstStart::one_clustering, report);
  n_seed_rows = report.n_seed_rows;
  return best.loop.take_result().mixture;
}

Mixture best_of_sample(Engine& engine, std::size_t n_rows, const FitOptions& options, const RowFacts& rows,
                       std::size_t& n_seed_rows) {
  const std::vector<std::size_t> outermost =
      outermost_rows(engine, standard_units(engine), options.covariance, n_rows / 4);
  const RowSample sample = sample_rows(engine, n_rows, outermost, options.seed, 0);
  const Dataset sampled(engine.rows(sample.rows), rows.feature_names, sample.weights);
  const auto of_sample = make_engine(sampled, options.n_threads);
  RowFacts facts = rows;  // a prior is that of all rows
  facts.n_distinct = count_distinct_rows(*of_sample, options.n_components);
  return best_of(*of_sample, options, facts, n_seed_rows);
}

}  // namespace

std::optional<Mixture> best_of_short_runs(Engine& engine, const FitOptions& options, const RowFacts& rows,
                                          std::size_t& n_seed_rows) {
  if (options.n_components == 1 || options.max_iter == 0) return std::nullopt;
  const FitOptions brief = of_short_runs(options);
  const std::size_t n_rows = n_sampled_rows(engine, options.n_components);
  try {
    if (engine.n_positive_rows() <= n_rows) return best_of(engine, brief, rows, n_seed_rows);
    return best_of_sample(engine, n_rows, brief, rows, n_seed_rows);
  } catch (const fit_error&) {
  } catch (const invalid_data&) {  // weights that the sample sums to more than a double
  }
  return std::nullopt;
}

}  // namespace mogul
