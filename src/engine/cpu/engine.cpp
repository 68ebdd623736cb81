// The CPU engine: walks over the rows in blocks that fit the second-level cache, shared out to threads in
// chunks of blocks. Each chunk has its own Stats; a fixed tree adds them up.

#include "engine/engine.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include "base/check_interrupted.hpp"
#include "base/merge_tree.hpp"
#include "base/thread_pool.hpp"
#include "engine/cpu/centred.hpp"
#include "engine/cpu/kernels.hpp"
#include "engine/cpu/workspace.hpp"
#include "engine/pooled_moments.hpp"

namespace mogul {
namespace {

using cpu::allocate;
using cpu::Block;
using cpu::Grid;
using cpu::LaneModel;
using cpu::Lanes;
using cpu::Workspace;
using cpu::Workspaces;

// Rows x components x features below which a pass over rows of float is computed in double: exact, and in no time.
constexpr std::size_t kMinFloatWork = 1 << 20;
// The same for rows of double, which must then be seen in double once more at the end. With covariances that are
// diagonal or shared, passes are no shorter.
constexpr std::size_t kMinRoughWork = 1 << 22;

// What a block's rows are to a model, all about the distances in work.m2.
template <class X>
class Posteriors {
 public:
  explicit Posteriors(const LaneModel& model) : model_(model) {
    for (const double constant : model.rows().log_constants) {
      log_constants_.push_back(static_cast<X>(std::max(constant, -cpu::kFarthest<X>)));  // log 0 is finite here
    }
  }

  /// Leaves the distances in work.m2 and the square roots of the responsibilities in h, which may be the same.
  cpu::BlockSums operator()(const Block& block, Assignment assignment, Workspace<X>& work, X* h) const {
    cpu::whiten<X>(model_, block, work.x.get(), work.m2.get(), work.scratch.get());
    return cpu::normalise<X>(log_constants_, block, assignment, work.w.get(), work.m2.get(), work.posterior(h));
  }

 private:
  const LaneModel& model_;
  std::vector<X> log_constants_;
};

class CpuEngine final : public Engine {
 public:
  CpuEngine(std::unique_ptr<const RowSource> source, const EngineOptions& options)
      : source_(std::move(source)), pool_(options.n_threads), count_(source_->check(pool_)) {}

  const RowSource& source() const override { return *source_; }
  const RowCount& count() const override { return count_; }

  using Engine::accumulate;

  Stats accumulate(const RowModel& model, const Matrix& shift, Moments moments, Assignment assignment,
                   Precision precision) override {
    const LaneModel lanes(model, precision == Precision::fast ? fast_lanes(model.n_components) : Lanes::float64);
    const bool about_one_centre = lanes.form() == FactorForm::tied_triangular && shift == model.means();
    if (moments == Moments::pooled && !about_one_centre) {
      return pooled(accumulate(model, shift, Moments::full, assignment, precision));
    }
    const Under under{&lanes, &shift};
    return sum_under({&under, 1}, moments, assignment).front();
  }

  // Models in different lanes, or whose pooled moments are not about one centre, go apart.
  std::vector<Stats> accumulate(std::span<const RowModel> models, Moments moments, Precision precision) override {
    if (precision == Precision::rough && !source_->is_float()) {
      if (auto stats = accumulate_rounded(models, moments)) return *std::move(stats);
    }
    std::vector<LaneModel> lanes;
    std::vector<Matrix> means;
    for (const RowModel& model : models) {
      lanes.emplace_back(model, fast_lanes(model.n_components));
      means.push_back(model.means());
    }
    std::vector<std::optional<Stats>> found(models.size());
    for (std::size_t first = 0; first < models.size(); ++first) {
      if (found[first]) continue;
      if (moments == Moments::pooled && lanes[first].form() != FactorForm::tied_triangular) {
        found[first] = Engine::accumulate(models[first], moments);
        continue;
      }
      std::vector<Under> together;
      std::vector<std::size_t> which;
      for (std::size_t i = first; i < models.size(); ++i) {
        if (lanes[i].lanes() != lanes[first].lanes() || lanes[i].form() != lanes[first].form()) continue;
        together.push_back({&lanes[i], &means[i]});
        which.push_back(i);
      }
      std::vector<Stats> stats = sum_under(together, moments, Assignment::soft);
      for (std::size_t i = 0; i < which.size(); ++i) found[which[i]] = std::move(stats[i]);
    }
    std::vector<Stats> all;
    all.reserve(models.size());
    for (std::optional<Stats>& stats : found) all.push_back(*std::move(stats));
    return all;
  }

