// The spine: initialise -> [ E-step -> stop? -> M-step ]* -> model, for each restart; the best is kept.

#include "mogul/fit.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <optional>
#include <utility>

#include "em/converge.hpp"
#include "em/m_step.hpp"
#include "em/revive.hpp"
#include "init/initialise.hpp"
#include "kernel/engine.hpp"
#include "model/criteria.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMaxFailures = 100;  // restarts without any success, after which others are not tried

// Adds the seconds of its lifetime.
class Timer {
 public:
  explicit Timer(double& seconds) : seconds_(seconds) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() { seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  double& seconds_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// A mixture and the statistics of the rows under it.
struct Seen {
  Mixture mixture;
  Stats stats;
  std::size_t iteration;

  double log_likelihood() const { return stats.log_likelihood; }
  bool operator>=(const Seen& other) const { return log_likelihood() >= other.log_likelihood(); }
};

// What one restart ends with.
struct Run {
  Seen seen;
  Convergence convergence;
  std::size_t n_revived;
};

Stats e_step(Engine& engine, const Mixture& model, const FitOptions& options, PhaseSeconds& seconds) {
  const Timer timer(seconds.e_step);
  return engine.accumulate(model, moments_for(options.covariance));
}

Mixture m_step(Engine& engine, const Stats& stats, const Mixture& model, const FitOptions& options,
               std::size_t& n_revived, PhaseSeconds& seconds) {
  const Timer timer(seconds.m_step);
  const MStepOptions step{options.covariance, options.reg_covar, options.update};
  const Parameters next = update_parameters(stats, parameters_of(model), step);
  if (lost_digits(stats, next, options.update)) {
    const Stats again = engine.accumulate(model, next.means, stats.moments, Assignment::soft);
    return make_valid(update_parameters(again, next, step), again, step, options.degenerate, engine, n_revived);
  }
  return make_valid(next, stats, step, options.degenerate, engine, n_revived);
}

// The first model: the one given, or the M-step of the initial statistics, which updates everything.
Mixture first_model(Engine& engine, const FitOptions& options, std::size_t restart, std::size_t& n_revived,
                    FitReport& report) {
  const Timer timer(report.seconds.initialise);
  if (const auto* given = std::get_if<Mixture>(&options.init)) return *given;
  const Start start = initialise(engine, options, restart);
  report.n_seed_rows = start.n_seed_rows;
  const Parameters about{options.covariance, std::vector<double>(options.n_components), start.stats.shift, {}};
  const MStepOptions step{options.covariance, options.reg_covar, {}};
  return make_valid(update_parameters(start.stats, about, step), start.stats, step, options.degenerate, engine,
                    n_revived);
}

Run run_em(Engine& engine, const FitOptions& options, std::size_t restart, FitReport& report) {
  std::size_t n_revived = 0;
  Mixture model = first_model(engine, options, restart, n_revived, report);
  Convergence convergence(options, restart);
  std::optional<Seen> previous;
  std::optional<Seen> best;  // before a fall of L, as after a revival: what a cancelled fit returns
  for (;;) {
    Stats stats = e_step(engine, model, options, report.seconds);
    if (previous && stats.log_likelihood < previous->log_likelihood() && !(best && *best >= *previous)) {
      best = std::move(previous);
    }
    if (convergence.stop(model, stats)) {
      Seen last{std::move(model), std::move(stats), convergence.iterations()};
      const bool cancelled = convergence.termination().reason == TerminationReason::cancelled;
      if (!cancelled || !best || !(*best >= last)) return {std::move(last), convergence, n_revived};
      convergence.go_back_to(best->iteration, best->stats);
      return {*std::move(best), convergence, n_revived};
    }
    const std::size_t revived_before = n_revived;
    Mixture next = m_step(engine, stats, model, options, n_revived, report.seconds);
    previous = Seen{std::exchange(model, std::move(next)), std::move(stats), convergence.iterations()};
    if (n_revived > revived_before) convergence.note_revived(n_revived - revived_before);
  }
}

void check_against_data(const FitOptions& options, const Engine& engine) {
  if (options.n_components > engine.n_positive_rows()) {
    throw invalid_argument(fmt::format("n_components = {}; must be at most the number of rows of positive weight, {}",
                                       options.n_components, engine.n_positive_rows()));
  }
  const auto* given = std::get_if<Mixture>(&options.init);
  if (given != nullptr && given->n_features() != engine.n_features()) {
    throw invalid_argument(fmt::format("init: the mixture has {} features; the data have {} columns",
                                       given->n_features(), engine.n_features()));
  }
}

// Components with a direction in which reg_covar makes up half or more of the variance.
std::size_t count_regularised(const Mixture& mixture, const FitOptions& options) {
  if (!options.update.covariances || options.reg_covar == 0) return 0;
  std::size_t count = 0;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    const Matrix factor = mixture.cholesky(k);
    bool any = false;
    for (std::size_t d = 0; d < factor.rows(); ++d) any |= factor(d, d) * factor(d, d) <= 2 * options.reg_covar;
    count += any;
  }
  return count;
}

void fill_report(FitReport& report, const Run& run, const FitOptions& options, const Engine& engine) {
  const Stats& stats = run.seen.stats;
  report.termination = run.convergence.termination();
  report.n_rows = engine.n_rows();
  report.sum_weights = stats.sum_weights;
  report.iterations = run.convergence.iterations();
  report.log_likelihood = stats.log_likelihood;
  report.mean_log_likelihood = stats.log_likelihood / stats.sum_weights;
  report.entropy = stats.entropy;
  report.history = run.convergence.history();
  report.component_sizes = stats.n;
  report.n_parameters = run.seen.mixture.n_parameters();
  const Criteria criteria(stats, report.n_parameters);
  report.aic = criteria.aic;
  report.bic = criteria.bic;
  report.icl = criteria.icl;
  report.n_regularised = count_regularised(run.seen.mixture, options);
  report.n_revived = run.n_revived;
}

Restart summary(const Run& run) {
  return {run.seen.log_likelihood(), run.convergence.iterations(), run.n_revived, run.convergence.termination().reason,
          false};
}

}  // namespace

FitResult fit(const DataView& data, const FitOptions& options) {
  check(options);
  FitReport report;
  std::optional<Run> best;
  std::exception_ptr failure;
  {
    const Timer timer(report.seconds.total);
    const auto engine = make_engine(data, options.n_threads);
    check_against_data(options, *engine);
    for (std::size_t restart = 0; restart < options.n_init; ++restart) {
      try {
        Run run = run_em(*engine, options, restart, report);
        report.restarts.push_back(summary(run));
        const bool cancelled = run.convergence.termination().reason == TerminationReason::cancelled;
        if (!best || run.seen.log_likelihood() > best->seen.log_likelihood()) {
          report.best_restart = restart;
          best.emplace(std::move(run));
        }
        if (cancelled) break;
      } catch (const fit_error&) {
        report.restarts.push_back({.failed = true});
        if (!failure) failure = std::current_exception();
        if (!best && restart + 1 == kMaxFailures) break;
      }
    }
    if (!best) std::rethrow_exception(failure);
    fill_report(report, *best, options, *engine);
  }
  return {std::move(best->seen.mixture), std::move(report)};
}

}  // namespace mogul
