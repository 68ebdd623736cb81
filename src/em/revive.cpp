#include "em/revive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include "kernel/worst_rows.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMaxRevivalsPerComponent = 10;
constexpr double kEqualDensities = 1e-9;  // relative: log-densities that differ by less may do so by rounding

Mixture to_mixture(Parameters p) {
  return {p.structure, std::move(p.weights), std::move(p.means), std::move(p.covariances)};
}

// Which degenerate components are moved, and which are left without weight.
struct Fates {
  std::vector<std::size_t> moved;
  std::vector<std::size_t> dropped;
};

// As many components are kept as there are different rows. Empty ones go before singular ones.
Fates fates_of(const std::vector<Degenerate>& degenerate, std::size_t n_components, std::size_t n_kept_at_most) {
  std::size_t n_surplus = n_components - std::min(n_components, n_kept_at_most);
  Fates fates;
  for (const bool singular : {false, true}) {
    for (const Degenerate& d : degenerate) {
      if (d.is_singular() != singular) continue;
      (n_surplus > 0 ? fates.dropped : fates.moved).push_back(d.component);
      if (n_surplus > 0) --n_surplus;
    }
  }
  std::ranges::sort(fates.moved);
  return fates;
}

// Gives the degenerate components the overall mean and covariance. False if that covariance is singular as well.
bool broaden(Parameters& p, const std::vector<Degenerate>& degenerate, const Stats& stats, const MStepOptions& step) {
  std::vector<double> mean;
  const std::vector<double> covariance = overall_covariance(stats, p.structure, step.reg_covar, mean);
  for (const Degenerate& d : degenerate) {
    if (step.update.means) std::ranges::copy(mean, p.means.row(d.component).begin());
    if (step.update.covariances && !is_tied(p.structure)) {
      std::ranges::copy(covariance,
                        p.covariances.begin() + static_cast<std::ptrdiff_t>(d.component * covariance.size()));
    }
  }
  return singular_components(p, p.means).empty();
}

// The first `n` of the moved components have 1 / K each, the components that are sound the rest in proportion, and all
// others nothing. Where none is sound, the moved ones share everything, from the first on.
std::vector<double> shared_weights(const std::vector<double>& sound, const std::vector<std::size_t>& moved,
                                   std::size_t n) {
  const double sum = std::accumulate(sound.begin(), sound.end(), 0.0);
  const double share =
      sum > 0 ? 1.0 / static_cast<double>(sound.size()) : 1.0 / static_cast<double>(std::max<std::size_t>(n, 1));
  std::vector<double> weights = sound;
  for (double& w : weights) w = sum > 0 ? w * ((1 - share * static_cast<double>(n)) / sum) : 0;
  for (std::size_t i = 0; i < (sum > 0 ? n : std::max<std::size_t>(n, 1)); ++i) weights[moved[i]] = share;
  return weights;
}

// Rows to choose from, each value once.
class Candidates {
 public:
  Candidates(const Engine& engine, const std::vector<std::size_t>& rows)
      : rows_(rows.size(), engine.n_features()), is_free_(rows.size(), true) {
    for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(engine.row(rows[i]), rows_.row(i).begin());
    engine_ = make_engine(rows_, 1);
  }

  // The worst explained of those that were not taken before; of equally bad ones that of smaller values.
  std::span<const double> take(const Mixture& model) {
    if (std::ranges::none_of(is_free_, [](bool free) { return free; })) is_free_.assign(is_free_.size(), true);
    std::vector<double> densities(rows_.rows());
    engine_->visit(model, [&](const BlockScores& scores) {
      std::ranges::copy(scores.log_densities, densities.begin() + static_cast<std::ptrdiff_t>(scores.first_row));
    });
    double lowest = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < densities.size(); ++i) {
      if (is_free_[i]) lowest = std::min(lowest, densities[i]);
    }
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < densities.size(); ++i) {
      const bool is_lowest = is_free_[i] && densities[i] - lowest <= kEqualDensities * (1 + std::abs(lowest));
      if (is_lowest && (!best || std::ranges::lexicographical_compare(rows_.row(i), rows_.row(*best)))) best = i;
    }
    is_free_[*best] = false;
    return std::as_const(rows_).row(*best);
  }

 private:
  Matrix rows_;
  std::vector<bool> is_free_;
  std::unique_ptr<Engine> engine_;
};

// Moves the components to badly explained rows, one after another.
void place(Parameters& p, const std::vector<std::size_t>& moved, const Update& update, Engine& engine) {
  const std::vector<double> sound = p.weights;  // those of the others
  if (update.weights) p.weights = shared_weights(sound, moved, 0);
  std::optional<Candidates> candidates;
  for (std::size_t i = 0; i < moved.size(); ++i) {
    if (update.means) {
      const Mixture so_far = to_mixture(p);
      if (!candidates) candidates.emplace(engine, worst_rows(engine, so_far, 8 * moved.size() + 8));
      std::ranges::copy(candidates->take(so_far), p.means.row(moved[i]).begin());
    }
    if (update.weights) p.weights = shared_weights(sound, moved, i + 1);
  }
}

}  // namespace

Mixture make_valid(Parameters parameters, const Stats& stats, const MStepOptions& step,
                   const std::vector<Degenerate>& degenerate, Engine& engine, Revival& revival) {
  if (degenerate.empty()) return to_mixture(std::move(parameters));

  const std::size_t n_components = stats.n_components();
  const auto name = [&](const Degenerate& d) { return engine.feature_name(d.feature); };
  const std::string problem = describe(degenerate.front(), parameters.structure, name(degenerate.front()));
  if (revival.policy == DegeneratePolicy::error) throw fit_error(problem);
  Fates fates = fates_of(degenerate, n_components, step.update.weights ? revival.n_distinct_rows : n_components);
  // Others than as many as there are different rows are never moved.
  const std::size_t n_movable = std::min(n_components, revival.n_distinct_rows);
  if (revival.n_revived + fates.moved.size() > kMaxRevivalsPerComponent * n_movable) {
    const auto singular = std::ranges::find_if(degenerate, &Degenerate::is_singular);
    if (singular != degenerate.end() || !step.update.weights) {
      const Degenerate& d = singular != degenerate.end() ? *singular : degenerate.front();
      throw fit_error(fmt::format("{} (after {} components were revived)", describe(d, parameters.structure, name(d)),
                                  revival.n_revived));
    }
    fates.moved.clear();
  }
  if (!broaden(parameters, degenerate, stats, step)) throw fit_error(problem);
  if (step.update.weights) {
    for (const Degenerate& d : degenerate) parameters.weights[d.component] = 0;
  }
  place(parameters, fates.moved, step.update, engine);
  revival.n_revived += fates.moved.size();
  return to_mixture(std::move(parameters));
}

}  // namespace mogul
