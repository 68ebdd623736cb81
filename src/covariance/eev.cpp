// EEV: Sigma_k = lambda D_k A D_k^T, one set of variances along axes of its own for every component. In closed form:
// the axes are the principal ones, the variances along them the means over the components in order of size.

#include <algorithm>
#include <vector>

#include "covariance/axes.hpp"
#include "covariance/scatters.hpp"
#include "mogul/covariance_family.hpp"

namespace mogul {
namespace {

std::vector<double> maximise_eev(const Scatters& scatters, const Covariances* current, InnerLoop& /*inner*/) {
  const std::size_t d = scatters.n_features;
  const std::vector<double> p = shares(scatters);
  Matrix covariances = free_covariances(scatters, current);
  const std::vector<double> pooled = pooled_covariance(scatters);
  std::vector<Matrix> axes;
  std::vector<double> variances(d);
  for (std::size_t k = 0; k < covariances.rows(); ++k) {
    PrincipalAxes principal = principal_axes(covariances.row(k), d);
    settle_null_axes(principal, pooled);
    for (std::size_t i = 0; i < d; ++i) variances[i] += p[k] * principal.variances[i];
    axes.push_back(std::move(principal.axes));
  }
  for (std::size_t k = 0; k < covariances.rows(); ++k) assemble(axes[k], variances, covariances.row(k));
  return as_stored(covariances, Layout::matrix, d);
}

std::size_t n_parameters(std::size_t k, std::size_t d) { return d + k * (d * (d - 1) / 2); }

}  // namespace

const CovarianceFamily families::eev{"EEV", "", Layout::matrix, false, n_parameters, maximise_eev, &families::vvv};

}  // namespace mogul
