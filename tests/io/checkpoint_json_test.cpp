// A loop kept in a file between any two steps goes on with the same bytes.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "message_of.hpp"
#include "mogul/fit.hpp"
#include "mogul/io.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using oracle::Problem;

void feed(EmLoop& loop, const DataView& data) {
  std::visit([&](const auto& asked) { loop.feed(answer(asked, data, 1)); }, *loop.next());
}

void expect_same_end(const EmLoop& a, const EmLoop& b) {
  EXPECT_EQ(a.result().mixture, b.result().mixture);
  EXPECT_EQ(a.result().stats, b.result().stats);
  EXPECT_EQ(a.history(), b.history());
  EXPECT_EQ(a.termination(), b.termination());
  EXPECT_EQ(a.n_revived(), b.n_revived());
  EXPECT_EQ(a.dying(), b.dying());
}

EmLoop restored(const EmLoop& loop) { return EmLoop(parse_checkpoint(checkpoint_json(loop.checkpoint()), "state")); }

// From every step on, through a file at each of the rest as well.
void expect_restorable(const Mixture& start, const EmOptions& options, const RowFacts& rows, const DataView& data) {
  EmLoop whole(start, options, rows);
  EmLoop step_by_step = restored(whole);
  std::vector<EmLoop> begun;
  while (whole.next()) {
    if (whole.waits_for_step()) begun.push_back(restored(whole));
    feed(whole, data);
  }
  while (step_by_step.next()) {
    feed(step_by_step, data);
    const bool between_steps = step_by_step.waits_for_step() || !step_by_step.next();
    if (between_steps) step_by_step = restored(step_by_step);
  }
  ASSERT_TRUE(whole.has_result());
  expect_same_end(step_by_step, whole);
  for (EmLoop& loop : begun) {
    while (loop.next()) feed(loop, data);
    expect_same_end(loop, whole);
  }
}

TEST(Checkpoint, GoesOnWithTheSameBytesForEveryFamily) {
  for (const CovarianceFamily* family : covariance_families()) {
    const Problem problem(
        {.n = 120, .d = 3, .k = 3, .weights = oracle::RowWeights::random, .separation = 1.5, .seed = 5});
    EmOptions options;
    options.covariance = *family;
    options.max_iter = 12;
    options.tol = 1e-4;
    const Mixture start = fit(problem.view(), {.n_components = 3, .covariance = *family, .max_iter = 0}).mixture;
    expect_restorable(start, options, {}, problem.view());
  }
}

// With components that die, are moved, and models before that were better.
TEST(Checkpoint, KeepsWhatRevivalsLeaveBehind) {
  const Matrix x(9, 1, {0, 0.1, 0.2, 10, 10.1, 10.2, 10.3, 30, 31});
  const Mixture start(families::full, {0.25, 0.25, 0.25, 0.25}, Matrix(4, 1, {0, 1e3, -1e3, 10}), {1, 1, 1, 1});
  EmOptions options;
  options.tol = 1e-5;
  options.max_iter = 40;
  RowFacts rows;
  rows.n_distinct = 9;
  EmLoop loop(start, options, rows);
  while (loop.next()) feed(loop, x);
  EXPECT_GT(loop.n_revived(), 0U) << "the premise";
  expect_restorable(start, options, rows, x);
}

TEST(Checkpoint, KeepsAPriorAndHeldParameters) {
  const Problem problem({.n = 150, .d = 2, .k = 2, .separation = 1.5, .seed = 3});
  EmOptions options;
  options.prior = Prior{.mean_shrinkage = 0.1, .mean = {{0, 0}}, .dof = 5.0, .scale = {{1, 0.2, 0.2, 1}}};
  options.weight_concentration = 2;
  options.hold.means_of = {1};
  options.max_iter = 10;
  expect_restorable(problem.model(), options, {}, problem.view());
}

TEST(Checkpoint, IsMadeBetweenStepsOnly) {
  const Matrix x(6, 1, {0, 0.1, 0.2, 9, 9.1, 9.2});
  EmLoop loop(Mixture(families::full, {0.5, 0.5}, Matrix(2, 1, {0, 1e4}), {1, 1}), {});
  while (loop.waits_for_step()) feed(loop, x);
  ASSERT_TRUE(loop.next()) << "the premise: it asks for something else";
  const std::string message = test::message_of<invalid_argument>([&] { loop.checkpoint(); });
  EXPECT_NE(message.find("within a step"), std::string::npos) << message;
  EXPECT_NE(message.find("answer what next() asks for"), std::string::npos) << message;
}

