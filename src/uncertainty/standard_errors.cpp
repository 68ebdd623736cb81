// Standard errors and intervals: the observed information, or what replicates of the fit say.
#include "mogul/standard_errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "mogul/error.hpp"
#include "mogul/interrupt.hpp"
#include "search/restarts.hpp"
#include "uncertainty/information.hpp"
#include "uncertainty/intervals.hpp"
#include "uncertainty/parameter_values.hpp"
#include "uncertainty/replicates.hpp"

namespace mogul {
namespace {

// Nats that fits of replicates may leave, a hundred times what they do. Estimates without one row differ by a share of
// a standard error only, of which the jackknife needs some digits.
constexpr double kGainOfBootstrap = 1e-4;
constexpr double kGainOfJackknife = 1e-8;

constexpr std::size_t kMostReplicates = 1000000;  // whose estimates are kept for percentiles

bool is_bootstrap(StandardErrorMethod method) {
  return method == StandardErrorMethod::bootstrap || method == StandardErrorMethod::weighted_bootstrap;
}

// What the mixture was fitted with, as the replicates are.
FitOptions options_for(const Mixture& mixture, const DataView& data, const FitOptions& asked) {
  FitOptions options = asked;
  options.n_components = mixture.n_components();
  options.covariance = mixture.family();
  options.init = mixture;
  options.n_init = 1;
  check(options);
  if (!options.prior) return options;
  const auto engine = make_engine(data, options.n_threads);
  options.prior = completed(*options.prior, mixture.family(), mixture.n_components(), mixture.n_features(),
                            facts_of(*engine, data.column_names(), options));
  return options;
}

// sqrt((m - 1) / m sum_i c_i (theta_i - mean)^2), m the number of rows, of which c_i are equal.
std::vector<double> jackknife_errors(const Replicates& replicates) {
  double m = 0;
  std::vector<double> means(replicates.values.cols());
  for (std::size_t i = 0; i < replicates.counts.size(); ++i) {
    m += replicates.counts[i];
    for (std::size_t j = 0; j < means.size(); ++j) {
      means[j] += replicates.counts[i] * (replicates.values(i, j) - replicates.values(0, j));
    }
  }
  std::vector<double> errors(means.size());
  for (std::size_t i = 0; i < replicates.counts.size(); ++i) {
    for (std::size_t j = 0; j < means.size(); ++j) {
      const double away = replicates.values(i, j) - replicates.values(0, j) - means[j] / m;
      errors[j] += replicates.counts[i] * away * away;
    }
  }
  for (double& error : errors) error = std::sqrt((m - 1) / m * error);
  return errors;
}

void set(StandardErrors& out, const Mixture& mixture, const std::vector<double>& errors, const Interval& interval) {
  out.standard_error = values_from(errors, mixture);
  out.lower = values_from(interval.lower, mixture);
  out.upper = values_from(interval.upper, mixture);
}

void set_by_information(StandardErrors& out, const Mixture& mixture, const DataView& data, const FitOptions& options) {
  const auto engine = make_engine_for(mixture, data, 1);
  const std::vector<double> errors = errors_by_information(*engine, mixture, options);
  set(out, mixture, errors, normal_interval(mixture, errors, out.level));
}

void set_by_replicates(StandardErrors& out, const Mixture& mixture, const DataView& data, const FitOptions& options,
                       const StandardErrorOptions& asked) {
  make_engine_for(mixture, data, options.n_threads);  // the checks of the rows
  const ReplicateWeights weights(data, asked.method, asked.n_bootstrap, options.seed);
  const double gain = is_bootstrap(asked.method) ? kGainOfBootstrap : kGainOfJackknife;
  const Replicates replicates = fit_replicates(mixture, data, weights, options, gain, asked.progress);
  out.n_replicates = weights.size();
  out.n_failed = replicates.n_failed;
  if (2 * out.n_failed >= out.n_replicates || out.n_replicates - out.n_failed < 2) {
    throw fit_error(
        fmt::format("standard errors: {} of {} fits of the {} failed, too many to tell of errors. The first: "
                    "{}. Fit fewer components, or with a prior",
                    out.n_failed, out.n_replicates, to_string(asked.method), replicates.failure));
  }
  if (is_bootstrap(asked.method)) {
    set(out, mixture, deviations(replicates.values), percentile_interval(replicates.values, out.level));
  } else {
    const std::vector<double> errors = jackknife_errors(replicates);
    set(out, mixture, errors, normal_interval(mixture, errors, out.level));
  }
}

}  // namespace

void check(const StandardErrorOptions& options) {
  if (!(options.level > 0 && options.level < 1)) {
    throw invalid_argument(fmt::format("level = {}; must lie between 0 and 1, as 0.95 does", options.level));
  }
  const double least = std::max(2.0, std::ceil(2 / (1 - options.level) * (1 - 1e-12)) - 1);
  if (is_bootstrap(options.method) && options.n_bootstrap > kMostReplicates) {
    throw invalid_argument(fmt::format("n_bootstrap = {}; must be {} at most", options.n_bootstrap, kMostReplicates));
  }
  if (is_bootstrap(options.method) && static_cast<double>(options.n_bootstrap) < least) {
    throw invalid_argument(
        fmt::format("n_bootstrap = {}; must be {} or more, so that an interval of level {} ends "
                    "within the replicates",
                    options.n_bootstrap, least, options.level));
  }
}

StandardErrors standard_errors(const Mixture& mixture, const DataView& data, const StandardErrorOptions& asked) {
  check(asked);
  std::optional<InterruptScope> scope;
  if (asked.fit.interrupted) scope.emplace(asked.fit.interrupted);
  const FitOptions options = options_for(mixture, data, asked.fit);
  StandardErrors out{mixture.family(), asked.method, asked.level};
  out.estimate = parameter_values(mixture);
  if (asked.method == StandardErrorMethod::information) {
    set_by_information(out, mixture, data, options);
  } else {
    set_by_replicates(out, mixture, data, options, asked);
  }
  return out;
}

}  // namespace mogul
