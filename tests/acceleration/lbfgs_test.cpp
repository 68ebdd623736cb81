// L-BFGS within EM: the same maxima in fewer passes, never downhill, and nothing that is held moves.
#include "acceleration/lbfgs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "mogul/em_loop.hpp"
#include "mogul/error.hpp"
#include "mogul/fit.hpp"
#include "mogul/io.hpp"
#include "plain_families.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using oracle::Problem;

EmOptions options_for(const CovarianceFamily& family, AccelerationMethod acceleration, double gain) {
  EmOptions options;
  options.covariance = family;
  options.reg_covar = 0;
  options.gain = gain;
  options.max_iter = 20000;
  options.acceleration = acceleration;
  return options;
}

std::size_t run(EmLoop& loop, const DataView& data) {
  std::size_t n_passes = 0;
  while (const auto request = loop.next()) {
    ++n_passes;
    std::visit([&](const auto& asked) { loop.feed(answer(asked, data, 1)); }, *request);
  }
  return n_passes;
}

// Components that overlap: EM's steps are a small share of the way.
Problem slow_problem(const CovarianceFamily& family, std::uint64_t seed) {
  return Problem({.n = 400, .d = 2, .k = 2, .structure = family, .separation = 1.0, .seed = seed});
}

TEST(Lbfgs, ReachesTheMaximumOfEmInFewerPasses) {
  std::size_t n_collapsed = 0;
  for (const CovarianceFamily* family : covariance_families()) {
    std::size_t n_plain = 0;
    std::size_t n_accelerated = 0;
    for (const std::uint64_t seed : {1, 2, 3, 4}) {
      const Problem problem = slow_problem(*family, seed);
      EmLoop plain(problem.truth(), options_for(*family, AccelerationMethod::none, 1e-6));
      EmLoop accelerated(problem.truth(), options_for(*family, AccelerationMethod::lbfgs, 1e-6));
      try {
        n_plain += run(plain, problem.view());
      } catch (const fit_error&) {  // a component collapses: one of VEV
        ++n_collapsed;
        continue;
      }
      n_accelerated += run(accelerated, problem.view());
      EXPECT_GE(accelerated.result().log_likelihood(), plain.result().log_likelihood() - 1e-4)
          << family->name << " " << seed;
      EXPECT_EQ(accelerated.result().mixture.family(), *family);
      EXPECT_TRUE(belongs_to(accelerated.result().mixture.covariances(), *family)) << family->name;
    }
    EXPECT_LT((family->plain.empty() ? 2 : 3) * n_accelerated, n_plain) << family->name;
  }
  EXPECT_LE(n_collapsed, 1U);
}

TEST(Lbfgs, NeverLowersTheObjective) {
  for (const CovarianceFamily* family : covariance_families()) {
    for (const std::uint64_t seed : {5, 6, 7}) {
      const Problem problem({.n = 200, .d = 3, .k = 3, .structure = *family, .separation = 1.5, .seed = seed});
      EmLoop loop(problem.model(), options_for(*family, AccelerationMethod::lbfgs, 1e-8));
      run(loop, problem.view());
      const std::vector<double>& history = loop.history();
      for (std::size_t i = 1; i < history.size(); ++i) {
        EXPECT_GE(history[i], history[i - 1] - 1e-12 * std::abs(history[i])) << family->name << " at " << i;
      }
    }
  }
}

TEST(Lbfgs, ClimbsThePenalisedLikelihoodWhereThereIsAPrior) {
  const Problem problem = slow_problem(families::full, 8);
  EmOptions options = options_for(families::full, AccelerationMethod::lbfgs, 1e-8);
  options.prior = Prior{.mean_shrinkage = 0.1, .mean = std::vector{0.0, 0.0}, .dof = 5, .scale = std::vector{2.0}};
  options.weight_concentration = 3;
  EmLoop loop(problem.truth(), options);
  run(loop, problem.view());
  EXPECT_TRUE(std::ranges::is_sorted(loop.penalised_history()));
  EXPECT_GT(loop.progress().n_accepted, 5U);
  options.acceleration = AccelerationMethod::none;
  EmLoop plain(problem.truth(), options);
  run(plain, problem.view());
  EXPECT_NEAR(loop.result().objective, plain.result().objective, 1e-4);
}

TEST(Lbfgs, LeavesAloneWhatIsHeld) {
  const Problem problem = slow_problem(families::full, 9);
  EmOptions options = options_for(families::full, AccelerationMethod::lbfgs, 1e-6);
  options.hold = {.weights = true, .means_of = {1}};
  EmLoop loop(problem.truth(), options);
  run(loop, problem.view());
  EXPECT_GT(loop.progress().n_accepted, 0U) << "the premise";
  EXPECT_EQ(loop.result().mixture.weights(), problem.truth().weights());
  EXPECT_EQ(loop.result().mixture.means()(1, 0), problem.truth().means()(1, 0));
  EXPECT_NE(loop.result().mixture.means()(0, 0), problem.truth().means()(0, 0));
}

