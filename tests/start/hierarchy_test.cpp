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
#include "start/agglomerate.hpp"
#include "start/clusters.hpp"
#include "start/merge_points.hpp"
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

struct Reference {
  std::string name;
  Dataset data;
  HierarchyOptions options;
  nlohmann::json sizes;
  std::vector<std::int32_t> labels_of_3;
};

Reference read_reference(const nlohmann::json& entry) {
  const auto name = entry["data"].get<std::string>();
  ReadOptions read;
  if (name != "faithful") read.exclude = {"class"};
  HierarchyOptions options;
  for (const MergeCost cost : merge_costs()) {
    if (entry["cost"] == to_string(cost)) options.cost = cost;
  }
  for (const HierarchyTransform transform : hierarchy_transforms()) {
    if (entry["transform"] == to_string(transform)) options.transform = transform;
  }
  return {name + " " + entry["cost"].get<std::string>() + " " + entry["transform"].get<std::string>(),
          read_dataset(kData + name + ".csv", read), options, entry["sizes"],
          renumbered(entry["labels_of_3"].get<std::vector<std::int32_t>>())};
}

// Of faithful, whose values are rounded, 15 rows are repeated and many pairs are equally far apart: which of the equal
// costs comes first decides the partitions that are left out here. mclust goes by the order of the rows.
TEST(Hierarchy, HasMclustsPartitionsWhereTiesDoNotDecide) {
  const std::set<std::string> decided_by_ties{"faithful EII STD", "faithful VII STD", "faithful VII SVD",
                                              "faithful VVV STD", "faithful VVV SVD"};
  std::size_t n_compared = 0;
  for (const auto& entry : nlohmann::json::parse(std::ifstream(kData + "mclust_hc.json"))) {
    const Reference reference = read_reference(entry);
    if (decided_by_ties.contains(reference.name)) continue;
    const Hierarchy tree = hierarchy(reference.data, reference.options);
    EXPECT_EQ(tree.labels(3), reference.labels_of_3) << reference.name;
    for (std::size_t k = 1; k <= reference.sizes.size(); ++k) {
      auto expected = reference.sizes[k - 1].get<std::vector<std::size_t>>();
      std::ranges::sort(expected);
      EXPECT_EQ(sorted_sizes(tree.labels(k)), expected) << reference.name << ", " << k;
    }
    ++n_compared;
  }
  EXPECT_EQ(n_compared, 19U);
}

// Three of those above are mclust's if ties go to the last rows: so it is the ties that decide, not the costs.
TEST(Hierarchy, HasMclustsPartitionsOfFaithfulWhereTiesGoToTheLastRows) {
  const std::set<std::string> names{"faithful EII STD", "faithful VII SVD", "faithful VVV SVD"};
  std::size_t n_compared = 0;
  for (const auto& entry : nlohmann::json::parse(std::ifstream(kData + "mclust_hc.json"))) {
    const Reference reference = read_reference(entry);
    if (!names.contains(reference.name)) continue;
    const auto engine = make_engine(reference.data, 1);
    const Leaves leaves = make_leaves(*engine, 1, 0, 1);
    std::vector<std::size_t> order(leaves.size());
    std::iota(order.rbegin(), order.rend(), std::size_t{0});
    const std::vector<Merge> merges =
        agglomerate(merge_points(leaves, order, reference.options.transform), order, reference.options.cost);
    EXPECT_EQ(clusters_of_leaves(merges, 3), reference.labels_of_3) << reference.name;
    for (std::size_t k = 1; k <= reference.sizes.size(); ++k) {
      auto expected = reference.sizes[k - 1].get<std::vector<std::size_t>>();
      std::ranges::sort(expected);
      EXPECT_EQ(sorted_sizes(clusters_of_leaves(merges, k)), expected) << reference.name << ", " << k;
    }
    ++n_compared;
  }
  EXPECT_EQ(n_compared, 3U);
}

Matrix random_rows(oracle::Dice& dice, std::size_t n, std::size_t d) {
  Matrix x(n, d);
  for (std::size_t i = 0; i < n; ++i) {
    for (double& value : x.row(i)) value = dice.normal() + 2.0 * static_cast<double>(dice.index(3));
  }
  return x;
}

HierarchyOptions any_options() {
  HierarchyOptions options;
  options.cost = *rc::gen::elementOf(std::vector<MergeCost>(merge_costs().begin(), merge_costs().end()));
  options.transform = *rc::gen::element(HierarchyTransform::standardised, HierarchyTransform::svd);
  return options;
}

