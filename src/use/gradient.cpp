// The gradient of the log-likelihood out of the sums of one pass: component sizes give that of the weights, first
// moments that of the means and second moments that of the covariances. Only the derivative by a weight of 0 is not in
// the sums and takes a pass of its own.

#include "mogul/gradient.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "base/check_interrupted.hpp"
#include "base/cholesky.hpp"
#include "engine/engine.hpp"
#include "engine/row_model.hpp"
#include "engine/scatter.hpp"

namespace mogul {
namespace {

/// L_k of Sigma_k = L_k L_k^T: a triangular matrix, or D standard deviations where the family has no matrices.
class Factor {
 public:
  Factor(const Mixture& model, std::size_t k) {
    if (model.family().moments() >= Moments::pooled) {
      lower_ = model.cholesky(k);
      return;
    }
    deviations_.resize(model.n_features());
    for (std::size_t d = 0; d < deviations_.size(); ++d) deviations_[d] = std::sqrt(model.variance(k, d));
  }

  bool is_matrix() const { return !lower_.empty(); }
  double deviation(std::size_t d) const { return deviations_[d]; }

  /// L^-1 V and L^-T V for the columns of V.
  void solve(MatrixView<double> v) const {
    if (is_matrix()) return solve_lower(lower_.view(), v);
    divide(v);
  }
  void solve_transposed(MatrixView<double> v) const {
    if (is_matrix()) return solve_lower_transposed(lower_.view(), v);
    divide(v);
  }

 private:
  void divide(MatrixView<double> v) const {
    for (std::size_t d = 0; d < v.rows(); ++d) {
      for (double& value : v.row(d)) value /= deviations_[d];
    }
  }

  Matrix lower_;
  std::vector<double> deviations_;
};

void check(const Stats& stats, const Mixture& model) {
  if (stats.model != model.fingerprint() || stats.shift != model.means()) {
    throw invalid_argument("stats are not those of the mixture; accumulate the rows under it");
  }
  if (!provides(stats.moments, model.family().moments())) {
    throw invalid_argument(fmt::format("stats hold '{}' moments; the gradient of a {} mixture needs '{}'",
                                       to_string(stats.moments), to_string(model.family()),
                                       to_string(model.family().moments())));
  }
  if (!(stats.sum_weights > 0)) throw invalid_argument("stats hold no rows; accumulate some");
}

double largest_magnitude(std::span<const double> values) {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  return largest;
}

void set_weights(const Stats& stats, const Mixture& model, LogLikelihoodGradient& out) {
  for (std::size_t k = 0; k < out.weights.size(); ++k) {
    const double pi = model.weights()[k];
    if (pi == 0) {
      out.weights[k] = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    out.weights[k] = stats.n[k] / pi;
    out.largest_scaled = std::max(out.largest_scaled, std::abs(out.weights[k] / stats.sum_weights - 1));
  }
}

void set_mean(const Stats& stats, std::size_t k, const Factor& factor, LogLikelihoodGradient& out) {
  const auto gradient = out.means.row(k);
  std::ranges::copy(stats.first.row(k), gradient.begin());
  const MatrixView<double> column(gradient.data(), gradient.size(), 1);
  factor.solve(column);
  if (stats.n[k] > 0) out.largest_scaled = std::max(out.largest_scaled, largest_magnitude(gradient) / stats.n[k]);
  factor.solve_transposed(column);
}

// M becomes S M S^T for symmetric M and `solve`, which makes S V of V.
template <class Solve>
void solve_both_sides(Matrix& m, const Solve& solve) {
  solve(m.view());
  for (std::size_t i = 0; i < m.rows(); ++i) {
    for (std::size_t j = 0; j < i; ++j) std::swap(m(i, j), m(j, i));
  }
  solve(m.view());
}

// dL/dSigma = L^-T (L^-1 W L^-T - n I) L^-1 / 2 for the scatter W of rows that weigh n.
// @return  the largest entry of L^-1 W L^-T - n I
double set_matrix(const Scatter& scatter, double n, const Factor& factor, MatrixView<double> out) {
  const std::size_t d = out.rows();
  Matrix m(d, d);
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j <= i; ++j) m(i, j) = m(j, i) = scatter[i * (i + 1) / 2 + j];
  }
  solve_both_sides(m, [&](MatrixView<double> v) { factor.solve(v); });
  for (std::size_t i = 0; i < d; ++i) m(i, i) -= n;
  const double largest = largest_magnitude(m.values());
  solve_both_sides(m, [&](MatrixView<double> v) { factor.solve_transposed(v); });
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j <= i; ++j) out(i, j) = out(j, i) = (m(i, j) + m(j, i)) / 4;  // equal but for rounding
  }
  return largest;
}

// The same for variances, each that of `n_shared` features.
double set_variances(const Scatter& scatter, double n, std::size_t n_shared, const Factor& factor,
                     std::span<double> out) {
  const double total = n * static_cast<double>(n_shared);
  double largest = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double excess = scatter[i] / factor.deviation(i) / factor.deviation(i) - total;
    largest = std::max(largest, std::abs(excess) / static_cast<double>(n_shared));
    out[i] = excess / factor.deviation(i) / factor.deviation(i) / 2;
  }
  return largest;
}

