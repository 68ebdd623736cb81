#include "io/json/mixture_json.hpp"

#include <utility>
#include <vector>

#include "io/json/json_text.hpp"
#include "io/json/report_json.hpp"

namespace mogul {

JsonValue covariances_json(const std::vector<double>& values, const CovarianceFamily& family, std::size_t n_components,
                           std::size_t n_features) {
  const std::size_t d = n_features;
  const std::size_t stored = family.shared ? 1 : n_components;
  if (family.layout == Layout::matrix) {
    JsonValue matrices = JsonValue::array();
    if (family.shared) return rows_json({values.data(), d, d});
    for (std::size_t k = 0; k < stored; ++k) matrices.add(rows_json({values.data() + k * d * d, d, d}));
    return matrices;
  }
  if (family.layout == Layout::diagonal && !family.shared) return rows_json({values.data(), stored, d});
  if (family.layout == Layout::spherical && family.shared) return values.front();
  return values;
}

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

void add_mixture(JsonValue& object, const Mixture& mixture) {
  object.add("covariance", to_string(mixture.family()));
  object.add("weights", mixture.weights());
  object.add("means", rows_json(mixture.means().view()));
  object.add("covariances", covariances_json(mixture.covariances().values(), mixture.family(), mixture.n_components(),
                                             mixture.n_features()));
}

Mixture read_mixture(const JsonField& object, Size n_components, Size n_features) {
  const CovarianceFamily family = read_family(object.member("covariance"));
  std::vector<double> weights = object.member("weights").numbers(n_components);
  Matrix means = object.member("means").matrix(n_components, n_features);
  std::vector<double> covariances = read_covariances(object.member("covariances"), family, n_components, n_features);
  return {family, std::move(weights), std::move(means), std::move(covariances)};
}

}  // namespace mogul
