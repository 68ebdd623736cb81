#include "uncertainty/replicates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <variant>

#include "base/thread_pool.hpp"
#include "em/run_em.hpp"
#include "mogul/error.hpp"
#include "search/guard.hpp"
#include "start/partition.hpp"
#include "uncertainty/parameter_values.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMaxIterations = 10000;  // EM crawls for families without acceleration

EmOptions options_of_replicates(const FitOptions& options, const Mixture& mixture, double gain) {
  EmOptions em = em_options(options);
  em.covariance = mixture.family();
  em.degenerate = DegeneratePolicy::error;
  em.max_iter = kMaxIterations;
  em.tol.reset();
  em.gain = gain;
  return em;
}

DataView with_weights(const DataView& data, std::span<const double> weights) {
  return std::visit([&](const auto& x) { return DataView(x, weights); }, data.values());
}

struct Outcome {
  std::vector<double> values = {};  // none where it failed
  std::string failure = {};
};

Outcome refit(const Mixture& mixture, const DataView& data, const FitOptions& options, const EmOptions& em) {
  const auto engine = make_engine(data, 1);
  const double row = row_weight(*engine);
  Run run;
  Effort effort;
  std::string failure;
  EmOptions own = em;
  own.gain *= row;
  run.loop.emplace(mixture, own);
  Run* const one = &run;
  run_em(*engine, {&one, 1}, effort);
  if (!run.loop) {
    try {
      std::rethrow_exception(run.failure);
    } catch (const fit_error& error) {
      return {{}, error.what()};
    }
  }
  if (run.loop->is_cancelled()) throw interrupted_error("interrupted");
  if (!run.loop->termination().converged()) return {{}, run.loop->termination().message};
  const EmState& end = run.loop->result();
  if (Guard(*engine, options, row).flags(end)) return {{}, "a component collapsed onto few rows, or two coincide"};
  return {values_of(end.mixture.permuted(matching_order(mixture, end.mixture)))};
}

// Kullback and Leibler's divergence of component i of one mixture from component j of another, times 2 and less D.
double divergence(const Mixture& from, std::size_t i, const Mixture& to, std::size_t j) {
  const std::size_t d = from.n_features();
  const Matrix whitening = to.covariances().whitening(j);
  const Matrix factor = from.cholesky(i);
  double sum = to.log_determinant(j) - from.log_determinant(i);
  for (std::size_t row = 0; row < d; ++row) {
    double shift = 0;
    for (std::size_t l = 0; l <= row; ++l) shift += whitening(row, l) * (from.means()(i, l) - to.means()(j, l));
    sum += shift * shift;
    for (std::size_t col = 0; col <= row; ++col) {
      double element = 0;
      for (std::size_t l = col; l <= row; ++l) element += whitening(row, l) * factor(l, col);
      sum += element * element;
    }
  }
  return sum;
}

}  // namespace

std::vector<std::size_t> matching_order(const Mixture& mixture, const Mixture& other) {
  const std::size_t k = mixture.n_components();
  std::vector<std::size_t> own(k);
  std::iota(own.begin(), own.end(), std::size_t{0});
  std::vector<std::size_t> order(k, k);
  for (std::size_t i = 0; i < k; ++i) {
    std::size_t nearest = i;
    double least = divergence(other, i, mixture, i);
    for (std::size_t j = 0; j < k; ++j) {
      const double here = divergence(other, i, mixture, j);
      if (!(here < least)) continue;
      least = here;
      nearest = j;
    }
    if (order[nearest] != k) return own;
    order[nearest] = i;
  }
  return order;
}

Replicates fit_replicates(const Mixture& mixture, const DataView& data, const ReplicateWeights& weights,
                          const FitOptions& options, double gain,
                          const std::function<void(std::size_t n_done, std::size_t n_replicates)>& progress) {
  const EmOptions em = options_of_replicates(options, mixture, gain);
  std::vector<Outcome> outcomes(weights.size());
  std::mutex telling;
  std::size_t n_done = 0;
  ThreadPool pool(options.n_threads);
  pool.run(outcomes.size(), [&](std::size_t i) {
    const std::vector<double> own = weights.weights(i);
    outcomes[i] = refit(mixture, with_weights(data, own), options, em);
    const std::scoped_lock lock(telling);
    ++n_done;
    if (progress) progress(n_done, outcomes.size());
  });
  Replicates replicates;
  std::vector<double> values;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (outcomes[i].values.empty()) {
      ++replicates.n_failed;
      if (replicates.failure.empty()) replicates.failure = outcomes[i].failure;
      continue;
    }
    replicates.counts.push_back(weights.count(i));
    values.insert(values.end(), outcomes[i].values.begin(), outcomes[i].values.end());
  }
  replicates.values = Matrix(replicates.counts.size(), n_values(mixture), std::move(values));
  return replicates;
}

}  // namespace mogul
