// EVI: Sigma_k = lambda A_k, variances of its own for every component, but one volume. In closed form.

#include "covariance/scatters.hpp"
#include "covariance/volumes.hpp"
#include "mogul/covariance_family.hpp"

namespace mogul {
namespace {

std::vector<double> maximise_evi(const Scatters& scatters, const Covariances* current, InnerLoop& /*inner*/) {
  Matrix variances = free_covariances(scatters, current);
  std::vector<double> log_volumes;
  for (std::size_t k = 0; k < variances.rows(); ++k) log_volumes.push_back(log_volume(variances.row(k)));
  equalise_volumes(variances, log_volumes, shares(scatters));
  return variances.values();
}

std::size_t n_parameters(std::size_t k, std::size_t d) { return 1 + k * (d - 1); }

}  // namespace

const CovarianceFamily families::evi{"EVI", "", Layout::diagonal, false, n_parameters, maximise_evi, &families::vvi};

}  // namespace mogul
