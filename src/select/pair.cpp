#include "select/pair.hpp"

#include <fmt/format.h>

#include <functional>
#include <utility>
#include <vector>

#include "engine/worst_rows.hpp"
#include "search/first_models.hpp"
#include "select/cell.hpp"
#include "select/neighbours.hpp"
#include "start/initialise.hpp"
#include "start/partition.hpp"

namespace mogul {
namespace {

// Twice as many raise the statistics of data sets by 0.3 on average.
constexpr StartCounts kStarts{.standardised = 4, .whitened = 4, .random = 2};
constexpr std::size_t kNeighbours = 3;  // splits and merges that a fit starts from
constexpr int kMostTurns = 3;           // from K + 1 to K and back
constexpr double kBetter = 0.01;        // nats, of rows that weigh 1, that are worth another turn

// Borrows the engine and the options.
class FittingPair {
 public:
  FittingPair(Engine& engine, const FitOptions& options)
      : engine_(engine), options_(options), row_(row_weight(engine)) {}

  Pair run();
  Pair run_from(const std::function<std::vector<CellStart>(const FitOptions& options)>& starts);

 private:
  FitOptions options_of(std::size_t n_components) const;
  SelectionCell unfitted(std::size_t n_components) const;
  Pair unfitted_pair() const;
  std::vector<CellStart> seeded(std::size_t n_components);
  void add_splits(std::vector<CellStart>& starts, const SelectionCell& fewer);
  bool improve(SelectionCell& cell, const std::vector<CellStart>& starts);

  Engine& engine_;
  const FitOptions& options_;
  double row_;
  Effort effort_;
};

FitOptions FittingPair::options_of(std::size_t n_components) const {
  FitOptions options = options_;
  options.n_components = n_components;
  if (!options.tol) options.gain *= row_;
  return options;
}

// With a reason where K is out of question.
SelectionCell FittingPair::unfitted(std::size_t n_components) const {
  SelectionCell cell{n_components, options_.covariance};
  const std::size_t n = count_distinct_rows(engine_, n_components);
  if (n < n_components) cell.reason = fmt::format("more components than different rows, {}", n);
  return cell;
}

std::vector<CellStart> FittingPair::seeded(std::size_t n_components) {
  std::size_t n_passes = 0;
  const StartCounts counts = n_components == 1 ? StartCounts{1, 0, 0} : kStarts;
  std::vector<CellStart> starts;
  for (Stats& stats : first_models(engine_, options_of(n_components), counts, row_, n_passes)) {
    starts.emplace_back(std::move(stats));
  }
  return starts;
}

void FittingPair::add_splits(std::vector<CellStart>& starts, const SelectionCell& fewer) {
  if (!fewer.fit) return;
  const FitOptions options = options_of(fewer.n_components);
  for (Mixture& mixture : with_one_split(engine_, fewer.fit->mixture, options, row_, kNeighbours, effort_)) {
    starts.emplace_back(std::move(mixture));
  }
}

// Whether a higher maximum is found, which the cell then has.
bool FittingPair::improve(SelectionCell& cell, const std::vector<CellStart>& starts) {
  if (starts.empty()) return false;
  SelectionCell other = fit_cell(engine_, options_of(cell.n_components), starts, effort_);
  if (!other.fit) return false;
  if (cell.fit && other.fit->report.log_likelihood < cell.fit->report.log_likelihood + kBetter * row_) return false;
  cell = std::move(other);
  return true;
}

// Before any fit. Where there is a reason, K + 1 has one too.
Pair FittingPair::unfitted_pair() const {
  const std::size_t k = options_.n_components;
  return {unfitted(k), unfitted(k + 1)};
}

Pair FittingPair::run() {
  const std::size_t k = options_.n_components;
  Pair pair = unfitted_pair();
  if (!pair.fewer.reason.empty()) return pair;
  pair.fewer = fit_cell(engine_, options_of(k), seeded(k), effort_);
  if (!pair.more.reason.empty()) return pair;
  std::vector<CellStart> starts = seeded(k + 1);
  add_splits(starts, pair.fewer);
  pair.more = fit_cell(engine_, options_of(k + 1), starts, effort_);
  for (int turn = 0; turn < kMostTurns && k > 1 && pair.more.fit; ++turn) {
    const double sum_weights = pair.more.fit->report.sum_weights;
    std::vector<CellStart> merges;
    for (Mixture& mixture : with_one_merged(pair.more.fit->mixture, sum_weights, kNeighbours)) {
      merges.emplace_back(std::move(mixture));
    }
    if (!improve(pair.fewer, merges)) break;
    std::vector<CellStart> splits;
    add_splits(splits, pair.fewer);
    if (!improve(pair.more, splits)) break;
  }
  return pair;
}

Pair FittingPair::run_from(const std::function<std::vector<CellStart>(const FitOptions& options)>& starts) {
  Pair pair = unfitted_pair();
  for (SelectionCell* cell : {&pair.fewer, &pair.more}) {
    if (!cell->reason.empty()) break;
    const FitOptions options = options_of(cell->n_components);
    *cell = fit_cell(engine_, options, starts(options), effort_);
  }
  return pair;
}

}  // namespace

Pair fit_pair(Engine& engine, const FitOptions& options) { return FittingPair(engine, options).run(); }

Pair fit_pair_from(Engine& engine, const FitOptions& options, InitMethod init) {
  return FittingPair(engine, options).run_from([&](const FitOptions& asked) {
    FitOptions own = asked;
    own.init = init;
    std::vector<CellStart> starts;
    for (Start& start : Initialiser(engine, own).starts(0)) starts.emplace_back(std::move(start.stats));
    return starts;
  });
}

Pair fit_pair_from(Engine& engine, const FitOptions& options, const Mixture& fewer, const Mixture& more) {
  return FittingPair(engine, options).run_from([&](const FitOptions& asked) {
    return std::vector<CellStart>{asked.n_components == fewer.n_components() ? fewer : more};
  });
}

}  // namespace mogul
