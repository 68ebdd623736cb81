#include "covariance/scatters.hpp"

#include <algorithm>
#include <numeric>

namespace mogul {
namespace {

double total(const Scatters& scatters) { return std::accumulate(scatters.counts.begin(), scatters.counts.end(), 0.0); }

// A spherical scatter is summed over the features.
void divide(std::span<double> values, double count, const Scatters& scatters) {
  for (double& value : values) value /= count;
  if (scatters.layout == Layout::spherical) values[0] /= static_cast<double>(scatters.n_features);
}

}  // namespace

std::size_t packed_size(Layout layout, std::size_t n_features) {
  switch (layout) {
    case Layout::spherical: return 1;
    case Layout::diagonal: return n_features;
    case Layout::matrix: return n_features * (n_features + 1) / 2;
  }
  return 0;
}

void pack(const Covariances& covariances, std::size_t component, Layout layout, std::span<double> out) {
  const std::size_t d = covariances.n_features();
  if (layout == Layout::matrix) {
    const Matrix matrix = covariances.matrix(component);
    auto at = out.begin();
    for (std::size_t i = 0; i < d; ++i) at = std::copy_n(matrix.row(i).begin(), i + 1, at);
    return;
  }
  std::vector<double> variances(d);
  for (std::size_t i = 0; i < d; ++i) variances[i] = covariances.variance(component, i);
  if (layout == Layout::diagonal) {
    std::ranges::copy(variances, out.begin());
    return;
  }
  out[0] = variances[0];  // exactly, where all are equal
  for (const double variance : variances) out[0] += (variance - variances[0]) / static_cast<double>(d);
}

std::vector<double> as_stored(const Matrix& packed, Layout layout, std::size_t n_features) {
  if (layout != Layout::matrix) return packed.values();
  const std::size_t d = n_features;
  std::vector<double> out = zeros<double>({packed.rows(), d, d});
  for (std::size_t k = 0; k < packed.rows(); ++k) {
    const MatrixView<double> matrix(out.data() + k * d * d, d, d);
    auto at = packed.row(k).begin();
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j <= i; ++j) matrix(i, j) = matrix(j, i) = *at++;
    }
  }
  return out;
}

std::vector<double> shares(const Scatters& scatters) {
  std::vector<double> out = scatters.counts;
  const double sum = total(scatters);
  for (double& share : out) share /= sum;
  return out;
}

std::vector<double> pooled_covariance(const Scatters& scatters) {
  std::vector<double> pooled(scatters.second.cols());
  for (std::size_t k = 0; k < scatters.second.rows(); ++k) {
    std::ranges::transform(pooled, scatters.second.row(k), pooled.begin(), std::plus<>());
  }
  divide(pooled, total(scatters), scatters);
  return pooled;
}

Matrix free_covariances(const Scatters& scatters, const Covariances* current) {
  Matrix out = scatters.second;
  for (std::size_t k = 0; k < out.rows(); ++k) {
    if (scatters.counts[k] > 0) {
      divide(out.row(k), scatters.counts[k], scatters);
    } else if (current != nullptr) {
      pack(*current, k, scatters.layout, out.row(k));
    } else {
      std::ranges::copy(pooled_covariance(scatters), out.row(k).begin());
    }
  }
  return out;
}

}  // namespace mogul
