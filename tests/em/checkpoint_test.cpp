// What a checkpoint must satisfy for a loop to go on from it.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "message_of.hpp"
#include "mogul/em_loop.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using oracle::Problem;

void feed(EmLoop& loop, const DataView& data) {
  std::visit([&](const auto& asked) { loop.feed(answer(asked, data, 1)); }, *loop.next());
}

TEST(Checkpoint, ThePartsMustAgree) {
  const Problem problem({.n = 60, .d = 2, .k = 2, .seed = 1});
  EmLoop loop(problem.model(), {});
  for (int i = 0; i < 3; ++i) feed(loop, problem.view());
  const EmCheckpoint sound = loop.checkpoint();
  const auto refusal = [&](auto&& change) {
    EmCheckpoint changed = sound;
    change(changed);
    return test::message_of<invalid_argument>([&] { EmLoop{changed}; });
  };
  using C = EmCheckpoint;
  EXPECT_NO_THROW(check(sound)) << "the premise";
  EXPECT_EQ(refusal([](C& c) { c.result = c.previous; }),
            "model and result: a checkpoint must have one of them, as the loop goes on or has ended");
  EXPECT_EQ(refusal([](C& c) { c.previous->mixture = *c.model; }), "previous.stats are about another mixture");
  EXPECT_NE(refusal([](C& c) { c.previous->objective += 1; }).find("must be that of its mixture"), std::string::npos);
  EXPECT_NE(refusal([](C& c) { c.previous->stats.n[0] = -1; }).find("must be >= 0"), std::string::npos);
  EXPECT_NE(refusal([](C& c) { c.previous->stats.second(0, 0) = HUGE_VAL; }).find("not finite"), std::string::npos);
  EXPECT_NE(refusal([](C& c) { c.previous->iteration = 7; }).find("progress.history, which has 3"), std::string::npos);
  EXPECT_NE(refusal([](C& c) { c.progress.history.clear(); }).find("progress.mean"), std::string::npos);
  EXPECT_NE(refusal([](C& c) { c.progress.penalised_history = {1}; }).find("must have 0"), std::string::npos);
  EXPECT_NE(refusal([](C& c) { c.dying = {2}; }).find("dying holds 2"), std::string::npos);
  EXPECT_NE(refusal([](C& c) { c.rows.feature_names = {"a"}; }).find("must have 2"), std::string::npos);
  EXPECT_NE(refusal([](C& c) {
              c.step = Mixture(families::full, {1}, Matrix(1, 2), {1, 0, 0, 1});
            }).find("step has 1"),
            std::string::npos);
  EXPECT_NE(refusal([](C& c) { c.options.tol = -1; }).find("tol = -1"), std::string::npos);
  EXPECT_NE(refusal([](C& c) { c.options.prior = Prior(); }).find("prior lacks fields"), std::string::npos);
  EXPECT_NE(refusal([](C& c) {
              c.previous->iteration = std::numeric_limits<std::size_t>::max();
              c.progress.history.clear();
              c.progress.mean = -HUGE_VAL;
            }).find("previous.iteration"),
            std::string::npos);
  EXPECT_NE(refusal([](C& c) {
              c.step = c.model;
              c.progress.termination.message = "converged";
            }).find("no step"),
            std::string::npos);
  EXPECT_NE(refusal([](C& c) { c.n_revived_of_step = 1; }).find("at most n_revived"), std::string::npos);
}

// From a step that moved a component, before its E-step.
TEST(Checkpoint, OfALoopThatWasCancelledAfterARevivalIsSound) {
  const Matrix x(9, 1, {0, 0.1, 0.2, 10, 10.1, 10.2, 10.3, 30, 31});
  EmOptions options;
  options.max_iter = 40;
  RowFacts rows;
  rows.n_distinct = 9;
  EmLoop loop(Mixture(families::full, {0.25, 0.25, 0.25, 0.25}, Matrix(4, 1, {0, 1e3, -1e3, 10}), {1, 1, 1, 1}),
              options, rows);
  while (loop.next() && loop.n_revived() == 0) feed(loop, x);
  ASSERT_GT(loop.n_revived(), 0U) << "the premise";
  loop.cancel();
  EXPECT_EQ(loop.n_revived(), 0U);
  const EmLoop again(loop.checkpoint());
  EXPECT_EQ(again.result().mixture, loop.result().mixture);
}

TEST(EmLoop, RefusesFactsOfRowsThatDoNotFit) {
  const Mixture start(families::full, {0.5, 0.5}, Matrix(2, 2, {0, 0, 1, 1}), {1, 0, 0, 1, 1, 0, 0, 1});
  RowFacts one_name;
  one_name.feature_names = {"a"};
  EXPECT_NE(test::message_of<invalid_argument>([&] { EmLoop(start, {}, one_name); }).find("must have 2"),
            std::string::npos);
  RowFacts none;
  none.n_distinct = 0;
  EXPECT_NE(test::message_of<invalid_argument>([&] { EmLoop(start, {}, none); }).find("n_distinct"), std::string::npos);
}

// Where a start has no density, there is nothing to climb from.
TEST(EmLoop, RefusesAStartWithoutPriorDensity) {
  const Mixture start(families::full, {0, 1}, Matrix(2, 1, {0, 1}), {1, 1});
  EmOptions options;
  options.weight_concentration = 2;
  EXPECT_NE(test::message_of<invalid_argument>([&] { EmLoop(start, options); }).find("component 0"), std::string::npos);
  options.weight_concentration = 1;
  EXPECT_NO_THROW(EmLoop(start, options));
}

}  // namespace
}  // namespace mogul
