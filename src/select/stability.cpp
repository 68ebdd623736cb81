#include "select/stability.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include "base/random.hpp"
#include "base/thread_pool.hpp"
#include "engine/engine.hpp"
#include "mogul/error.hpp"
#include "mogul/interrupt.hpp"
#include "mogul/score.hpp"
#include "search/restarts.hpp"
#include "start/partition.hpp"

namespace mogul {
namespace {

using RunLabels = std::vector<std::vector<std::int32_t>>;  // of each K; none where the fit failed

// With a halo: one below the least, where there is one, and one above the most.
std::vector<std::size_t> with_halo(const std::vector<std::size_t>& n_components) {
  std::vector<std::size_t> all = n_components;
  if (all.front() > 1) all.insert(all.begin(), all.front() - 1);
  all.push_back(all.back() + 1);
  return all;
}

// Runs of one family.
class Runs {
 public:
  Runs(const DataView& data, const SelectOptions& options, const CovarianceFamily& family, FitsDone& done);

  void fit_all();
  /// Of the K at this place of with_halo().
  std::optional<Stability> at(std::size_t place) const;

 private:
  std::vector<std::int32_t> labels_of(std::size_t run, std::size_t k, unsigned n_threads) const;
  void compare(std::size_t run, std::size_t place);

  const DataView& data_;
  const SelectOptions& options_;
  const CovarianceFamily& family_;
  FitsDone& done_;
  std::vector<std::size_t> n_components_;
  std::vector<double> weights_;  // in units of row_weight()
  std::vector<RunLabels> runs_;
  std::vector<std::vector<double>> similarities_;  // of each K and the next one
};

Runs::Runs(const DataView& data, const SelectOptions& options, const CovarianceFamily& family, FitsDone& done)
    : data_(data), options_(options), family_(family), done_(done), n_components_(with_halo(options.n_components)) {
  if (data.weighted()) {
    const double row = row_weight(*make_engine(data, options.fit.n_threads));
    for (const double weight : data.weights()) weights_.push_back(weight / row);
  }
  runs_.assign(options.n_runs, RunLabels(n_components_.size()));
  similarities_.resize(n_components_.size() - 1);
}

std::vector<std::int32_t> Runs::labels_of(std::size_t run, std::size_t k, unsigned n_threads) const {
  FitOptions fit = options_of({.n_components = k, .covariance = family_}, options_);
  fit.init = options_.init.value_or(InitMethod::random_from_data);
  fit.seed = RandomStream(options_.fit.seed, Purpose::runs, run, k).next();
  fit.n_threads = n_threads;
  const auto engine = make_engine(data_, n_threads);
  std::vector<std::int32_t> found;
  if (k > engine->n_positive_rows()) return found;
  try {
    const RowFacts rows = facts_of(*engine, {}, fit);
    Effort effort;
    FitReport report;
    if (!fit.tol) fit.gain *= row_weight(*engine);
    const BestRun best = best_of_restarts(*engine, fit, rows, FirstStart::one_clustering, effort, report);
    if (best.ended_by_caller) throw interrupted_error("interrupted");
    found = labels(best.loop.result().mixture, data_, n_threads);
  } catch (const fit_error&) {  // a component collapses
  }
  return found;
}

void Runs::fit_all() {
  const bool one_each = has_few_values(data_);
  ThreadPool pool(one_each ? options_.fit.n_threads : 1);
  const std::size_t n_k = n_components_.size();
  pool.run(options_.n_runs * n_k, [&](std::size_t task) {
    const std::size_t k = n_components_[task % n_k];
    runs_[task / n_k][task % n_k] = labels_of(task / n_k, k, one_each ? 1 : options_.fit.n_threads);
    done_.add({.n_components = k, .covariance = family_, .reason = fmt::format("run {}", task / n_k + 1)});
  });
  for (std::size_t run = 1; run < options_.n_runs; ++run) {
    for (std::size_t place = 0; place + 1 < n_k; ++place) compare(run, place);
  }
}

void Runs::compare(std::size_t run, std::size_t place) {
  const auto& own = runs_[run][place];
  for (std::size_t earlier = 0; earlier < run && !own.empty(); ++earlier) {
    const auto& other = runs_[earlier][place + 1];
    if (!other.empty()) similarities_[place].push_back(fowlkes_mallows(own, other, weights_));
  }
}

std::optional<Stability> Runs::at(std::size_t place) const {
  if (place == 0 || similarities_[place].empty() || similarities_[place - 1].empty()) return std::nullopt;
  std::vector<double> all = similarities_[place];
  all.insert(all.end(), similarities_[place - 1].begin(), similarities_[place - 1].end());
  const auto n = static_cast<double>(all.size());
  const double mean = std::accumulate(all.begin(), all.end(), 0.0) / n;
  double squares = 0;
  for (const double value : all) squares += (value - mean) * (value - mean);
  return Stability{mean, std::sqrt(squares / n), all.size()};
}

}  // namespace

double fowlkes_mallows(std::span<const std::int32_t> a, std::span<const std::int32_t> b,
                       std::span<const double> weights) {
  const auto n_a = 1 + static_cast<std::size_t>(std::ranges::max(a));
  const auto n_b = 1 + static_cast<std::size_t>(std::ranges::max(b));
  Matrix counts(n_a, n_b);
  for (std::size_t n = 0; n < a.size(); ++n) {
    counts(static_cast<std::size_t>(a[n]), static_cast<std::size_t>(b[n])) += weights.empty() ? 1 : weights[n];
  }
  std::vector<double> of_a(n_a);
  std::vector<double> of_b(n_b);
  double all = 0;
  double both = 0;
  for (std::size_t i = 0; i < n_a; ++i) {
    for (std::size_t j = 0; j < n_b; ++j) {
      of_a[i] += counts(i, j);
      of_b[j] += counts(i, j);
      all += counts(i, j);
      both += counts(i, j) * counts(i, j);
    }
  }
  const auto pairs = [all](const std::vector<double>& sizes) {
    return std::inner_product(sizes.begin(), sizes.end(), sizes.begin(), 0.0) - all;
  };
  both -= all;
  if (both <= 0) return 0;
  return std::sqrt(both / pairs(of_a)) * std::sqrt(both / pairs(of_b));
}

void check_runs(const SelectOptions& options) {
  if (options.n_runs < 2) {
    throw invalid_argument(
        fmt::format("n_runs = {}; must be 2 or more: stability compares runs with each other", options.n_runs));
  }
  if (options.init == InitMethod::hierarchical) {
    throw invalid_argument(
        "init = hierarchical: every run would be the same; stability needs a start that draws, such as "
        "random_from_data or kmeans");
  }
}

std::size_t n_fits_of_runs(const SelectOptions& options) {
  return options.covariances.size() * options.n_runs * with_halo(options.n_components).size();
}

void measure_stability(const DataView& data, const SelectOptions& options, FitTable& table, FitsDone& done) {
  const std::size_t n_families = options.covariances.size();
  std::optional<InterruptScope> scope;
  if (options.fit.interrupted) scope.emplace(options.fit.interrupted);
  const std::size_t first = options.n_components.front() > 1 ? 1 : 0;  // place of the least K
  for (std::size_t family = 0; family < n_families; ++family) {
    Runs runs(data, options, options.covariances[family], done);
    try {
      if (!table.is_interrupted) runs.fit_all();
    } catch (const interrupted_error&) {
      table.is_interrupted = true;
    }
    for (std::size_t row = 0; row < options.n_components.size(); ++row) {
      SelectionCell& cell = table.cells[row * n_families + family];
      if (!cell.fit) continue;
      if (!table.is_interrupted) cell.stability = runs.at(row + first);
      if (cell.stability) continue;
      cell.reason = table.is_interrupted     ? "interrupted before its runs were done"
                    : cell.n_components == 1 ? "one component has no neighbour with fewer"
                                             : "in every run of it or of a neighbour a component collapses";
    }
  }
}

}  // namespace mogul
