#include "em/parameters.hpp"

#include <algorithm>
#include <utility>

#include "base/check_interrupted.hpp"
#include "base/cholesky.hpp"
#include "model/known_factors.hpp"

namespace mogul {

std::span<const double> covariance_of(const Parameters& p, std::size_t k) {
  const std::size_t size = p.covariances.size() / (p.family.shared ? 1 : p.weights.size());
  return std::span(p.covariances).subspan(p.family.shared ? 0 : k * size, size);
}

double variance_of(const Parameters& p, std::size_t k, std::size_t i) {
  const std::span<const double> values = covariance_of(p, k);
  switch (p.family.moments()) {
    case Moments::pooled:
    case Moments::full: return values[i * p.means.cols() + i];
    case Moments::diagonal: return values[i];
    default: return values[0];
  }
}

Parameters parameters_of(const Mixture& mixture) {
  return {mixture.family(), mixture.weights(), mixture.means(), mixture.covariances().values()};
}

Factors factorised(const Parameters& p) {
  const std::size_t n_stored = p.family.shared ? 1 : p.weights.size();
  Factors factors{{}, std::vector<std::optional<std::size_t>>(n_stored)};
  if (p.family.layout != Layout::matrix) return factors;
  const std::size_t d = p.means.cols();
  factors.values = p.covariances;
  for (std::size_t k = 0; k < n_stored; ++k) {
    check_interrupted();
    factors.failed_row[k] = cholesky({factors.values.data() + k * d * d, d, d});
  }
  return factors;
}

Mixture to_mixture(Parameters p) {
  const bool known = p.family.layout == Layout::matrix && p.factors &&
                     std::ranges::none_of(p.factors->failed_row, [](const auto& row) { return row.has_value(); });
  if (!known) return {p.family, std::move(p.weights), std::move(p.means), std::move(p.covariances)};
  Covariances covariances = with_known_factors(p.family.layout, p.family.shared, p.weights.size(), p.means.cols(),
                                               std::move(p.covariances), std::move(p.factors->values));
  return {p.family, std::move(p.weights), std::move(p.means), std::move(covariances)};
}

}  // namespace mogul
