// The rules of a checkpoint, which anyone may have made or written to a file: all that a loop takes for granted when it
// goes on from there.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "acceleration/lbfgs.hpp"
#include "em/constraints.hpp"
#include "em/objective.hpp"
#include "model/counts.hpp"
#include "mogul/em_loop.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

void require(bool holds, const std::string& what) {
  if (!holds) throw invalid_argument(what);
}

// Components and features, which all parts have in common.
struct Shape {
  std::size_t n_components;
  std::size_t n_features;

  void check(const Mixture& mixture, const std::string& name) const {
    require(mixture.n_components() == n_components && mixture.n_features() == n_features,
            fmt::format("{} has {} components in {} features; must have {} in {}", name, mixture.n_components(),
                        mixture.n_features(), n_components, n_features));
  }
};

bool same_shape(const Matrix& a, const Matrix& b) { return a.rows() == b.rows() && a.cols() == b.cols(); }

bool are_finite(const std::vector<double>& values) {
  for (const double value : values) {
    if (!std::isfinite(value)) return false;
  }
  return true;
}

// Statistics of rows under this mixture.
void check(const Stats& stats, const Mixture& of, Moments needed, const std::string& name) {
  const bool about_it = stats.shift == of.means() && (stats.model == 0 || stats.model == of.fingerprint());
  require(about_it && stats.n.size() == of.n_components(), name + ".stats are about another mixture");
  require(provides(stats.moments, needed),
          fmt::format("{}.stats hold '{}' moments; must hold '{}'", name, to_string(stats.moments), to_string(needed)));
  const Stats empty(stats.moments, stats.shift);
  require(same_shape(stats.first, empty.first) && same_shape(stats.second, empty.second),
          name + ".stats have moments of another shape");
  require(are_finite(stats.n) && are_finite(stats.first.values()) && are_finite(stats.second.values()) &&
              are_finite({stats.log_likelihood, stats.entropy, stats.map_log_likelihood, stats.rounding}),
          name + ".stats hold a number that is not finite");
  require(stats.sum_weights > 0, fmt::format("{}.stats.sum_weights = {}; must be > 0", name, stats.sum_weights));
  check_counts(stats.n, stats.sum_weights, name + ".stats.n");
}

// A mixture with its statistics, and an objective that follows from them.
void check(const EmState& state, const Shape& shape, const EmOptions& options, const std::string& name) {
  shape.check(state.mixture, name);
  check(state.stats, state.mixture, options.covariance.moments(), name);
  const double objective = Objective(options)(state.mixture, state.stats);
  require(std::abs(state.objective - objective) <= 1e-9 * std::abs(objective),
          fmt::format("{}.objective = {}; must be that of its mixture, {}", name, state.objective, objective));
}

void check(const EmOptions& options, const Shape& shape) {
  check_step_rules(options);
  check_constraints(options.covariance, m_step_options(options), shape.n_components);
  if (!options.prior) return;
  check_prior(*options.prior, options.covariance, shape.n_features);
  require(is_complete(*options.prior), "prior lacks fields; must have mean_shrinkage, mean, dof and scale");
}

void check(const EmProgress& progress, const EmOptions& options) {
  require(are_finite(progress.history) && are_finite(progress.penalised_history),
          "progress.history holds a number that is not finite");
  const std::size_t penalised = Objective(options).is_penalised() ? progress.history.size() : 0;
  require(progress.penalised_history.size() == penalised,
          fmt::format("progress.penalised_history has {} values; must have {}", progress.penalised_history.size(),
                      penalised));
  require(std::isfinite(progress.mean) != progress.history.empty(), "progress.mean must be that of the last iteration");
}

// The state of the last iteration that progress tells of.
void check_last(const EmState& state, const EmProgress& progress, const std::string& name) {
  require(!progress.history.empty() && state.iteration == progress.history.size() - 1,
          fmt::format("{}.iteration = {}; must be the last of progress.history, which has {} values", name,
                      state.iteration, progress.history.size()));
}

void check(const LbfgsState& lbfgs, const Shape& shape, const EmOptions& options) {
  require(can_accelerate(options), "lbfgs: these options rule it out");
  require(lbfgs.reach >= 1 && std::isfinite(lbfgs.reach),
          fmt::format("lbfgs.reach = {}; must be finite and >= 1", lbfgs.reach));
  const auto check_mixture = [&](const Mixture& mixture, const std::string& name) {
    shape.check(mixture, name);
    require(mixture.family() == options.covariance, name + " has a mixture of another family");
    require(std::ranges::all_of(mixture.weights(), [](double weight) { return weight > 0; }),
            name + " has a component without weight");
  };
  for (const EmImage& image : lbfgs.history) {
    check_mixture(image.model, "lbfgs.history");
    check_mixture(image.step, "lbfgs.history");
  }
  if (lbfgs.middle) check_mixture(*lbfgs.middle, "lbfgs.middle");
  require(lbfgs.middle.has_value() != lbfgs.history.empty(), "lbfgs.middle: goes with a history");
}

}  // namespace

void check(const EmCheckpoint& c) {
  require(!(c.model && c.result),
          "model and result: a checkpoint must have one of them, as the loop goes on or has ended");
  if (!c.model && !c.result) return;  // it was cancelled before its first model
  const Mixture& any = c.model ? *c.model : c.result->mixture;
  const Shape shape{any.n_components(), any.n_features()};
  check(c.options, shape);
  check(c.progress, c.options);
  check_rows(c.rows, shape.n_features);
  require(!c.step || (c.model && c.previous), "step: needs a model and the state before it, previous");
  if (c.step) shape.check(*c.step, "step");
  require(c.least_rise >= 0 && std::isfinite(c.least_rise),
          fmt::format("least_rise = {}; must be finite and >= 0", c.least_rise));
  if (c.lbfgs) check(*c.lbfgs, shape, c.options);
  if (c.previous) check(*c.previous, shape, c.options, "previous");
  if (c.best_of_climb) check(*c.best_of_climb, shape, c.options, "best_of_climb");
  if (c.best_of_earlier) check(*c.best_of_earlier, shape, c.options, "best_of_earlier");
  if (c.result) check(*c.result, shape, c.options, "result");
  if (c.previous) check_last(*c.previous, c.progress, "previous");
  if (c.result) check_last(*c.result, c.progress, "result");
  for (const auto* best : {&c.best_of_climb, &c.best_of_earlier}) {
    require(!*best || (*best)->iteration < c.progress.history.size(),
            "best_of_climb and best_of_earlier must be of iterations that progress.history has");
  }
  const bool has_ended = !c.progress.termination.message.empty();
  require(has_ended || !c.result, "result: needs a message in progress.termination");
  require(!has_ended || c.result || (c.previous && !c.step),
          "progress.termination has a message: needs a result, or previous and no step");
  for (const std::size_t k : c.dying) {
    require(k < shape.n_components, fmt::format("dying holds {}; must be < {}", k, shape.n_components));
  }
  require(c.n_revived_of_step <= c.n_revived,
          fmt::format("n_revived_of_step = {}; must be at most n_revived = {}", c.n_revived_of_step, c.n_revived));
}

}  // namespace mogul
