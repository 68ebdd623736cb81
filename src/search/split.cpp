#include "search/split.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "base/check_interrupted.hpp"
#include "em/run_em.hpp"
#include "mogul/dataset.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

constexpr std::size_t kSteps = 8;
constexpr double kHalfWidth = 0.8;  // from the mean to that of a half, in standard deviations of the main axis
constexpr double kLeft = 0.5;       // of the variance along it

// The unit vector along which the rows spread most, and their variance along it, by power iteration: no matrix of all
// features is needed, and any direction of large variance will do.
struct MainAxis {
  std::vector<double> direction;
  double variance;
};
MainAxis main_axis(const Matrix& rows, const std::vector<double>& weights) {
  constexpr int kIterations = 30;
  const std::size_t d = rows.cols();
  const double n = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<double> mean(d);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    for (std::size_t j = 0; j < d; ++j) mean[j] += weights[i] / n * rows(i, j);
  }
  std::vector<double> direction(d);  // at first that of the row farthest from the mean
  double farthest = 0;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    double squared = 0;
    for (std::size_t j = 0; j < d; ++j) squared += (rows(i, j) - mean[j]) * (rows(i, j) - mean[j]);
    if (!(squared > farthest)) continue;
    farthest = squared;
    for (std::size_t j = 0; j < d; ++j) direction[j] = (rows(i, j) - mean[j]) / std::sqrt(squared);
  }
  double variance = 0;
  for (int iteration = 0; iteration < kIterations && farthest > 0; ++iteration) {
    check_interrupted();
    std::vector<double> next(d);
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      double along = 0;
      for (std::size_t j = 0; j < d; ++j) along += (rows(i, j) - mean[j]) * direction[j];
      for (std::size_t j = 0; j < d; ++j) next[j] += weights[i] / n * along * (rows(i, j) - mean[j]);
    }
    variance = std::sqrt(std::inner_product(next.begin(), next.end(), next.begin(), 0.0));
    if (!(variance > 0)) break;
    for (std::size_t j = 0; j < d; ++j) direction[j] = next[j] / variance;
  }
  return {std::move(direction), variance};
}

// Families of halves: what is common to several components does not bind two of one.
CovarianceFamily family_of_halves(const CovarianceFamily& family) {
  if (family.shared) return family;
  return family.layout == Layout::matrix     ? families::full
         : family.layout == Layout::diagonal ? families::diagonal
                                             : families::spherical;
}

// What is stored for the component, as it is where covariances are shared, else narrower along the axis.
std::vector<double> covariance_of_half(const Mixture& mixture, std::size_t k, const MainAxis& axis) {
  const CovarianceFamily& family = mixture.family();
  if (family.shared) return mixture.covariances().values();
  const std::size_t d = mixture.n_features();
  if (family.layout == Layout::spherical) return {kLeft * mixture.variance(k, 0)};
  std::vector<double> values;
  if (family.layout == Layout::diagonal) {
    for (std::size_t i = 0; i < d; ++i) values.push_back(kLeft * mixture.variance(k, i));
    return values;
  }
  const Matrix covariance = mixture.covariance(k);
  double along = 0;
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < d; ++j) along += axis.direction[i] * covariance(i, j) * axis.direction[j];
  }
  // Sigma - (1 - c) Sigma v v^T Sigma / (v^T Sigma v) keeps its Cholesky factor for any v.
  std::vector<double> projected(d);
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < d; ++j) projected[i] += covariance(i, j) * axis.direction[j];
  }
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < d; ++j) {
      values.push_back(covariance(i, j) - (1 - kLeft) * projected[i] * projected[j] / along);
    }
  }
  return values;
}

Mixture cut(const Mixture& mixture, std::size_t k, const MainAxis& axis) {
  const std::size_t d = mixture.n_features();
  Matrix means(2, d);
  for (std::size_t i = 0; i < d; ++i) {
    const double away = kHalfWidth * std::sqrt(axis.variance) * axis.direction[i];
    means(0, i) = mixture.means()(k, i) + away;
    means(1, i) = mixture.means()(k, i) - away;
  }
  std::vector<double> covariances = covariance_of_half(mixture, k, axis);
  if (!mixture.family().shared) {
    const std::vector<double> half = covariances;
    covariances.insert(covariances.end(), half.begin(), half.end());
  }
  return {family_of_halves(mixture.family()), {0.5, 0.5}, std::move(means), std::move(covariances)};
}

Mixture alone(const Mixture& mixture, std::size_t k) {
  const std::size_t d = mixture.n_features();
  const auto mean = mixture.means().row(k);
  const std::vector<double>& stored = mixture.covariances().values();
  const std::size_t size = mixture.family().shared ? stored.size() : stored.size() / mixture.n_components();
  const auto first = stored.begin() + static_cast<std::ptrdiff_t>(mixture.family().shared ? 0 : k * size);
  return {family_of_halves(mixture.family()),
          {1},
          Matrix(1, d, {mean.begin(), mean.end()}),
          {first, first + static_cast<std::ptrdiff_t>(size)}};
}

EmOptions of_halves(const FitOptions& options) {
  EmOptions em{.covariance = family_of_halves(options.covariance), .max_iter = kSteps, .gain = 0};
  em.acceleration = AccelerationMethod::none;
  em.reg_covar = options.reg_covar;
  em.hold.covariances = options.covariance.shared;
  em.degenerate = DegeneratePolicy::error;
  return em;
}

}  // namespace

std::optional<Split> split(Engine& engine, const Mixture& mixture, std::size_t component, const Members& members,
                           const FitOptions& options, double row, Effort& effort) {
  const std::size_t d = mixture.n_features();
  const CovarianceFamily& family = options.covariance;
  const std::size_t needed = family.shared ? 1 : family.layout == Layout::matrix ? d + 1 : 2;
  if (members.rows.size() < 2 * needed) return std::nullopt;
  const Matrix values = engine.rows(members.rows);
  const MainAxis axis = main_axis(values, members.weights);
  if (!(axis.variance > 0)) return std::nullopt;
  const Dataset rows(values, {}, members.weights);
  const auto own = make_engine(rows, options.n_threads);
  Effort spent;
  try {
    Run run;
    run.attempt([&] { run.loop.emplace(cut(mixture, component, axis), of_halves(options)); });
    run_em(*own, std::array{&run}, spent);
    if (!run.loop || !run.loop->has_result()) return std::nullopt;
    const double base = own->accumulate(row_model(alone(mixture, component)), Moments::none).log_likelihood;
    const double share = static_cast<double>(members.rows.size()) / static_cast<double>(engine.n_positive_rows());
    effort.add_passes((2 * spent.passes.total() + 1) * share / static_cast<double>(mixture.n_components()));
    const EmState& end = run.loop->result();
    const double least = family.shared ? 0 : static_cast<double>(needed) * row;
    if (std::ranges::min(end.stats.n) < least) return std::nullopt;
    return Split{end.objective - base, end.mixture};
  } catch (const invalid_argument&) {  // a half is singular
    return std::nullopt;
  }
}

}  // namespace mogul
