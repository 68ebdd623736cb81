// What holds for fits of every covariance family, on random problems: nothing is regularised, nothing revived.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "covariance/family_problem.hpp"
#include "mogul/fit.hpp"
#include "mogul/sample.hpp"
#include "mogul/score.hpp"

namespace {

using mogul::CovarianceFamily;
using mogul::FitOptions;
using mogul::FitResult;
using mogul::Matrix;
using mogul::Mixture;

// A mixture whose covariances are any member of the family, means about `separation` standard deviations apart, and
// rows drawn from it.
struct Problem {
  explicit Problem(const oracle::MStepShape& shape, std::size_t n_rows = 400, double separation = 2)
      : family(*shape.family),
        dice(shape.seed),
        truth(draw(shape, separation)),
        rows(sample(truth, n_rows, shape.seed)) {}

  Mixture draw(const oracle::MStepShape& shape, double separation) {
    const mogul::Scatters scatters = oracle::random_scatters(dice, shape);
    const mogul::Covariances covariances = oracle::answer(family, scatters, nullptr, {});
    Matrix means(shape.k, shape.d);
    for (std::size_t k = 0; k < shape.k; ++k) {
      for (std::size_t i = 0; i < shape.d; ++i) {
        double largest = 0;
        for (std::size_t l = 0; l < shape.k; ++l) largest = std::max(largest, covariances.variance(l, i));
        means(k, i) = separation * std::sqrt(largest) * (static_cast<double>(k) + 0.3 * dice.normal());
      }
    }
    const std::vector<double> weights(shape.k, 1 / static_cast<double>(shape.k));
    return {family, weights, std::move(means), covariances.values()};
  }