  Stats accumulate(const ResponsibilitySource& source, const Matrix& shift, Moments moments) override {
    if (moments == Moments::pooled) return pooled(accumulate(source, shift, Moments::full));
    const std::vector<char> promoted(shift.rows(), 1);
    const auto share_out = [&](std::size_t, const Block& block, Workspace<double>& work, Stats& stats) {
      Matrix r(block.n_rows, stats.n_components());
      source(block.first_row, r.view());
      for (std::size_t k = 0; k < r.cols(); ++k) {
        double* out = work.m2.get() + k * block.stride;
        for (std::size_t i = 0; i < block.n_rows; ++i) out[i] = std::sqrt(r(i, k));
        std::fill(out + block.n_rows, out + block.n_padded, 0.0);
      }
      std::fill_n(work.reciprocal.get(), block.n_padded, 1.0);
      std::fill_n(work.nearest.get(), block.n_padded, std::numeric_limits<double>::infinity());  // not known
    };
    const About about{&shift, &promoted};
    return sum_blocks<double>({&about, 1}, moments, std::nullopt, share_out).front();
  }

  void visit(const RowModel& model, const BlockVisitor& visitor) override {
    scored_chunks(model, grid_for(model), [&](std::size_t, const auto& for_each) { for_each(visitor); });
  }

  std::vector<double> sum(const RowModel& model, std::size_t n_sums, const BlockSummer& add) override {
    const Grid<double> grid = grid_for(model);
    MergeTree<Sums> tree(grid.n_chunks);
    scored_chunks(model, grid, [&](std::size_t chunk, const auto& for_each) {
      Sums sums{std::vector<double>(n_sums)};
      for_each([&](const BlockScores& scores) { add(scores, sums.values); });
      tree.add(chunk, std::move(sums));
    });
    return tree.result().values;
  }

  void visit_rows(const RowVisitor& visitor) override {
    const Grid<double> grid(n_rows(), n_features(), 1);
    Workspaces<double> workspaces(grid, n_features(), 1, 0);
    pool_.run(grid.n_chunks, [&](std::size_t chunk) {
      const auto work = workspaces.take();
      for_each_block(grid, chunk, *work, {}, [&](const Block& block) {
        visitor({block.first_row,
                 block.n_rows,
                 {work->x.get(), n_features(), block.n_rows, block.stride},
                 {work->w.get(), block.n_rows}});
      });
    });
  }

 private:
  // What sums of rows of float are made in: float lanes where these pay, and neither values nor weights are extreme.
  Lanes fast_lanes(std::size_t n_components) const {
    const bool pays = n_rows() * n_features() * n_components >= kMinFloatWork;
    return source_->is_float() && count_.moderate && pays ? Lanes::float32 : Lanes::float64;
  }

  // Rows of double in float lanes, about a centre; nothing where that does not pay, or where float cannot hold a model.
  std::optional<std::vector<Stats>> accumulate_rounded(std::span<const RowModel> models, Moments moments) {
    const bool pays =
        models[0].form == FactorForm::triangular && n_rows() * n_features() * models[0].n_components >= kMinRoughWork;
    if (!pays || moments == Moments::pooled || !count_.moderate) return std::nullopt;
    const std::vector<double> centre = cpu::middle_of_means(models[0]);
    std::vector<RowModel> moved;
    for (const RowModel& model : models) {
      moved.push_back(cpu::centred(model, centre));
      if (!cpu::survives_rounding(moved.back())) return std::nullopt;
    }
    std::vector<LaneModel> lanes;
    std::vector<Matrix> means;
    std::vector<Under> all;
    for (const RowModel& model : moved) {
      lanes.emplace_back(model, Lanes::float32);
      const bool holds = lanes.back().lanes() == Lanes::float32 && std::ranges::count(lanes.back().promoted(), 1) == 0;
      if (!holds || lanes.back().form() != models[0].form) return std::nullopt;
      means.push_back(model.means());
    }
    for (std::size_t i = 0; i < models.size(); ++i) all.push_back({&lanes[i], &means[i]});
    std::vector<Stats> stats = sum_under(all, moments, Assignment::soft, centre);
    for (std::size_t i = 0; i < models.size(); ++i) stats[i].shift = models[i].means();
    return stats;
  }

