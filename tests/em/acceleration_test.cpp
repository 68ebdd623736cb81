// Proposals of an acceleration: taken only where they raise the objective, so that EM climbs whatever is proposed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "mogul/em_loop.hpp"
#include "mogul/fit.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using oracle::Problem;

// What an acceleration was asked and told.
struct Log {
  std::size_t n_proposed = 0;
  std::size_t n_forgotten = 0;
};

// Goes `factor` times as far as EM's step, in means and mixing weights; the covariances are those of the step.
class OverRelaxation : public Acceleration {
 public:
  OverRelaxation(double factor, Log& log) : factor_(factor), log_(&log) {}

  std::optional<Mixture> propose(const EmState& state, const Mixture& step) override {
    ++log_->n_proposed;
    Matrix means = step.means();
    for (std::size_t k = 0; k < means.rows(); ++k) {
      for (std::size_t d = 0; d < means.cols(); ++d) means(k, d) = beyond(state.mixture.means()(k, d), means(k, d));
    }
    return Mixture(step.family(), step.weights(), means, step.covariances().values());
  }
  void forget() override { ++log_->n_forgotten; }
  std::unique_ptr<Acceleration> clone() const override { return std::make_unique<OverRelaxation>(*this); }

 private:
  double beyond(double from, double to) const { return from + factor_ * (to - from); }

  double factor_;
  Log* log_;
};

EmOptions slow_options() {
  EmOptions options;
  options.reg_covar = 0;
  options.tol = 1e-9;
  options.max_iter = 5000;
  return options;
}

// The number of passes.
std::size_t run(EmLoop& loop, const DataView& data) {
  std::size_t n_passes = 0;
  while (const auto request = loop.next()) {
    ++n_passes;
    std::visit([&](const auto& asked) { loop.feed(answer(asked, data, 1)); }, *request);
  }
  return n_passes;
}

TEST(Acceleration, ThatOnlyProposesWhatIsWorseChangesNothing) {
  const Problem problem({.n = 300, .d = 2, .k = 3, .separation = 1.5, .seed = 4});
  EmLoop plain(problem.model(), slow_options());
  const std::size_t n_passes = run(plain, problem.view());
  Log log;
  EmLoop misled(problem.model(), slow_options(), {}, {}, std::make_unique<OverRelaxation>(-30, log));
  EXPECT_EQ(run(misled, problem.view()), n_passes + log.n_proposed) << "a pass for each proposal";
  EXPECT_GT(log.n_proposed, 5U);
  EXPECT_EQ(log.n_forgotten, log.n_proposed);
  EXPECT_EQ(misled.result().mixture, plain.result().mixture);
  EXPECT_EQ(misled.history(), plain.history());
  EXPECT_EQ(misled.termination(), plain.termination());
}

TEST(Acceleration, WhatRaisesTheObjectiveIsTakenAndTheEndIsTheSame) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Problem problem({.n = 400, .d = 2, .k = 2, .separation = 1, .seed = seed});
    EmLoop plain(problem.model(), slow_options());
    const std::size_t n_passes = run(plain, problem.view());
    Log log;
    EmLoop faster(problem.model(), slow_options(), {}, {}, std::make_unique<OverRelaxation>(1.7, log));
    EXPECT_LT(run(faster, problem.view()), n_passes) << seed;
    EXPECT_LT(log.n_forgotten, log.n_proposed / 2);
    EXPECT_TRUE(std::ranges::is_sorted(faster.history())) << seed;
    EXPECT_TRUE(faster.termination().converged());
    const double l = plain.result().log_likelihood();
    EXPECT_NEAR(faster.result().log_likelihood(), l, 1e-4 * std::abs(l)) << seed;
    EXPECT_GE(faster.result().log_likelihood(), l - 400 * 1e-6);
  }
}

// Also of proposals that are good one time and bad another.
TEST(Acceleration, NeverLowersTheObjective) {
  for (const double factor : {-1.0, 0.5, 3.0, 8.0, 40.0}) {
    const Problem problem({.n = 200, .d = 3, .k = 3, .separation = 1.5, .seed = 7});
    Log log;
    EmLoop loop(problem.model(), slow_options(), {}, {}, std::make_unique<OverRelaxation>(factor, log));
    run(loop, problem.view());
    const std::vector<double>& history = loop.history();
    for (std::size_t i = 1; i < history.size(); ++i) {
      EXPECT_GE(history[i], history[i - 1] - 1e-12 * std::abs(history[i])) << factor << " at " << i;
    }
    EXPECT_EQ(loop.result().log_likelihood(), *std::ranges::max_element(history));
  }
}

TEST(Acceleration, ACopyHasOneOfItsOwn) {
  const Problem problem({.n = 100, .d = 2, .k = 2, .seed = 2});
  Log log;
  EmLoop loop(problem.model(), slow_options(), {}, {}, std::make_unique<OverRelaxation>(1.5, log));
  EmLoop copy = loop;
  run(loop, problem.view());
  run(copy, problem.view());
  EXPECT_EQ(copy.result().mixture, loop.result().mixture);
}

}  // namespace
}  // namespace mogul
