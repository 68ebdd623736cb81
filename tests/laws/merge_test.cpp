// Statistics add up, on random problems: those of disjoint rows under one model are those of their union.
#include <cfloat>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mogul/error.hpp"
#include "mogul/stats.hpp"
#include "reference/border.hpp"
#include "reference/generators.hpp"

namespace {

using mogul::DataView;
using mogul::Matrix;
using mogul::Moments;
using mogul::Stats;
using oracle::Problem;

// A problem without rows of weight zero, so that every part has one of positive weight.
Problem whole() {
  oracle::Shape shape = *oracle::any_shape();
  shape.float32 = false;
  shape.padding = 0;
  shape.columns = false;
  if (shape.weights == oracle::RowWeights::some_zero) shape.weights = oracle::RowWeights::random;
  shape.n += 3;
  return Problem(shape);
}

DataView part(const Problem& problem, std::size_t begin, std::size_t end) {
  const DataView all = problem.view();
  const auto& x = std::get<mogul::MatrixView<const double>>(all.values());
  const std::size_t d = problem.shape().d;
  const std::span<const double> weights = all.weights();
  return {mogul::MatrixView<const double>(x.data() + begin * d, end - begin, d),
          weights.empty() ? weights : weights.subspan(begin, end - begin)};
}

// Both are sums of the same N terms in another order: each addition brings one eps of the terms' absolute sum.
void check_equal(const Problem& problem, const Stats& a, const Stats& b) {
  const double c = static_cast<double>(problem.shape().n) * DBL_EPSILON;
  RC_ASSERT(a.moments == b.moments);
  RC_ASSERT(a.shift == b.shift);
  RC_ASSERT(std::abs(a.sum_weights - b.sum_weights) <= c * b.sum_weights);
  // Row by row the terms are the same bytes, so their absolute sums bound the difference.
  const oracle::Data data = oracle::from(problem.view());
  const oracle::Model model = oracle::from(problem.model());
  const oracle::Row density = oracle::log_densities(model, data);
  double likelihood = 0;
  for (std::size_t n = 0; n < density.size(); ++n)
    likelihood += static_cast<double>(data.w[n] * (1 + std::abs(density[n])));
  RC_ASSERT(std::abs(a.log_likelihood - b.log_likelihood) <= c * likelihood);
  RC_ASSERT(std::abs(a.entropy - b.entropy) <= c * (b.entropy + b.sum_weights));
  const oracle::Sums scale = oracle::sums(data, oracle::responsibilities(model, data), model.means, /*absolute=*/true);
  double all_traces = 0;
  for (std::size_t k = 0; k < a.n_components(); ++k) {
    RC_ASSERT(std::abs(a.n[k] - b.n[k]) <= c * static_cast<double>(scale.n[k]) + DBL_MIN);
    for (std::size_t i = 0; i < a.first.cols(); ++i) {
      RC_ASSERT(std::abs(a.first(k, i) - b.first(k, i)) <= 1.01 * c * static_cast<double>(scale.first[k][i]) + DBL_MIN);
    }
    double trace = 0;
    for (std::size_t i = 0; i < a.n_features(); ++i) trace += static_cast<double>(scale.second[k][i][i]);
    all_traces += trace;
    for (std::size_t i = 0; a.moments != mogul::Moments::pooled && i < a.second.cols(); ++i) {
      RC_ASSERT(std::abs(a.second(k, i) - b.second(k, i)) <= 1.01 * c * trace + DBL_MIN);
    }
  }
  if (a.moments != mogul::Moments::pooled) return;
  all_traces += static_cast<double>(oracle::pooled_scale(data, model.means));
  for (std::size_t i = 0; i < a.second.cols(); ++i) {
    RC_ASSERT(std::abs(a.second(0, i) - b.second(0, i)) <= 4 * c * all_traces + DBL_MIN);
  }
}

RC_GTEST_PROP(Merge, StatisticsOfDisjointPartsAddUpToThoseOfTheUnion, ()) {
  const Problem problem = whole();
  const std::size_t n = problem.shape().n;
  const std::size_t first = *rc::gen::inRange<std::size_t>(1, n - 1);
  const std::size_t second = *rc::gen::inRange<std::size_t>(first + 1, n);
  const Stats all = accumulate(problem.model(), problem.view());
  const Stats a = accumulate(problem.model(), part(problem, 0, first));
  const Stats b = accumulate(problem.model(), part(problem, first, second));
  const Stats c = accumulate(problem.model(), part(problem, second, n));
  Stats left = a;
  left += b;
  left += c;
  check_equal(problem, left, all);
  Stats right = b;
  right += c;
  Stats grouped = a;
  grouped += right;
  check_equal(problem, grouped, all);
}

RC_GTEST_PROP(Merge, EmptyStatisticsAddNothing, ()) {
  const Problem problem = whole();
  const Stats all = accumulate(problem.model(), problem.view());
  Stats sum(all.moments, all.shift);
  sum += all;
  RC_ASSERT(sum == all);
  sum += Stats(all.moments, all.shift);
  RC_ASSERT(sum == all);
}

RC_GTEST_PROP(Merge, TheMStepOfMergedStatisticsIsThatOfTheUnion, ()) {
  oracle::Shape shape = *oracle::fit_shape();
  shape.padding = 0;
  shape.columns = false;
  shape.weights = oracle::RowWeights::random;
  const Problem problem(shape);
  mogul::MStepOptions options;
  options.covariance = shape.structure;
  Stats merged = accumulate(problem.model(), part(problem, 0, shape.n / 3));
  merged += accumulate(problem.model(), part(problem, shape.n / 3, shape.n));
  const mogul::Mixture one = maximise(accumulate(problem.model(), problem.view()), problem.model(), options);
  // Second moments are about the old means, a few standard deviations (squared: below 60) away.
  RC_ASSERT(oracle::worst_parameter_in_eps(maximise(merged, problem.model(), options), oracle::from(one)) <=
            60 * static_cast<double>(shape.n));
}

TEST(Merge, StatisticsAboutOtherMeansOrWithOtherMomentsAreRefused) {
  const Stats stats(Moments::diagonal, Matrix(2, 3));
  Stats sum = stats;
  EXPECT_NO_THROW(sum += stats);
  Matrix other_shift(2, 3);
  other_shift(1, 2) = 1e-300;
  EXPECT_THROW(sum += Stats(Moments::diagonal, other_shift), mogul::invalid_argument);
  EXPECT_THROW(sum += Stats(Moments::full, Matrix(2, 3)), mogul::invalid_argument);
  EXPECT_THROW(sum += Stats(Moments::diagonal, Matrix(3, 3)), mogul::invalid_argument);
  EXPECT_THROW(sum += Stats(Moments::diagonal, Matrix(2, 2)), mogul::invalid_argument);
  EXPECT_TRUE(sum == stats) << "a refused merge must not change the sum";
}

}  // namespace
