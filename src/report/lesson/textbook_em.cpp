#include "report/lesson/textbook_em.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/check_interrupted.hpp"
#include "mogul/gradient.hpp"
#include "mogul/score.hpp"
#include "report/parameter_table.hpp"

namespace mogul {
namespace {

void note_parameters(EmRun& run, const Mixture& mixture) {
  run.weights.push_back(mixture.weights());
  run.means.push_back(mixture.means().values());
  std::vector<double> variances;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    for (std::size_t d = 0; d < mixture.n_features(); ++d) variances.push_back(mixture.variance(k, d));
  }
  run.variances.push_back(std::move(variances));
}

void note_covariances(EmRun& run, const Mixture& mixture) {
  std::vector<double> covariances;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    const Matrix sigma = mixture.covariance(k);
    for (std::size_t i = 0; i < sigma.rows(); ++i) {
      for (std::size_t j = i + 1; j < sigma.cols(); ++j) covariances.push_back(sigma(i, j));
    }
  }
  run.covariances.push_back(std::move(covariances));
}

// NaN where a derivative exceeds the range of double.
double largest_scaled_gradient(const EmStep& step) {
  try {
    return log_likelihood_gradient(step.stats, step.mixture).largest_scaled;
  } catch (const invalid_argument&) {
    return std::numeric_limits<double>::quiet_NaN();
  }
}

// Whether the last iteration left L as it was, or L has gone through values that it had before: where rounding decides
// the last digit, it may go to and fro for ever.
bool is_at_rest(std::span<const double> log_likelihood) {
  constexpr std::size_t kPatience = 10;  // iterations without a new highest L
  const std::size_t n = log_likelihood.size();
  if (log_likelihood[n - 1] == log_likelihood[n - 2]) return true;
  if (n <= kPatience) return false;
  const auto recent = log_likelihood.last(kPatience);
  return std::ranges::max(recent) <= std::ranges::max(log_likelihood.first(n - kPatience));
}

bool is_kept(std::size_t iteration) { return iteration == 0 || iteration == 1 || iteration == 10; }

// Not maximise(), which loses digits where a start lies far from the rows.
Mixture next_mixture(const Mixture& mixture, const DataView& data, unsigned n_threads) {
  return maximise(mixture, data, responsibilities(mixture, data, n_threads).view(), {}, n_threads);
}

// Empty while EM goes on.
std::string why_to_stop(const EmRun& run, const EmStep& step, std::size_t max_iter, double tol) {
  const std::size_t n = run.log_likelihood.size();
  if (n > 1) {
    const double change = (run.log_likelihood[n - 1] - run.log_likelihood[n - 2]) / step.stats.sum_weights;
    if (std::abs(change) < tol) {
      return fmt::format("EM converged: the mean log-likelihood changed by {:.2g}, less than {:g}.", change, tol);
    }
    if (is_at_rest(run.log_likelihood)) return "EM converged: the log-likelihood no longer rises.";
  }
  if (step.iteration < max_iter) return {};
  return fmt::format("EM stopped at max_iter = {}, before it converged.", max_iter);
}

}  // namespace

// The advice after the last semicolon is about options of fit(), which a lesson does not have.
std::string why_em_ends(const fit_error& error) {
  const std::string text = error.what();
  return fmt::format(
      "{}. Nothing keeps textbook EM from letting a component close in on a single row, where the likelihood grows "
      "without bound, or lose all its rows; another start may avoid it",
      text.substr(0, text.rfind("; ")));
}

EmRun textbook_em(const Mixture& start, const DataView& data, std::size_t max_iter, double tol, unsigned n_threads,
                  bool keep_covariances) {
  EmRun run;
  EmStep step{0, start, accumulate(start, data, n_threads)};
  for (;;) {
    check_interrupted();
    run.log_likelihood.push_back(step.stats.log_likelihood);
    note_parameters(run, step.mixture);
    if (keep_covariances && has_matrices(start.family())) note_covariances(run, step.mixture);
    run.sizes.push_back(step.stats.n);
    run.gradient.push_back(largest_scaled_gradient(step));
    if (is_kept(step.iteration)) run.kept.push_back(step);
    run.end = why_to_stop(run, step, max_iter, tol);
    if (!run.end.empty()) break;
    try {
      Mixture next = next_mixture(step.mixture, data, n_threads);
      Stats stats = accumulate(next, data, n_threads);
      step = {step.iteration + 1, std::move(next), std::move(stats)};
    } catch (const fit_error& error) {
      run.end = fmt::format("EM stopped before iteration {}: {}.", step.iteration + 1, why_em_ends(error));
      run.failed = true;
      break;
    }
  }
  if (run.kept.back().iteration != step.iteration) run.kept.push_back(std::move(step));
  return run;
}

}  // namespace mogul
