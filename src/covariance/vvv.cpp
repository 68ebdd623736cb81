// VVV, "full": Sigma_k without constraints. In closed form.

#include "covariance/scatters.hpp"
#include "mogul/covariance_family.hpp"

namespace mogul {
namespace {

std::vector<double> maximise_vvv(const Scatters& scatters, const Covariances* current, InnerLoop& /*inner*/) {
  return as_stored(free_covariances(scatters, current), Layout::matrix, scatters.n_features);
}

std::size_t n_parameters(std::size_t k, std::size_t d) { return k * d * (d + 1) / 2; }

}  // namespace

const CovarianceFamily families::vvv{"VVV", "full", Layout::matrix, false, n_parameters, maximise_vvv};

}  // namespace mogul
