#include "em/projection.hpp"

#include <utility>
#include <vector>

#include "covariance/family.hpp"
#include "em/overall_moments.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

// n_k (Sigma_k - R), as the family's M-step takes it.
Scatters scatters_of(const Mixture& mixture, const CovarianceFamily& family, double n,
                     const std::vector<double>& added) {
  const std::size_t d = mixture.n_features();
  const bool has_matrices = family.layout == Layout::matrix;
  Scatters scatters{family.layout, d, {}, Matrix(mixture.n_components(), has_matrices ? d * (d + 1) / 2 : d)};
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    const double count = n * mixture.weights()[k];
    scatters.counts.push_back(count);
    double* out = scatters.second.row(k).data();
    if (!has_matrices) {
      for (std::size_t i = 0; i < d; ++i) *out++ = count * (mixture.variance(k, i) - added[i]);
      continue;
    }
    const Matrix covariance = mixture.covariance(k);
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j <= i; ++j) *out++ = count * (covariance(i, j) - (i == j ? added[i] : 0));
    }
  }
  return scatters;
}

}  // namespace

std::optional<Mixture> projected(Mixture mixture, const Mixture& current, const Stats& stats,
                                 const RegCovar& reg_covar) {
  const CovarianceFamily& family = current.family();
  if (mixture.family() == family) return mixture;
  const std::size_t d = mixture.n_features();
  const std::vector<double> added = added_variances(stats, family, reg_covar);
  InnerLoop inner;
  std::vector<double> values =
      maximise(family, scatters_of(mixture, family, stats.sum_weights, added), &current.covariances(), inner);
  const std::size_t size = values.size() / mixture.n_components();
  const std::size_t step = family.layout == Layout::matrix ? d + 1 : 1;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    for (std::size_t i = 0; i < d; ++i) values[k * size + i * step] += added[i];
  }
  try {
    return Mixture(family, mixture.weights(), mixture.means(), std::move(values));
  } catch (const invalid_argument&) {
    return std::nullopt;
  }
}

}  // namespace mogul
