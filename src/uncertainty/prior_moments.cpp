#include "uncertainty/prior_moments.hpp"

#include <span>

#include "em/prior_terms.hpp"

namespace mogul {
namespace {

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// Adds W Lambda W^T.
void add_scale(PriorMoments& moments, const Prior& prior, Layout layout, const Matrix& whitening) {
  const std::size_t d = whitening.rows();
  const std::vector<double>& scale = *prior.scale;
  const double share = layout == Layout::spherical ? 1 / static_cast<double>(d) : 1;
  for (std::size_t i = 0; i < d; ++i) {
    std::vector<double> row(d);  // of W Lambda
    for (std::size_t j = 0; j < d; ++j) {
      if (scale.size() == 1) row[j] = share * scale[0] * whitening(i, j);
      for (std::size_t l = 0; scale.size() > 1 && l < d; ++l) row[j] += whitening(i, l) * scale[l * d + j];
    }
    for (std::size_t j = 0; j < d; ++j) moments.second(i, j) += dot(row, whitening.row(j));
  }
}

}  // namespace

PriorMoments prior_moments(const Mixture& mixture, const FitOptions& options, std::size_t k, const Matrix& whitening) {
  const std::size_t d = mixture.n_features();
  PriorMoments moments{0, 0, std::vector<double>(d), Matrix(d, d)};
  if (!options.prior) return moments;
  const Prior& prior = *options.prior;
  const CovarianceFamily& family = mixture.family();
  if (!options.hold.covariances && (k == 0 || !family.shared)) {
    moments.n_of_covariance += covariance_count(family.layout, *prior.dof, static_cast<double>(d));
    add_scale(moments, prior, family.layout, whitening);
  }
  const double kappa = *prior.mean_shrinkage;
  if (!options.hold.estimates_mean(k) || !(kappa > 0)) return moments;
  moments.n_of_mean = kappa;
  moments.n_of_covariance += 1;
  std::vector<double> away = *prior.mean;
  for (std::size_t i = 0; i < d; ++i) away[i] -= mixture.means()(k, i);
  std::vector<double> whitened;
  for (std::size_t i = 0; i < d; ++i) whitened.push_back(dot(whitening.row(i), away));
  for (std::size_t i = 0; i < d; ++i) {
    moments.first[i] = kappa * whitened[i];
    for (std::size_t j = 0; j < d; ++j) moments.second(i, j) += kappa * whitened[i] * whitened[j];
  }
  return moments;
}

}  // namespace mogul
