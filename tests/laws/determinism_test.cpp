// The same bytes for any number of threads: statistics, fits from every start, scores and samples, on enough rows for
// many blocks and with a ragged last one.
#include <bit>
#include <cstdint>
#include <span>

#include <gtest/gtest.h>

#include "laws/bytes.hpp"
#include "mogul/fit.hpp"
#include "mogul/sample.hpp"
#include "mogul/score.hpp"
#include "mogul/stats.hpp"
#include "reference/generators.hpp"

namespace {

using laws::append;
using laws::Bytes;
using laws::bytes_of;
using mogul::CovarianceFamily;
using mogul::FitOptions;
using mogul::FitResult;
using mogul::InitMethod;
using mogul::Matrix;
using oracle::Problem;
using oracle::Shape;

constexpr unsigned kThreads[] = {2, 3, 7};

// Enough rows for many blocks, even where a row is little work; a prime number of them leaves a ragged tail.
Shape shape_of(std::size_t d, std::size_t k, CovarianceFamily structure) {
  Shape shape;
  shape.n = d < 3 ? 200003 : 20011;
  shape.d = d;
  shape.k = k;
  shape.structure = structure;
  shape.weights = oracle::RowWeights::some_zero;
  shape.padding = 1;
  shape.offset = 100;
  shape.seed = 7 * d + k;
  return shape;
}

template <class Run>
void expect_same_bytes(const Run& run) {
  const Bytes expected = bytes_of(run(1u));
  for (const unsigned n_threads : kThreads) {
    EXPECT_TRUE(bytes_of(run(n_threads)) == expected) << n_threads << " threads differ from one";
  }
}

class Determinism : public testing::TestWithParam<CovarianceFamily> {};

TEST_P(Determinism, StatisticsAreTheSameBytesForAnyNumberOfThreads) {
  for (const std::size_t d : {1u, 3u, 8u, 17u}) {
    for (const std::size_t k : {1u, 5u}) {
      for (const bool float32 : {false, true}) {
        Shape shape = shape_of(d, k, GetParam());
        shape.float32 = float32;
        const Problem problem(shape);
        expect_same_bytes([&](unsigned n_threads) { return accumulate(problem.model(), problem.view(), n_threads); });
      }
    }
  }
}

TEST_P(Determinism, FitsFromEveryStartAreTheSameBytesForAnyNumberOfThreads) {
  const Problem problem(shape_of(3, 4, GetParam()));
  for (const mogul::InitMethodName& start : mogul::init_methods()) {
    FitOptions options;
    options.n_components = problem.shape().k;
    options.covariance = GetParam();
    options.init = start.method;
    options.n_init = start.method == mogul::InitMethod::hierarchical ? 1 : 2;
    options.max_iter = 4;
    expect_same_bytes([&](unsigned n_threads) {
      options.n_threads = n_threads;
      return fit(problem.view(), options);
    });
  }
}

TEST_P(Determinism, ScoresAreTheSameBytesForAnyNumberOfThreads) {
  const Problem problem(shape_of(5, 3, GetParam()));
  expect_same_bytes([&](unsigned n) { return log_densities(problem.model(), problem.view(), n); });
  expect_same_bytes([&](unsigned n) { return log_joint(problem.model(), problem.view(), n); });
  expect_same_bytes([&](unsigned n) { return responsibilities(problem.model(), problem.view(), n); });
  expect_same_bytes([&](unsigned n) { return squared_mahalanobis(problem.model(), problem.view(), n); });
  const std::vector<std::int32_t> z = labels(problem.model(), problem.view(), 1);
  const Matrix r = responsibilities(problem.model(), problem.view(), 1);
  for (const unsigned n : kThreads) EXPECT_EQ(labels(problem.model(), problem.view(), n), z);
  expect_same_bytes([&](unsigned n) {
    return std::vector<double>{log_likelihood(problem.model(), problem.view(), n),
                               entropy(problem.model(), problem.view(), n),
                               complete_log_likelihood(problem.model(), problem.view(), z, n),
                               expected_complete_log_likelihood(problem.model(), problem.view(), n),
                               expected_complete_log_likelihood(problem.model(), problem.view(), r.view(), n),
                               evaluate(problem.model(), problem.view(), n).icl};
  });
}

TEST_P(Determinism, AnMStepIsTheSameBytesForAnyNumberOfThreads) {
  const Problem problem(shape_of(5, 3, GetParam()));
  const Matrix r = responsibilities(problem.truth(), problem.view(), 1);
  mogul::MStepOptions options;
  options.covariance = GetParam();
  expect_same_bytes([&](unsigned n_threads) {
    const mogul::Mixture next = maximise(problem.model(), problem.view(), r.view(), options, n_threads);
    Bytes bytes = bytes_of(next.weights());
    append(bytes, next.means().values());
    append(bytes, next.covariances().values());
    return Matrix(1, bytes.size(), [&] {
      std::vector<double> values;
      for (const std::uint64_t word : bytes) values.push_back(std::bit_cast<double>(word));
      return values;
    }());
  });
}

TEST_P(Determinism, SamplesAreTheSameBytesForAnyNumberOfThreads) {
  const Problem problem(shape_of(4, 3, GetParam()));
  const mogul::Sample one = sample(problem.model(), 20011, 5, 1);
  for (const unsigned n_threads : kThreads) {
    const mogul::Sample other = sample(problem.model(), 20011, 5, n_threads);
    EXPECT_TRUE(bytes_of(other.x) == bytes_of(one.x));
    EXPECT_TRUE(other.z == one.z);
  }
}

TEST_P(Determinism, TheSameCallTwiceGivesTheSameBytes) {
  const Problem problem(shape_of(4, 3, GetParam()));
  FitOptions options;
  options.n_components = 3;
  options.covariance = GetParam();
  options.max_iter = 5;
  EXPECT_TRUE(bytes_of(fit(problem.view(), options)) == bytes_of(fit(problem.view(), options)));
}

INSTANTIATE_TEST_SUITE_P(Structures, Determinism,
                         testing::Values(mogul::families::full, mogul::families::tied, mogul::families::diagonal,
                                         mogul::families::tied_diagonal, mogul::families::spherical,
                                         mogul::families::tied_spherical),
                         [](const auto& parameter) { return std::string(to_string(parameter.param)); });

}  // namespace
