// EVV: Sigma_k of its own for every component, but one volume. In closed form.

#include "covariance/axes.hpp"
#include "covariance/scatters.hpp"
#include "covariance/volumes.hpp"
#include "mogul/covariance_family.hpp"

namespace mogul {
namespace {

std::vector<double> maximise_evv(const Scatters& scatters, const Covariances* current, InnerLoop& /*inner*/) {
  Matrix covariances = free_covariances(scatters, current);
  std::vector<double> log_volumes;
  for (std::size_t k = 0; k < covariances.rows(); ++k) {
    log_volumes.push_back(log_volume_of_matrix(covariances.row(k), scatters.n_features));
  }
  equalise_volumes(covariances, log_volumes, shares(scatters));
  return as_stored(covariances, Layout::matrix, scatters.n_features);
}

std::size_t n_parameters(std::size_t k, std::size_t d) { return 1 + k * (d * (d + 1) / 2 - 1); }

}  // namespace

const CovarianceFamily families::evv{"EVV", "", Layout::matrix, false, n_parameters, maximise_evv, &families::vvv};

}  // namespace mogul
