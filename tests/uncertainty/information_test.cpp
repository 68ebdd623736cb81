// The observed information against differences of the log-likelihood, for every family.
#include "uncertainty/information.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace mogul
