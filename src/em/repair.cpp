#include "em/repair.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <tuple>
#include <utility>

#include "covariance/eigenvalue_bound.hpp"
#include "em/overall_moments.hpp"
#include "engine/engine.hpp"
#include "mogul/dataset.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMaxRevivalsPerComponent = 10;
constexpr double kEqualDensities = 1e-9;  // relative: log-densities that differ by less may do so by rounding

// The degenerate components that are moved, in ascending order; the others are left without weight. As many components
// are kept as there are different rows. Empty ones go before singular ones.
std::vector<std::size_t> components_to_move(const std::vector<Degenerate>& degenerate, std::size_t n_components,
                                            std::size_t n_kept_at_most) {
  std::size_t n_surplus = n_components - std::min(n_components, n_kept_at_most);
  std::vector<std::size_t> moved;
  for (const bool singular : {false, true}) {
    for (const Degenerate& d : degenerate) {
      if (d.is_singular() != singular) continue;
      if (n_surplus > 0) {
        --n_surplus;
      } else {
        moved.push_back(d.component);
      }
    }
  }
  std::ranges::sort(moved);
  return moved;
}

// The sound components keep the bound and decide; where there is none, the others do.
void keep_bound(Parameters& p, const std::vector<Degenerate>& degenerate, double ratio) {
  std::vector<double> counts(p.weights.size(), degenerate.size() < p.weights.size() ? 1 : 0);
  for (const Degenerate& d : degenerate) counts[d.component] = 1 - counts[d.component];
  bound_eigenvalues(p.covariances, p.family, p.means.cols(), counts, ratio);
}

// Gives the degenerate components the overall mean and covariance. False if that covariance is singular as well.
// With a prior, one that is empty and not to be moved is at the prior's mode already.
bool broaden(Parameters& p, std::vector<Degenerate> degenerate, const std::vector<std::size_t>& moved,
             const Stats& stats, const MStepOptions& step) {
  std::erase_if(degenerate, [&](const Degenerate& d) {
    return p.has_prior && !d.is_singular() && std::ranges::find(moved, d.component) == moved.end();
  });
  p.factors.reset();
  std::vector<double> mean;
  const std::vector<double> covariance = overall_covariance(stats, p.family, step.reg_covar, mean);
  for (const Degenerate& d : degenerate) {
    if (step.hold.estimates_mean(d.component)) std::ranges::copy(mean, p.means.row(d.component).begin());
    if (!step.hold.covariances && !p.family.shared) {
      std::ranges::copy(covariance,
                        p.covariances.begin() + static_cast<std::ptrdiff_t>(d.component * covariance.size()));
    }
  }
  if (step.max_eigenvalue_ratio) keep_bound(p, degenerate, *step.max_eigenvalue_ratio);
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

double log_of_sum(double log_a, double log_b) {
  const double larger = std::max(log_a, log_b);
  return std::isinf(larger) ? larger : larger + std::log1p(std::exp(std::min(log_a, log_b) - larger));
}

// Rows to choose from, each value once, with their densities under the components that stay and those that are placed.
// A placed component adds one Gaussian to these, so that placing M components among O(M) rows costs O(M^2 D^2).
class Candidates {
 public:
  /// @param rows     (candidates, D), different ones
  /// @param staying  a mixture of the components that stay
  Candidates(Matrix rows, const Mixture& staying)
      : rows_(std::move(rows)), is_free_(rows_.rows(), true), placed_(rows_.rows(), kNothing) {
    engine_ = make_engine(rows_, 1);
    staying_ = log_densities(staying);
  }

  /// Adds a placed Gaussian, a mixture of one component.
  void add(const Mixture& gaussian, double weight) {
    const std::vector<double> densities = log_densities(gaussian);
    for (std::size_t i = 0; i < placed_.size(); ++i) {
      placed_[i] = log_of_sum(placed_[i], std::log(weight) + densities[i]);
    }
  }

  /// The worst explained of the rows that were not taken before; of equally bad ones that of smaller values.
  /// @param of_staying, of_placed  factors of the two densities in their sum
  std::span<const double> take(double of_staying, double of_placed) {
    if (std::ranges::none_of(is_free_, [](bool free) { return free; })) is_free_.assign(is_free_.size(), true);
    std::vector<double> densities(rows_.rows());
    double lowest = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < densities.size(); ++i) {
      densities[i] = log_of_sum(std::log(of_staying) + staying_[i], std::log(of_placed) + placed_[i]);
      if (is_free_[i]) lowest = std::min(lowest, densities[i]);
    }
    // All may be -infinity.
    const double equally_low = std::isfinite(lowest) ? lowest + kEqualDensities * (1 + std::abs(lowest)) : lowest;
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < densities.size(); ++i) {
      if (!is_free_[i] || !(densities[i] <= equally_low)) continue;
      if (!best || std::ranges::lexicographical_compare(rows_.row(i), rows_.row(*best))) best = i;
    }
    is_free_[*best] = false;
    return std::as_const(rows_).row(*best);
  }

 private:
  static constexpr double kNothing = -std::numeric_limits<double>::infinity();  // the log-density of no component

  std::vector<double> log_densities(const Mixture& model) {
    std::vector<double> densities(rows_.rows());
    engine_->visit(row_model(model), [&](const BlockScores& scores) {
      std::ranges::copy(scores.log_densities, densities.begin() + static_cast<std::ptrdiff_t>(scores.first_row));
    });
    return densities;
  }

  Matrix rows_;
  std::vector<bool> is_free_;
  std::unique_ptr<Engine> engine_;
  std::vector<double> staying_;  // log-densities
  std::vector<double> placed_;   // the same, of the sum of what was added
};