RC_GTEST_PROP(Hierarchy, IsNestedFromSingletonsToOneCluster, ()) {
  oracle::Dice dice(*rc::gen::arbitrary<std::uint64_t>());
  const std::size_t n = *rc::gen::inRange<std::size_t>(1, 30);
  const Hierarchy tree = hierarchy(random_rows(dice, n, 1 + dice.index(4)), any_options());
  RC_ASSERT(tree.n_leaves() == n);
  std::vector<std::int32_t> all(n);
  std::iota(all.begin(), all.end(), 0);
  RC_ASSERT(tree.labels(n) == all);
  RC_ASSERT(tree.labels(1) == std::vector<std::int32_t>(n, 0));
  for (std::size_t k = 2; k <= n; ++k) {
    const std::vector<std::int32_t> fine = tree.labels(k);
    const std::vector<std::int32_t> coarse = tree.labels(k - 1);
    RC_ASSERT(std::set<std::int32_t>(fine.begin(), fine.end()).size() == k);
    RC_ASSERT(renumbered(fine) == fine);
    std::map<std::int32_t, std::int32_t> parent;
    for (std::size_t i = 0; i < n; ++i) RC_ASSERT(parent.emplace(fine[i], coarse[i]).first->second == coarse[i]);
  }
}

// Rows on a grid, so that there are ties and repeated rows.
RC_GTEST_PROP(Hierarchy, DoesNotDependOnTheOrderOfTheRows, ()) {
  oracle::Dice dice(*rc::gen::arbitrary<std::uint64_t>());
  const std::size_t n = *rc::gen::inRange<std::size_t>(2, 40);
  const std::size_t d = 1 + dice.index(3);
  Matrix x = random_rows(dice, n, d);
  for (std::size_t i = 0; i < n; ++i) {
    for (double& value : x.row(i)) value = std::round(value);
  }
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[dice.index(i)]);
  Matrix moved(n, d);
  for (std::size_t i = 0; i < n; ++i) std::ranges::copy(x.row(order[i]), moved.row(i).begin());
  const HierarchyOptions options = any_options();
  const Hierarchy tree = hierarchy(x, options);
  const Hierarchy other = hierarchy(moved, options);
  std::set<std::vector<double>> values;
  for (std::size_t i = 0; i < n; ++i) values.emplace(x.row(i).begin(), x.row(i).end());
  for (std::size_t k = 1; k <= values.size(); ++k) {
    const std::vector<std::int32_t> labels = tree.labels(k);
    std::vector<std::int32_t> expected;
    for (const std::size_t row : order) expected.push_back(labels[row]);
    RC_ASSERT(other.labels(k) == renumbered(expected));
  }
}

RC_GTEST_PROP(Hierarchy, DoesNotDependOnTheUnitsOfTheColumns, ()) {
  oracle::Dice dice(*rc::gen::arbitrary<std::uint64_t>());
  const std::size_t n = *rc::gen::inRange<std::size_t>(2, 40);
  const std::size_t d = 1 + dice.index(3);
  const Matrix x = random_rows(dice, n, d);
  Matrix moved = x;
  for (std::size_t c = 0; c < d; ++c) {
    const double scale = std::pow(10.0, 12 * dice.uniform() - 6);
    for (std::size_t i = 0; i < n; ++i) moved(i, c) = scale * (x(i, c) - 7);
  }
  const HierarchyOptions options = any_options();
  const Hierarchy tree = hierarchy(x, options);
  const Hierarchy other = hierarchy(moved, options);
  for (std::size_t k = 1; k <= n; ++k) RC_ASSERT(tree.labels(k) == other.labels(k));
}

RC_GTEST_PROP(Hierarchy, WeightTwoEqualsADuplicatedRow, ()) {
  oracle::Dice dice(*rc::gen::arbitrary<std::uint64_t>());
  const std::size_t n = *rc::gen::inRange<std::size_t>(2, 30);
  const std::size_t d = 1 + dice.index(3);
  const Matrix x = random_rows(dice, n, d);
  std::vector<double> weights(n, 1);
  std::vector<std::size_t> row_of;
  for (std::size_t i = 0; i < n; ++i) {
    weights[i] = static_cast<double>(1 + dice.index(3));
    row_of.insert(row_of.end(), static_cast<std::size_t>(weights[i]), i);
  }
  Matrix repeated(row_of.size(), d);
  for (std::size_t i = 0; i < row_of.size(); ++i) std::ranges::copy(x.row(row_of[i]), repeated.row(i).begin());
  const HierarchyOptions options = any_options();
  const Hierarchy weighted = hierarchy(DataView(x, weights), options);
  const Hierarchy tree = hierarchy(repeated, options);
  for (std::size_t k = 1; k <= n; ++k) {
    const std::vector<std::int32_t> labels = weighted.labels(k);
    const std::vector<std::int32_t> others = tree.labels(k);
    for (std::size_t i = 0; i < row_of.size(); ++i) RC_ASSERT(others[i] == labels[row_of[i]]);
  }
}

