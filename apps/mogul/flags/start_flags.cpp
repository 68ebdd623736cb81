#include "flags/start_flags.hpp"

namespace mogul::cli {

Choices<Search> search_choices() {
  return {
      {"none", Search::none}, {"quick", Search::quick}, {"default", Search::standard}, {"thorough", Search::thorough}};
}

Choices<InitMethod> init_choices() {
  Choices<InitMethod> choices;
  for (const InitMethodName& init : init_methods()) choices.emplace_back(init.name, init.method);
  return choices;
}

const Aliases& init_aliases() {
  static const Aliases aliases{{"k_means", "kmeans"},
                               {"k_means++", "kmeans++"},
                               {"kmeanspp", "kmeans++"},
                               {"k_meanspp", "kmeans++"},
                               {"kmeans_pp", "kmeans++"},
                               {"kmeans_plusplus", "kmeans++"},
                               {"kmeans_plus_plus", "kmeans++"},
                               {"k_means_plus_plus", "kmeans++"}};
  return aliases;
}

Choices<DegeneratePolicy> degenerate_choices() {
  return {{"revive", DegeneratePolicy::revive}, {"error", DegeneratePolicy::error}};
}

Choices<AccelerationMethod> acceleration_choices() {
  return {{"none", AccelerationMethod::none}, {"lbfgs", AccelerationMethod::lbfgs}};
}

}  // namespace mogul::cli
