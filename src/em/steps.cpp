// EM in single steps, as the public functions of stats.hpp: the M-step from statistics or from responsibilities.

#include <fmt/format.h>

#include "em/m_step.hpp"
#include "kernel/engine.hpp"
#include "kernel/responsibility_source.hpp"

namespace mogul {

Mixture maximise(const Stats& stats, const Mixture& current, const MStepOptions& options) {
  if (stats.shift != current.means()) {
    throw invalid_argument("stats are not about the means of the current mixture; accumulate them under it");
  }
  const Moments needed = options.update.covariances ? moments_for(options.covariance)
                         : options.update.means     ? Moments::mean
                                                    : Moments::none;
  if (stats.moments < needed) {
    throw invalid_argument(fmt::format("stats hold '{}' moments; covariance = {} needs '{}'", to_string(stats.moments),
                                       to_string(options.covariance), to_string(needed)));
  }
  if (!options.update.covariances && options.covariance != current.structure()) {
    throw invalid_argument(fmt::format("covariance = {}; must be {}, as in the current mixture, while covariances are "
                                       "held", to_string(options.covariance), to_string(current.structure())));
  }
  Parameters next = update_parameters(stats, parameters_of(current), options);
  const auto degenerate = degenerate_components(next, stats, options.update);
  if (!degenerate.empty()) {
    const std::size_t feature = degenerate.front().feature;
    throw fit_error(describe(degenerate.front(), options.covariance, fmt::format("x{}", feature + 1)));
  }
  return {next.structure, std::move(next.weights), std::move(next.means), std::move(next.covariances)};
}

Mixture m_step(const Mixture& current, const DataView& data, MatrixView<const double> r, const MStepOptions& options,
               unsigned n_threads) {
  const auto engine = make_engine_for(current, data, n_threads);
  const auto source = from_responsibilities(r, *engine, current.n_components());
  return maximise(engine->accumulate(source, current.means(), moments_for(options.covariance)), current, options);
}

}  // namespace mogul