TEST(Hierarchy, RowsOfWeightZeroGoWithTheNearestLeaf) {
  const Matrix x(6, 1, {0, 1, 0.2, 50, 51, 40});
  const std::vector<double> weights{1, 1, 0, 1, 1, 0};
  const Hierarchy tree = hierarchy(DataView(x, weights));
  EXPECT_EQ(tree.n_leaves(), 4U);
  EXPECT_EQ(tree.labels(2), (std::vector<std::int32_t>{0, 0, 0, 1, 1, 1}));
}

TEST(Hierarchy, OfManyRowsFindsTheClustersWhateverTheThreads) {
  const Matrix x = test::clusters_in_all_columns(6'000, 4, 3);
  for (const MergeCost cost : merge_costs()) {
    const Hierarchy tree = hierarchy(x, {.cost = cost, .n_threads = 1});
    const std::vector<std::int32_t> labels = tree.labels(4);
    for (std::size_t i = 0; i < labels.size(); ++i) ASSERT_EQ(labels[i], static_cast<std::int32_t>(i % 4));
    const Hierarchy again = hierarchy(x, {.cost = cost, .n_threads = 5});
    EXPECT_EQ(tree.merges, again.merges);
    EXPECT_EQ(tree.leaf_of_row, again.leaf_of_row);
  }
}

void expect_finite_costs(const DataView& data) {
  for (const MergeCost cost : merge_costs()) {
    for (const HierarchyTransform transform : hierarchy_transforms()) {
      const Hierarchy tree = hierarchy(data, {.cost = cost, .transform = transform});
      for (const Merge& merge : tree.merges) ASSERT_TRUE(std::isfinite(merge.cost)) << to_string(cost);
      EXPECT_EQ(tree.labels(1), std::vector<std::int32_t>(data.rows(), 0));
    }
  }
}

// Rows that leave something undefined: all the same, one, fewer than features, of extreme values and weights.
TEST(Hierarchy, HasFiniteCostsForRowsOfAnyKind) {
  Matrix wide(3, 8);
  for (std::size_t i = 0; i < 24; ++i) wide(i / 8, i % 8) = std::sin(static_cast<double>(i));
  const std::vector<Matrix> kinds{Matrix(1, 3), Matrix(5, 2), wide, Matrix(4, 1, {1e100, -1e100, 1e-100, 0}),
                                  Matrix(4, 1, {1, 1 + 1e-15, 1 - 1e-15, 1})};
  for (const double weight : {1.0, 1e95, 1e-95}) {
    for (const Matrix& x : kinds) expect_finite_costs(DataView(x, std::vector<double>(x.rows(), weight)));
  }
  EXPECT_THROW(hierarchy(Matrix(2, 1, {0, 1e150})), invalid_data);
}

TEST(Hierarchy, HasFiniteCostsForManyEqualRowsAndAConstantColumn) {
  Matrix few_values(5100, 2);
  for (std::size_t i = 0; i < 9; ++i) few_values(500 * i, 0) = static_cast<double>(i % 3);
  Matrix constant = clusters(5100, 2, 2);
  for (std::size_t i = 0; i < 5100; ++i) constant(i, 1) = 1e9;
  expect_finite_costs(Matrix(5100, 2));
  expect_finite_costs(few_values);
  expect_finite_costs(constant);
}

TEST(Hierarchy, NamesWhatIsWrongWithTheNumberOfClusters) {
  const Hierarchy tree = hierarchy(Matrix(3, 1, {0, 1, 5}));
  EXPECT_EQ(message_of<invalid_argument>([&] { tree.labels(0); }),
            "n_clusters = 0; must lie in 1..3 (the number of leaves)");
  EXPECT_EQ(message_of<invalid_argument>([&] { tree.labels(4); }),
            "n_clusters = 4; must lie in 1..3 (the number of leaves)");
}

TEST(HierarchicalStart, IsThePartitionOfTheTree) {
  const Matrix x = clusters(90, 3, 2);
  const auto engine = make_engine(x, 1);
  const HierarchicalStart start(*engine, 5, 0, 1);
  const Hierarchy tree = hierarchy(x);
  for (std::size_t k = 1; k <= 5; ++k) {
    const std::vector<std::int32_t> labels = tree.labels(k);
    const auto source = [&](std::size_t first, MatrixView<double> out) {
      for (std::size_t i = 0; i < out.rows(); ++i) out(i, static_cast<std::size_t>(labels[first + i])) = 1;
    };
    EXPECT_EQ(start.stats(k, Moments::full), partition_stats(*engine, source, k, Moments::full));
  }
}

}  // namespace
}  // namespace mogul