  // Responsibilities sum to one per row but for rounding, which in float is more than what reads statistics allows.
  static void make_sizes_add_up(Stats& stats) {
    const double correction = stats.sum_weights / std::reduce(stats.n.begin(), stats.n.end());
    for (double& n : stats.n) n *= correction;
    for (Matrix* moments : {&stats.first, &stats.second}) {
      for (double& value : std::span(moments->data(), moments->rows() * moments->cols())) value *= correction;
    }
  }

  // An eps of float of the mean log-likelihood, which lacks the largest log constant here.
  static double rounding_of_float(const Stats& stats) {
    return std::numeric_limits<float>::epsilon() *
           std::max(std::abs(stats.log_likelihood / stats.sum_weights), std::numeric_limits<double>::min());
  }

  // Responsibilities from their square roots.
  static void square(const Block& block, std::size_t n_components, const double* reciprocal, double* h) {
    for (std::size_t k = 0; k < n_components; ++k) {
      double* row = h + k * block.stride;
      for (std::size_t i = 0; i < block.n_rows; ++i) row[i] = row[i] * row[i] * reciprocal[i];
    }
  }

  Grid<double> grid_for(const RowModel& model) const { return {n_rows(), n_features(), model.n_components}; }

  // Calls of_chunk(chunk, for_each), where for_each(use) hands the chunk's blocks to `use` in turn. What is told of
  // single rows is double throughout.
  template <class OfChunk>
  void scored_chunks(const RowModel& model, const Grid<double>& grid, const OfChunk& of_chunk) {
    const LaneModel lanes(model, Lanes::float64);
    const Posteriors<double> posteriors(lanes);
    const std::size_t k = model.n_components;
    Workspaces<double> workspaces(grid, n_features(), k, cpu::whiten_scratch(model.form, n_features(), grid.stride));
    pool_.run(grid.n_chunks, [&](std::size_t chunk) {
      const auto work = workspaces.take();
      const auto r = allocate<double>(k * grid.stride);
      of_chunk(chunk, [&](const auto& use) {
        for_each_block(grid, chunk, *work, {}, [&](const Block& block) {
          posteriors(block, Assignment::soft, *work, r.get());
          square(block, k, work->reciprocal.get(), r.get());
          for (std::size_t i = 0; i < block.n_rows; ++i) work->log_density[i] += model.largest_log_constant;
          use(BlockScores{block.first_row,
                          block.n_rows,
                          {work->m2.get(), k, block.n_rows, block.stride},
                          {r.get(), k, block.n_rows, block.stride},
                          {work->log_density.get(), block.n_rows},
                          {work->x.get(), n_features(), block.n_rows, block.stride},
                          {work->w.get(), block.n_rows}});
        });
      });
    });
  }

  // Transposes the blocks of a chunk in turn and hands each to `use`.
  template <class X, class Use>
  void for_each_block(const Grid<X>& grid, std::size_t chunk, Workspace<X>& work, std::span<const double> centre,
                      const Use& use) const {
    const std::size_t begin = chunk * grid.chunk_rows;
    const std::size_t end = std::min(n_rows(), begin + grid.chunk_rows);
    const auto reader = source_->read(begin, end);
    for (std::size_t first = begin; first < end; first += grid.block_rows) {
      const std::size_t n = std::min(grid.block_rows, end - first);
      check_interrupted(n * grid.work_per_row);
      const Block block{first, n, hwy::RoundUpTo(n, cpu::kPad<X>), grid.stride};
      const RowBlock rows = reader->next(n);
      if constexpr (std::is_same_v<X, float>) {
        if (!centre.empty()) {
          cpu::transpose_about(centre, rows.rows, rows.begin, block, work.x.get(), work.w.get());
          use(block);
          continue;
        }
      }
      cpu::transpose(rows.rows, rows.begin, block, work.x.get(), work.w.get());
      use(block);
    }
  }

  // A model that rows are seen under, and what its moments are about.
  struct Under {
    const LaneModel* model;
    const Matrix* shift;
  };

  std::vector<Stats> sum_under(std::span<const Under> all, Moments moments, Assignment assignment,
                               std::span<const double> centre = {}) {
    const bool floats = all[0].model->lanes() == Lanes::float32;
    std::vector<Stats> totals = floats ? sum_under_in<float>(all, moments, assignment, centre)
                                       : sum_under_in<double>(all, moments, assignment, centre);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const RowModel& model = all[i].model->rows();
      Stats& total = totals[i];
      if (floats) {
        make_sizes_add_up(total);
        total.rounding = rounding_of_float(total);
        total.resolution = cpu::kFloatResolution;
      }
      if (fast_lanes(model.n_components) == Lanes::float32) {
        const std::vector<char> promoted = cpu::too_much_for_float(model);
        total.n_promoted = static_cast<std::size_t>(std::ranges::count(promoted, 1));
      }
      if (moments == Moments::pooled) move_to_shifts(total, model.operands.centre.high);
      total.log_likelihood += model.largest_log_constant * total.sum_weights;
      total.map_log_likelihood += model.largest_log_constant * total.sum_weights;
    }
    return totals;
  }

