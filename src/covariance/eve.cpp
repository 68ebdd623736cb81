// EVE: Sigma_k = lambda D A_k D^T, variances of its own for every component along common axes, but one volume. By
// iterations.

#include "covariance/common_axes.hpp"
#include "covariance/registry.hpp"

namespace mogul {
namespace {

std::vector<double> maximise_eve(const Scatters& scatters, const Covariances* current, InnerLoop& inner) {
  return along_common_axes(scatters, Volumes::shared, current, inner);
}

std::size_t n_parameters(std::size_t k, std::size_t d) { return 1 + k * (d - 1) + d * (d - 1) / 2; }

}  // namespace

const CovarianceFamily families::eve{"EVE", "", Layout::matrix, false, n_parameters, maximise_eve};

}  // namespace mogul
