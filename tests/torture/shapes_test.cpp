// Hard shapes: identical rows, constant columns, fewer rows than features, as many components as rows, one row, D =
// 500. Each gives a sensible result or a clear error, never a NaN, crash or hang.
#include <algorithm>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "mogul/error.hpp"
#include "mogul/fit.hpp"
#include "mogul/sample.hpp"
#include "mogul/score.hpp"
#include "reference/border.hpp"
#include "reference/generators.hpp"
#include "torture/messages.hpp"

namespace {

using mogul::CovarianceFamily;
using mogul::DataView;
using mogul::FitOptions;
using mogul::FitResult;
using mogul::InitMethod;
using mogul::Matrix;
using torture::expect_message;

bool is_matrix(CovarianceFamily structure) {
  return structure == mogul::families::full || structure == mogul::families::tied;
}
bool is_spherical(CovarianceFamily structure) {
  return structure == mogul::families::spherical || structure == mogul::families::tied_spherical;
}

Matrix normal_rows(std::size_t n, std::size_t d, std::uint64_t seed) {
  oracle::Dice dice(seed);
  Matrix x(n, d);
  for (std::size_t i = 0; i < n; ++i) {
    for (double& value : x.row(i)) value = dice.normal();
  }
  return x;
}

Matrix repeated(const Matrix& row, std::size_t n) {
  Matrix x(n, row.cols());
  for (std::size_t i = 0; i < n; ++i) std::copy(row.row(0).begin(), row.row(0).end(), x.row(i).begin());
  return x;
}

// A model that can be used: everything finite, weights and sizes that add up, scores of the rows themselves finite.
void expect_sensible(const FitResult& result, const DataView& data) {
  EXPECT_TRUE(std::isfinite(result.report.log_likelihood));
  EXPECT_TRUE(std::isfinite(result.report.bic));
  double weights = 0, sizes = 0;
  for (const double weight : result.mixture.weights()) weights += weight;
  for (const double size : result.report.component_sizes) sizes += size;
  EXPECT_NEAR(weights, 1, 1e-12);
  EXPECT_NEAR(sizes / result.report.sum_weights, 1, 1e-12);
  EXPECT_TRUE(std::isfinite(log_likelihood(result.mixture, data)));
  const mogul::Sample drawn = sample(result.mixture, 100);
  for (const double value : drawn.x.values()) EXPECT_TRUE(std::isfinite(value));
}

class Shapes : public testing::TestWithParam<std::tuple<CovarianceFamily, InitMethod>> {
 protected:
  static CovarianceFamily structure() { return std::get<0>(GetParam()); }

