// The CPU engine: walks over the rows in blocks that fit the second-level cache, shared out to threads in
// chunks of blocks. Each chunk has its own Stats; a fixed tree adds them up.

#include "kernel/engine.hpp"

#include <fmt/format.h>
#include <hwy/aligned_allocator.h>
#include <hwy/base.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <mutex>
#include <new>
#include <utility>

#include "base/check_rows.hpp"
#include "base/merge_tree.hpp"
#include "base/thread_pool.hpp"
#include "kernel/cpu/kernels.hpp"
#include "kernel/pooled_moments.hpp"

namespace mogul {
namespace {

using cpu::Block;

constexpr std::size_t kBlockBytes = 640 * 1024;  // of a block's panels, of which a kernel works on a part at a time
constexpr std::size_t kMaxBlockRows = 256;
constexpr std::size_t kMaxChunks = 128;  // enough to share out evenly, few enough to merge for free
constexpr std::size_t kMinChunkRows = 1024;
constexpr std::size_t kMinChunkWork = 65536;  // rows x components x features below which no thread is woken

// How rows are cut up. Depends on N, D and K only, never on the number of threads.
struct Grid {
  Grid(std::size_t n_rows, std::size_t n_features, std::size_t n_components) {
    const std::size_t panels = 3 * n_features + n_components + 4;
    block_rows =
        std::clamp(kBlockBytes / sizeof(double) / panels / cpu::kPad * cpu::kPad, 2 * cpu::kPad, kMaxBlockRows);
    // Features that lie a multiple of 1024 bytes apart would all want the same few lines of the first-level cache.
    stride = block_rows + (block_rows % 128 == 0 ? 16 : 0);
    const std::size_t wanted =
        std::max({n_rows / kMaxChunks + 1, kMinChunkRows, kMinChunkWork / (n_features * n_components)});
    chunk_rows = hwy::RoundUpTo(wanted, block_rows);
    n_chunks = (n_rows + chunk_rows - 1) / chunk_rows;
  }

  std::size_t block_rows;  // rows of a block, at most
  std::size_t stride;      // from one feature of a block to the next
  std::size_t chunk_rows;  // a multiple of block_rows
  std::size_t n_chunks;
};

using Panel = hwy::AlignedFreeUniquePtr<double[]>;

Panel allocate(std::size_t n) {
  Panel panel = hwy::AllocateAligned<double>(n);
  if (panel == nullptr) throw std::bad_alloc();
  return panel;
}

// One thread's panels for a block.
struct Workspace {
  Workspace(const Grid& grid, std::size_t n_features, std::size_t n_components)
      : x(allocate(n_features * grid.stride)),
        w(allocate(grid.stride)),
        m2(allocate(n_components * grid.stride)),
        reciprocal(allocate(grid.stride)),
        nearest(allocate(grid.stride)),
        log_density(allocate(grid.stride)),
        scratch(allocate(std::max(cpu::whiten_scratch(n_features, grid.stride),
                                  cpu::accumulate_scratch(n_features, grid.stride)))) {}

  cpu::Posterior posterior(double* h) const { return {h, reciprocal.get(), nearest.get(), log_density.get()}; }

  Panel x;            // (D, stride)
  Panel w;            // (stride)
  Panel m2;           // (K, stride), then the h of the posterior
  Panel reciprocal;   // (stride)
  Panel nearest;      // (stride)
  Panel log_density;  // (stride)
  Panel scratch;
};

// The workspaces of a pass: as many as threads that work at a time, each used for chunk after chunk.
class Workspaces {
 public:
  Workspaces(const Grid& grid, std::size_t n_features, std::size_t n_components)
      : grid_(grid), n_features_(n_features), n_components_(n_components) {}

  /// One that nobody uses, until the pointer goes.
  auto take() {
    const auto give_back = [this](Workspace* work) {
      const std::scoped_lock lock(mutex_);
      idle_.emplace_back(work);
    };
    std::unique_ptr<Workspace> work;
    {
      const std::scoped_lock lock(mutex_);
      if (!idle_.empty()) {
        work = std::move(idle_.back());
        idle_.pop_back();
      }
    }
    if (!work) work = std::make_unique<Workspace>(grid_, n_features_, n_components_);
    return std::unique_ptr<Workspace, decltype(give_back)>(work.release(), give_back);
  }

 private:
  const Grid grid_;
  const std::size_t n_features_;
  const std::size_t n_components_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Workspace>> idle_;
};

class CpuEngine final : public Engine {
 public:
  CpuEngine(const DataView& data, unsigned n_threads) : data_(data), pool_(n_threads) {
    count_ = check_rows(data, pool_);
  }

  std::size_t n_rows() const override { return data_.rows(); }
  std::size_t n_features() const override { return data_.cols(); }
  double sum_weights() const override { return count_.sum_weights; }
  std::size_t n_positive_rows() const override { return count_.n_positive; }
  double weight(std::size_t i) const override { return data_.weight(i); }
  std::string feature_name(std::size_t d) const override { return data_.column_name(d); }
  std::vector<double> row(std::size_t i) const override {
    std::vector<double> values(n_features());
    for (std::size_t d = 0; d < values.size(); ++d) values[d] = data_.value(i, d);
    return values;
  }

  using Engine::accumulate;

