#include "uncertainty/parameter_values.hpp"

#include <algorithm>
#include <iterator>

namespace mogul {

std::size_t n_values(const Mixture& mixture) {
  return mixture.n_components() * (1 + mixture.n_features()) + mixture.covariances().values().size();
}

std::vector<double> values_of(const Mixture& mixture) {
  std::vector<double> values;
  values.reserve(n_values(mixture));
  for (const std::vector<double>* part :
       {&mixture.weights(), &mixture.means().values(), &mixture.covariances().values()}) {
    std::ranges::copy(*part, std::back_inserter(values));
  }
  return values;
}

ParameterValues values_from(std::span<const double> values, const Mixture& mixture) {
  const std::size_t k = mixture.n_components();
  const std::size_t d = mixture.n_features();
  const auto part = [&](std::size_t first, std::size_t size) {
    const auto own = values.subspan(first, size);
    return std::vector<double>(own.begin(), own.end());
  };
  return {part(0, k), Matrix(k, d, part(k, k * d)), part(k + k * d, values.size() - k - k * d)};
}

}  // namespace mogul
