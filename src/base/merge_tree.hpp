// Adds up partial results in a tree whose shape depends on their number only, so that the bytes of the
// total do not depend on which thread made which part, or when.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <utility>

namespace mogul {

/// Leaves 0..n_leaves-1 are pairwise neighbours, their sums are neighbours in turn, and so on. A part is
/// merged as soon as its neighbour is there: of leaves that arrive in about this order, no more than
/// log2(n_leaves) + number of threads are held at a time.
/// @tparam T  needs operator+=
template <class T>
class MergeTree {
 public:
  explicit MergeTree(std::size_t n_leaves) : n_leaves_(n_leaves) {}

  /// Called once per leaf, from any thread.
  void add(std::size_t leaf, T part) {
    std::size_t level = 0;
    std::size_t index = leaf;
    for (std::size_t n_nodes = n_leaves_; n_nodes > 1; n_nodes = (n_nodes + 1) / 2) {
      const std::size_t neighbour = index ^ 1;
      if (neighbour < n_nodes) {
        auto node = take_or_leave({level, neighbour}, {level, index}, part);
        if (node.empty()) return;
        if (neighbour < index) std::swap(node.mapped(), part);
        part += node.mapped();
      }
      index /= 2;
      ++level;
    }
    take_or_leave({level, 1}, {level, 0}, part);
  }

  /// The total, once every leaf was added.
  T result() { return std::move(waiting_.begin()->second); }

 private:
  using Place = std::pair<std::size_t, std::size_t>;  // level, index

  // Takes the neighbour out, or, where it is not there yet, leaves this part for it to find.
  typename std::map<Place, T>::node_type take_or_leave(Place neighbour, Place own, T& part) {
    const std::scoped_lock lock(mutex_);
    auto node = waiting_.extract(neighbour);
    if (node.empty()) waiting_.emplace(own, std::move(part));
    return node;
  }

  const std::size_t n_leaves_;
  std::mutex mutex_;
  std::map<Place, T> waiting_;
};

}  // namespace mogul