// @param out  what the family stores of one covariance
void set_covariance(const Scatter& scatter, double n, const Factor& factor, std::span<double> out,
                    LogLikelihoodGradient& gradient) {
  const std::size_t d = gradient.means.cols();
  const double largest = factor.is_matrix() ? set_matrix(scatter, n, factor, {out.data(), d, d})
                                            : set_variances(scatter, n, d / out.size(), factor, out);
  if (n > 0) gradient.largest_scaled = std::max(gradient.largest_scaled, largest / n);
}

Scatter scatter_of_all(const Stats& stats, Moments to) {
  Scatter sum;
  for (std::size_t k = 0; k < stats.second.rows(); ++k) {
    const Scatter own = coarsened(stats.second.row(k), stats.moments, to, stats.n_features());
    sum.resize(own.size());
    std::ranges::transform(sum, own, sum.begin(), std::plus<>());
  }
  return sum;
}

void require_finite(std::span<const double> values, std::string_view name) {
  if (std::ranges::all_of(values, [](double value) { return std::isfinite(value); })) return;
  throw invalid_argument(
      fmt::format("the derivative by the {} exceeds the range of double; bring the values of the rows, their weights "
                  "and the parameters of the mixture nearer to 1",
                  name));
}

std::vector<std::size_t> components_without_weight(const Mixture& model) {
  std::vector<std::size_t> components;
  for (std::size_t k = 0; k < model.n_components(); ++k) {
    if (model.weights()[k] == 0) components.push_back(k);
  }
  return components;
}

// dL/dpi_k = sum_n w_n N(x_n | k) / p(x_n) where pi_k = 0. Blocks are summed in the order of their rows, whatever
// thread made them.
void set_weights_of_zero(Engine& engine, const Mixture& model, std::vector<double>& out) {
  const std::vector<std::size_t> components = components_without_weight(model);
  if (components.empty()) return;
  std::vector<double> normalisers;
  normalisers.reserve(components.size());
  for (const std::size_t k : components) normalisers.push_back(log_normaliser(model, k));
  std::vector<std::pair<std::size_t, std::vector<double>>> blocks;
  std::mutex mutex;
  engine.visit(row_model(model), [&](const BlockScores& scores) {
    std::vector<double> sums(components.size());
    for (std::size_t i = 0; i < scores.n_rows; ++i) {
      const double weight = scores.weights[i];
      if (weight == 0) continue;
      for (std::size_t j = 0; j < components.size(); ++j) {
        const double log_density = normalisers[j] - scores.squared_mahalanobis(components[j], i) / 2;
        sums[j] += weight * std::exp(log_density - scores.log_densities[i]);
      }
    }
    const std::scoped_lock lock(mutex);
    blocks.emplace_back(scores.first_row, std::move(sums));
  });
  std::ranges::sort(blocks);
  for (const std::size_t k : components) out[k] = 0;
  for (const auto& [first_row, sums] : blocks) {
    for (std::size_t j = 0; j < components.size(); ++j) out[components[j]] += sums[j];
  }
}

}  // namespace

LogLikelihoodGradient log_likelihood_gradient(const Stats& stats, const Mixture& model) {
  check(stats, model);
  const Moments moments = model.family().moments();
  const bool tied = model.family().shared;
  const std::size_t n_components = model.n_components();
  LogLikelihoodGradient out{model.family(),
                            zeros<double>({n_components}),
                            -stats.sum_weights,
                            Matrix(n_components, model.n_features()),
                            zeros<double>({model.covariances().values().size()}),
                            0};
  set_weights(stats, model, out);
  const std::size_t size = out.covariances.size() / (tied ? 1 : n_components);
  std::optional<Factor> factor;
  for (std::size_t k = 0; k < n_components; ++k) {
    check_interrupted();
    if (!tied || !factor) factor.emplace(model, k);
    set_mean(stats, k, *factor, out);
    if (tied) continue;
    const Scatter own = coarsened(stats.second.row(k), stats.moments, moments, model.n_features());
    set_covariance(own, stats.n[k], *factor, std::span(out.covariances).subspan(k * size, size), out);
  }
  if (tied) set_covariance(scatter_of_all(stats, moments), stats.sum_weights, *factor, out.covariances, out);
  for (std::size_t k = 0; k < n_components; ++k) {
    if (model.weights()[k] > 0) require_finite({&out.weights[k], 1}, "weights");
  }
  require_finite(out.means.values(), "means");
  require_finite(out.covariances, "covariances");
  return out;
}

LogLikelihoodGradient log_likelihood_gradient(const Mixture& model, const DataView& data, unsigned n_threads) {
  const auto engine = make_engine_for(model, data, n_threads);
  // Near a stationary point large sums cancel, of which lanes narrower than double keep too few digits.
  Stats stats =
      engine->accumulate(row_model(model), model.means(), model.family().moments(), Assignment::soft, Precision::exact);
  stats.model = model.fingerprint();
  LogLikelihoodGradient out = log_likelihood_gradient(stats, model);
  set_weights_of_zero(*engine, model, out.weights);
  require_finite(out.weights, "weights");
  return out;
}

}  // namespace mogul
