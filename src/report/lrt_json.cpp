// Likelihood-ratio tests as JSON, with the statistics of all data sets.
#include <cmath>

#include "io/json/json_text.hpp"
#include "mogul/lrt.hpp"

namespace mogul {
namespace {

void add_number(JsonValue& object, const char* name, double value) {
  object.add(name, std::isnan(value) ? JsonValue() : JsonValue(value));
}

JsonValue json_of(const LikelihoodRatioTest& test) {
  JsonValue object = JsonValue::object();
  object.add("n_components", static_cast<std::uint64_t>(test.n_components));
  add_number(object, "log_likelihood", test.log_likelihood);
  add_number(object, "log_likelihood_of_next", test.log_likelihood_of_next);
  add_number(object, "statistic", test.statistic);
  add_number(object, "p_value", test.p_value);
  object.add("n_drawn", static_cast<std::uint64_t>(test.n_drawn()));
  object.add("n_failed", static_cast<std::uint64_t>(test.n_failed));
  object.add("n_failed_of_next", static_cast<std::uint64_t>(test.n_failed_of_next));
  object.add("reason", test.reason.empty() ? JsonValue() : JsonValue(test.reason));
  JsonValue& replicates = object.add("replicates", JsonValue::array());
  for (const double statistic : test.replicates) replicates.add(statistic);
  return object;
}

}  // namespace

std::string lrt_json(const LrtResult& result) {
  JsonValue object = JsonValue::object();
  object.add("covariance", to_string(result.covariance));
  object.add("level", result.level);
  object.add("n_bootstrap", static_cast<std::uint64_t>(result.n_bootstrap));
  JsonValue& tests = object.add("tests", JsonValue::array());
  for (const LikelihoodRatioTest& test : result.tests) tests.add(json_of(test));
  object.add("n_components",
             result.n_components ? JsonValue(static_cast<std::uint64_t>(*result.n_components)) : JsonValue());
  return json_text(object);
}

}  // namespace mogul
