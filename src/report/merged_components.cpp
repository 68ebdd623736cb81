#include "report/merged_components.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mogul {

double size_of(const ComponentTree& tree, const std::vector<std::size_t>& components) {
  double size = 0;
  for (const std::size_t k : components) size += tree.component_sizes[k];
  return size;
}

std::vector<MergedComponents> merged_components(const ComponentTree& tree) {
  std::vector<std::vector<std::size_t>> components_of;
  for (std::size_t k = 0; k < tree.n_components(); ++k) components_of.push_back({k});
  std::vector<MergedComponents> merged;
  for (const ComponentMerge& merge : tree.merges) {
    MergedComponents step{components_of[merge.first], components_of[merge.second], merge.entropy_fall, 0};
    std::vector<std::size_t> united;
    std::ranges::merge(step.first, step.second, std::back_inserter(united));
    step.size = size_of(tree, united);
    components_of.push_back(std::move(united));
    merged.push_back(std::move(step));
  }
  return merged;
}

}  // namespace mogul
