#include "covariance/volumes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check_interrupted.hpp"

namespace mogul {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The factor may leave the range of double where the product does not.
void scale(std::span<double> values, double log_factor) {
  const double half = std::exp(log_factor / 2);
  for (double& value : values) value = value * half * half;
}

double mean_log_of_positive(std::span<const double> values) {
  double sum = 0;
  double n = 0;
  for (const double value : values) {
    if (!(value > 0)) continue;
    sum += std::log(value);
    ++n;
  }
  return n > 0 ? sum / n : -kInfinity;
}

}  // namespace

double log_volume(std::span<const double> variances) {
  double sum = 0;
  for (const double variance : variances) sum += variance > 0 ? std::log(variance) : -kInfinity;
  return sum / static_cast<double>(variances.size());
}

void equalise_volumes(Matrix& rows, std::span<const double> log_volumes, std::span<const double> shares) {
  const double largest = *std::ranges::max_element(log_volumes);
  if (largest == -kInfinity) return;
  double sum = 0;
  for (std::size_t k = 0; k < rows.rows(); ++k) sum += shares[k] * std::exp(log_volumes[k] - largest);
  const double shared = largest + std::log(sum);
  for (std::size_t k = 0; k < rows.rows(); ++k) {
    if (log_volumes[k] > -kInfinity) scale(rows.row(k), shared - log_volumes[k]);
  }
}

VolumeStart volume_start(const Matrix& variances, std::vector<double> shares, const Covariances* current) {
  const std::size_t n_components = variances.rows();
  std::vector<double> logs(n_components);
  double smallest = kInfinity;
  double largest = -kInfinity;
  for (std::size_t k = 0; k < n_components; ++k) {
    logs[k] = mean_log_of_positive(variances.row(k));
    if (logs[k] == -kInfinity) {
      shares[k] = 0;
      continue;
    }
    if (current != nullptr) logs[k] = current->log_determinant(k) / static_cast<double>(current->n_features());
    smallest = std::min(smallest, logs[k]);
    largest = std::max(largest, logs[k]);
  }
  // Halfway between the extremes is 1, so that neither leaves the range of double.
  for (double& value : logs) value = value == -kInfinity ? 0 : std::exp(value - smallest / 2 - largest / 2);
  return {std::move(shares), std::move(logs)};
}

void alternate(VolumeStart& start, InnerLoop& inner, const std::function<double(VolumeStart&)>& update) {
  double last = -kInfinity;
  for (std::size_t i = 0; i == 0 || i < inner.max_iterations; ++i) {
    check_interrupted();
    ++inner.n_iterations;
    // Once the volumes are the best for C, this is the objective but for a constant, in the unit of the tolerance.
    double objective = -update(start);
    for (std::size_t k = 0; k < start.volumes.size(); ++k) {
      if (start.shares[k] > 0) objective -= start.shares[k] * std::log(start.volumes[k]);
    }
    if (!std::isfinite(objective) || objective - last <= inner.tolerance) return;
    last = objective;
  }
}

Matrix proportional_variances(const Matrix& variances, std::vector<double> shares, const Covariances* current,
                              InnerLoop& inner) {
  const std::size_t d = variances.cols();
  std::vector<double> common(d);
  VolumeStart start = volume_start(variances, std::move(shares), current);
  alternate(start, inner, [&](VolumeStart& now) {
    std::ranges::fill(common, 0);
    for (std::size_t k = 0; k < variances.rows(); ++k) {
      if (!(now.shares[k] > 0)) continue;
      for (std::size_t i = 0; i < d; ++i) common[i] += now.shares[k] * (variances(k, i) / now.volumes[k]);
    }
    const double log_common = log_volume(common);
    if (log_common == -kInfinity) return log_common;
    for (std::size_t k = 0; k < variances.rows(); ++k) {
      now.volumes[k] = 0;
      for (std::size_t i = 0; i < d; ++i) now.volumes[k] += variances(k, i) / common[i] / static_cast<double>(d);
    }
    return log_common;
  });
  Matrix out(variances.rows(), d);
  for (std::size_t k = 0; k < out.rows(); ++k) {
    for (std::size_t i = 0; i < d; ++i) out(k, i) = start.volumes[k] * common[i];
  }
  return out;
}

}  // namespace mogul
