#include "select/nesting.hpp"

#include <algorithm>
#include <string_view>

namespace mogul {
namespace {

// Of a letter: I is the identity, E equal for all components, V varies.
int freedom(char letter) { return letter == 'I' ? 0 : letter == 'E' ? 1 : 2; }

bool has_mclust_name(const CovarianceFamily& family) {
  return std::ranges::any_of(covariance_families(), [&](const CovarianceFamily* known) { return *known == family; });
}

}  // namespace

bool is_narrower(const CovarianceFamily& narrow, const CovarianceFamily& wide) {
  if (narrow == wide || !has_mclust_name(narrow) || !has_mclust_name(wide)) return false;
  for (std::size_t i = 0; i < 3; ++i) {
    if (freedom(narrow.name[i]) > freedom(wide.name[i])) return false;
  }
  return true;
}

std::vector<std::size_t> widest_within(std::span<const CovarianceFamily> families, std::size_t at) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < families.size(); ++i) {
    if (!is_narrower(families[i], families[at])) continue;
    const bool is_between = std::ranges::any_of(families, [&](const CovarianceFamily& other) {
      return is_narrower(families[i], other) && is_narrower(other, families[at]);
    });
    if (!is_between) found.push_back(i);
  }
  return found;
}

std::vector<std::vector<std::size_t>> by_width(std::span<const CovarianceFamily> families) {
  std::vector<std::vector<std::size_t>> groups;
  std::vector<bool> is_placed(families.size());
  for (std::size_t n_placed = 0; n_placed < families.size(); n_placed += groups.back().size()) {
    std::vector<std::size_t> group;
    for (std::size_t i = 0; i < families.size(); ++i) {
      if (is_placed[i]) continue;
      const std::vector<std::size_t> within = widest_within(families, i);
      if (std::ranges::all_of(within, [&](std::size_t j) { return is_placed[j]; })) group.push_back(i);
    }
    for (const std::size_t i : group) is_placed[i] = true;
    groups.push_back(std::move(group));
  }
  return groups;
}

std::size_t first_same_in_one_dimension(std::span<const CovarianceFamily> families, std::size_t at) {
  if (!has_mclust_name(families[at])) return at;
  for (std::size_t i = 0; i < at; ++i) {
    if (has_mclust_name(families[i]) && families[i].name[0] == families[at].name[0]) return i;
  }
  return at;
}

}  // namespace mogul
