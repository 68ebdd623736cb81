// The tree's shape depends on the number of leaves alone, whatever order and threads they come from.
#include "base/merge_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "base/thread_pool.hpp"

namespace mogul {
namespace {

// Writes down how it was added up: "((0 1) 2)".
struct Bracket {
  std::string text;
  Bracket& operator+=(const Bracket& other) {
    text = "(" + text + " " + other.text + ")";
    return *this;
  }
};

std::vector<std::size_t> in_order(std::size_t n) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

std::string brackets(const std::vector<std::size_t>& order) {
  MergeTree<Bracket> tree(order.size());
  for (const std::size_t leaf : order) tree.add(leaf, {std::to_string(leaf)});
  return tree.result().text;
}

// Sums of neighbours, then neighbours of those, written as a loop over levels.
template <class T>
T level_by_level(std::vector<T> parts) {
  while (parts.size() > 1) {
    std::vector<T> next;
    for (std::size_t i = 0; i < parts.size(); i += 2) {
      next.push_back(parts[i]);
      if (i + 1 < parts.size()) next.back() += parts[i + 1];
    }
    parts = next;
  }
  return parts[0];
}

std::vector<double> numbers_of_all_sizes(std::size_t n) {
  std::mt19937_64 random(n);
  std::vector<double> numbers(n);
  for (double& x : numbers) x = std::ldexp(static_cast<double>(random() % 1000) - 500, static_cast<int>(random() % 60));
  return numbers;
}

TEST(MergeTree, AddsNeighbours) {
  EXPECT_EQ(brackets(in_order(1)), "0");
  EXPECT_EQ(brackets(in_order(2)), "(0 1)");
  EXPECT_EQ(brackets(in_order(3)), "((0 1) 2)");
  EXPECT_EQ(brackets(in_order(5)), "(((0 1) (2 3)) 4)");
  EXPECT_EQ(brackets(in_order(6)), "(((0 1) (2 3)) (4 5))");
  EXPECT_EQ(brackets(in_order(7)), "(((0 1) (2 3)) ((4 5) 6))");
}

TEST(MergeTree, TheOrderOfArrivalChangesNothing) {
  std::mt19937_64 random(1);
  for (std::size_t n = 1; n <= 40; ++n) {
    std::vector<Bracket> leaves;
    for (std::size_t i = 0; i < n; ++i) leaves.push_back({std::to_string(i)});
    const std::string expected = level_by_level(leaves).text;
    std::vector<std::size_t> order = in_order(n);
    EXPECT_EQ(brackets(order), expected);
    std::ranges::reverse(order);
    EXPECT_EQ(brackets(order), expected);
    for (int i = 0; i < 20; ++i) {
      std::shuffle(order.begin(), order.end(), random);
      ASSERT_EQ(brackets(order), expected) << "n = " << n;
    }
  }
}

TEST(MergeTree, FloatingSumsAreTheSameBytesForAnyOrder) {
  std::mt19937_64 random(2);
  for (std::size_t n = 1; n <= 40; ++n) {
    const std::vector<double> numbers = numbers_of_all_sizes(n);
    const double expected = level_by_level(numbers);
    std::vector<std::size_t> order = in_order(n);
    for (int i = 0; i < 20; ++i) {
      std::shuffle(order.begin(), order.end(), random);
      MergeTree<double> tree(n);
      for (const std::size_t leaf : order) tree.add(leaf, numbers[leaf]);
      ASSERT_EQ(tree.result(), expected) << "n = " << n;
    }
  }
}

TEST(MergeTree, FloatingSumsAreTheSameBytesFromAnyNumberOfThreads) {
  for (const unsigned n_threads : {1U, 2U, 3U, 7U}) {
    ThreadPool pool(n_threads);
    for (std::size_t n = 1; n <= 200; ++n) {
      const std::vector<double> numbers = numbers_of_all_sizes(n);
      MergeTree<double> tree(n);
      pool.run(n, [&](std::size_t leaf) { tree.add(leaf, numbers[leaf]); });
      ASSERT_EQ(tree.result(), level_by_level(numbers)) << "n = " << n << ", threads = " << n_threads;
    }
  }
}

// Counts the parts that hold something, as one that was moved away does not.
struct Counted {
  Counted(int& live, int& most) : live_(&live), most_(&most) { *most_ = std::max(*most_, ++*live_); }
  Counted(Counted&& other) noexcept : live_(std::exchange(other.live_, nullptr)), most_(other.most_) {}
  Counted& operator=(Counted&& other) noexcept {
    std::swap(live_, other.live_);
    return *this;
  }
  ~Counted() {
    if (live_ != nullptr) --*live_;
  }
  Counted& operator+=(const Counted&) { return *this; }

 private:
  int* live_;
  int* most_;
};

TEST(MergeTree, HoldsALogarithmicNumberOfParts) {
  for (const std::size_t n : {1, 2, 31, 128, 1000}) {
    int live = 0;
    int most = 0;
    {
      MergeTree<Counted> tree(n);
      for (std::size_t leaf = 0; leaf < n; ++leaf) tree.add(leaf, Counted(live, most));
      EXPECT_EQ(live, 1) << "n = " << n;
    }
    EXPECT_LE(most, std::log2(n) + 1) << "n = " << n;
    EXPECT_EQ(live, 0);
  }
}

}  // namespace
}  // namespace mogul
