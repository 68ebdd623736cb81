// The page that replays a fit: what it holds, what it leaves out and says so, and what it refuses.
#include <cmath>

#include "lesson/page_html.hpp"
#include "message_of.hpp"
#include "mogul/error.hpp"
#include "mogul/fit.hpp"
#include "mogul/page.hpp"
#include "mogul/score.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using nlohmann::json;
using test::data_of;
using test::message_of;

TraceStep step(std::size_t restart, std::size_t iteration, double l, const Mixture& mixture) {
  return {restart, iteration, l, l - 1, 1, std::vector<double>(mixture.n_components(), 1), mixture};
}

Mixture mixture_of(std::size_t k, std::size_t d) {
  oracle::Dice dice(k + d);
  return oracle::random_mixture(dice, {.d = d, .k = k});
}

std::vector<TraceStep> run_of(const Mixture& mixture, std::size_t restart, std::size_t n, double last) {
  std::vector<TraceStep> steps;
  for (std::size_t i = 0; i < n; ++i) {
    steps.push_back(step(restart, i, last - static_cast<double>(n - 1 - i), mixture));
  }
  return steps;
}

void append(std::vector<TraceStep>& all, const std::vector<TraceStep>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

/// The steps with their differences in L, and with the L of the rows where the kept restart ends.
std::vector<TraceStep> on_rows(const Matrix& rows, std::vector<TraceStep> steps, std::size_t kept = 0) {
  const TraceStep* end = nullptr;
  for (const TraceStep& each : steps) {
    if (each.restart == kept) end = &each;
  }
  const double shift = log_likelihood(end->mixture, rows) - end->log_likelihood;
  for (TraceStep& each : steps) each.log_likelihood += shift;
  return steps;
}

TEST(ReplayPage, HoldsEveryStepOfASmallFit) {
  const Mixture mixture = mixture_of(2, 2);
  std::vector<TraceStep> steps = run_of(mixture, 0, 4, -20);
  append(steps, run_of(mixture, 1, 3, -10));
  const Matrix rows(3, 2, {1, 2, 3, 4, 5, 6});
  steps = on_rows(rows, std::move(steps), 1);
  const json data = data_of(replay_page(steps, rows, std::vector<std::string>{"a", "b"}), "replay-data");
  EXPECT_EQ(data["features"], (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(data["rows"], (std::vector<std::vector<double>>{{1, 2}, {3, 4}, {5, 6}}));
  EXPECT_EQ(data["note"], "All 3 rows are shown.");
  ASSERT_EQ(data["restarts"].size(), 2U);
  EXPECT_EQ(data["restarts"][0]["steps"].size(), 4U);
  EXPECT_EQ(data["restarts"][0]["kept"], false);
  EXPECT_EQ(data["restarts"][1]["kept"], true) << "it ended higher";
  const json first = data["restarts"][1]["steps"][0];
  EXPECT_EQ(first["log_likelihood"], steps[4].log_likelihood);
  EXPECT_EQ(first["weights"], mixture.weights());
  EXPECT_EQ(first["covariances"][1][0][1], mixture.covariance(1)(0, 1));
}

// A restart that failed may have climbed highest.
TEST(ReplayPage, MarksTheRestartThatTheFitKept) {
  std::vector<TraceStep> steps = run_of(mixture_of(1, 1), 0, 3, -20);
  append(steps, run_of(mixture_of(1, 1), 1, 3, 1000));
  const Matrix rows(2, 1, {1, 2});
  const json data = data_of(replay_page(on_rows(rows, steps), rows, {}, {.best_restart = 0}), "replay-data");
  EXPECT_EQ(data["restarts"][0]["kept"], true);
  EXPECT_EQ(data["restarts"][1]["kept"], false);
}

TEST(ReplayPage, ThinsLongRunsAndKeepsBothEnds) {
  const Mixture mixture = mixture_of(30, 5);
  const std::string page = replay_page(on_rows(Matrix(1, 5), run_of(mixture, 0, 1000, -1)), Matrix(1, 5));
  EXPECT_LT(page.size(), 5'000'000U);
  const json data = data_of(page, "replay-data");
  const json steps = data["restarts"][0]["steps"];
  EXPECT_LT(steps.size(), 1000U);
  EXPECT_EQ(steps.front()["iteration"], 0);
  EXPECT_EQ(steps.back()["iteration"], 999);
  const std::string said =
      " At most " + std::to_string(steps.size()) + " iterations of each restart are shown, evenly spread.";
  EXPECT_TRUE(data["note"].get<std::string>().ends_with(said)) << data["note"];
}

// A page of these holds four steps: 30,000 numbers each.
TEST(ReplaySteps, OfALongFitAreFewEvenlySpreadAndHaveBothEnds) {
  const Mixture mixture = mixture_of(1, 172);
  ReplaySteps steps;
  for (std::size_t i = 0; i < 1000; ++i) {
    for (const std::size_t restart : {0, 1}) steps.add(step(restart, i, static_cast<double>(i), mixture));
  }
  const std::vector<TraceStep> kept = steps.take();
  EXPECT_LE(kept.size(), 4U * 4 + 2 * 2);
  EXPECT_GE(kept.size(), 4U * 2);
  for (const std::size_t restart : {0, 1}) {
    std::vector<std::size_t> iterations;
    for (const TraceStep& each : kept) {
      if (each.restart == restart) iterations.push_back(each.iteration);
    }
    ASSERT_GE(iterations.size(), 3U);
    EXPECT_EQ(iterations.front(), 0U);
    EXPECT_EQ(iterations.back(), 999U);
    for (std::size_t i = 2; i + 1 < iterations.size(); ++i) {
      EXPECT_EQ(iterations[i] - iterations[i - 1], iterations[1] - iterations[0]);
    }
  }
  EXPECT_TRUE(steps.take().empty());
  const json data = data_of(replay_page(on_rows(Matrix(1, 172), kept), Matrix(1, 172)), "replay-data");
  const std::string note = data["note"];
  EXPECT_NE(note.find("iterations of each restart are shown, evenly spread"), std::string::npos) << note;
}

TEST(ReplaySteps, OfAShortFitAreAllAndOrderedByRestart) {
  const Mixture mixture = mixture_of(2, 2);
  std::vector<TraceStep> all = run_of(mixture, 0, 30, -20);
  append(all, run_of(mixture, 1, 20, -10));
  ReplaySteps steps;
  for (std::size_t i = 0; i < 30; ++i) {  // side by side
    steps.add(all[i]);
    if (i < 20) steps.add(all[30 + i]);
  }
  EXPECT_EQ(steps.take(), all);
}

TEST(ReplayPage, OfManyRestartsKeepsTheBest) {
  std::vector<TraceStep> steps;
  for (std::size_t restart = 0; restart < 200; ++restart) {
    append(steps, run_of(mixture_of(2, 2), restart, 5, restart == 170 ? 0 : -100.0 - static_cast<double>(restart)));
  }
  const json data = data_of(replay_page(on_rows(Matrix(1, 2), steps, 170), Matrix(1, 2)), "replay-data");
  EXPECT_EQ(data["restarts"].size(), 50U);
  std::size_t n_kept = 0;
  for (const json& restart : data["restarts"]) {
    n_kept += restart["kept"] == true ? 1 : 0;
    EXPECT_EQ(restart["kept"], restart["restart"] == 170);
  }
  EXPECT_EQ(n_kept, 1U);
  EXPECT_EQ(data["note"], "The only row is shown. Of 200 restarts 50 are shown, the best among them.");
}

TEST(ReplayPage, OfManyRowsShowsSomeAndSaysSo) {
  Matrix rows(10000, 1);
  for (std::size_t i = 0; i < 10000; ++i) rows(i, 0) = static_cast<double>(i);
  const json data = data_of(replay_page(on_rows(rows, run_of(mixture_of(1, 1), 0, 2, 0)), rows), "replay-data");
  EXPECT_EQ(data["rows"].size(), 2000U);
  EXPECT_EQ(data["rows"][1][0], 5);
  EXPECT_EQ(data["note"], "Of 10000 rows 2000 are shown, evenly spread.");
}

TEST(ReplayPage, RefusesMixturesThatAreTooLarge) {
  const std::string message =
      message_of<invalid_argument>([] { replay_page(run_of(mixture_of(20, 60), 0, 1, 0), Matrix(1, 60)); });
  EXPECT_NE(message.find("20 components of 60 features are too large for a page"), std::string::npos) << message;
  check_replay_size(1, 244);
  message_of<invalid_argument>([] { check_replay_size(1, 245); });
}

TEST(ReplayPage, RefusesNoStepsOtherColumnsOtherNames) {
  const std::vector<TraceStep> steps = run_of(mixture_of(1, 2), 0, 1, 0);
  message_of<invalid_argument>([] { replay_page({}, Matrix(1, 2)); });
  EXPECT_EQ(message_of<invalid_argument>([&] { replay_page(steps, Matrix(1, 3)); }),
            "data has 3 columns, but the steps are of 2 features");
  message_of<invalid_argument>([&] { replay_page(steps, Matrix(1, 2), std::vector<std::string>{"a"}); });
  message_of<invalid_data>([&] { replay_page(steps, Matrix(1, 2, {1, INFINITY})); });
}

TEST(ReplayPage, RefusesRowsThatAreNotThoseOfTheSteps) {
  const oracle::Problem problem({.n = 90, .d = 2, .k = 2, .weights = oracle::RowWeights::some_zero, .seed = 3});
  const DataView data = problem.view();
  std::vector<TraceStep> steps;
  FitOptions options;
  options.n_components = 2;
  options.callback = [&steps](const Iteration& iteration) {
    steps.push_back(trace_step(iteration));
    return true;
  };
  const FitResult result = fit(data, options);
  EXPECT_EQ(data_of(replay_page(steps, data), "replay-data")["n_rows"], 90);
  Matrix rows(90, 2);
  Matrix swapped(90, 2);
  for (std::size_t n = 0; n < 90; ++n) {
    for (std::size_t d = 0; d < 2; ++d) swapped(n, 1 - d) = rows(n, d) = data.value(n, d);
  }
  EXPECT_EQ(data_of(replay_page(steps, DataView(rows, data.weights())), "replay-data")["n_rows"], 90);
  ReplayPageOptions named;
  named.data_name = "rows.csv";
  named.trace_name = "t.jsonl";
  const auto refusal = [&](const DataView& others) {
    return message_of<invalid_data>([&] { replay_page(steps, others, {}, named); });
  };
  for (const std::string& said : {refusal(rows), refusal(DataView(swapped, data.weights()))}) {
    EXPECT_EQ(said.find("rows.csv: L = "), 0U) << said;
    EXPECT_NE(said.find("t.jsonl has L = "), std::string::npos) << said;
    EXPECT_NE(said.find("not the rows of that fit; is it another file, are its columns others or in another order"),
              std::string::npos)
        << said;
  }
}

// The row far out has a component so narrow that as a double it lies a hundred of its standard deviations away from
// where the fit saw it as a float.
TEST(ReplayPage, TakesRowsOfDoublesForTheFloatsOfTheFit) {
  Matrix rows(400, 1);
  FloatMatrix floats(400, 1);
  oracle::Dice dice(5);
  for (std::size_t n = 0; n < rows.rows(); ++n) {
    rows(n, 0) = n == 7 ? 12345678.9 : dice.normal() + (n % 2 == 0 ? 0 : 8);
    floats(n, 0) = static_cast<float>(rows(n, 0));
  }
  std::vector<TraceStep> steps;
  FitOptions options{.n_components = 3, .reg_covar = 1e-6};
  options.callback = [&](const Iteration& iteration) {
    steps.push_back(trace_step(iteration));
    return true;
  };
  fit(floats, options);
  const double of_doubles = log_likelihood(steps.back().mixture, rows);
  EXPECT_LT(of_doubles, 2 * steps.back().log_likelihood) << "another L altogether";
  EXPECT_NE(replay_page(steps, rows, {}), "");
  EXPECT_NE(replay_page(steps, floats, {}), "");
  for (const double changed : {0.1, 1.0, 1e6}) {
    Matrix others = rows;
    for (std::size_t n = 0; n < 10; ++n) others(20 * n, 0) += changed;
    const std::string said = message_of<invalid_data>([&] { replay_page(steps, others, {}); });
    EXPECT_NE(said.find("not the rows of that fit"), std::string::npos) << changed << said;
  }
}

TEST(ReplayPage, NamesCannotEndTheScript) {
  const std::vector<std::string> names = {"</script><script>alert(1)</script>", "<!--<script>"};
  const Matrix row(1, 2);
  const std::string page =
      replay_page(on_rows(row, run_of(mixture_of(1, 2), 0, 1, 0)), row, names, {.title = "</title>"});
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_EQ(page.find("<!--"), std::string::npos);
  EXPECT_EQ(data_of(page, "replay-data")["features"], names);
}

}  // namespace
}  // namespace mogul
