// The table of a selection, row by row: up, where a cell starts from the one with fewer components, and down again.
#include "select/fit_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <mutex>
#include <numeric>
#include <utility>

#include "base/thread_pool.hpp"
#include "em/constant_columns.hpp"
#include "mogul/error.hpp"
#include "mogul/interrupt.hpp"
#include "search/search.hpp"
#include "select/cell.hpp"
#include "select/neighbours.hpp"
#include "select/nesting.hpp"
#include "start/hierarchy.hpp"
#include "start/initialise.hpp"
#include "start/partition.hpp"

namespace mogul {
namespace {

constexpr std::size_t kNeighbours = 2;        // of each kind that a cell starts from
constexpr double kBetter = 0.01;              // nats, of rows that weigh 1, that are worth another model
constexpr std::size_t kMostShared = 1 << 17;  // values of the rows, above which a pass has work for all threads
constexpr double kSameRows = 1e-5;            // relative difference of log-likelihoods: some are of float lanes
constexpr std::string_view kNotReached = "interrupted before this fit";

// What the cells share.
class Filling {
 public:
  Filling(const DataView& data, const SelectOptions& options, FitsDone& done);
  FitTable run();

 private:
  std::size_t n_families() const { return options_.covariances.size(); }
  SelectionCell& cell(std::size_t row, std::size_t family) { return cells_[row * n_families() + family]; }
  Effort& effort(std::size_t row, std::size_t family) { return efforts_[row * n_families() + family]; }
  const FitResult* fit_at(std::size_t row, std::size_t family, std::size_t n_components);
  FitOptions options_of(const SelectionCell& cell) const { return mogul::options_of(cell, options_); }
  bool can_be_fitted(SelectionCell& cell, std::size_t family);
  bool is_known(std::size_t row, std::size_t family, Engine& engine);

  void sweep_up();
  void sweep_down();
  void for_each_family(const std::function<void(std::size_t family, Engine& engine)>& visit);
  std::vector<CellStart> own_starts(Engine& engine, std::size_t row, std::size_t family);
  std::vector<CellStart> starts_from_below(Engine& engine, std::size_t row, std::size_t family);
  std::vector<CellStart> starts_from_above(std::size_t row, std::size_t family);
  void add_narrower(std::vector<CellStart>& starts, std::size_t row, std::size_t family, double above);

