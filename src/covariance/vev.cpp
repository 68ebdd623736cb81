// VEV: Sigma_k = lambda_k D_k A D_k^T, variances in the same proportions along axes of its own for every component. The
// axes are the principal ones; the rest is VEI of the variances along them in order of size, by iterations.

#include <algorithm>
#include <vector>

#include "covariance/axes.hpp"
#include "covariance/scatters.hpp"
#include "covariance/volumes.hpp"
#include "mogul/covariance_family.hpp"

namespace mogul {
namespace {

std::vector<double> maximise_vev(const Scatters& scatters, const Covariances* current, InnerLoop& inner) {
  const std::size_t d = scatters.n_features;
  Matrix covariances = free_covariances(scatters, current);
  const std::vector<double> pooled = pooled_covariance(scatters);
  std::vector<Matrix> axes;
  Matrix variances(covariances.rows(), d);
  for (std::size_t k = 0; k < covariances.rows(); ++k) {
    PrincipalAxes principal = principal_axes(covariances.row(k), d);
    settle_null_axes(principal, pooled);
    std::ranges::copy(principal.variances, variances.row(k).begin());
    axes.push_back(std::move(principal.axes));
  }
  variances = proportional_variances(variances, shares(scatters), current, inner);
  for (std::size_t k = 0; k < covariances.rows(); ++k) assemble(axes[k], variances.row(k), covariances.row(k));
  return as_stored(covariances, Layout::matrix, d);
}

std::size_t n_parameters(std::size_t k, std::size_t d) { return k + d - 1 + k * (d * (d - 1) / 2); }

}  // namespace

const CovarianceFamily families::vev{"VEV", "", Layout::matrix, false, n_parameters, maximise_vev, &families::vvv};

}  // namespace mogul
