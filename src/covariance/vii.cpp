// VII, "spherical": Sigma_k = lambda_k I. In closed form.

#include "covariance/scatters.hpp"
#include "mogul/covariance_family.hpp"

namespace mogul {
namespace {

std::vector<double> maximise_vii(const Scatters& scatters, const Covariances* current, InnerLoop& /*inner*/) {
  return free_covariances(scatters, current).values();
}

std::size_t n_parameters(std::size_t k, std::size_t /*d*/) { return k; }

}  // namespace

const CovarianceFamily families::vii{"VII", "spherical", Layout::spherical, false, n_parameters, maximise_vii};

}  // namespace mogul
