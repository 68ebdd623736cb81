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
  std::size_t n_accepted = 0;
  std::size_t n_rejected = 0;
  std::size_t n_forgotten = 0;
};

// Goes `factor` times as far as EM's step, in means and mixing weights; the covariances are those of the step.
class OverRelaxation : public Acceleration {
 public:
  OverRelaxation(double factor, Log& log) : factor_(factor), log_(&log) {}

  Proposal propose(const EmState& state, const Mixture& step) override {
    ++log_->n_proposed;
    Matrix means = step.means();
    for (std::size_t k = 0; k < means.rows(); ++k) {
      for (std::size_t d = 0; d < means.cols(); ++d) means(k, d) = beyond(state.mixture.means()(k, d), means(k, d));
    }
    return {.model = Mixture(step.family(), step.weights(), means, step.covariances().values())};
  }
  void accepted() override { ++log_->n_accepted; }
  void rejected() override { ++log_->n_rejected; }
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
  options.acceleration = AccelerationMethod::none;
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
  const std::size_t n_with_proposals = run(misled, problem.view());
  EXPECT_EQ(n_with_proposals, n_passes + log.n_proposed) << "a pass for each proposal";
  EXPECT_GT(log.n_proposed, 5U);
  EXPECT_EQ(log.n_rejected, log.n_proposed);
  EXPECT_EQ(misled.result().mixture, plain.result().mixture);
  EXPECT_EQ(misled.history(), plain.history());
  EXPECT_EQ(misled.termination(), plain.termination());
}

// Of means alone, for components that overlap, EM's steps are a small share of the way.
TEST(Acceleration, WhatRaisesTheObjectiveIsTakenAndTheEndIsTheSame) {
  oracle::Dice dice(3);
  const Mixture truth(families::full, {0.5, 0.5}, Matrix(2, 1, {-0.5, 0.5}), {1, 1});
  const Matrix x = oracle::draw_rows(dice, truth, 500);
  EmOptions options = slow_options();
  options.hold = {.weights = true, .covariances = true};
  options.tol = 1e-12;
  const Mixture start(families::full, {0.5, 0.5}, Matrix(2, 1, {-0.1, 0.3}), {1, 1});
  EmLoop plain(start, options);
  const std::size_t n_passes = run(plain, x);
  Log log;
  EmLoop faster(start, options, {}, {}, std::make_unique<OverRelaxation>(1.8, log));
  EXPECT_LT(run(faster, x), n_passes * 3 / 4);
  EXPECT_EQ(log.n_rejected + log.n_forgotten, 0U);
  EXPECT_GT(log.n_accepted, 0U);
  EXPECT_TRUE(std::ranges::is_sorted(faster.history()));
  EXPECT_TRUE(faster.termination().converged());
  EXPECT_NEAR(faster.result().log_likelihood(), plain.result().log_likelihood(), 500 * 1e-7);
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