  Stats accumulate(const Mixture& model, const Matrix& shift, Moments moments, Assignment assignment) override {
    const PreparedModel prepared(model);
    const bool about_one_centre = prepared.form == FactorForm::tied_triangular && shift == model.means();
    if (moments == Moments::pooled && !about_one_centre) {
      return pooled(accumulate(model, shift, Moments::full, assignment));
    }
    Stats total = sum_blocks(shift, moments, [&](const Block& block, Workspace& work, Stats& stats) {
      cpu::whiten(prepared, block, work.x.get(), work.m2.get(), work.scratch.get());
      const cpu::BlockSums sums = cpu::normalise(prepared.log_constants, block, assignment, work.w.get(), work.m2.get(),
                                                 work.posterior(work.m2.get()));
      stats.log_likelihood += sums.log_likelihood;
      stats.entropy += sums.entropy;
      stats.map_log_likelihood += sums.map_log_likelihood;
      if (moments == Moments::pooled) {
        cpu::accumulate_pooled(block, work.x.get(), work.w.get(), prepared.centre, work.scratch.get(),
                               stats.second.row(0));
      }
    });
    if (moments == Moments::pooled) move_to_shifts(total, prepared.centre);
    total.model = model.fingerprint();
    return total;
  }

  Stats accumulate(const ResponsibilitySource& source, const Matrix& shift, Moments moments) override {
    if (moments == Moments::pooled) return pooled(accumulate(source, shift, Moments::full));
    return sum_blocks(shift, moments, [&](const Block& block, Workspace& work, Stats& stats) {
      Matrix r(block.n_rows, stats.n_components());
      source(block.first_row, r.view());
      for (std::size_t k = 0; k < r.cols(); ++k) {
        double* out = work.m2.get() + k * block.stride;
        for (std::size_t i = 0; i < block.n_rows; ++i) out[i] = std::sqrt(r(i, k));
        std::fill(out + block.n_rows, out + block.n_padded, 0.0);
      }
      std::fill_n(work.reciprocal.get(), block.n_padded, 1.0);
      std::fill_n(work.nearest.get(), block.n_padded, std::numeric_limits<double>::infinity());  // not known
    });
  }

  void visit(const Mixture& model, const BlockVisitor& visitor) override {
    const PreparedModel prepared(model);
    const Grid grid(n_rows(), n_features(), model.n_components());
    Workspaces workspaces(grid, n_features(), model.n_components());
    pool_.run(grid.n_chunks, [&](std::size_t chunk) {
      const auto taken = workspaces.take();
      Workspace& work = *taken;
      const auto r = allocate(model.n_components() * grid.stride);
      for_each_block(grid, chunk, work, [&](const Block& block) {
        cpu::whiten(prepared, block, work.x.get(), work.m2.get(), work.scratch.get());
        cpu::normalise(prepared.log_constants, block, Assignment::soft, work.w.get(), work.m2.get(),
                       work.posterior(r.get()));
        square(block, model.n_components(), work.reciprocal.get(), r.get());
        visitor({block.first_row,
                 block.n_rows,
                 {work.m2.get(), model.n_components(), block.n_rows, block.stride},
                 {r.get(), model.n_components(), block.n_rows, block.stride},
                 {work.log_density.get(), block.n_rows}});
      });
    });
  }

 private:
  // Responsibilities from their square roots.
  static void square(const Block& block, std::size_t n_components, const double* reciprocal, double* h) {
    for (std::size_t k = 0; k < n_components; ++k) {
      double* row = h + k * block.stride;
      for (std::size_t i = 0; i < block.n_rows; ++i) row[i] = row[i] * row[i] * reciprocal[i];
    }
  }

  // Transposes the blocks of a chunk in turn and hands each to `use`.
  template <class Use>
  void for_each_block(const Grid& grid, std::size_t chunk, Workspace& work, const Use& use) const {
    const std::size_t end = std::min(n_rows(), (chunk + 1) * grid.chunk_rows);
    for (std::size_t first = chunk * grid.chunk_rows; first < end; first += grid.block_rows) {
      const std::size_t n = std::min(grid.block_rows, end - first);
      const Block block{first, n, hwy::RoundUpTo(n, cpu::kPad), grid.stride};
      cpu::transpose(data_, block, work.x.get(), work.w.get());
      use(block);
    }
  }

  // The one pass: `share_out` leaves a block's responsibilities in work.m2, then its moments are added.
  template <class ShareOut>
  Stats sum_blocks(const Matrix& shift, Moments moments, const ShareOut& share_out) {
    const Grid grid(n_rows(), n_features(), shift.rows());
    MergeTree<Stats> tree(grid.n_chunks);
    Workspaces workspaces(grid, n_features(), shift.rows());
    pool_.run(grid.n_chunks, [&](std::size_t chunk) {
      const auto work = workspaces.take();
      Stats stats(moments, shift);
      for_each_block(grid, chunk, *work, [&](const Block& block) {
        share_out(block, *work, stats);
        cpu::accumulate(block, work->x.get(), work->w.get(), work->posterior(work->m2.get()), work->scratch.get(),
                        stats);
      });
      tree.add(chunk, std::move(stats));
    });
    Stats total = tree.result();
    total.sum_weights = count_.sum_weights;
    return total;
  }

  DataView data_;
  ThreadPool pool_;
  RowCount count_;
};

}  // namespace

std::unique_ptr<Engine> make_engine(const DataView& data, unsigned n_threads) {
  return std::make_unique<CpuEngine>(data, n_threads);
}

std::unique_ptr<Engine> make_engine_for(const Mixture& model, const DataView& data, unsigned n_threads) {
  if (data.cols() != model.n_features()) {
    throw invalid_argument(
        fmt::format("data have {} columns; the mixture has {} features", data.cols(), model.n_features()));
  }
  return make_engine(data, n_threads);
}

}  // namespace mogul