TEST(Checkpoint, OfACancelledLoopHasItsResult) {
  const Problem problem({.n = 60, .d = 2, .k = 2, .seed = 1});
  EmLoop loop(problem.model(), {});
  feed(loop, problem.view());
  loop.cancel();
  const EmLoop again = restored(loop);
  EXPECT_TRUE(again.has_result() && again.is_cancelled());
  expect_same_end(again, loop);
  EmLoop none(problem.model(), {});
  none.cancel();
  EXPECT_THROW(checkpoint_json(none.checkpoint()), invalid_argument);
}

// A checkpoint with every part that can be there.
std::string checkpoint_with_all_parts() {
  const Problem problem({.n = 60, .d = 2, .k = 2, .seed = 1});
  EmOptions options;
  options.prior = Prior{.mean_shrinkage = 0.1, .mean = {{0, 0}}, .dof = 5.0, .scale = {{1, 0.2, 0.2, 1}}};
  options.hold.means_of = {1};
  EmLoop loop(problem.model(), options);
  for (int i = 0; i < 3; ++i) feed(loop, problem.view());
  EmCheckpoint made = loop.checkpoint();
  made.best_of_climb = made.best_of_earlier = made.previous;
  made.step = made.model;
  return checkpoint_json(made);
}

// One number, text, truth value, element or member is changed or taken away; also to what would overflow.
void damage(nlohmann::json& value, oracle::Dice& dice) {
  if (value.is_structured() && !value.empty() && dice.index(12) != 0) {
    auto at = value.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(dice.index(value.size())));
    if (dice.index(20) == 0) {
      value.erase(at);
    } else {
      damage(*at, dice);
    }
    return;
  }
  const std::vector<nlohmann::json> others{0,
                                           -1,
                                           1,
                                           2,
                                           7,
                                           1e-320,
                                           1e308,
                                           -1e308,
                                           0.5,
                                           18446744073709551615U,
                                           true,
                                           false,
                                           "full",
                                           "",
                                           nullptr,
                                           nlohmann::json::array(),
                                           nlohmann::json::object()};
  value = others[dice.index(others.size())];
}

// Either the file is refused, or the loop goes on to an end.
TEST(Checkpoint, DamagedFilesAreRefusedOrGoOn) {
  const nlohmann::json whole = nlohmann::json::parse(checkpoint_with_all_parts());
  const Problem problem({.n = 60, .d = 2, .k = 2, .seed = 1});
  std::size_t n_refused = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    nlohmann::json damaged = whole;
    oracle::Dice dice(seed);
    for (std::size_t places = 1 + dice.index(3); places > 0; --places) damage(damaged, dice);
    try {
      EmLoop loop(parse_checkpoint(damaged.dump(), "state.json"));
      for (int i = 0; i < 20 && loop.next(); ++i) feed(loop, problem.view());
      EXPECT_TRUE(loop.next() || loop.has_result() || loop.is_cancelled()) << seed;
    } catch (const invalid_data& error) {
      EXPECT_TRUE(std::string(error.what()).starts_with("state.json: ")) << error.what();
      ++n_refused;
    } catch (const fit_error&) {  // the state is one that EM cannot go on from
    }
  }
  EXPECT_GT(n_refused, 1000U);
}

TEST(Checkpoint, DamagedFilesAreToldByTheirField) {
  const Problem problem({.n = 60, .d = 2, .k = 2, .seed = 1});
  EmLoop loop(problem.model(), {});
  feed(loop, problem.view());
  const std::string text = checkpoint_json(loop.checkpoint());
  const auto message_with = [&](const std::string& what, const std::string& by) {
    std::string damaged = text;
    const std::size_t at = damaged.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    damaged.replace(at, what.size(), by);
    return test::message_of<invalid_data>([&] { parse_checkpoint(damaged, "state.json"); });
  };
  const auto names = [](const std::string& message, const char* word) {
    EXPECT_NE(message.find(word), std::string::npos) << message;
    EXPECT_TRUE(message.starts_with("state.json")) << message;
  };
  names(message_with("mogul-checkpoint/1", "mogul-model/1"), "schema");
  names(message_with("\"exact\": false", "\"exact\": 3"), "exact");
  names(message_with("\"model\": {", "\"model_\": {"), "model_");
  names(message_with("\"n_distinct\": ", "\"n_distinct\": -"), "n_distinct");
  EXPECT_EQ(message_with("\"n_revived_of_step\": 0", "\"n_revived_of_step\": 3"),
            "state.json: n_revived_of_step = 3; must be at most n_revived = 0");
}

}  // namespace
}  // namespace mogul
