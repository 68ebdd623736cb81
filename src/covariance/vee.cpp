// VEE: Sigma_k = lambda_k C, multiples of one matrix. By iterations.

#include <algorithm>
#include <vector>

#include "covariance/axes.hpp"
#include "covariance/scatters.hpp"
#include "covariance/volumes.hpp"
#include "mogul/covariance_family.hpp"

namespace mogul {
namespace {

std::vector<double> maximise_vee(const Scatters& scatters, const Covariances* current, InnerLoop& inner) {
  const std::size_t d = scatters.n_features;
  const Matrix covariances = free_covariances(scatters, current);
  Matrix common(1, covariances.cols());
  VolumeStart start = volume_start(diagonals(covariances, d), shares(scatters), current);
  alternate(start, inner, [&](VolumeStart& now) {
    std::ranges::fill(common.row(0), 0);
    for (std::size_t k = 0; k < covariances.rows(); ++k) {
      if (!(now.shares[k] > 0)) continue;
      for (std::size_t i = 0; i < common.cols(); ++i) {
        common(0, i) += now.shares[k] * (covariances(k, i) / now.volumes[k]);
      }
    }
    return relative_traces(common.row(0), covariances, d, now.volumes);
  });
  Matrix out(covariances.rows(), covariances.cols());
  for (std::size_t k = 0; k < out.rows(); ++k) {
    for (std::size_t i = 0; i < out.cols(); ++i) out(k, i) = start.volumes[k] * common(0, i);
  }
  return as_stored(out, Layout::matrix, d);
}

std::size_t n_parameters(std::size_t k, std::size_t d) { return k + d * (d + 1) / 2 - 1; }

}  // namespace

const CovarianceFamily families::vee{"VEE", "", Layout::matrix, false, n_parameters, maximise_vee};

}  // namespace mogul
