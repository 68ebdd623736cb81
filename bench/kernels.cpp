// Each kernel alone, on one block, on one thread and the best instruction set: how long, and how many useful flops a
// second (2 D^2 per row and component for triangular whitening and full moments together, 8 D for diagonal ones).
#include <benchmark/benchmark.h>
#include <hwy/aligned_allocator.h>

#include <cmath>
#include <random>

#include "engine/cpu/kernels.hpp"

namespace {

using namespace mogul;

using Panel = hwy::AlignedFreeUniquePtr<double[]>;

Panel zeros(std::size_t n) {
  Panel panel = hwy::AllocateAligned<double>(n);
  std::fill_n(panel.get(), n, 0.0);
  return panel;
}

/// A block of 256 rows of K overlapping components, after each kernel.
struct Fixture {
  Fixture(const benchmark::State& state, CovarianceFamily family)
      : d(static_cast<std::size_t>(state.range(0))),
        k(static_cast<std::size_t>(state.range(1))),
        block{0, 256, 256, 272},
        data(block.n_rows, d),
        model(make_model(family)),
        rows_under(row_model(model)),
        lanes(rows_under, cpu::Lanes::float64),
        stats(family.moments(), model.means()),
        x(zeros(d * block.stride)),
        w(zeros(block.stride)),
        m2(zeros(k * block.stride)),
        h(zeros(k * block.stride)),
        reciprocal(zeros(block.stride)),
        nearest(zeros(block.stride)),
        log_density(zeros(block.stride)),
        scratch(zeros(cpu::whiten_scratch(lanes.form(), d, block.stride) +
                      cpu::accumulate_scratch(family.moments(), d, block.stride))) {
    transpose();
    whiten();
    normalise();
  }

  Mixture make_model(CovarianceFamily family) {
    std::mt19937_64 random(1);
    std::normal_distribution<double> normal;
    Matrix means(k, d);
    for (std::size_t i = 0; i < k * d; ++i) means.data()[i] = 2 * normal(random) / std::sqrt(static_cast<double>(d));
    for (std::size_t i = 0; i < data.rows(); ++i) {
      for (std::size_t j = 0; j < d; ++j) data(i, j) = means(i % k, j) + normal(random);
    }
    std::vector<double> covariances(covariance_size(family, k, d), 1.0);
    const bool matrices = family == mogul::families::full || family == mogul::families::tied;
    for (std::size_t i = 0; matrices && i < covariances.size(); ++i) {
      covariances[i] = i % (d * d) / d == i % d ? 1.0 : 0.1 / static_cast<double>(d);
    }
    return {family, std::vector<double>(k, 1.0 / static_cast<double>(k)), std::move(means), std::move(covariances)};
  }

  void transpose() { cpu::transpose(data, 0, block, x.get(), w.get()); }
  void whiten() { cpu::whiten(lanes, block, x.get(), m2.get(), scratch.get()); }
  void normalise() {
    cpu::normalise<double>(rows_under.log_constants, block, Assignment::soft, w.get(), m2.get(), posterior());
  }
  void accumulate() { cpu::accumulate(block, x.get(), w.get(), posterior(), lanes.promoted(), scratch.get(), stats); }
  cpu::Posterior<double> posterior() { return {h.get(), reciprocal.get(), nearest.get(), log_density.get()}; }

  std::size_t d, k;
  cpu::Block block;
  Matrix data;
  Mixture model;
  RowModel rows_under;
  cpu::LaneModel lanes;
  Stats stats;
  Panel x, w, m2, h, reciprocal, nearest, log_density, scratch;
};

template <class Kernel>
void run(benchmark::State& state, CovarianceFamily family, double flops_per_row_and_component, const Kernel& kernel) {
  Fixture fixture(state, family);
  for (auto _ : state) {
    kernel(fixture);
    benchmark::ClobberMemory();
  }
  const double pairs = static_cast<double>(fixture.block.n_rows * fixture.k * state.iterations());
  using Counter = benchmark::Counter;
  state.counters["ns_per_row_and_component"] = Counter(pairs * 1e-9, Counter::kIsRate | Counter::kInvert);
  state.counters["useful_flops"] = Counter(pairs * flops_per_row_and_component, Counter::kIsRate);
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"D", "K"});
  for (const auto& [d, k] : {std::pair{2, 8}, {4, 16}, {8, 16}, {16, 32}, {32, 64}, {64, 64}, {128, 32}}) {
    benchmark->Args({d, k});
  }
}

double square(const benchmark::State& state) { return static_cast<double>(state.range(0) * state.range(0)); }
double line(const benchmark::State& state) { return 4 * static_cast<double>(state.range(0)); }

void transpose(benchmark::State& state) {
  run(state, mogul::families::full, 0, [](Fixture& f) { f.transpose(); });
}
void whiten_full(benchmark::State& state) {
  run(state, mogul::families::full, square(state), [](Fixture& f) { f.whiten(); });
}
void whiten_tied(benchmark::State& state) {
  run(state, mogul::families::tied, square(state), [](Fixture& f) { f.whiten(); });
}
void whiten_diagonal(benchmark::State& state) {
  run(state, mogul::families::diagonal, line(state), [](Fixture& f) { f.whiten(); });
}
void normalise(benchmark::State& state) {
  run(state, mogul::families::full, 0, [](Fixture& f) { f.normalise(); });
}
void accumulate_full(benchmark::State& state) {
  run(state, mogul::families::full, square(state), [](Fixture& f) { f.accumulate(); });
}
void accumulate_diagonal(benchmark::State& state) {
  run(state, mogul::families::diagonal, line(state), [](Fixture& f) { f.accumulate(); });
}

BENCHMARK(transpose)->Apply(sizes);
BENCHMARK(whiten_full)->Apply(sizes);
BENCHMARK(whiten_tied)->Apply(sizes);
BENCHMARK(whiten_diagonal)->Apply(sizes);
BENCHMARK(normalise)->Apply(sizes);
BENCHMARK(accumulate_full)->Apply(sizes);
BENCHMARK(accumulate_diagonal)->Apply(sizes);

}  // namespace

BENCHMARK_MAIN();
