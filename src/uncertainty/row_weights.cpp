#include "uncertainty/row_weights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check_interrupted.hpp"
#include "base/random.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

constexpr double kMostDrawn = 1e9;  // rows of one replicate

// Gamma(shape, 1). Source: Marsaglia, Tsang (2000), A simple method for generating gamma variables, ACM TOMS 26(3).
double gamma(RandomStream& random, double shape) {
  if (shape < 1) return gamma(random, shape + 1) * std::pow(1 - random.uniform(), 1 / shape);
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = random.normal();
    const double v = std::pow(1 + c * x, 3);
    if (v > 0 && std::log(1 - random.uniform()) < x * x / 2 + d - d * v + d * std::log(v)) return d * v;
  }
}

}  // namespace

ReplicateWeights::ReplicateWeights(const DataView& data, StandardErrorMethod method, std::size_t n_bootstrap,
                                   std::uint64_t seed)
    : method_(method), n_bootstrap_(n_bootstrap), seed_(seed) {
  for (std::size_t n = 0; n < data.rows(); ++n) weights_.push_back(data.weight(n));
  cumulative_.resize(weights_.size());
  std::partial_sum(weights_.begin(), weights_.end(), cumulative_.begin());
  if (method == StandardErrorMethod::bootstrap && !(cumulative_.back() >= 0.5 && cumulative_.back() <= kMostDrawn)) {
    throw invalid_data(
        fmt::format("the row weights sum to {:.6g}; a bootstrap draws as many rows, which must be 1 to "
                    "{:g}: scale them to counts, or use the weighted bootstrap",
                    cumulative_.back(), kMostDrawn));
  }
  if (method != StandardErrorMethod::jackknife) return;
  for (std::size_t n = 0; n < weights_.size(); ++n) {
    if (weights_[n] != std::floor(weights_[n])) {
      throw invalid_data(
          fmt::format("row {} has weight {}; the jackknife leaves out one row at a time, so weights must "
                      "be whole numbers; use the weighted bootstrap",
                      n, weights_[n]));
    }
    if (weights_[n] > 0) left_out_.push_back(n);
  }
}

std::size_t ReplicateWeights::size() const {
  return method_ == StandardErrorMethod::jackknife ? left_out_.size() : n_bootstrap_;
}

double ReplicateWeights::count(std::size_t replicate) const {
  return method_ == StandardErrorMethod::jackknife ? weights_[left_out_[replicate]] : 1;
}

std::vector<double> ReplicateWeights::weights(std::size_t replicate) const {
  if (method_ == StandardErrorMethod::bootstrap) return drawn(replicate);
  if (method_ == StandardErrorMethod::weighted_bootstrap) return random(replicate);
  std::vector<double> weights = weights_;
  weights[left_out_[replicate]] -= 1;
  return weights;
}

// As many rows as the weights count, drawn in proportion to them.
std::vector<double> ReplicateWeights::drawn(std::size_t replicate) const {
  RandomStream random(seed_, Purpose::replicates, 0, replicate);
  std::vector<double> weights(weights_.size());
  const auto n_drawn = static_cast<std::size_t>(std::llround(cumulative_.back()));
  for (std::size_t i = 0; i < n_drawn; ++i) {
    if (i % kRowsPerCheck == 0) check_interrupted();
    weights[draw_index(cumulative_, random.uniform())] += 1;
  }
  return weights;
}

// Dirichlet weights times the sum of the row weights; their means are the row weights.
std::vector<double> ReplicateWeights::random(std::size_t replicate) const {
  RandomStream random(seed_, Purpose::replicates, 1, replicate);
  std::vector<double> weights = weights_;
  double sum = 0;
  for (std::size_t n = 0; n < weights.size(); ++n) {
    if (n % kRowsPerCheck == 0) check_interrupted();
    if (weights[n] > 0) weights[n] = gamma(random, weights[n]);
    sum += weights[n];
  }
  for (double& weight : weights) weight *= cumulative_.back() / sum;
  return weights;
}

}  // namespace mogul
