// The units of the data decide nothing: fits from every start find the same partition, and the same log-likelihood up
// to the Jacobian, for a common scale of all columns under every structure, for a scale of each under all but the
// spherical ones, and for any shift.
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "mogul/fit.hpp"
#include "mogul/score.hpp"
#include "reference/generators.hpp"

namespace {

using mogul::CovarianceFamily;
using mogul::FitOptions;
using mogul::FitResult;
using mogul::InitMethod;
using mogul::Matrix;

constexpr InitMethod kInits[] = {InitMethod::kmeans, InitMethod::kmeans_plus_plus, InitMethod::random_from_data,
                                 InitMethod::random, InitMethod::hierarchical};

bool is_spherical(CovarianceFamily structure) {
  return structure == mogul::families::spherical || structure == mogul::families::tied_spherical;
}

// Three groups that overlap a little in the first two columns; the third is skewed, as incomes are.
Matrix groups(std::size_t n, std::uint64_t seed) {
  oracle::Dice dice(seed);
  Matrix x(n, 3);
  for (std::size_t i = 0; i < n; ++i) {
    x(i, 0) = dice.normal() + 5.0 * static_cast<double>(i % 3);
    x(i, 1) = dice.normal() + 4.0 * static_cast<double>(i % 2);
    x(i, 2) = std::exp(0.5 * dice.normal());
  }
  return x;
}

struct Outcome {
  std::vector<std::int32_t> labels;
  double log_likelihood;
};

// Of restarts that end in one optimum rounding decides which is returned, in its own order of the components.
std::vector<std::int32_t> numbered_by_first_row(std::vector<std::int32_t> labels) {
  std::map<std::int32_t, std::int32_t> numbers;
  for (std::int32_t& label : labels) {
    label = numbers.try_emplace(label, static_cast<std::int32_t>(numbers.size())).first->second;
  }
  return labels;
}

Outcome fitted(const Matrix& x, CovarianceFamily structure, InitMethod init) {
  FitOptions options;
  options.n_components = 3;
  options.covariance = structure;
  options.init = init;
  options.n_init = init == InitMethod::hierarchical ? 1 : 2;
  options.max_iter = 15;
  options.tol = 0;
  options.reg_covar = 0;
  const FitResult result = fit(x, options);
  return {numbered_by_first_row(labels(result.mixture, x)), result.report.log_likelihood};
}

Matrix rescaled(Matrix x, const std::vector<double>& scales, const std::vector<double>& shifts) {
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t d = 0; d < x.cols(); ++d) x(i, d) = x(i, d) * scales[d] + shifts[d];
  }
  return x;
}

double sum_of_logs(const std::vector<double>& values) {
  return std::transform_reduce(values.begin(), values.end(), 0.0, std::plus<>(), [](double v) { return std::log(v); });
}

// @param rounding  nats per row that the rescaled values have lost
void expect_same(const Matrix& x, const std::vector<double>& scales, const std::vector<double>& shifts,
                 CovarianceFamily structure, double rounding) {
  const Matrix other = rescaled(x, scales, shifts);
  for (const InitMethod init : kInits) {
    SCOPED_TRACE(std::string(to_string(structure)) + " from " + std::string(to_string(init)));
    const Outcome plain = fitted(x, structure, init);
    const Outcome moved = fitted(other, structure, init);
    const auto n = static_cast<double>(x.rows());
    EXPECT_EQ(moved.labels, plain.labels);
    EXPECT_NEAR(moved.log_likelihood + n * sum_of_logs(scales), plain.log_likelihood, n * rounding);
  }
}

class Units : public testing::TestWithParam<CovarianceFamily> {};

TEST_P(Units, ACommonScaleDecidesNothing) {
  const Matrix x = groups(600, 1);
  for (const double scale : {0x1p-300, 0x1p-40, 0x1p300, 1e-100, 1e-5, 0.3, 1e7, 1e98}) {
    expect_same(x, std::vector<double>(3, scale), {0, 0, 0}, GetParam(), 1e-9);
  }
}

TEST_P(Units, AScaleOfEachColumnDecidesNothingUnlessSpherical) {
  if (is_spherical(GetParam())) return;
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
    oracle::Dice dice(100 + seed);
    std::vector<double> powers_of_two;
    std::vector<double> any;
    for (int d = 0; d < 3; ++d) {
      powers_of_two.push_back(std::ldexp(1.0, static_cast<int>(600 * dice.uniform()) - 300));
      any.push_back(std::pow(10, 20 * dice.uniform() - 10));
    }
    expect_same(groups(600, seed), powers_of_two, {0, 0, 0}, GetParam(), 1e-9);
    expect_same(groups(600, seed), any, {0, 0, 0}, GetParam(), 1e-9);
  }
}

TEST_P(Units, AShiftDecidesNothing) {
  // Values near 1e5 are spaced by 1.5e-11, a relative error of the distances that 15 iterations multiply.
  expect_same(groups(600, 5), {1, 1, 1}, {1e5, -3e4, 7}, GetParam(), 1e-6);
}

TEST_P(Units, OfManyRowsTheSampleIsTheSame) {
  if (is_spherical(GetParam())) return;
  const Matrix x = groups(70'001, 6);
  const std::vector<double> scales{0x1p60, 0x1p-90, 0x1p13};
  const Outcome plain = fitted(x, GetParam(), InitMethod::kmeans);
  const Outcome moved = fitted(rescaled(x, scales, {0, 0, 0}), GetParam(), InitMethod::kmeans);
  EXPECT_EQ(moved.labels, plain.labels);
  EXPECT_NEAR((moved.log_likelihood - plain.log_likelihood) / 70'001 + sum_of_logs(scales), 0, 1e-9);
}

// Beside a column in large units, groups four standard deviations apart in another one are found all the same.
TEST_P(Units, GroupsAreFoundBesideAColumnInLargeUnits) {
  if (is_spherical(GetParam()) || GetParam() == mogul::families::tied_diagonal) return;
  oracle::Dice dice(7);
  Matrix x(800, 3);
  std::vector<std::int32_t> truth;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    truth.push_back(static_cast<std::int32_t>(i % 2));
    x(i, 0) = std::exp(10 + 0.5 * dice.normal());
    x(i, 1) = dice.normal() + 4.0 * static_cast<double>(i % 2);
    x(i, 2) = dice.normal();
  }
  FitOptions options;
  options.n_components = 2;
  options.covariance = GetParam();
  options.n_init = 5;
  options.reg_covar = 0;
  const FitResult best = fit(x, options);
  options.init = mogul::Labels{truth};
  options.n_init = 1;
  EXPECT_GT(best.report.log_likelihood, fit(x, options).report.log_likelihood - 1e-3);
}

INSTANTIATE_TEST_SUITE_P(Structures, Units,
                         testing::Values(mogul::families::full, mogul::families::tied, mogul::families::diagonal,
                                         mogul::families::tied_diagonal, mogul::families::spherical,
                                         mogul::families::tied_spherical),
                         [](const auto& parameter) { return std::string(to_string(parameter.param)); });

}  // namespace