  // In panels of X; log-likelihoods lack the largest log constant of every row.
  template <class X>
  std::vector<Stats> sum_under_in(std::span<const Under> all, Moments moments, Assignment assignment,
                                  std::span<const double> centre) {
    std::vector<Posteriors<X>> posteriors;
    std::vector<About> about;
    for (const Under& each : all) {
      posteriors.emplace_back(*each.model);
      about.push_back({each.shift, &each.model->promoted()});
    }
    const auto share_out = [&](std::size_t i, const Block& block, Workspace<X>& work, Stats& stats) {
      const cpu::BlockSums sums = posteriors[i](block, assignment, work, work.m2.get());
      stats.log_likelihood += sums.log_likelihood;
      stats.entropy += sums.entropy;
      stats.map_log_likelihood += sums.map_log_likelihood;
      if (moments == Moments::pooled) {
        cpu::accumulate_pooled<X>(block, work.x.get(), work.w.get(), all[i].model->rows().operands.centre.high,
                                  work.scratch.get(), stats.second.row(0));
      }
    };
    return sum_blocks<X>(about, moments, all[0].model->form(), share_out, centre);
  }

  // Plain sums, one beside the other.
  struct Sums {
    std::vector<double> values;

    Sums& operator+=(const Sums& other) {
      for (std::size_t i = 0; i < values.size(); ++i) values[i] += other.values[i];
      return *this;
    }
  };

  // What moments are about, and which components' are summed in double.
  struct About {
    const Matrix* shift;
    const std::vector<char>* promoted;
  };

  // Statistics that are summed side by side.
  struct SideBySide {
    std::vector<Stats> stats;

    SideBySide& operator+=(const SideBySide& other) {
      for (std::size_t i = 0; i < stats.size(); ++i) stats[i] += other.stats[i];
      return *this;
    }
  };

  // The one pass: share_out(i, ...) leaves a block's i-th posterior in the workspace, then its moments are added.
  // `form` is that of the models' factors, if there are models; the centre, which the models are about, is empty unless
  // rows of double are rounded.
  template <class X, class ShareOut>
  std::vector<Stats> sum_blocks(std::span<const About> all, Moments moments, std::optional<FactorForm> form,
                                const ShareOut& share_out, std::span<const double> centre = {}) {
    const std::size_t n_components = all[0].shift->rows();
    const Grid<X> grid(n_rows(), n_features(), n_components);
    MergeTree<SideBySide> tree(grid.n_chunks);
    const std::size_t n_scratch = std::max(form ? cpu::whiten_scratch(*form, n_features(), grid.stride) : 0,
                                           cpu::accumulate_scratch(moments, n_features(), grid.stride));
    Workspaces<X> workspaces(grid, n_features(), n_components, n_scratch);
    pool_.run(grid.n_chunks, [&](std::size_t chunk) {
      const auto work = workspaces.take();
      SideBySide sums;
      for (const About& about : all) sums.stats.emplace_back(moments, *about.shift);
      for_each_block(grid, chunk, *work, centre, [&](const Block& block) {
        for (std::size_t i = 0; i < all.size(); ++i) {
          share_out(i, block, *work, sums.stats[i]);
          cpu::accumulate<X>(block, work->x.get(), work->w.get(), work->posterior(work->m2.get()), *all[i].promoted,
                             work->scratch.get(), sums.stats[i]);
        }
      });
      tree.add(chunk, std::move(sums));
    });
    std::vector<Stats> totals = tree.result().stats;
    for (Stats& total : totals) total.sum_weights = count_.sum_weights;
    return totals;
  }

  std::unique_ptr<const RowSource> source_;
  ThreadPool pool_;
  RowCount count_;
};

}  // namespace

std::unique_ptr<Engine> make_engine(std::unique_ptr<const RowSource> rows, const EngineOptions& options) {
  return std::make_unique<CpuEngine>(std::move(rows), options);
}

}  // namespace mogul
