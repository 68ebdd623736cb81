// What is told of merged components: the table of merges, and the clusters in words.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "mogul/merge.hpp"
#include "report/merged_components.hpp"

namespace mogul {
namespace {

std::string listed(const std::vector<std::size_t>& components) { return fmt::format("{}", fmt::join(components, " ")); }

// Of so many clusters: their components and sizes.
Table cluster_table(const ComponentTree& tree, std::size_t n_clusters) {
  const std::vector<std::int32_t> cluster_of = tree.clusters(n_clusters);
  std::vector<std::vector<std::size_t>> components(n_clusters);
  for (std::size_t k = 0; k < cluster_of.size(); ++k) components[static_cast<std::size_t>(cluster_of[k])].push_back(k);
  std::vector<double> numbers(n_clusters);
  std::iota(numbers.begin(), numbers.end(), 0.0);
  std::vector<std::string> names;
  std::vector<double> sizes;
  for (const std::vector<std::size_t>& each : components) {
    names.push_back(listed(each));
    sizes.push_back(size_of(tree, each));
  }
  return {
      "clusters", "", {{"cluster", std::move(numbers)}, {"components", std::move(names)}, {"size", std::move(sizes)}}};
}

std::string why_recommended(const ComponentTree& tree) {
  if (tree.n_components() == 1) return "there is only one component";
  if (tree.n_components() == 2) return "two components have no elbow, which takes three";
  if (tree.recommended == tree.n_components()) return "the components hardly overlap, so none are merged";
  if (tree.n_components() == 3) return "the only place that the elbow of three components can have";
  return "the elbow of the entropies, where two straight lines through them meet";
}

std::string counted_clusters(std::size_t n) { return fmt::format("{} cluster{}", n, n == 1 ? "" : "s"); }

}  // namespace

Table merge_table(const ComponentTree& tree) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> n_clusters;
  std::vector<double> falls;
  std::vector<double> sizes;
  std::vector<std::string> first;
  std::vector<std::string> second;
  for (std::size_t n = tree.n_components(); n > 0; --n) n_clusters.push_back(static_cast<double>(n));
  falls.push_back(kNaN);
  sizes.push_back(kNaN);
  first.emplace_back("");
  second.emplace_back("");
  for (const MergedComponents& step : merged_components(tree)) {
    falls.push_back(step.entropy_fall);
    sizes.push_back(step.size);
    first.push_back(listed(step.first));
    second.push_back(listed(step.second));
  }
  return {"merges",
          "",
          {{"n_clusters", std::move(n_clusters)},
           {"entropy", std::vector<double>(tree.entropies.rbegin(), tree.entropies.rend())},
           {"entropy_fall", std::move(falls)},
           {"first", std::move(first)},
           {"second", std::move(second)},
           {"size", std::move(sizes)}}};
}

std::string summary(const ComponentTree& tree, std::size_t n_clusters) {
  const std::string shown = text_of(cluster_table(tree, n_clusters), std::numeric_limits<std::size_t>::max());
  std::string text = "entropy of the clustering in nats: 0 where no row is in doubt\n";
  text += text_of(merge_table(tree), std::numeric_limits<std::size_t>::max());
  text += fmt::format("\n{:<15} {}: {}\n", "recommended", counted_clusters(tree.recommended), why_recommended(tree));
  if (n_clusters != tree.recommended) text += fmt::format("{:<15} {}\n", "chosen", counted_clusters(n_clusters));
  return text + shown;
}

}  // namespace mogul
