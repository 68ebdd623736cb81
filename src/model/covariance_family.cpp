#include "mogul/covariance_family.hpp"

namespace mogul {

std::string_view to_string(const CovarianceFamily& family) { return family.word(); }

std::size_t covariance_size(const CovarianceFamily& family, std::size_t n_components, std::size_t n_features) {
  return covariance_size(family.layout, family.shared, n_components, n_features);
}

Moments CovarianceFamily::moments() const {
  switch (layout) {
    case Layout::spherical: return Moments::spherical;
    case Layout::diagonal: return Moments::diagonal;
    case Layout::matrix: return shared ? Moments::pooled : Moments::full;
  }
  return Moments::full;
}

}  // namespace mogul
