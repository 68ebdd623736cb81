#include "io/json/standard_errors_json.hpp"

#include <utility>

#include "io/json/json_text.hpp"
#include "io/json/mixture_json.hpp"

namespace mogul {
namespace {

JsonValue values_json(const ParameterValues& values, const CovarianceFamily& family) {
  JsonValue object = JsonValue::object();
  object.add("weights", values.weights);
  object.add("means", rows_json(values.means.view()));
  object.add("covariances", covariances_json(values.covariances, family, values.means.rows(), values.means.cols()));
  return object;
}

ParameterValues read_values(const JsonField& field, const Mixture& mixture) {
  field.require_only({"weights", "means", "covariances"});
  const Size k{mixture.n_components(), "n_components"};
  const Size d{mixture.n_features(), "n_features"};
  return {field.member("weights").numbers(k), field.member("means").matrix(k, d),
          read_covariances(field.member("covariances"), mixture.family(), k, d)};
}

}  // namespace

JsonValue standard_errors_json(const StandardErrors& errors) {
  JsonValue object = JsonValue::object();
  object.add("method", to_string(errors.method));
  object.add("level", errors.level);
  object.add("n_replicates", errors.n_replicates);
  object.add("n_failed", errors.n_failed);
  object.add("standard_error", values_json(errors.standard_error, errors.family));
  object.add("lower", values_json(errors.lower, errors.family));
  object.add("upper", values_json(errors.upper, errors.family));
  return object;
}

StandardErrors read_standard_errors(const JsonField& field, const Mixture& mixture) {
  field.require_only({"method", "level", "n_replicates", "n_failed", "standard_error", "lower", "upper"});
  using enum StandardErrorMethod;
  StandardErrors errors{mixture.family(),
                        field.member("method").one_of({information, bootstrap, weighted_bootstrap, jackknife}),
                        field.member("level").number(),
                        field.member("n_replicates").integer(),
                        field.member("n_failed").integer(),
                        parameter_values(mixture),
                        read_values(field.member("standard_error"), mixture),
                        read_values(field.member("lower"), mixture),
                        read_values(field.member("upper"), mixture)};
  check(errors, mixture);
  return errors;
}

}  // namespace mogul
