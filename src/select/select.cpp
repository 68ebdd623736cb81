// The table of a selection, row by row: up, where a cell starts from the one with fewer components, and down again.
#include "mogul/select.hpp"

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
#include "mogul/threads.hpp"
#include "select/cell.hpp"
#include "select/neighbours.hpp"
#include "select/nesting.hpp"
#include "start/hierarchy.hpp"
#include "start/partition.hpp"

namespace mogul {
namespace {

constexpr std::size_t kNeighbours = 2;        // of each kind that a cell starts from
constexpr double kBetter = 0.01;              // nats, of rows that weigh 1, that are worth another model
constexpr std::size_t kMostShared = 1 << 17;  // values of the rows, above which a pass has work for all threads
constexpr std::string_view kNotReached = "interrupted before this cell";

// What the cells share.
class Selecting {
 public:
  Selecting(const DataView& data, const SelectOptions& options);
  Selection run();

 private:
  std::size_t n_families() const { return options_.covariances.size(); }
  SelectionCell& cell(std::size_t row, std::size_t family) { return cells_[row * n_families() + family]; }
  Effort& effort(std::size_t row, std::size_t family) { return efforts_[row * n_families() + family]; }
  const FitResult* fit_at(std::size_t row, std::size_t family, std::size_t n_components);
  FitOptions options_of(const SelectionCell& cell) const;
  bool can_be_fitted(SelectionCell& cell, std::size_t family);

  void sweep_up();
  void sweep_down();
  void for_each_family(const std::function<void(std::size_t family, Engine& engine)>& visit);
  std::vector<CellStart> starts_from_below(Engine& engine, std::size_t row, std::size_t family);
  std::vector<CellStart> starts_from_above(std::size_t row, std::size_t family);
  void add_narrower(std::vector<CellStart>& starts, std::size_t row, std::size_t family, double above);
  void tell(const SelectionCell& cell);

