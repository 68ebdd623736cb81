// VEI: Sigma_k = lambda_k A, variances in the same proportions in every component. By iterations.

#include "covariance/scatters.hpp"
#include "covariance/volumes.hpp"
#include "mogul/covariance_family.hpp"

namespace mogul {
namespace {

std::vector<double> maximise_vei(const Scatters& scatters, const Covariances* current, InnerLoop& inner) {
  return proportional_variances(free_covariances(scatters, current), shares(scatters), current, inner).values();
}

std::size_t n_parameters(std::size_t k, std::size_t d) { return k + d - 1; }

}  // namespace

const CovarianceFamily families::vei{"VEI", "", Layout::diagonal, false, n_parameters, maximise_vei};

}  // namespace mogul
