// k-means as hard EM: it finds separated clusters, never raises the sum of squares, and leaves no cluster empty.
#include "start/kmeans.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <set>

#include "start/clusters.hpp"
#include "start/seeding.hpp"

namespace mogul {
namespace {

// Plain sum of squared distances to the nearest mean.
double sum_of_squares(const Matrix& x, const Matrix& means) {
  double sum = 0;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    double nearest = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < means.rows(); ++k) {
      double distance = 0;
      for (std::size_t d = 0; d < x.cols(); ++d) distance += (x(i, d) - means(k, d)) * (x(i, d) - means(k, d));
      nearest = std::min(nearest, distance);
    }
    sum += nearest;
  }
  return sum;
}

TEST(KMeans, FindsTheMeansOfSeparatedClusters) {
  const Matrix x = test::clusters(300, 3);
  const Matrix means = kmeans(*make_engine(x, 1), Matrix(3, 2, {-5, 3, 90, -2, 230, 1}));
  for (std::size_t k = 0; k < 3; ++k) {
    double expected = 0;
    for (std::size_t i = k; i < 300; i += 3) expected += x(i, 0) / 100;
    EXPECT_NEAR(means(k, 0), expected, 1e-11 * 200);  // sums of 100 numbers near 200
  }
}

TEST(KMeans, NeverRaisesTheSumOfSquares) {
  const Matrix x = test::clusters(400, 4);
  const auto engine = make_engine(x, 2);
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const Matrix start = engine->rows(kmeans_plus_plus(*engine, 9, seed, 0));
    const Matrix means = kmeans(*engine, start);
    EXPECT_LE(sum_of_squares(x, means), sum_of_squares(x, start));
  }
}

TEST(KMeans, MovesAnEmptyClusterToTheFarthestRow) {
  // Both means start in the left cluster and one beyond every row, so that it gets none.
  const Matrix x(6, 1, {0, 1, 2, 100, 101, 102});
  Matrix means = kmeans(*make_engine(x, 1), Matrix(2, 1, {1, -1e6}));
  std::set<double> found{means(0, 0), means(1, 0)};
  EXPECT_EQ(found, (std::set<double>{1, 101}));
}

TEST(KMeans, SettlesOnIdenticalRows) {
  const Matrix x(5, 2, std::vector<double>(10, 0.1));
  EXPECT_EQ(kmeans(*make_engine(x, 1), Matrix(3, 2, std::vector<double>(6, 0.1))),
            Matrix(3, 2, std::vector<double>(6, 0.1)));
}

TEST(KMeans, FollowsScaleAndOffset) {
  const Matrix x = test::clusters(200, 3, 1);
  Matrix moved = x;
  for (std::size_t i = 0; i < x.rows(); ++i) moved(i, 0) = 1e-8 * x(i, 0) + 1;
  const Matrix means = kmeans(*make_engine(x, 1), Matrix(3, 1, {20, 60, 150}));
  const Matrix moved_means = kmeans(*make_engine(moved, 1), Matrix(3, 1, {1 + 20e-8, 1 + 60e-8, 1 + 150e-8}));
  // Values near 1 are spaced by 2e-16, which is 2e-8 in the unit of x.
  for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR((moved_means(k, 0) - 1) * 1e8, means(k, 0), 1e-6);
}

TEST(KMeans, WeighsTheRows) {
  const Matrix x(4, 1, {0, 4, 100, 101});
  const std::vector<double> weights{1, 3, 1, 0};
  EXPECT_EQ(kmeans(*make_engine(DataView(x, weights), 1), Matrix(2, 1, {1, 99})), Matrix(2, 1, {3, 100}));
}

// Counts the passes of k-means over its rows.
class CountingEngine final : public Engine {
 public:
  explicit CountingEngine(const DataView& data) : engine_(make_engine(data, 1)) {}
  const RowSource& source() const override { return engine_->source(); }
  const RowCount& count() const override { return engine_->count(); }
  using Engine::accumulate;
  Stats accumulate(const RowModel& model, const Matrix& shift, Moments moments, Assignment assignment,
                   Precision precision) override {
    ++n_passes;
    return engine_->accumulate(model, shift, moments, assignment, precision);
  }
  std::vector<Stats> accumulate(std::span<const RowModel> models, Moments moments, Precision precision) override {
    return engine_->accumulate(models, moments, precision);
  }
  Stats accumulate(const ResponsibilitySource& source, const Matrix& shift, Moments moments) override {
    return engine_->accumulate(source, shift, moments);
  }
  void visit(const RowModel& model, const BlockVisitor& visitor) override { engine_->visit(model, visitor); }
  void visit_rows(const RowVisitor& visitor) override { engine_->visit_rows(visitor); }
  std::vector<double> sum(const RowModel& model, std::size_t n_sums, const BlockSummer& add) override {
    return engine_->sum(model, n_sums, add);
  }

  int n_passes = 0;

 private:
  std::unique_ptr<Engine> engine_;
};

// The sum of squares is zero from the first pass on, whatever rounding makes of it; two passes must do.
TEST(KMeans, EndsAtOnceWhenNothingIsLeftToGain) {
  for (const double scale : {1.0, 0.3, 1e-5, 1e8}) {
    Matrix x(60, 2);
    Matrix means(3, 2);
    for (std::size_t i = 0; i < 60; ++i) {
      x(i, 0) = scale * static_cast<double>(i % 3);
      x(i, 1) = scale * static_cast<double>(i % 3 * (i % 3));
      std::ranges::copy(x.row(i), means.row(i % 3).begin());
    }
    CountingEngine engine(x);
    EXPECT_EQ(kmeans(engine, means), means);
    EXPECT_LE(engine.n_passes, 2) << "scale " << scale;
  }
}

}  // namespace
}  // namespace mogul