  const DataView& data_;
  SelectOptions options_;
  std::unique_ptr<Engine> engine_;
  double row_ = 1;
  std::optional<HierarchicalStart> tree_;
  std::vector<SelectionCell> cells_;
  std::vector<Effort> efforts_;  // of each cell, both ways
  std::size_t n_done_ = 0;
  std::mutex telling_;
};

Selecting::Selecting(const DataView& data, const SelectOptions& options)
    : data_(data), options_(options), engine_(make_engine(data, options.fit.n_threads)) {
  std::ranges::sort(options_.n_components);
  options_.n_components.erase(std::unique(options_.n_components.begin(), options_.n_components.end()),
                              options_.n_components.end());
  if (options_.n_components.empty())
    throw invalid_argument("n_components: no value; name one number of components or more");
  if (options_.n_components.front() == 0) throw invalid_argument("n_components = 0; must be 1 or more");
  if (options_.covariances.empty()) throw invalid_argument("covariances: no value; name one family or more");
  for (const std::size_t k : options_.n_components) {
    for (const CovarianceFamily& family : options_.covariances)
      cells_.push_back({k, family, {}, std::string(kNotReached)});
  }
  efforts_.resize(cells_.size());
  row_ = row_weight(*engine_);
  if (!options_.fit.tol) options_.fit.gain *= row_;
  FitOptions first = options_of(cells_.front());
  first.n_components = 1;
  check(first);
  check_columns_vary(*engine_, data.column_names(), first);
}

FitOptions Selecting::options_of(const SelectionCell& cell) const {
  FitOptions options = options_.fit;
  options.n_components = cell.n_components;
  options.covariance = cell.covariance;
  options.init = Search::standard;
  options.n_init = 1;
  options.hold = {.equal_weights = options.hold.equal_weights};
  options.max_passes.reset();
  options.callback = {};
  return options;
}

// Else the cell has a reason.
bool Selecting::can_be_fitted(SelectionCell& cell, std::size_t family) {
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

const FitResult* Selecting::fit_at(std::size_t row, std::size_t family, std::size_t n_components) {
  if (row >= options_.n_components.size() || options_.n_components[row] != n_components) return nullptr;
  const auto& fit = cell(row, family).fit;
  return fit ? &*fit : nullptr;
}

// Of few rows a pass has work for one thread, so families are shared out among them. Narrower families come first.
void Selecting::for_each_family(const std::function<void(std::size_t family, Engine& engine)>& visit) {
  const bool one_each = engine_->n_rows() * engine_->n_features() < kMostShared;
  ThreadPool pool(one_each ? options_.fit.n_threads : 1);
  for (const std::vector<std::size_t>& group : by_width(options_.covariances)) {
    pool.run(group.size(), [&](std::size_t i) {
      if (!one_each) return visit(group[i], *engine_);
      visit(group[i], *make_engine(data_, 1));
    });
  }
}

// The ends of narrower families, if they are higher than that.
void Selecting::add_narrower(std::vector<CellStart>& starts, std::size_t row, std::size_t family, double above) {
  for (const std::size_t narrower : widest_within(options_.covariances, family)) {
    const FitResult* end = fit_at(row, narrower, options_.n_components[row]);
    if (end != nullptr && end->report.log_likelihood > above) starts.emplace_back(end->mixture);
  }
}

std::vector<CellStart> Selecting::starts_from_below(Engine& engine, std::size_t row, std::size_t family) {
  const std::size_t k = options_.n_components[row];
  const FitOptions options = options_of(cell(row, family));
  std::vector<CellStart> starts{tree_->stats(k, options.covariance.moments())};
  add_narrower(starts, row, family, -std::numeric_limits<double>::infinity());
  const FitResult* fewer = row > 0 ? fit_at(row - 1, family, k - 1) : nullptr;
  if (fewer == nullptr) return starts;
  for (Mixture& mixture : with_one_split(engine, fewer->mixture, options, row_, kNeighbours, effort(row, family))) {
    starts.emplace_back(std::move(mixture));
  }
  return starts;
}

std::vector<CellStart> Selecting::starts_from_above(std::size_t row, std::size_t family) {
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

void Selecting::tell(const SelectionCell& cell) {
  const std::scoped_lock lock(telling_);
  n_done_ = std::min(n_done_ + 1, cells_.size());
  if (options_.progress) options_.progress(cell, n_done_, cells_.size());
}

void Selecting::sweep_up() {
  for (std::size_t row = 0; row < options_.n_components.size(); ++row) {
    for_each_family([&](std::size_t family, Engine& engine) {
      SelectionCell& own = cell(row, family);
      if (can_be_fitted(own, family)) {
        own = fit_cell(engine, options_of(own), starts_from_below(engine, row, family), effort(row, family));
      }
      tell(own);
    });
  }
}

void Selecting::sweep_down() {
  for (std::size_t row = options_.n_components.size(); row-- > 0;) {
    for_each_family([&](std::size_t family, Engine& engine) {
      SelectionCell& own = cell(row, family);
      const std::vector<CellStart> starts = starts_from_above(row, family);
      if (starts.empty() || !can_be_fitted(own, family)) return;
      SelectionCell other = fit_cell(engine, options_of(own), starts, effort(row, family));
      if (!other.fit) return;
      if (own.fit && other.fit->report.log_likelihood < own.fit->report.log_likelihood + kBetter * row_) return;
      own = std::move(other);
      tell(own);
    });
  }
}

Selection Selecting::run() {
  Selection selection{{}, {}, options_.criterion, false};
  try {
    std::optional<InterruptScope> scope;
    if (options_.fit.interrupted) scope.emplace(options_.fit.interrupted);
    const std::size_t most = std::min(options_.n_components.back(), engine_->n_positive_rows());
    tree_.emplace(*engine_, most, options_.fit.seed, options_.fit.n_threads);
    sweep_up();
    sweep_down();
  } catch (const interrupted_error&) {
    selection.is_interrupted = true;
  }
  selection.cells = std::move(cells_);
  for (std::size_t i = 0; i < selection.cells.size(); ++i) {
    if (!selection.cells[i].fit) continue;
    FitReport& report = selection.cells[i].fit->report;
    report.passes_by_phase = efforts_[i].passes;
    report.passes = efforts_[i].passes.total();
    report.seconds = efforts_[i].seconds;
    const double value = value_of(selection.cells[i], options_.criterion);
    if (!std::isfinite(value)) continue;
    if (!selection.best || value < value_of(selection.cells[*selection.best], options_.criterion)) selection.best = i;
  }
  return selection;
}

}  // namespace

Selection select(const DataView& data, const SelectOptions& options) { return Selecting(data, options).run(); }

}  // namespace mogul
