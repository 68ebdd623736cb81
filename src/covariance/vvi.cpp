// VVI, "diagonal": Sigma_k = lambda_k A_k, variances of its own for every component. In closed form.

#include "covariance/scatters.hpp"
#include "mogul/covariance_family.hpp"

namespace mogul {
namespace {

std::vector<double> maximise_vvi(const Scatters& scatters, const Covariances* current, InnerLoop& /*inner*/) {
  return free_covariances(scatters, current).values();
}

std::size_t n_parameters(std::size_t k, std::size_t d) { return k * d; }

}  // namespace

const CovarianceFamily families::vvi{"VVI", "diagonal", Layout::diagonal, false, n_parameters, maximise_vvi};

}  // namespace mogul
