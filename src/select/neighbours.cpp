#include "select/neighbours.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

#include "base/cholesky.hpp"
#include "mogul/error.hpp"
#include "search/membership.hpp"
#include "search/split.hpp"

namespace mogul {
namespace {

// The parts of a mixture, to which components are added one by one.
struct Parts {
  CovarianceFamily family;
  std::size_t n_features;
  std::vector<double> weights = {};
  std::vector<double> means = {};        // (K, D)
  std::vector<double> covariances = {};  // as stored

  void add(double weight, std::span<const double> mean, std::span<const double> covariance) {
    weights.push_back(weight);
    means.insert(means.end(), mean.begin(), mean.end());
    if (!family.shared) covariances.insert(covariances.end(), covariance.begin(), covariance.end());
  }
  Mixture mixture() && {
    double sum = 0;
    for (const double weight : weights) sum += weight;
    for (double& weight : weights) weight /= sum;
    const std::size_t k = weights.size();
    return {family, std::move(weights), Matrix(k, n_features, std::move(means)), std::move(covariances)};
  }
};

std::span<const double> stored_covariance(const Mixture& mixture, std::size_t k) {
  const std::vector<double>& all = mixture.covariances().values();
  if (mixture.family().shared) return all;
  const std::size_t size = all.size() / mixture.n_components();
  return std::span(all).subspan(k * size, size);
}

// Every component but those that are left out.
Parts parts_without(const Mixture& mixture, std::size_t one, std::size_t other) {
  Parts parts{mixture.family(), mixture.n_features()};
  if (mixture.family().shared) parts.covariances = mixture.covariances().values();
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    if (k != one && k != other) parts.add(mixture.weights()[k], mixture.means().row(k), stored_covariance(mixture, k));
  }
  return parts;
}

// What is stored of a D x D matrix.
std::vector<double> stored(const Matrix& covariance, Layout layout) {
  const std::size_t d = covariance.rows();
  if (layout == Layout::matrix) return covariance.values();
  std::vector<double> variances;
  double sum = 0;
  for (std::size_t i = 0; i < d; ++i) {
    variances.push_back(covariance(i, i));
    sum += covariance(i, i);
  }
  return layout == Layout::diagonal ? variances : std::vector{sum / static_cast<double>(d)};
}

double log_determinant(Matrix covariance) {
  if (cholesky(covariance.view())) return -std::numeric_limits<double>::infinity();
  double sum = 0;
  for (std::size_t i = 0; i < covariance.rows(); ++i) sum += 2 * std::log(covariance(i, i));
  return sum;
}

// Two components as one, and what the complete-data likelihood loses by that.
struct Merged {
  std::size_t one;
  std::size_t other;
  std::vector<double> mean;
  Matrix covariance;
  double loss;
};

Merged merged(const Mixture& mixture, std::size_t one, std::size_t other, double sum_weights) {
  const std::size_t d = mixture.n_features();
  const double a = mixture.weights()[one];
  const double b = mixture.weights()[other];
  Merged both{one, other, std::vector<double>(d), Matrix(d, d), 0};
  const Matrix first = mixture.covariance(one);
  const Matrix second = mixture.covariance(other);
  const auto apart = [&](std::size_t i) { return mixture.means()(one, i) - mixture.means()(other, i); };
  for (std::size_t i = 0; i < d; ++i) {
    both.mean[i] = mixture.means()(other, i) + a / (a + b) * apart(i);
    for (std::size_t j = 0; j < d; ++j) {
      both.covariance(i, j) =
          (a * first(i, j) + b * second(i, j)) / (a + b) + a / (a + b) * (b / (a + b)) * apart(i) * apart(j);
    }
  }
  const double of_shape =
      (a + b) * log_determinant(both.covariance) - a * log_determinant(first) - b * log_determinant(second);
  const double of_weight = (a + b) * std::log(a + b) - a * std::log(a) - b * std::log(b);
  both.loss = sum_weights * (of_shape / 2 - of_weight);
  return both;
}

}  // namespace

std::vector<Mixture> with_one_split(Engine& engine, const Mixture& mixture, const FitOptions& options, double row,
                                    std::size_t n_most, Effort& effort) {
  const Membership rows = membership(engine, mixture);
  effort.add_passes(1);
  std::vector<std::pair<double, std::size_t>> gains;
  std::vector<std::optional<Split>> splits;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    splits.push_back(split(engine, mixture, k, rows.members[k], options, row, effort));
    if (splits.back()) gains.emplace_back(splits.back()->gain, k);
  }
  std::ranges::stable_sort(gains, std::greater<>(), &std::pair<double, std::size_t>::first);
  std::vector<Mixture> found;
  for (const auto& [gain, k] : gains) {
    if (found.size() == n_most) break;
    const Mixture& halves = splits[k]->halves;
    Parts parts = parts_without(mixture, k, k);
    for (std::size_t half = 0; half < 2; ++half) {
      parts.add(mixture.weights()[k] * halves.weights()[half], halves.means().row(half),
                stored_covariance(halves, half));
    }
    try {
      found.push_back(std::move(parts).mixture());
    } catch (const invalid_argument&) {  // a covariance beyond the range of mixtures
    }
  }
  return found;
}

std::vector<Mixture> with_one_merged(const Mixture& mixture, double sum_weights, std::size_t n_most) {
  std::vector<Merged> pairs;
  for (std::size_t i = 0; i < mixture.n_components(); ++i) {
    for (std::size_t j = i + 1; j < mixture.n_components(); ++j) {
      if (mixture.weights()[i] > 0 && mixture.weights()[j] > 0) pairs.push_back(merged(mixture, i, j, sum_weights));
    }
  }
  std::ranges::stable_sort(pairs, std::less<>(), &Merged::loss);
  std::vector<Mixture> found;
  for (const Merged& pair : pairs) {
    if (found.size() == n_most) break;
    Parts parts = parts_without(mixture, pair.one, pair.other);
    parts.add(mixture.weights()[pair.one] + mixture.weights()[pair.other], pair.mean,
              stored(pair.covariance, mixture.family().layout));
    found.push_back(std::move(parts).mixture());
  }
  return found;
}

}  // namespace mogul
