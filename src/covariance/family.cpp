// The border of the covariance families: what holds for each of them, whatever it computes.

#include "covariance/family.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <span>

#include "covariance/scatters.hpp"

namespace mogul {
namespace {

// What no row has touched stays as it is; without covariances to keep, all are zero, which is singular.
std::vector<double> kept(const CovarianceFamily& family, const Scatters& scatters, const Covariances* current) {
  const std::size_t n_components = scatters.counts.size();
  const std::size_t d = scatters.n_features;
  if (current == nullptr) return std::vector<double>(covariance_size(family.layout, family.shared, n_components, d));
  const std::size_t n_stored = family.shared ? 1 : n_components;
  Matrix values(n_stored, packed_size(family.layout, d));
  for (std::size_t k = 0; k < n_stored; ++k) pack(*current, k, family.layout, values.row(k));
  return as_stored(values, family.layout, d);
}

// Beyond the range of double there is no answer. Zeros say so without infinities.
void clear_infinite(std::span<double> values, std::size_t n_stored) {
  const std::size_t size = values.size() / n_stored;
  for (std::size_t k = 0; k < n_stored; ++k) {
    const std::span<double> covariance = values.subspan(k * size, size);
    const bool finite = std::ranges::all_of(covariance, [](double value) { return std::isfinite(value); });
    if (!finite) std::ranges::fill(covariance, 0);
  }
}

}  // namespace

Moments CovarianceFamily::moments() const {
  switch (layout) {
    case Layout::spherical: return Moments::spherical;
    case Layout::diagonal: return Moments::diagonal;
    case Layout::matrix: return shared ? Moments::pooled : Moments::full;
  }
  return Moments::full;
}

std::vector<double> maximise(const CovarianceFamily& family, const Scatters& scatters, const Covariances* current,
                             InnerLoop& inner) {
  const std::size_t n_components = scatters.counts.size();
  assert(scatters.layout == family.layout);
  assert(scatters.second.cols() == packed_size(family.layout, scatters.n_features));
  assert(scatters.second.rows() == n_components || (family.shared && scatters.second.rows() == 1));
  assert(current == nullptr || current->n_components() == n_components);
  assert(current == nullptr || current->n_features() == scatters.n_features);
  const double total = std::accumulate(scatters.counts.begin(), scatters.counts.end(), 0.0);
  if (!(total > 0)) return kept(family, scatters, current);
  std::vector<double> values = family.maximise(scatters, current, inner);
  assert(values.size() == covariance_size(family.layout, family.shared, n_components, scatters.n_features));
  clear_infinite(values, family.shared ? 1 : n_components);
  return values;
}

}  // namespace mogul