  const CovarianceFamily& family;
  oracle::Dice dice;
  Mixture truth;
  mogul::Sample rows;
};

rc::Gen<oracle::MStepShape> any_problem() {
  return rc::gen::map(oracle::any_m_step(), [](oracle::MStepShape shape) {
    shape.k = 1 + shape.k % 3;
    shape.d = 1 + shape.d % 4;
    shape.empty = false;
    return shape;
  });
}

// EM from the components that the rows came from.
FitOptions options_of(const Problem& problem, const CovarianceFamily& family) {
  FitOptions options;
  options.n_components = problem.truth.n_components();
  options.covariance = family;
  options.init = mogul::Labels{problem.rows.z};
  options.reg_covar = 0;
  options.tol = 0;
  options.acceleration = mogul::AccelerationMethod::none;
  options.max_iter = 30;
  options.degenerate = mogul::DegeneratePolicy::error;
  return options;
}

FitResult fitted(const Problem& problem) { return fit(problem.rows.x, options_of(problem, problem.family)); }

bool never_falls(const std::vector<double>& history) {
  for (std::size_t i = 1; i < history.size(); ++i) {
    if (history[i] < history[i - 1] - 1e-13 * (1 + std::abs(history[i]))) return false;
  }
  return true;
}

RC_GTEST_PROP(FamilyFits, LikelihoodNeverFalls, ()) {
  const Problem problem(*any_problem());
  const FitResult result = fitted(problem);
  RC_ASSERT(result.report.iterations == 30U);
  RC_ASSERT(never_falls(result.report.history));
}

RC_GTEST_PROP(FamilyFits, EqualPartsAreEqualToRounding, ()) {
  const Problem problem(*any_problem());
  const Mixture mixture = fitted(problem).mixture;
  RC_ASSERT(mixture.family() == problem.family);
  RC_ASSERT(oracle::worst_unequal_part(problem.family, mixture.covariances()) < 1e-9);
}

// A map that takes every member of the family to a member.
Matrix random_map(Problem& problem) {
  const std::string_view name = problem.family.name;
  const std::size_t d = problem.truth.n_features();
  const bool any = name == "VVV" || name == "EEE" || name == "VEE" || name == "EVV";
  const bool scales_features = problem.family.layout == mogul::Layout::diagonal;
  const double common = std::exp(problem.dice.normal());
  Matrix map = scales_features ? Matrix(d, d) : oracle::random_rotation(problem.dice, d);
  for (std::size_t i = 0; i < d; ++i) {
    if (scales_features) map(i, i) = 1;
    const double scale = any || scales_features ? std::exp(problem.dice.normal()) : common;
    for (double& value : map.row(i)) value *= scale;
  }
  return map;
}

Matrix mapped(const Matrix& x, const Matrix& map) {
  Matrix out(x.rows(), x.cols());
  for (std::size_t n = 0; n < x.rows(); ++n) {
    for (std::size_t i = 0; i < x.cols(); ++i) {
      out(n, i) = std::inner_product(map.row(i).begin(), map.row(i).end(), x.row(n).begin(), 0.0);
    }
  }
  return out;
}

RC_GTEST_PROP(FamilyFits, MapsThatAFamilyIsClosedUnderMoveTheSolutionAlong, ()) {
  Problem problem(*any_problem());
  const Matrix map = random_map(problem);
  const Matrix image = mapped(problem.rows.x, map);
  const FitResult here = fitted(problem);
  const FitResult there = fit(image, options_of(problem, problem.family));
  const std::vector<double> before = log_densities(here.mixture, problem.rows.x);
  const std::vector<double> after = log_densities(there.mixture, image);
  // All rows lose log |map|, whatever it is.
  for (std::size_t n = 1; n < before.size(); ++n) {
    RC_ASSERT(std::abs((after[n] - before[n]) - (after[0] - before[0])) < 1e-4 * (1 + std::abs(before[n])));
  }
}

RC_GTEST_PROP(FamilyFits, AFreerFamilyGoesOnFromTheSolution, ()) {
  const Problem problem(*any_problem());
  const FitResult result = fitted(problem);
  for (const CovarianceFamily* freer : mogul::covariance_families()) {
    if (!oracle::is_within(problem.family, *freer)) continue;
    FitOptions options = options_of(problem, *freer);
    options.init = result.mixture;
    options.max_iter = 3;
    const FitResult further = fit(problem.rows.x, options);
    RC_ASSERT(further.mixture.family() == *freer);
    RC_ASSERT(never_falls(further.report.history));
    RC_ASSERT(never_falls({result.report.log_likelihood, further.report.log_likelihood}));
    RC_ASSERT(further.report.n_parameters >= result.report.n_parameters);
  }
}

// Wilks: twice what a fit gains over the truth is distributed as chi squared with a degree of freedom for each free
// parameter. So this also counts them.
TEST(FamilyFits, OfASampleGainHalfANatForEachParameter) {
  for (const CovarianceFamily* family : mogul::covariance_families()) {
    SCOPED_TRACE(family->name);
    double gained = 0;
    double expected = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const Problem problem({.family = family, .k = 3, .d = 4, .seed = seed}, 5000, 5);
      FitOptions options = options_of(problem, *family);
      options.max_iter = 1000;
      options.tol = 1e-9;
      const FitResult result = fit(problem.rows.x, options);
      const std::vector<double> densities = log_densities(problem.truth, problem.rows.x);
      gained += 2 * (result.report.log_likelihood - std::accumulate(densities.begin(), densities.end(), 0.0));
      expected += static_cast<double>(result.report.n_parameters);
    }
    // Four standard deviations of chi squared.
    EXPECT_NEAR(gained, expected, 4 * std::sqrt(2 * expected));
  }
}

// Two columns as tables have them, a rate near 3e-4 and a turnover near 5e5, in two groups: the ratio of variances is
// far above 1 / eps.
TEST(FamilyFits, AreAsGoodWhereColumnsHaveVeryDifferentScales) {
  oracle::Dice dice(19);
  Matrix x(300, 2);
  for (std::size_t i = 0; i < x.rows(); ++i) {
    const auto group = static_cast<double>(i % 2);
    x(i, 0) = 3e-4 + 1.5e-4 * group + 5e-5 * dice.normal();
    x(i, 1) = 5e5 + 1e5 * group + 5e4 * dice.normal();
  }
  FitOptions options;
  options.n_components = 2;
  for (const auto reg_covar : {mogul::RegCovar(0), FitOptions{}.reg_covar}) {
    options.reg_covar = reg_covar;
    options.covariance = mogul::families::eee;
    const double tied = fit(x, options).report.mean_log_likelihood;
    options.covariance = mogul::families::vvv;
    const double full = fit(x, options).report.mean_log_likelihood;
    for (const CovarianceFamily& family :
         {mogul::families::eve, mogul::families::vve, mogul::families::eev, mogul::families::vev}) {
      options.covariance = family;
      const FitResult result = fit(x, options);
      EXPECT_GT(result.report.mean_log_likelihood, tied - 1e-3) << family.name;
      EXPECT_LT(result.report.mean_log_likelihood, full + 1e-3) << family.name;
    }
  }
}

}  // namespace
