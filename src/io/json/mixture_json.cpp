#include "io/json/mixture_json.hpp"

#include <utility>
#include <vector>

#include "io/json/report_json.hpp"

namespace mogul {
namespace {

std::vector<double> read_covariances(const JsonField& field, const CovarianceFamily& family, Size k, Size d) {
  switch (family.layout) {
    case Layout::spherical: return family.shared ? std::vector{field.number()} : field.numbers(k);
    case Layout::diagonal: return family.shared ? field.numbers(d) : field.matrix(k, d).values();
    case Layout::matrix: break;
  }
  if (family.shared) return field.matrix(d, d).values();
  std::vector<double> values;
  for (const JsonField& element : field.elements(k)) {
    const Matrix matrix = element.matrix(d, d);
    values.insert(values.end(), matrix.values().begin(), matrix.values().end());
  }
  return values;
}

}  // namespace

Mixture read_mixture(const JsonField& object, Size n_components, Size n_features) {
  const CovarianceFamily family = read_family(object.member("covariance"));
  std::vector<double> weights = object.member("weights").numbers(n_components);
  Matrix means = object.member("means").matrix(n_components, n_features);
  std::vector<double> covariances = read_covariances(object.member("covariances"), family, n_components, n_features);
  return {family, std::move(weights), std::move(means), std::move(covariances)};
}

}  // namespace mogul
