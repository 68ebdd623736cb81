// The observed information against differences of the log-likelihood, for every family.
#include "uncertainty/information.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "mogul/error.hpp"
#include "mogul/fit.hpp"
#include "mogul/standard_errors.hpp"
#include "reference/generators.hpp"
#include "uncertainty/numerical_errors.hpp"
#include "uncertainty/parameter_values.hpp"

namespace mogul {
namespace {

using oracle::Problem;
using test::fitted_to_the_end;
using test::numerical_errors;
using testing::HasSubstr;

std::vector<double> errors_of(const Mixture& mixture, const DataView& data, const FitOptions& options = {}) {
  return errors_by_information(*make_engine_for(mixture, data, 1), mixture, options);
}

void expect_near(const std::vector<double>& found, const std::vector<double>& expected, double tolerance,
                 const std::string& what) {
  ASSERT_EQ(found.size(), expected.size()) << what;
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i], expected[i], tolerance * expected[i]) << what << ", value " << i;
  }
}

class OfFamily : public testing::TestWithParam<const CovarianceFamily*> {};

TEST_P(OfFamily, InformationIsThatOfSecondDifferences) {
  const CovarianceFamily& family = *GetParam();
  const Problem problem({.n = 240, .d = 3, .k = 2, .structure = families::vvv, .separation = 2.5, .seed = 6});
  FitOptions options;
  options.n_components = 2;
  options.covariance = family;
  options.init = InitMethod::kmeans;
  const Mixture mixture = fitted_to_the_end(problem.view(), options);
  options.reg_covar = 0;
  const LocalLikelihood local = local_likelihood(*make_engine_for(mixture, problem.view(), 1), mixture, options);
  EXPECT_EQ(local.gradient.size(), mixture.n_parameters());
  expect_near(errors_of(mixture, problem.view(), options), numerical_errors(mixture, problem.view(), options), 2e-5,
              std::string(family.name));
}

INSTANTIATE_TEST_SUITE_P(Information, OfFamily,
                         testing::ValuesIn(covariance_families().begin(), covariance_families().end()),
                         [](const auto& family) { return std::string(family.param->name); });

void expect_numerical(const Problem& problem, FitOptions options, const std::string& what) {
  options.n_components = problem.truth().n_components();
  options.init = problem.truth();
  options.reg_covar = 0;
  const Mixture mixture = fitted_to_the_end(problem.view(), options);
  expect_near(errors_of(mixture, problem.view(), options), numerical_errors(mixture, problem.view(), options), 2e-5,
              what);
}

TEST(Information, WithAPriorIsThatOfThePenalisedLogLikelihood) {
  for (const CovarianceFamily* family : covariance_families()) {
    const Problem problem({.n = 120, .d = 2, .k = 2, .structure = *family, .separation = 3, .seed = 3});
    const bool matrices = family->layout == Layout::matrix;
    FitOptions options;
    options.covariance = *family;
    options.prior =
        Prior{3.5, std::vector{0.3, -0.4}, 7.5, matrices ? std::vector{2.0, 0.4, 0.4, 1.5} : std::vector{1.7}};
    options.weight_concentration = 4;
    expect_numerical(problem, options, std::string(family->name));
  }
}

TEST(Information, OfRowsWithWeightsIsThatOfSecondDifferences) {
  const Problem problem(
      {.n = 200, .d = 2, .k = 3, .weights = oracle::RowWeights::some_zero, .separation = 4, .seed = 5});
  expect_numerical(problem, {}, "weights");
}

TEST(Information, LeavesOutWhatIsHeld) {
  const Problem problem({.n = 150, .d = 2, .k = 2, .separation = 3, .seed = 8});
  for (const Hold& hold : {Hold{.weights = true}, Hold{.means = true}, Hold{.covariances = true}, Hold{.means_of = {1}},
                           Hold{.weights = true, .means = true}, Hold{.equal_weights = true}}) {
    FitOptions options;
    options.hold = hold;
    expect_numerical(problem, options, to_string(hold));
  }
}

TEST(Information, IsZeroErrorsWhereAllIsHeld) {
  const Problem problem({.n = 50, .d = 2, .k = 2, .seed = 8});
  FitOptions options;
  options.hold = {.weights = true, .means = true, .covariances = true};
  EXPECT_EQ(errors_of(problem.truth(), problem.view(), options), std::vector<double>(n_values(problem.truth())));
}

std::string refusal(const Mixture& mixture, const DataView& data) {
  try {
    errors_of(mixture, data);
  } catch (const fit_error& error) {
    return error.what();
  }
  return "";
}

TEST(Information, RefusesAMixtureThatIsNotAtAMaximum) {
  const Problem problem({.n = 400, .d = 2, .k = 2, .separation = 4, .seed = 2});
  EXPECT_THAT(refusal(problem.truth(), problem.view()), testing::AllOf(HasSubstr("standard errors away from a maximum"),
                                                                       HasSubstr("gain"), HasSubstr("reg_covar")));
}

TEST(Information, RefusesComponentsThatCoincide) {
  const Problem problem({.n = 100, .d = 2, .k = 1, .seed = 2});
  FitOptions options;
  options.n_components = 1;
  const Mixture one = fitted_to_the_end(problem.view(), options);
  std::vector<double> covariances = one.covariances().values();
  covariances.insert(covariances.end(), covariances.begin(), covariances.begin() + 4);
  Matrix means(2, 2);
  for (std::size_t k = 0; k < 2; ++k) std::ranges::copy(one.means().row(0), means.row(k).begin());
  const Mixture twice(families::full, {0.5, 0.5}, means, covariances);
  EXPECT_THAT(refusal(twice, problem.view()), HasSubstr("has no inverse"));
}

TEST(Information, RefusesAComponentWithoutWeight) {
  const Problem problem({.n = 100, .d = 1, .k = 2, .seed = 2});
  const Mixture mixture(families::spherical, {1, 0}, Matrix(2, 1, {0, 1}), std::vector<double>{1, 1});
  EXPECT_THAT(refusal(mixture, problem.view()), HasSubstr("component 1 has weight 0"));
}

TEST(Information, RefusesCovariancesOfAnotherFamily) {
  const Problem problem({.n = 100, .d = 2, .k = 2, .structure = families::vvv, .seed = 2});
  const Mixture mixture(families::eev, problem.truth().weights(), problem.truth().means(),
                        problem.truth().covariances());
  EXPECT_THROW(errors_of(mixture, problem.view()), invalid_argument);
}

}  // namespace
}  // namespace mogul
