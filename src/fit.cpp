// The spine: starts -> [ E-step -> stop? -> M-step ]* -> the best model, with its report.

#include "mogul/fit.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/timer.hpp"
#include "em/constant_columns.hpp"
#include "em/effort.hpp"
#include "engine/engine.hpp"
#include "engine/worst_rows.hpp"
#include "mogul/error.hpp"
#include "mogul/interrupt.hpp"
#include "search/fit_result.hpp"
#include "search/restarts.hpp"
#include "search/search.hpp"
#include "start/partition.hpp"

namespace mogul {
namespace {

void check_against_rows(const FitOptions& options, const Engine& engine, const std::vector<std::string>& names) {
  if (options.n_components > engine.n_positive_rows()) {
    throw invalid_argument(fmt::format("n_components = {}; must be at most the number of rows of positive weight, {}",
                                       options.n_components, engine.n_positive_rows()));
  }
  const auto* given = std::get_if<Mixture>(&options.init);
  if (given != nullptr && given->n_features() != engine.n_features()) {
    throw invalid_argument(fmt::format("init: the mixture has {} features; the data have {} columns",
                                       given->n_features(), engine.n_features()));
  }
  check_columns_vary(engine, names, options);
}

BestRun best_run(Engine& engine, const FitOptions& options, const RowFacts& rows, double row, Effort& effort,
                 FitReport& report) {
  if (const auto* search = std::get_if<Search>(&options.init)) {
    return best_of_search(engine, options, *search, rows, row, effort, report);
  }
  return best_of_restarts(engine, options, rows, FirstStart::best_of_short_runs, effort, report);
}

}  // namespace

FitResult fit(const DataView& data, const FitOptions& asked) {
  FitOptions options = asked;
  options.init = start_of(asked);
  check(options);
  FitReport report;
  Effort effort;
  if (options.max_passes) effort.max_passes = static_cast<double>(*options.max_passes);
  std::unique_ptr<Engine> engine;
  std::optional<BestRun> found;
  std::optional<RowFacts> rows;
  double row = 1;
  {
    const Timer timer(effort.seconds.total);
    std::optional<InterruptScope> scope;
    if (options.interrupted) scope.emplace(options.interrupted);
    engine = make_engine(data, options.n_threads);
    const std::vector<std::string> names = data.column_names();
    check_against_rows(options, *engine, names);
    rows = facts_of(*engine, names, options);
    row = row_weight(*engine);
    if (!options.tol) options.gain *= row;
    found = best_run(*engine, options, *rows, row, effort, report);
  }
  return fit_result(*std::move(found), std::move(report), effort, options, engine->n_rows(), row, *rows);
}

}  // namespace mogul
