// EM in single steps, as the public functions of stats.hpp: the E-step, and the M-step from statistics or from
// responsibilities.

#include <fmt/format.h>

#include <functional>

#include "em/constraints.hpp"
#include "em/degenerate.hpp"
#include "em/lost_digits.hpp"
#include "em/maximise.hpp"
#include "engine/engine.hpp"
#include "engine/responsibility_source.hpp"

namespace mogul {
namespace {

using FeatureName = std::function<std::string(std::size_t)>;

Mixture valid_mixture(Parameters p, const Stats& stats, const MStepOptions& options, const FeatureName& name) {
  const auto degenerate = degenerate_components(p, stats, options);
  if (!degenerate.empty()) {
    throw fit_error(describe(degenerate.front(), p.family, name(degenerate.front().feature)));
  }
  return to_mixture(std::move(p));
}

// What can be said before anything is computed.
void check_step(const Stats& stats, const Mixture& current, const MStepOptions& options) {
  check_reg_covar(options.reg_covar);
  if (stats.shift != current.means()) {
    throw invalid_argument("stats are not about the means of the current mixture; accumulate them under it");
  }
  const CovarianceFamily family = options.covariance.value_or(current.family());
  check_constraints(family, options, current.n_components());
  if (options.prior) {
    check_prior(*options.prior, family, current.n_features());
    if (!is_complete(*options.prior)) {
      throw invalid_argument("prior: an M-step needs a complete one, with mean_shrinkage, mean, dof and scale");
    }
  }
  const Moments needed = !options.hold.covariances ? family.moments()
                         : !options.hold.means     ? Moments::mean
                                                   : Moments::none;
  if (!provides(stats.moments, needed)) {
    throw invalid_argument(fmt::format("stats hold '{}' moments; covariance = {} needs '{}'", to_string(stats.moments),
                                       to_string(family), to_string(needed)));
  }
  if (options.hold.covariances && family != current.family()) {
    throw invalid_argument(
        fmt::format("covariance = {}; must be {}, as in the current mixture, while covariances are "
                    "held",
                    to_string(family), to_string(current.family())));
  }
}

}  // namespace

Stats accumulate(const Mixture& model, const DataView& data, Moments moments, unsigned n_threads) {
  Stats stats = make_engine_for(model, data, n_threads)->accumulate(row_model(model), moments);
  stats.model = model.fingerprint();
  return stats;
}

Stats accumulate(const Mixture& model, const DataView& data, unsigned n_threads) {
  return accumulate(model, data, model.family().moments(), n_threads);
}

Mixture maximise(const Stats& stats, const Mixture& current, const MStepOptions& options) {
  check_step(stats, current, options);
  return valid_mixture(update_parameters(stats, parameters_of(current), options, &current.covariances()), stats,
                       options, default_column_name);
}

Mixture maximise(const Mixture& current, const DataView& data, MatrixView<const double> r, const MStepOptions& options,
                 unsigned n_threads) {
  const auto engine = make_engine_for(current, data, n_threads);
  const auto source = from_responsibilities(r, *engine, current.n_components());
  const Moments moments = options.covariance.value_or(current.family()).moments();
  const Stats stats = engine->accumulate(source, current.means(), moments);
  check_step(stats, current, options);
  const FeatureName name = [&](std::size_t d) { return data.column_name(d); };
  const Parameters next = update_parameters(stats, parameters_of(current), options, &current.covariances());
  if (!lost_digits(stats, parameters_of(current), next, options.hold)) return valid_mixture(next, stats, options, name);
  const Stats again = engine->accumulate(source, next.means, moments);
  return valid_mixture(update_parameters(again, next, options, &current.covariances()), again, options, name);
}

}  // namespace mogul
