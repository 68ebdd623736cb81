// EII, "tied_spherical": Sigma_k = lambda I. In closed form.

#include "covariance/scatters.hpp"
#include "mogul/covariance_family.hpp"

namespace mogul {
namespace {

std::vector<double> maximise_eii(const Scatters& scatters, const Covariances* /*current*/, InnerLoop& /*inner*/) {
  return pooled_covariance(scatters);
}

std::size_t n_parameters(std::size_t /*k*/, std::size_t /*d*/) { return 1; }

}  // namespace

const CovarianceFamily families::eii{"EII", "tied_spherical", Layout::spherical, true, n_parameters, maximise_eii};

}  // namespace mogul
