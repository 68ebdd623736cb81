// VVE: Sigma_k = lambda_k D A_k D^T, variances of its own for every component along common axes. By iterations.

#include "covariance/common_axes.hpp"
#include "covariance/registry.hpp"

namespace mogul {
namespace {

std::vector<double> maximise_vve(const Scatters& scatters, const Covariances* current, InnerLoop& inner) {
  return along_common_axes(scatters, Volumes::own, current, inner);
}

std::size_t n_parameters(std::size_t k, std::size_t d) { return k * d + d * (d - 1) / 2; }

}  // namespace

const CovarianceFamily families::vve{"VVE", "", Layout::matrix, false, n_parameters, maximise_vve};

}  // namespace mogul
