// The M-step against the slow oracle: every structure, every choice of what is held, with and without reg_covar.
//
// Tolerance: each of the N additions brings one eps, and a moment about the current mean is corrected by the square of
// the mean's move d, which costs (d / sd)^2 eps of every addition: c = (N + 16) (1 + max (d / sd)^2).
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mogul/error.hpp"
#include "mogul/score.hpp"
#include "mogul/stats.hpp"
#include "plain_families.hpp"
#include "reference/border.hpp"
#include "reference/generators.hpp"

namespace {

using mogul::CovarianceFamily;
using mogul::Matrix;
using mogul::Mixture;
using mogul::MStepOptions;
using oracle::Problem;
using oracle::Real;

double limit(const Problem& problem, const Mixture& current, const Mixture& next) {
  double furthest = 0;
  for (std::size_t k = 0; k < next.n_components(); ++k) {
    for (std::size_t d = 0; d < next.n_features(); ++d) {
      const double move = next.means()(k, d) - current.means()(k, d);
      furthest = std::max(furthest, move * move / next.variance(k, d));
    }
  }
  return (static_cast<double>(problem.shape().n) + 16) * (1 + furthest);
}

// Responsibilities that are nobody's posterior: the truth's, blurred.
Matrix given_responsibilities(const Problem& problem) {
  Matrix r = oracle::to_matrix(oracle::responsibilities(oracle::from(problem.truth()), oracle::from(problem.view())));
  oracle::Dice dice(problem.shape().seed);
  for (std::size_t n = 0; n < r.rows(); ++n) {
    double sum = 0;
    for (double& value : r.row(n)) sum += value = 0.9 * value + 0.1 * dice.uniform();
    for (double& value : r.row(n)) value /= sum;
  }
  return r;
}

void check_holding(mogul::Hold hold) {
  const Problem problem(*oracle::fit_shape());
  MStepOptions options;
  options.covariance = problem.shape().structure;
  options.hold = hold;
  options.reg_covar = *rc::gen::element(0.0, 0.25) * problem.shape().scale * problem.shape().scale;
  const Matrix r = given_responsibilities(problem);
  const Mixture next = maximise(problem.model(), problem.view(), r.view(), options);
  const oracle::Model expected =
      oracle::m_step(oracle::from(problem.model()), oracle::from(problem.view()), oracle::from(r), options);
  RC_ASSERT(oracle::worst_parameter_in_eps(next, expected) <= limit(problem, problem.model(), next));
  // What is held is held to the last bit.
  RC_ASSERT(!hold.weights || next.weights() == problem.model().weights());
  RC_ASSERT(!hold.means || next.means() == problem.model().means());
  RC_ASSERT(!hold.covariances || next.covariances().values() == problem.model().covariances().values());
}

RC_GTEST_PROP(MStepAgainstOracle, UpdatesEverything, ()) { check_holding({false, false, false}); }
RC_GTEST_PROP(MStepAgainstOracle, UpdatesWeightsAlone, ()) { check_holding({false, true, true}); }
RC_GTEST_PROP(MStepAgainstOracle, UpdatesMeansAlone, ()) { check_holding({true, false, true}); }
RC_GTEST_PROP(MStepAgainstOracle, UpdatesCovariancesAboutHeldMeans, ()) { check_holding({true, true, false}); }
RC_GTEST_PROP(MStepAgainstOracle, HoldsWeights, ()) { check_holding({true, false, false}); }
RC_GTEST_PROP(MStepAgainstOracle, HoldsMeans, ()) { check_holding({false, true, false}); }
RC_GTEST_PROP(MStepAgainstOracle, HoldsCovariances, ()) { check_holding({false, false, true}); }
RC_GTEST_PROP(MStepAgainstOracle, HoldsEverything, ()) { check_holding({true, true, true}); }

RC_GTEST_PROP(MStepAgainstOracle, TheStructureMayChange, ()) {
  const Problem problem(*oracle::fit_shape());
  const Matrix r = given_responsibilities(problem);
  for (const auto& entry : mogul::test::plain_families()) {
    MStepOptions options;
    options.covariance = entry.family;
    const Mixture next = maximise(problem.model(), problem.view(), r.view(), options);
    const oracle::Model expected =
        oracle::m_step(oracle::from(problem.model()), oracle::from(problem.view()), oracle::from(r), options);
    RC_ASSERT(oracle::worst_parameter_in_eps(next, expected) <= limit(problem, problem.model(), next));
  }
}

RC_GTEST_PROP(MStepAgainstOracle, TheStructureOfTheCurrentModelIsTheDefault, ()) {
  const Problem problem(*oracle::fit_shape());
  const Matrix r = given_responsibilities(problem);
  MStepOptions options;
  const Mixture by_default = maximise(problem.model(), problem.view(), r.view(), options);
  options.covariance = problem.shape().structure;
  RC_ASSERT(by_default == maximise(problem.model(), problem.view(), r.view(), options));
}

RC_GTEST_PROP(MStepAgainstOracle, MaximiseOfStatsIsTheMStepOfTheModelsOwnResponsibilities, ()) {
  const Problem problem(*oracle::fit_shape());
  MStepOptions options;
  options.covariance = problem.shape().structure;
  const Mixture one_pass = maximise(accumulate(problem.model(), problem.view()), problem.model(), options);
  const Matrix r = responsibilities(problem.model(), problem.view());
  const Mixture two_calls = maximise(problem.model(), problem.view(), r.view(), options);
  // The two may differ in the last bits of r, at most 16 D eps of a log-density's size (below 60 here).
  const double r_error = 1000 * static_cast<double>(problem.shape().d);
  RC_ASSERT(oracle::worst_parameter_in_eps(two_calls, oracle::from(one_pass)) <=
            r_error + limit(problem, problem.model(), one_pass));
}

TEST(MStepAgainstOracle, StatsWithoutTheNeededMomentsAreRefused) {
  const Matrix x(4, 2, {0, 0, 1, 0, 0, 1, 2, 2});
  const Mixture model(mogul::families::full, {1}, Matrix(1, 2, {0, 0}), {1, 0, 0, 1});
  MStepOptions options;
  for (const auto moments :
       {mogul::Moments::none, mogul::Moments::mean, mogul::Moments::spherical, mogul::Moments::diagonal}) {
    EXPECT_THROW(maximise(accumulate(model, x, moments), model, options), mogul::invalid_argument);
  }
  EXPECT_NO_THROW(maximise(accumulate(model, x, mogul::Moments::full), model, options));
  options.covariance = mogul::families::spherical;  // richer statistics are enough
  EXPECT_EQ(maximise(accumulate(model, x, mogul::Moments::full), model, options).covariances().values().size(), 1u);
}

TEST(MStepAgainstOracle, StatsAboutOtherMeansAreRefused) {
  const Matrix x(4, 1, {0, 1, 2, 4});
  const Mixture model(mogul::families::full, {1}, Matrix(1, 1, {0}), {1});
  const Mixture other(mogul::families::full, {1}, Matrix(1, 1, {0.5}), {1});
  EXPECT_THROW(maximise(accumulate(model, x), other, {}), mogul::invalid_argument);
}

TEST(MStepAgainstOracle, AnEmptyComponentIsNamed) {
  const Matrix x(3, 1, {0, 1, 2});
  const Mixture model(mogul::families::full, {0.5, 0.5}, Matrix(2, 1, {0, 1}), {1, 1});
  const Matrix r(3, 2, {1, 0, 1, 0, 1, 0});
  try {
    maximise(model, x, r.view(), {});
    FAIL() << "component 1 has no rows";
  } catch (const mogul::fit_error& error) {
    EXPECT_NE(std::string(error.what()).find("component 1"), std::string::npos) << error.what();
  }
}

TEST(MStepAgainstOracle, ResponsibilitiesThatBreakTheirRuleAreRefused) {
  const Matrix x(2, 1, {0, 1});
  const Mixture model(mogul::families::full, {0.5, 0.5}, Matrix(2, 1, {0, 1}), {1, 1});
  const auto refused = [&](const Matrix& r) {
    EXPECT_THROW(maximise(model, x, r.view(), {}), mogul::invalid_argument);
  };
  refused(Matrix(2, 2, {0.5, 0.6, 0.5, 0.5}));
  refused(Matrix(2, 2, {1.5, -0.5, 0.5, 0.5}));
  refused(Matrix(2, 2, {std::nan(""), 1, 0.5, 0.5}));
  refused(Matrix(1, 2, {0.5, 0.5}));
  refused(Matrix(2, 3, {0.5, 0.5, 0, 0.5, 0.5, 0}));
}

}  // namespace
