// The tree of merges against mclust's partitions, and the laws that partitions keep. Costs: see agglomerate_test.
#include "start/hierarchy.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "is_interruptible.hpp"
#include "message_of.hpp"
#include "mogul/io.hpp"
#include "reference/generators.hpp"
#include "start/clusters.hpp"
#include "start/partition.hpp"

namespace mogul {
namespace {

using test::clusters;
using test::message_of;

const std::string kData = MOGUL_TEST_DATA "/";

// As sets of rows, the partition has no names: clusters numbered by their first rows.
std::vector<std::int32_t> renumbered(const std::vector<std::int32_t>& labels) {
  std::map<std::int32_t, std::int32_t> number;
  std::vector<std::int32_t> out;
  for (const std::int32_t label : labels) {
    out.push_back(number.emplace(label, static_cast<std::int32_t>(number.size())).first->second);
  }
  return out;
}

std::vector<std::size_t> sorted_sizes(const std::vector<std::int32_t>& labels) {
  std::map<std::int32_t, std::size_t> counts;
  for (const std::int32_t label : labels) ++counts[label];
  std::vector<std::size_t> sizes;
  for (const auto& [label, count] : counts) sizes.push_back(count);
  std::ranges::sort(sizes);
  return sizes;
}

// How many of the partitions into 1, 2, ... clusters have mclust's sizes before one has not.
std::size_t n_equal(const Hierarchy& tree, const nlohmann::json& sizes) {
  for (std::size_t k = 1; k <= sizes.size(); ++k) {
    auto expected = sizes[k - 1].get<std::vector<std::size_t>>();
    std::ranges::sort(expected);
    if (sorted_sizes(tree.labels(k)) != expected) return k - 1;
  }
  return sizes.size();
}

TEST(Hierarchy, HasMclustsPartitions) {
  for (const auto& entry : nlohmann::json::parse(std::ifstream(kData + "mclust_hc.json"))) {
    const auto name = entry["data"].get<std::string>();
    ReadOptions read;
    if (name != "faithful") read.exclude = {"class"};
    const Dataset data = read_dataset(kData + name + ".csv", read);
    HierarchyOptions options;
    for (const MergeCost cost : merge_costs()) {
      if (entry["cost"] == to_string(cost)) options.cost = cost;
    }
    for (const HierarchyTransform transform : hierarchy_transforms()) {
      if (entry["transform"] == to_string(transform)) options.transform = transform;
    }
    const Hierarchy tree = hierarchy(data, options);
    const std::string where = name + " " + entry["cost"].get<std::string>() + " " + entry["transform"].get<std::string>();
    const bool same3 = tree.labels(3) == renumbered(entry["labels_of_3"].get<std::vector<std::int32_t>>());
    printf("%s %zu %d\n", where.c_str(), n_equal(tree, entry["sizes"]), same3);
  }
}

}  // namespace
}  // namespace mogul
