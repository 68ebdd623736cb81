// The merges of components as JSON.
#include <cstdint>
#include <utility>

#include "io/json/json_text.hpp"
#include "mogul/merge.hpp"
#include "report/merged_components.hpp"

namespace mogul {
namespace {

JsonValue numbers_json(const auto& numbers) {
  JsonValue array = JsonValue::array();
  for (const auto number : numbers) array.add(static_cast<std::uint64_t>(number));
  return array;
}

JsonValue step_json(std::size_t n_clusters, double entropy) {
  JsonValue step = JsonValue::object();
  step.add("n_clusters", n_clusters);
  step.add("entropy", entropy);
  return step;
}

}  // namespace

std::string merge_json(const ComponentTree& tree, std::size_t n_clusters) {
  const std::vector<std::int32_t> clusters = tree.clusters(n_clusters);
  std::size_t n_left = tree.n_components();
  JsonValue first = step_json(n_left, tree.entropies.back());
  for (const char* const absent : {"entropy_fall", "first", "second", "size"}) first.add(absent, JsonValue());
  JsonValue steps = JsonValue::array();
  steps.add(std::move(first));
  for (const MergedComponents& merge : merged_components(tree)) {
    --n_left;
    JsonValue step = step_json(n_left, tree.entropies[n_left - 1]);
    step.add("entropy_fall", merge.entropy_fall);
    step.add("first", numbers_json(merge.first));
    step.add("second", numbers_json(merge.second));
    step.add("size", merge.size);
    steps.add(std::move(step));
  }
  JsonValue object = JsonValue::object();
  object.add("n_components", tree.n_components());
  object.add("recommended", tree.recommended);
  object.add("n_clusters", n_clusters);
  object.add("clusters", numbers_json(clusters));
  object.add("steps", std::move(steps));
  return json_text(object);
}

}  // namespace mogul