Mixture one_gaussian(const Parameters& p, std::size_t k) {
  const std::span<const double> mean = p.means.row(k);
  const std::span<const double> covariance = covariance_of(p, k);
  return {p.family, {1}, Matrix(1, mean.size(), {mean.begin(), mean.end()}), {covariance.begin(), covariance.end()}};
}

// The components that stay, with what they weigh together: those to be moved have no weight before they have a place.
// Where there are no others of any weight, the moved ones are taken as they are, until one has its place.
std::pair<std::optional<Mixture>, double> staying_components(const Parameters& p,
                                                             const std::vector<std::size_t>& moved) {
  Parameters staying = p;
  for (const std::size_t k : moved) staying.weights[k] = 0;
  const double sum = std::accumulate(staying.weights.begin(), staying.weights.end(), 0.0);
  if (!(sum > 0)) return {to_mixture(p), 0};
  for (double& w : staying.weights) w /= sum;
  return {to_mixture(std::move(staying)), sum};
}

}  // namespace

Repair::Repair(Parameters parameters, const Stats& stats, const MStepOptions& step,
               const std::vector<Degenerate>& degenerate, const Revival& revival, const std::vector<std::string>& names)
    : parameters_(std::move(parameters)), step_(step), frees_weights_(step.hold.estimates_weights()) {
  const std::size_t n_components = stats.n_components();
  const auto problem = [&](const Degenerate& d) {
    return describe(d, parameters_.family, names.empty() ? default_column_name(d.feature) : names[d.feature]);
  };
  // A Dirichlet prior has no density where a weight is 0.
  const bool drops = frees_weights_ && !(step.weight_concentration > 1.0);
  if (revival.policy == DegeneratePolicy::error) throw fit_error(problem(degenerate.front()));
  moved_ = components_to_move(degenerate, n_components, drops ? revival.n_distinct_rows : n_components);
  // Others than as many as there are different rows are never moved.
  const std::size_t n_movable = std::min(n_components, revival.n_distinct_rows);
  if (revival.n_revived + moved_.size() > kMaxRevivalsPerComponent * n_movable) {
    const auto singular = std::ranges::find_if(degenerate, &Degenerate::is_singular);
    if (singular != degenerate.end() || !drops) {
      const Degenerate& d = singular != degenerate.end() ? *singular : degenerate.front();
      throw fit_error(fmt::format("{} (after {} components were revived)", problem(d), revival.n_revived));
    }
    moved_.clear();
  }
  if (!broaden(parameters_, degenerate, moved_, stats, step)) throw fit_error(problem(degenerate.front()));
  if (frees_weights_) {
    for (const Degenerate& d : degenerate) parameters_.weights[d.component] = 0;
  }
  sound_ = parameters_.weights;
  if (frees_weights_) parameters_.weights = shared_weights(sound_, moved_, 0);
  placed_ = moved_;
  std::erase_if(placed_, [&](std::size_t k) { return !step_.hold.estimates_mean(k); });
  if (placed_.empty()) return;
  std::tie(staying_, weight_of_staying_) = staying_components(parameters_, placed_);
}

std::size_t Repair::n_rows() const { return staying_ ? 8 * placed_.size() + 8 : 0; }

Mixture Repair::finish(const Matrix& rows) {
  if (staying_) {
    Candidates candidates(rows, *staying_);
    // Unless weights are held, each component that has its place weighs 1 / K, and those that stay have the rest.
    const double share =
        frees_weights_ && weight_of_staying_ > 0 ? 1.0 / static_cast<double>(parameters_.weights.size()) : 1;
    for (std::size_t i = 0; i < placed_.size(); ++i) {
      double rest = frees_weights_ ? 1 - share * static_cast<double>(i) : weight_of_staying_;
      if (weight_of_staying_ == 0) rest = i == 0 ? 1 : 0;
      std::ranges::copy(candidates.take(rest, share), parameters_.means.row(placed_[i]).begin());
      if (i + 1 == placed_.size()) break;
      candidates.add(one_gaussian(parameters_, placed_[i]), frees_weights_ ? 1 : parameters_.weights[placed_[i]]);
    }
  }
  if (frees_weights_ && !moved_.empty()) parameters_.weights = shared_weights(sound_, moved_, moved_.size());
  return to_mixture(std::move(parameters_));
}

}  // namespace mogul