  static FitOptions options(std::size_t k, double reg_covar) {
    FitOptions out;
    out.n_components = k;
    out.covariance = structure();
    out.init = std::get<1>(GetParam());
    out.reg_covar = reg_covar;
    return out;
  }
};

std::string name_of(const testing::TestParamInfo<std::tuple<CovarianceFamily, InitMethod>>& parameter) {
  std::string name = std::string(to_string(std::get<0>(parameter.param))) + "_from_" +
                     std::string(to_string(std::get<1>(parameter.param)));
  std::replace(name.begin(), name.end(), '+', 'p');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Each, Shapes,
                         testing::Combine(testing::Values(mogul::families::full, mogul::families::tied,
                                                          mogul::families::diagonal, mogul::families::tied_diagonal,
                                                          mogul::families::spherical, mogul::families::tied_spherical),
                                          testing::Values(InitMethod::kmeans, InitMethod::kmeans_plus_plus,
                                                          InitMethod::random_from_data, InitMethod::random)),
                         name_of);

TEST_P(Shapes, IdenticalRowsGiveTheRowAndTheRegularisation) {
  const Matrix row(1, 3, {3, -7, 1e6});
  const Matrix x = repeated(row, 50);
  for (const std::size_t k : {1u, 3u}) {
    const FitResult result = fit(x, options(k, 1e-6));
    expect_sensible(result, x);
    for (std::size_t c = 0; c < k; ++c) {
      for (std::size_t d = 0; d < 3; ++d) {
        if (result.mixture.weights()[c] < 1e-3) continue;
        EXPECT_NEAR(result.mixture.means()(c, d), row(0, d), 1e-9);
        EXPECT_NEAR(result.mixture.variance(c, d), 1e-6, 1e-9);
      }
    }
  }
}

TEST_P(Shapes, IdenticalRowsWithoutRegularisationAreAnErrorThatSaysWhatToDo) {
  const Matrix x = repeated(Matrix(1, 3, {3, -7, 1e6}), 50);
  for (const std::size_t k : {1u, 3u}) {
    expect_message<mogul::fit_error>([&] { fit(x, options(k, 0)); }, {"singular", "reg_covar"});
  }
}

TEST_P(Shapes, AConstantColumnIsNoProblemWithRegularisation) {
  Matrix x = normal_rows(200, 3, 1);
  for (std::size_t n = 0; n < x.rows(); ++n) x(n, 1) = 0.1;
  const FitResult result = fit(x, options(2, 1e-6));
  expect_sensible(result, x);
  if (is_spherical(structure())) return;
  for (std::size_t k = 0; k < 2; ++k) EXPECT_NEAR(result.mixture.variance(k, 1), 1e-6, 1e-12);
  EXPECT_EQ(result.report.n_regularised, 2u);
}

TEST_P(Shapes, AConstantColumnWithoutRegularisationIsNamed) {
  Matrix x = normal_rows(200, 3, 1);
  for (std::size_t n = 0; n < x.rows(); ++n) x(n, 1) = 0.1;
  const std::vector<std::string> names = {"height", "planet", "weight"};
  if (is_spherical(structure())) {  // the other columns carry the one variance
    expect_sensible(fit(x, options(2, 0)), x);
    return;
  }
  expect_message<mogul::fit_error>([&] { fit(DataView(x).with_names(names), options(2, 0)); },
                                   {"singular", "planet", "reg_covar"});
}

TEST_P(Shapes, AColumnThatIsTheSumOfOthersIsNamedByTheMatrixStructures) {
  Matrix x = normal_rows(200, 3, 2);
  for (std::size_t n = 0; n < x.rows(); ++n) {
    for (double& value : x.row(n)) value = std::round(16 * value);  // so that the sum is exact
    x(n, 2) = x(n, 0) + x(n, 1);
  }
  const std::vector<std::string> names = {"a", "b", "total"};
  const DataView view = DataView(x).with_names(names);
  expect_sensible(fit(view, options(2, 1e-3)), view);
  if (is_matrix(structure())) {
    expect_message<mogul::fit_error>([&] { fit(view, options(2, 0)); }, {"singular", "total", "reg_covar"});
  } else {
    expect_sensible(fit(view, options(2, 0)), view);
  }
}

TEST_P(Shapes, FewerRowsThanFeatures) {
  const Matrix x = normal_rows(5, 12, 3);
  const FitResult result = fit(x, options(2, 1e-3));
  expect_sensible(result, x);
  if (is_matrix(structure())) {
    expect_message<mogul::fit_error>([&] { fit(x, options(1, 0)); }, {"singular", "reg_covar"});
  } else {
    expect_sensible(fit(x, options(1, 0)), x);
  }
}

TEST_P(Shapes, AsManyComponentsAsRows) {
  const Matrix x = normal_rows(12, 2, 4);
  expect_sensible(fit(x, options(12, 1e-4)), x);
}

TEST_P(Shapes, MoreComponentsThanRowsIsAnError) {
  const Matrix x = normal_rows(12, 2, 4);
  expect_message<mogul::invalid_argument>([&] { fit(x, options(13, 1e-4)); }, {"n_components = 13", "12"});
  std::vector<double> weights(12, 1);
  weights[3] = 0;
  expect_message<mogul::invalid_argument>([&] { fit(DataView(x, weights), options(12, 1e-4)); },
                                          {"n_components = 12", "positive weight", "11"});
}

TEST_P(Shapes, NoComponentsIsAnError) {
  const Matrix x = normal_rows(12, 2, 4);
  expect_message<mogul::invalid_argument>([&] { fit(x, options(0, 1e-4)); }, {"n_components = 0", ">= 1"});
}

TEST_P(Shapes, OneRow) {
  const Matrix x(1, 2, {4, 5});
  const FitResult result = fit(x, options(1, 0.25));
  expect_sensible(result, x);
  EXPECT_EQ(result.mixture.means(), x);
  EXPECT_EQ(result.mixture.covariance(0), Matrix(2, 2, {0.25, 0, 0, 0.25}));
  expect_message<mogul::fit_error>([&] { fit(x, options(1, 0)); }, {"singular", "reg_covar"});
}

TEST_P(Shapes, HalfOfTheRowsAreTheSame) {
  Matrix x = normal_rows(400, 2, 5);
  for (std::size_t n = 0; n < 200; ++n) x(n, 0) = x(n, 1) = 20;
  const FitResult result = fit(x, options(2, 1e-6));
  expect_sensible(result, x);
}

TEST_P(Shapes, FewerDistinctRowsThanComponents) {
  Matrix x(90, 2);
  for (std::size_t n = 0; n < 90; ++n) x(n, 0) = static_cast<double>(n % 3);
  expect_sensible(fit(x, options(5, 1e-3)), x);
}

TEST_P(Shapes, OneColumn) {
  const Matrix x = normal_rows(100, 1, 6);
  expect_sensible(fit(x, options(3, 1e-6)), x);
}

class ManyFeatures : public testing::TestWithParam<CovarianceFamily> {};

INSTANTIATE_TEST_SUITE_P(Structures, ManyFeatures,
                         testing::Values(mogul::families::full, mogul::families::tied, mogul::families::diagonal,
                                         mogul::families::tied_diagonal, mogul::families::spherical,
                                         mogul::families::tied_spherical),
                         [](const auto& parameter) { return std::string(to_string(parameter.param)); });

TEST_P(ManyFeatures, FiveHundredAreNoProblem) {
  const Matrix x = normal_rows(60, 500, 7);
  FitOptions options;
  options.n_components = 2;
  options.covariance = GetParam();
  options.reg_covar = 1e-3;
  options.max_iter = 5;
  const FitResult result = fit(x, options);
  expect_sensible(result, x);
  const mogul::MatrixView<const double> two(x.data(), 2, 500);
  const oracle::Row expected = oracle::log_densities(oracle::from(result.mixture), oracle::from(DataView(two)));
  const std::vector<double> actual = log_densities(result.mixture, two);
  // With fewer rows than features a matrix has the condition number variance / reg_covar, up to 500 / 1e-3: times
  // 8 D eps (see reference/scored_problem.hpp) and the size of the density, some hundred, 1e-4; a good factor does
  // better.
  for (std::size_t n = 0; n < 2; ++n) EXPECT_NEAR(actual[n], static_cast<double>(expected[n]), 1e-6);
}

}  // namespace
