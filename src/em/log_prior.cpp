#include "em/log_prior.hpp"

#include <cmath>
#include <numbers>
#include <vector>

#include "base/check_interrupted.hpp"
#include "base/cholesky.hpp"
#include "em/prior_terms.hpp"

namespace mogul {
namespace {

const double kLogTwoPi = std::log(2 * std::numbers::pi);

double sum_of_squares(const Matrix& m) {
  double sum = 0;
  for (const double value : m.values()) sum += value * value;
  return sum;
}

// log Gamma_D(a), of D dimensions.
double log_multivariate_gamma(double a, std::size_t d) {
  double sum = static_cast<double>(d * (d - 1)) / 4 * std::log(std::numbers::pi);
  for (std::size_t i = 0; i < d; ++i) sum += std::lgamma(a - static_cast<double>(i) / 2);
  return sum;
}

// The Cholesky factor of Lambda.
Matrix scale_factor(const std::vector<double>& scale, std::size_t d) {
  Matrix factor(d, d);
  for (std::size_t i = 0; i < d; ++i) factor(i, i) = scale[0];
  if (scale.size() > 1) factor = Matrix(d, d, scale);
  cholesky(factor.view());
  return factor;
}

// log of the inverse Wishart density at Sigma_k.
double log_inverse_wishart(const Mixture& mixture, std::size_t k, const Prior& prior, const Matrix& scale) {
  const std::size_t d = scale.rows();
  const double dof = *prior.dof;
  double log_scale = 0;
  for (std::size_t i = 0; i < d; ++i) log_scale += 2 * std::log(scale(i, i));
  Matrix whitened = scale;  // tr(Lambda Sigma^-1) is the sum of its squares
  solve_lower(mixture.cholesky(k).view(), whitened.view());
  const auto n = static_cast<double>(d);
  return dof / 2 * (log_scale - n * std::numbers::ln2) - log_multivariate_gamma(dof / 2, d) -
         (dof + n + 1) / 2 * mixture.log_determinant(k) - sum_of_squares(whitened) / 2;
}

double log_inverse_gamma(double variance, const Prior& prior) {
  const double shape = *prior.dof / 2;
  const double rate = prior.scale->front() / 2;
  return shape * std::log(rate) - std::lgamma(shape) - (shape + 1) * std::log(variance) - rate / variance;
}

double log_of_covariances(const Mixture& mixture, const CovarianceFamily& family, const Prior& prior) {
  const std::size_t d = mixture.n_features();
  const Matrix scale = family.layout == Layout::matrix ? scale_factor(*prior.scale, d) : Matrix();
  double sum = 0;
  for (std::size_t k = 0; k < (family.shared ? 1 : mixture.n_components()); ++k) {
    check_interrupted();
    if (family.layout == Layout::matrix) sum += log_inverse_wishart(mixture, k, prior, scale);
    for (std::size_t i = 0; i < (family.layout == Layout::diagonal ? d : 0); ++i) {
      sum += log_inverse_gamma(mixture.variance(k, i), prior);
    }
    if (family.layout == Layout::spherical) sum += log_inverse_gamma(mixture.variance(k, 0), prior);
  }
  return sum;
}

double log_of_mean(const Mixture& mixture, std::size_t k, double kappa, const std::vector<double>& centre) {
  const std::size_t d = centre.size();
  Matrix away(d, 1);
  for (std::size_t i = 0; i < d; ++i) away(i, 0) = mixture.means()(k, i) - centre[i];
  solve_lower(mixture.cholesky(k).view(), away.view());
  return (static_cast<double>(d) * (std::log(kappa) - kLogTwoPi) - mixture.log_determinant(k) -
          kappa * sum_of_squares(away)) /
         2;
}

double log_of_weights(const std::vector<double>& weights, double alpha) {
  const auto k = static_cast<double>(weights.size());
  double sum = std::lgamma(k * alpha) - k * std::lgamma(alpha);
  for (const double weight : weights) sum += (alpha - 1) * std::log(weight);
  return sum;
}

}  // namespace

double log_prior(const Mixture& mixture, const CovarianceFamily& family, const MStepOptions& options) {
  double sum = 0;
  if (options.prior && !options.hold.covariances) sum += log_of_covariances(mixture, family, *options.prior);
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    check_interrupted();
    const double kappa = mean_shrinkage(options, k);
    if (kappa > 0) sum += log_of_mean(mixture, k, kappa, *options.prior->mean);
  }
  // With alpha = 1 all weights are equally likely, also those that are 0.
  if (options.weight_concentration > 1.0) sum += log_of_weights(mixture.weights(), *options.weight_concentration);
  return sum;
}

}  // namespace mogul