  const DataView& data_;
  SelectOptions options_;
  FitsDone& done_;
  std::unique_ptr<Engine> engine_;
  double row_ = 1;
  std::optional<HierarchicalStart> tree_;
  std::vector<SelectionCell> cells_;
  std::vector<Effort> efforts_;  // of each cell, both ways
};

Filling::Filling(const DataView& data, const SelectOptions& options, FitsDone& done)
    : data_(data), options_(options), done_(done), engine_(make_engine(data, options.fit.n_threads)) {
  for (const std::size_t k : options_.n_components) {
    for (const CovarianceFamily& family : options_.covariances)
      cells_.push_back({.n_components = k, .covariance = family, .reason = std::string(kNotReached)});
  }
  efforts_.resize(cells_.size());
  row_ = row_weight(*engine_);
  if (!options_.fit.tol) options_.fit.gain *= row_;
  FitOptions first = options_of(cells_.front());
  first.n_components = 1;
  first.init = options_.init.value_or(InitMethod::hierarchical);
  check(first);
  check_columns_vary(*engine_, data.column_names(), first);
}

// Else the cell has a reason.
bool Filling::can_be_fitted(SelectionCell& cell, std::size_t family) {
  const std::size_t same =
      engine_->n_features() == 1 ? first_same_in_one_dimension(options_.covariances, family) : family;
  if (cell.n_components > engine_->n_positive_rows()) {
    cell.reason = fmt::format("more components than rows of positive weight, {}", engine_->n_positive_rows());
  } else if (same != family) {
    cell.reason = fmt::format("the same as {}, as there is one feature", options_.covariances[same].name);
  } else {
    try {
      check(options_of(cell));
      return true;
    } catch (const invalid_argument& error) {
      cell.reason = error.what();
    }
  }
  return false;
}

const FitResult* Filling::fit_at(std::size_t row, std::size_t family, std::size_t n_components) {
  if (row >= options_.n_components.size() || options_.n_components[row] != n_components) return nullptr;
  const auto& fit = cell(row, family).fit;
  return fit ? &*fit : nullptr;
}

// Narrower families come first.
void Filling::for_each_family(const std::function<void(std::size_t family, Engine& engine)>& visit) {
  const bool one_each = has_few_values(data_);
  ThreadPool pool(one_each ? options_.fit.n_threads : 1);
  for (const std::vector<std::size_t>& group : by_width(options_.covariances)) {
    pool.run(group.size(), [&](std::size_t i) {
      if (!one_each) return visit(group[i], *engine_);
      visit(group[i], *make_engine(data_, 1));
    });
  }
}

// The ends of narrower families, if they are higher than that.
void Filling::add_narrower(std::vector<CellStart>& starts, std::size_t row, std::size_t family, double above) {
  for (const std::size_t narrower : widest_within(options_.covariances, family)) {
    const FitResult* end = fit_at(row, narrower, options_.n_components[row]);
    if (end != nullptr && end->report.log_likelihood > above) starts.emplace_back(end->mixture);
  }
}

// Of the clusters that the hierarchy has, or of other starts that the caller prefers, and of a search.
std::vector<CellStart> Filling::own_starts(Engine& engine, std::size_t row, std::size_t family) {
  FitOptions options = options_of(cell(row, family));
  std::vector<CellStart> starts;
  if (!options_.init) {
    starts.emplace_back(tree_->stats(options.n_components, options.covariance.moments()));
  } else {
    options.init = *options_.init;
    Initialiser initialiser(engine, options);
    for (std::size_t i = 0; i < options_.fit.n_init; ++i) {
      for (Start& start : initialiser.starts(i)) starts.emplace_back(std::move(start.stats));
    }
  }
  if (options_.search == Search::none) return starts;
  options.init = options_.search;
  const RowFacts rows = facts_of(engine, {}, options);
  FitReport report;
  try {
    const BestRun best = best_of_search(engine, options, options_.search, rows, row_, effort(row, family), report);
    if (best.ended_by_caller) throw interrupted_error("interrupted");
    starts.emplace_back(best.loop.result().mixture);
  } catch (const fit_error&) {  // every start collapses
  }
  return starts;
}

std::vector<CellStart> Filling::starts_from_below(Engine& engine, std::size_t row, std::size_t family) {
  const std::size_t k = options_.n_components[row];
  std::vector<CellStart> starts = own_starts(engine, row, family);
  add_narrower(starts, row, family, -std::numeric_limits<double>::infinity());
  const FitResult* fewer = row > 0 ? fit_at(row - 1, family, k - 1) : nullptr;
  if (fewer == nullptr) return starts;
  const FitOptions options = options_of(cell(row, family));
  for (Mixture& mixture : with_one_split(engine, fewer->mixture, options, row_, kNeighbours, effort(row, family))) {
    starts.emplace_back(std::move(mixture));
  }
  return starts;
}

std::vector<CellStart> Filling::starts_from_above(std::size_t row, std::size_t family) {
  const std::size_t k = options_.n_components[row];
  std::vector<CellStart> starts;
  const auto& own = cell(row, family).fit;
  add_narrower(starts, row, family,
               own ? own->report.log_likelihood + kBetter * row_ : -std::numeric_limits<double>::infinity());
  const FitResult* more = fit_at(row + 1, family, k + 1);
  if (more == nullptr) return starts;
  for (Mixture& mixture : with_one_merged(more->mixture, more->report.sum_weights, kNeighbours)) {
    starts.emplace_back(std::move(mixture));
  }
  return starts;
}

// A fit that the caller has already, if it is of these rows.
bool Filling::is_known(std::size_t row, std::size_t family, Engine& engine) {
  SelectionCell& own = cell(row, family);
  const auto known = std::ranges::find_if(options_.known, [&](const KnownFit& fit) {
    return fit.mixture.n_components() == own.n_components && fit.mixture.family() == own.covariance;
  });
  if (known == options_.known.end()) return false;
  const std::string name = fmt::format("{} {}", own.covariance.name, own.n_components);
  if (known->mixture.n_features() != engine.n_features()) {
    throw invalid_argument(fmt::format("known: the fit {} has {} features; the data have {} columns", name,
                                       known->mixture.n_features(), engine.n_features()));
  }
  Stats stats = engine.accumulate(row_model(known->mixture), own.covariance.moments());
  const double told = known->report.log_likelihood;
  if (!(std::abs(stats.log_likelihood - told) <= kSameRows * (1 + std::abs(told)))) {
    throw invalid_argument(
        fmt::format("known: the fit {} is of other rows: the log-likelihood of these is {:.10g}, in its report {:.10g}",
                    name, stats.log_likelihood, told));
  }
  effort(row, family).passes = known->report.passes_by_phase;
  effort(row, family).seconds = known->report.seconds;
  own.fit = FitResult{known->mixture, known->report, std::move(stats)};
  own.reason.clear();
  return true;
}

void Filling::sweep_up() {
  for (std::size_t row = 0; row < options_.n_components.size(); ++row) {
    for_each_family([&](std::size_t family, Engine& engine) {
      SelectionCell& own = cell(row, family);
      if (can_be_fitted(own, family) && !is_known(row, family, engine)) {
        own = fit_cell(engine, options_of(own), starts_from_below(engine, row, family), effort(row, family));
      }
      done_.add(own);
    });
  }
}

void Filling::sweep_down() {
  for (std::size_t row = options_.n_components.size(); row-- > 0;) {
    for_each_family([&](std::size_t family, Engine& engine) {
      SelectionCell& own = cell(row, family);
      const std::vector<CellStart> starts = starts_from_above(row, family);
      if (starts.empty() || !can_be_fitted(own, family)) return;
      SelectionCell other = fit_cell(engine, options_of(own), starts, effort(row, family));
      if (!other.fit) return;
      if (own.fit && other.fit->report.log_likelihood < own.fit->report.log_likelihood + kBetter * row_) return;
      own = std::move(other);
      done_.add_bettered(own);
    });
  }
}

FitTable Filling::run() {
  FitTable table;
  try {
    std::optional<InterruptScope> scope;
    if (options_.fit.interrupted) scope.emplace(options_.fit.interrupted);
    if (!options_.init) {
      const std::size_t most = std::min(options_.n_components.back(), engine_->n_positive_rows());
      tree_.emplace(*engine_, most, options_.fit.seed, options_.fit.n_threads);
    }
    sweep_up();
    sweep_down();
  } catch (const interrupted_error&) {
    table.is_interrupted = true;
  }
  table.cells = std::move(cells_);
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    if (!table.cells[i].fit) continue;
    FitReport& report = table.cells[i].fit->report;
    report.passes_by_phase = efforts_[i].passes;
    report.passes = efforts_[i].passes.total();
    report.seconds = efforts_[i].seconds;
  }
  return table;
}

}  // namespace

void FitsDone::tell(const SelectionCell& cell, std::size_t n_more) {
  const std::scoped_lock lock(telling_);
  n_done_ += n_more;
  if (options_.progress) options_.progress(cell, n_done_, n_fits_);
}

FitTable fit_table(const DataView& data, const SelectOptions& options, FitsDone& done) {
  return Filling(data, options, done).run();
}

FitOptions options_of(const SelectionCell& cell, const SelectOptions& options) {
  FitOptions fit = options.fit;
  fit.n_components = cell.n_components;
  fit.covariance = cell.covariance;
  fit.init = Search::standard;
  if (!options.init) fit.n_init = 1;
  fit.hold = {.equal_weights = options.fit.hold.equal_weights};
  fit.max_passes.reset();
  fit.callback = {};
  return fit;
}

bool has_few_values(const DataView& data) { return data.rows() * data.cols() < kMostShared; }

}  // namespace mogul
