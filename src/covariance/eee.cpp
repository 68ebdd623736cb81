// EEE, "tied": Sigma_k = Sigma. In closed form.

#include "covariance/scatters.hpp"
#include "mogul/covariance_family.hpp"

namespace mogul {
namespace {

std::vector<double> maximise_eee(const Scatters& scatters, const Covariances* /*current*/, InnerLoop& /*inner*/) {
  const std::vector<double> pooled = pooled_covariance(scatters);
  return as_stored(Matrix(1, pooled.size(), pooled), Layout::matrix, scatters.n_features);
}

std::size_t n_parameters(std::size_t /*k*/, std::size_t d) { return d * (d + 1) / 2; }

}  // namespace

const CovarianceFamily families::eee{"EEE", "tied", Layout::matrix, true, n_parameters, maximise_eee};

}  // namespace mogul
