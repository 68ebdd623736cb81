// Rows that come from elsewhere than memory: the engine and everything above it ask a RowSource and nothing else, so
// that the same rows give the same bytes wherever they lie.
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "data/memory_rows.hpp"
#include "engine/engine.hpp"
#include "mogul/fit.hpp"
#include "plain_families.hpp"
#include "reference/generators.hpp"
#include "search/restarts.hpp"

namespace mogul {
namespace {

// Hands out copies, of a few rows at a time, as what reads a file does.
class CopyingReader final : public RowReader {
 public:
  CopyingReader(const RowSource& source, std::size_t first) : source_(source), next_(first) {}

  RowBlock next(std::size_t n_rows) override {
    const std::size_t first = std::exchange(next_, next_ + n_rows);
    const RowBlock block = source_.read(first, next_)->next(n_rows);
    rows_ = Matrix(n_rows, source_.n_features());
    weights_.clear();
    for (std::size_t i = 0; i < n_rows; ++i) {
      for (std::size_t d = 0; d < rows_.cols(); ++d) rows_(i, d) = block.value(i, d);
      weights_.push_back(block.weight(i));
    }
    return {first, n_rows, DataView(rows_, weights_), 0};
  }

 private:
  const RowSource& source_;
  std::size_t next_;
  Matrix rows_;
  std::vector<double> weights_;
};

class CopyingSource final : public RowSource {
 public:
  explicit CopyingSource(const DataView& data) : rows_(data) {}
  std::size_t n_rows() const override { return rows_.n_rows(); }
  std::size_t n_features() const override { return rows_.n_features(); }
  bool is_float() const override { return rows_.is_float(); }
  RowCount check(ThreadPool& pool) const override { return rows_.check(pool); }
  std::unique_ptr<RowReader> read(std::size_t first, std::size_t) const override {
    return std::make_unique<CopyingReader>(rows_, first);
  }
  Matrix gather(std::span<const std::size_t> indices) const override { return rows_.gather(indices); }

 private:
  MemoryRows rows_;
};

oracle::Problem problem(const CovarianceFamily& family) {
  return oracle::Problem({.n = 5000, .d = 3, .k = 3, .structure = family, .weights = oracle::RowWeights::some_zero});
}

TEST(OtherSource, SumsHaveTheBytesOfRowsInMemory) {
  for (const auto& entry : test::plain_families()) {
    const oracle::Problem p = problem(entry.family);
    const RowModel model = row_model(p.model());
    const auto memory = make_engine(p.view(), 2);
    const auto other = make_engine(std::make_unique<CopyingSource>(p.view()), {.n_threads = 3});
    EXPECT_EQ(other->accumulate(model, entry.family.moments()), memory->accumulate(model, entry.family.moments()));
    EXPECT_EQ(other->count().n_positive, memory->count().n_positive);
  }
}

TEST(OtherSource, AFitWithItsStartsIsThatOfRowsInMemory) {
  const oracle::Problem p = problem(families::full);
  for (const InitMethod init :
       {InitMethod::kmeans, InitMethod::kmeans_plus_plus, InitMethod::random, InitMethod::random_from_data}) {
    FitOptions options;
    options.n_components = 3;
    options.init = init;
    options.max_iter = 5;
    FitReport report;
    const auto other = make_engine(std::make_unique<CopyingSource>(p.view()), {.n_threads = 2});
    Effort effort;
    const BestRun found = best_of_restarts(*other, options, {}, FirstStart::best_of_short_runs, effort, report);
    EXPECT_EQ(found.loop.result().mixture, fit(p.view(), options).mixture);
  }
}

}  // namespace
}  // namespace mogul
