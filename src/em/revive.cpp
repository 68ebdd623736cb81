#include "em/revive.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "kernel/worst_rows.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMaxRevivalsPerComponent = 10;

Mixture to_mixture(Parameters p) {
  return {p.structure, std::move(p.weights), std::move(p.means), std::move(p.covariances)};
}

// Each degenerate component gets this share; the others have the rest in proportion.
void share_weights(std::vector<double>& weights, const std::vector<Degenerate>& degenerate, double share) {
  for (const Degenerate& d : degenerate) weights[d.component] = 0;
  double others = 0;
  for (const double w : weights) others += w;
  const double left = 1 - share * static_cast<double>(degenerate.size());
  for (double& w : weights) w = others > 0 ? w * (left / others) : 0;
  for (const Degenerate& d : degenerate)
    weights[d.component] = others > 0 ? share : 1.0 / static_cast<double>(degenerate.size());
}

// Gives the degenerate components the overall mean and covariance, and a share of the weight. False if that covariance
// is singular as well.
bool broaden(Parameters& p, const std::vector<Degenerate>& degenerate, const Stats& stats, const MStepOptions& step,
             double share) {
  std::vector<double> mean;
  const std::vector<double> covariance = overall_covariance(stats, p.structure, step.reg_covar, mean);
  for (const Degenerate& d : degenerate) {
    if (step.update.means) std::ranges::copy(mean, p.means.row(d.component).begin());
    if (step.update.covariances && !is_tied(p.structure)) {
      std::ranges::copy(covariance,
                        p.covariances.begin() + static_cast<std::ptrdiff_t>(d.component * covariance.size()));
    }
  }
  if (step.update.weights) share_weights(p.weights, degenerate, share);
  return singular_components(p, p.means).empty();
}

bool all_empty(const std::vector<Degenerate>& degenerate) {
  return std::ranges::all_of(degenerate, [](const Degenerate& d) { return d.cause == Degenerate::Cause::empty; });
}

}  // namespace

Mixture make_valid(Parameters parameters, const Stats& stats, const MStepOptions& step, DegeneratePolicy policy,
                   Engine& engine, std::size_t& n_revived) {
  const std::vector<Degenerate> degenerate = degenerate_components(parameters, stats, step.update);
  if (degenerate.empty()) return to_mixture(std::move(parameters));

  const Degenerate& first = degenerate.front();
  const std::string problem = describe(first, parameters.structure, engine.feature_name(first.feature));
  if (policy == DegeneratePolicy::error) throw fit_error(problem);
  const bool tried_enough = n_revived + degenerate.size() > kMaxRevivalsPerComponent * stats.n_components();
  const bool can_go_without = step.update.weights && all_empty(degenerate);
  if (tried_enough && !can_go_without) {
    throw fit_error(fmt::format("{} (after {} components were revived)", problem, n_revived));
  }
  const double share = tried_enough ? 0 : 1.0 / static_cast<double>(stats.n_components());
  if (!broaden(parameters, degenerate, stats, step, share)) throw fit_error(problem);
  if (tried_enough) return to_mixture(std::move(parameters));
  if (step.update.means) {
    const Mixture broad = to_mixture(parameters);
    const std::vector<std::size_t> rows = worst_rows(engine, broad, degenerate.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::ranges::copy(engine.row(rows[i]), parameters.means.row(degenerate[i].component).begin());
    }
  }
  n_revived += degenerate.size();
  return to_mixture(std::move(parameters));
}

}  // namespace mogul