TEST(Lbfgs, IsForAllFamiliesButNotWithEveryConstraint) {
  for (const CovarianceFamily* family : covariance_families()) {
    EmOptions options;
    options.covariance = *family;
    EXPECT_TRUE(can_accelerate(options)) << family->name;
    options.prior = Prior{};
    EXPECT_EQ(can_accelerate(options), !family->plain.empty()) << family->name;
    options.prior.reset();
    options.hold.covariances = true;
    EXPECT_EQ(can_accelerate(options), !family->plain.empty()) << family->name;
    options.max_eigenvalue_ratio = 10;
    EXPECT_FALSE(can_accelerate(options));
  }
}

// With what reg_covar adds, a covariance is no member of its family; without it, it is.
TEST(Lbfgs, BringsProposalsIntoTheFamilyBeneathWhatIsAdded) {
  for (const CovarianceFamily* family : covariance_families()) {
    if (!family->plain.empty()) continue;
    const Problem problem = slow_problem(*family, 3);
    EmOptions options = options_for(*family, AccelerationMethod::lbfgs, 1e-6);
    options.reg_covar = 0.3;
    EmLoop loop(problem.truth(), options);
    run(loop, problem.view());
    const Mixture& found = loop.result().mixture;
    std::vector<double> values = found.covariances().values();
    const std::size_t size = values.size() / 2;
    for (std::size_t k = 0; k < 2; ++k) {
      for (std::size_t i = 0; i < 2; ++i) values[k * size + i * (size == 4 ? 3 : 1)] -= 0.3;
    }
    EXPECT_TRUE(belongs_to(Mixture(*family, found.weights(), found.means(), values).covariances(), *family))
        << family->name;
    options.acceleration = AccelerationMethod::none;
    EmLoop plain(problem.truth(), options);
    run(plain, problem.view());
    EXPECT_NEAR(loop.result().log_likelihood(), plain.result().log_likelihood(), 0.01) << family->name;
  }
}

TEST(Lbfgs, ALoopThatGoesOnFromAnyCheckpointHasTheSameBytes) {
  const Problem problem = slow_problem(families::full, 10);
  const EmOptions options = options_for(families::full, AccelerationMethod::lbfgs, 0.01);
  EmLoop whole(problem.truth(), options);
  run(whole, problem.view());
  EmLoop loop(problem.truth(), options);
  while (const auto request = loop.next()) {
    std::visit([&](const auto& asked) { loop.feed(answer(asked, problem.view(), 1)); }, *request);
    if (loop.waits_for_step()) loop = EmLoop(parse_checkpoint(checkpoint_json(loop.checkpoint()), "checkpoint"));
  }
  EXPECT_GT(whole.progress().n_accepted, 3U) << "the premise";
  EXPECT_EQ(loop.result().mixture, whole.result().mixture);
  EXPECT_EQ(loop.history(), whole.history());
}

// What is predicted is compared with what is left in truth.
TEST(Lbfgs, LeavesLittleToGain) {
  std::size_t n = 0;
  std::size_t n_close = 0;
  for (const auto& entry : test::plain_families()) {
    for (std::uint64_t seed = 20; seed < 30; ++seed) {
      const Problem problem = slow_problem(entry.family, seed);
      EmLoop loop(problem.model(), options_for(entry.family, AccelerationMethod::lbfgs, 0.01));
      run(loop, problem.view());
      EmLoop on(loop.result().mixture, options_for(entry.family, AccelerationMethod::lbfgs, 1e-8));
      run(on, problem.view());
      ++n;
      n_close += on.result().objective - loop.result().objective <= 0.01 ? 1 : 0;
    }
  }
  EXPECT_GE(n_close * 100, n * 95) << n_close << " of " << n;
}

TEST(Lbfgs, FloatRowsEndAtTheSameMaximum) {
  const oracle::Shape shape{.n = 20000, .d = 4, .k = 3, .separation = 1.5, .seed = 11};
  oracle::Shape narrow = shape;
  narrow.float32 = true;
  const Problem wide_problem(shape);
  const Problem narrow_problem(narrow);
  FitOptions options;
  options.n_components = 3;
  options.init = wide_problem.truth();
  const FitResult wide = fit(wide_problem.view(), options);
  const FitResult of_float = fit(narrow_problem.view(), options);
  EXPECT_TRUE(of_float.report.termination.converged());
  EXPECT_NEAR(of_float.report.log_likelihood, wide.report.log_likelihood, 1e-6 * std::abs(wide.report.log_likelihood));
}

}  // namespace
}  // namespace mogul
