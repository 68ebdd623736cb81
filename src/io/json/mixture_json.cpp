#include "io/json/mixture_json.hpp"

#include <utility>
#include <vector>

#include "io/json/report_json.hpp"

namespace mogul {
namespace {

std::vector<double> read_covariances(const JsonField& field, CovarianceStructure structure, Size k, Size d) {
  switch (structure) {
    case CovarianceStructure::full: {
      std::vector<double> values;
      for (const JsonField& element : field.elements(k)) {
        const Matrix matrix = element.matrix(d, d);
        values.insert(values.end(), matrix.values().begin(), matrix.values().end());
      }
      return values;
    }
    case CovarianceStructure::tied: return field.matrix(d, d).values();
    case CovarianceStructure::diagonal: return field.matrix(k, d).values();
    case CovarianceStructure::tied_diagonal: return field.numbers(d);
    case CovarianceStructure::spherical: return field.numbers(k);
    case CovarianceStructure::tied_spherical: return {field.number()};
  }
  return {};
}

}  // namespace

Mixture read_mixture(const JsonField& object, Size n_components, Size n_features) {
  const CovarianceStructure structure = read_structure(object.member("covariance"));
  std::vector<double> weights = object.member("weights").numbers(n_components);
  Matrix means = object.member("means").matrix(n_components, n_features);
  std::vector<double> covariances = read_covariances(object.member("covariances"), structure, n_components, n_features);
  return {structure, std::move(weights), std::move(means), std::move(covariances)};
}

}  // namespace mogul
