// EEI, "tied_diagonal": Sigma_k = lambda A, the same variances in every component. In closed form.

#include "covariance/scatters.hpp"
#include "mogul/covariance_family.hpp"

namespace mogul {
namespace {

std::vector<double> maximise_eei(const Scatters& scatters, const Covariances* /*current*/, InnerLoop& /*inner*/) {
  return pooled_covariance(scatters);
}

std::size_t n_parameters(std::size_t /*k*/, std::size_t d) { return d; }

}  // namespace

const CovarianceFamily families::eei{"EEI", "tied_diagonal", Layout::diagonal, true, n_parameters, maximise_eei};

}  // namespace mogul
