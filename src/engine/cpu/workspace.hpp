// How rows are cut into blocks and chunks, and the panels that a thread needs for a block.
#pragma once

#include <hwy/aligned_allocator.h>
#include <hwy/base.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "engine/cpu/kernels.hpp"

namespace mogul::cpu {

inline constexpr std::size_t kBlockBytes =
    640 * 1024;                                    // of a block's panels, of which a kernel works on a part at a time
inline constexpr std::size_t kMaxRowBytes = 2048;  // of one feature's values in a block
inline constexpr std::size_t kMaxChunks = 128;     // enough to share out evenly, few enough to merge for free
inline constexpr std::size_t kMinChunkRows = 1024;
inline constexpr std::size_t kMinChunkWork = 65536;  // rows x components x features below which no thread is woken

/// How rows are cut up. Depends on N, D, K and the type of the panels only, never on the number of threads.
template <class X>
struct Grid {
  Grid(std::size_t n_rows, std::size_t n_features, std::size_t n_components) {
    work_per_row = n_features * n_components;
    const std::size_t panels = 3 * n_features + n_components + 4;
    block_rows =
        std::clamp(kBlockBytes / sizeof(X) / panels / kPad<X> * kPad<X>, 2 * kPad<X>, kMaxRowBytes / sizeof(X));
    const std::size_t most_rows = std::min(block_rows, hwy::RoundUpTo(n_rows, kPad<X>));
    // Features that lie a multiple of 1024 bytes apart would all want the same few lines of the first-level cache.
    stride = most_rows + (most_rows * sizeof(X) % 1024 == 0 ? 128 / sizeof(X) : 0);
    const std::size_t wanted =
        std::max({n_rows / kMaxChunks + 1, kMinChunkRows, kMinChunkWork / (n_features * n_components)});
    chunk_rows = hwy::RoundUpTo(wanted, block_rows);
    n_chunks = (n_rows + chunk_rows - 1) / chunk_rows;
  }

  std::size_t block_rows;  // rows of a block, at most
  std::size_t stride;      // from one feature of a block to the next
  std::size_t chunk_rows;  // a multiple of block_rows
  std::size_t n_chunks;
  std::size_t work_per_row;  // multiplications, at least
};

template <class T>
using Panel = hwy::AlignedFreeUniquePtr<T[]>;

template <class T>
Panel<T> allocate(std::size_t n) {
  Panel<T> panel = hwy::AllocateAligned<T>(std::max<std::size_t>(n, 1));
  if (panel == nullptr) throw out_of_memory(static_cast<double>(n) * sizeof(T));
  return panel;
}

/// One thread's panels for a block.
template <class X>
struct Workspace {
  /// @param n_scratch  elements of scratch that the kernels of the pass need
  Workspace(const Grid<X>& grid, std::size_t n_features, std::size_t n_components, std::size_t n_scratch)
      : x(allocate<X>(n_features * grid.stride)),
        w(allocate<X>(grid.stride)),
        m2(allocate<X>(n_components * grid.stride)),
        reciprocal(allocate<X>(grid.stride)),
        nearest(allocate<X>(grid.stride)),
        log_density(allocate<X>(grid.stride)),
        scratch(allocate<X>(n_scratch)) {}

  Posterior<X> posterior(X* h) const { return {h, reciprocal.get(), nearest.get(), log_density.get()}; }

  Panel<X> x;            // (D, stride)
  Panel<X> w;            // (stride)
  Panel<X> m2;           // (K, stride), then the h of the posterior
  Panel<X> reciprocal;   // (stride)
  Panel<X> nearest;      // (stride)
  Panel<X> log_density;  // (stride)
  Panel<X> scratch;
};

/// The workspaces of a pass: as many as threads that work at a time, each used for chunk after chunk.
template <class X>
class Workspaces {
 public:
  Workspaces(const Grid<X>& grid, std::size_t n_features, std::size_t n_components, std::size_t n_scratch)
      : grid_(grid), n_features_(n_features), n_components_(n_components), n_scratch_(n_scratch) {}

  /// One that nobody uses, until the pointer goes.
  auto take() {
    const auto give_back = [this](Workspace<X>* work) {
      const std::scoped_lock lock(mutex_);
      idle_.emplace_back(work);  // allocates nothing: there is room for all that were made
    };
    std::unique_ptr<Workspace<X>> work;
    {
      const std::scoped_lock lock(mutex_);
      if (!idle_.empty()) {
        work = std::move(idle_.back());
        idle_.pop_back();
      } else {
        idle_.reserve(++n_made_);
      }
    }
    if (!work) work = std::make_unique<Workspace<X>>(grid_, n_features_, n_components_, n_scratch_);
    return std::unique_ptr<Workspace<X>, decltype(give_back)>(work.release(), give_back);
  }

 private:
  const Grid<X> grid_;
  const std::size_t n_features_;
  const std::size_t n_components_;
  const std::size_t n_scratch_;
  std::mutex mutex_;  // guards what follows
  std::size_t n_made_ = 0;
  std::vector<std::unique_ptr<Workspace<X>>> idle_;
};

}  // namespace mogul::cpu
