// The criteria of a model on rows as JSON.
#include "io/json/json_text.hpp"
#include "mogul/io.hpp"

namespace mogul {

std::string evaluation_json(const Evaluation& evaluation) {
  JsonValue object = JsonValue::object();
  object.add("n_rows", evaluation.n_rows);
  object.add("sum_weights", evaluation.sum_weights);
  object.add("n_parameters", evaluation.n_parameters);
  object.add("log_likelihood", evaluation.log_likelihood);
  object.add("mean_log_likelihood", evaluation.mean_log_likelihood);
  object.add("expected_complete_log_likelihood", evaluation.expected_complete_log_likelihood);
  object.add("entropy", evaluation.entropy);
  object.add("aic", evaluation.aic);
  object.add("bic", evaluation.bic);
  object.add("icl", evaluation.icl);
  object.add("component_sizes", evaluation.component_sizes);
  return json_text(object);
}

}  // namespace mogul
