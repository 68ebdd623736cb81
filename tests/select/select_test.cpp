// Tables of fits: nested families and neighbours agree, the choice, and what cannot be fitted.
#include "mogul/select.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <thread>

#include "message_of.hpp"
#include "mogul/error.hpp"
#include "mogul/fit.hpp"
#include "mogul/score.hpp"
#include "reference/generators.hpp"
#include "select/nesting.hpp"

namespace mogul {
namespace {

using oracle::Problem;
using testing::HasSubstr;

SelectOptions small_table(std::size_t most) {
  SelectOptions options;
  options.n_components.clear();
  for (std::size_t k = 1; k <= most; ++k) options.n_components.push_back(k);
  options.covariances.clear();
  for (const CovarianceFamily* family : covariance_families()) options.covariances.push_back(*family);
  return options;
}

TEST(Select, WiderFamiliesAndMoreComponentsAreNotLower) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const Problem problem({.n = 240, .d = 3, .k = 3, .separation = 2, .seed = seed});
    SelectOptions options = small_table(4);
    options.fit.reg_covar = 0;
    const Selection table = select(problem.view(), options);
    for (const SelectionCell& narrow : table.cells) {
      if (!narrow.fit) continue;
      for (const SelectionCell& wide : table.cells) {
        const bool contains =
            (is_narrower(narrow.covariance, wide.covariance) && narrow.n_components == wide.n_components) ||
            (narrow.covariance == wide.covariance && narrow.n_components + 1 == wide.n_components);
        if (!contains || !wide.fit) continue;
        EXPECT_GE(wide.fit->report.log_likelihood, narrow.fit->report.log_likelihood - 0.05)
            << seed << ": " << narrow.covariance.name << " " << narrow.n_components << ", " << wide.covariance.name
            << " " << wide.n_components;
      }
    }
  }
}

TEST(Select, CellsAreFitsOfTheRows) {
  const Problem problem({.n = 200, .d = 2, .k = 2, .separation = 3, .seed = 4});
  const Selection table = select(problem.view(), small_table(3));
  ASSERT_EQ(table.cells.size(), 42U);
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    const SelectionCell& cell = table.cells[i];
    EXPECT_EQ(cell.n_components, 1 + i / 14);
    EXPECT_EQ(cell.covariance, *covariance_families()[i % 14]);
    ASSERT_TRUE(cell.fit) << cell.reason;
    EXPECT_EQ(cell.fit->mixture.family(), cell.covariance);
    const Evaluation evaluation = evaluate(cell.fit->mixture, problem.view());
    EXPECT_NEAR(evaluation.log_likelihood, cell.fit->report.log_likelihood, 1e-8);
    EXPECT_NEAR(evaluation.bic, value_of(cell, Criterion::bic), 1e-7);
    EXPECT_NEAR(evaluation.icl, value_of(cell, Criterion::icl), 1e-6);
    const auto p = static_cast<double>(evaluation.n_parameters);
    EXPECT_NEAR(value_of(cell, Criterion::aicc), evaluation.aic + 2 * p * (p + 1) / (200 - p - 1), 1e-7);
    EXPECT_LE(value_of(table.cells[*table.best], Criterion::bic), value_of(cell, Criterion::bic));
  }
}

TEST(Select, HasTheSameBytesForAnyNumberOfThreads) {
  const Problem problem({.n = 150, .d = 2, .k = 3, .separation = 2, .seed = 5});
  SelectOptions options = small_table(4);
  const auto with_threads = [&](unsigned n_threads) {
    options.fit.n_threads = n_threads;
    return selection_json(select(problem.view(), options));
  };
  EXPECT_EQ(with_threads(1), with_threads(3));
}

// The truth, where clusters are apart and long in one direction, as in scikit-learn's issue 34842.
TEST(Select, FindsTheNumberAndTheFamilyOfClustersThatAreApart) {
  std::size_t n_right = 0;
  constexpr std::size_t kProblems = 20;
  for (std::uint64_t seed = 1; seed <= kProblems; ++seed) {
    oracle::Dice dice(seed);
    const std::size_t k = 2 + seed % 4;
    Matrix x(400, 2);
    for (std::size_t i = 0; i < 400; ++i) {
      const double long_way = 3 * dice.normal();
      const double short_way = 0.3 * dice.normal();
      x(i, 0) = long_way + short_way;
      x(i, 1) = long_way - short_way + 6 * static_cast<double>(i % k);
    }
    SelectOptions options;
    options.n_components = {1, 2, 3, 4, 5, 6};
    const Selection table = select(x, options);
    const SelectionCell& best = table.cells[*table.best];
    n_right += best.n_components == k && best.covariance == families::eee ? 1 : 0;
  }
  EXPECT_GE(n_right, 19U);
}

TEST(Select, SaysWhyThereIsNoFit) {
  oracle::Dice dice(6);
  Matrix x(5, 1);
  for (std::size_t i = 0; i < 5; ++i) x(i, 0) = dice.normal();
  SelectOptions options;
  options.n_components = {1, 3, 7};
  options.covariances = {families::eii, families::vvv, families::vii, families::eee};
  options.fit.reg_covar = 0;
  const Selection table = select(x, options);
  const auto reason = [&](std::size_t row, std::size_t family) { return table.cells[4 * row + family].reason; };
  EXPECT_EQ(reason(0, 0), "");
  EXPECT_EQ(reason(0, 2), "the same as VVV, as there is one feature");
  EXPECT_EQ(reason(0, 3), "the same as EII, as there is one feature");
  EXPECT_THAT(reason(1, 1), HasSubstr("too few rows"));
  EXPECT_EQ(reason(2, 0), "more components than rows of positive weight, 5");
  EXPECT_TRUE(std::isnan(value_of(table.cells[8], Criterion::bic)));
  EXPECT_THAT(summary(table), HasSubstr("no fit          EII 7, VVV 7, VII 7, EEE 7: more components than rows"));
  const auto json = nlohmann::json::parse(selection_json(table));
  EXPECT_TRUE(json["cells"][8]["log_likelihood"].is_null());
  EXPECT_EQ(json["cells"][8]["reason"], reason(2, 0));
  EXPECT_EQ(json["best"]["n_components"], table.cells[*table.best].n_components);
}

TEST(Select, ShowsCriteriaWithTheSignOfMclust) {
  const Problem problem({.n = 100, .d = 2, .k = 2, .seed = 7});
  SelectOptions options;
  options.n_components = {2, 1, 2};
  const Selection table = select(problem.view(), options);
  ASSERT_EQ(table.cells.size(), 12U) << "each K once, in order";
  const auto here = nlohmann::json::parse(selection_json(table));
  const auto there = nlohmann::json::parse(selection_json(table, CriterionSign::as_mclust));
  EXPECT_EQ(double(here["best"]["bic"]), -double(there["best"]["bic"]));
  EXPECT_EQ(here["best"]["covariance"], there["best"]["covariance"]);
  EXPECT_THAT(summary(table, CriterionSign::as_mclust), HasSubstr("BIC, higher is better"));
}

TEST(Select, KeepsWhatIsDoneWhereItIsInterrupted) {
  const Problem problem({.n = 300, .d = 3, .k = 3, .seed = 8});
  SelectOptions options = small_table(6);
  options.fit.n_threads = 1;
  std::size_t n_told = 0;
  options.progress = [&](const SelectionCell&, std::size_t n_done, std::size_t n_cells) {
    ++n_told;
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    EXPECT_EQ(n_cells, 84U);
    EXPECT_LE(n_done, n_cells);
  };
  options.fit.interrupted = [&] { return n_told >= 20; };
  const Selection table = select(problem.view(), options);
  EXPECT_TRUE(table.is_interrupted);
  ASSERT_TRUE(table.best.has_value());
  EXPECT_TRUE(table.cells.front().fit);
  EXPECT_EQ(table.cells.back().reason, "interrupted before this fit");
  EXPECT_THAT(summary(table), HasSubstr("interrupted before this fit"));
}

// An interrupted selection that goes on ends as one that was not.
TEST(Select, GoesOnFromFitsThatAreKnown) {
  const Problem problem({.n = 300, .d = 2, .k = 3, .seed = 10});
  SelectOptions options = small_table(5);
  const Selection whole = select(problem.view(), options);
  options.fit.n_threads = 1;
  std::size_t n_told = 0;
  options.progress = [&](const SelectionCell&, std::size_t, std::size_t) {
    ++n_told;
    std::this_thread::sleep_for(std::chrono::milliseconds(3));  // the caller is asked every 20 ms
  };
  options.fit.interrupted = [&] { return n_told >= 30; };
  const Selection part = select(problem.view(), options);
  ASSERT_TRUE(part.is_interrupted);
  options.progress = {};
  options.fit.interrupted = {};
  for (const SelectionCell& cell : part.cells) {
    if (cell.fit) options.known.push_back({cell.fit->mixture, cell.fit->report});
  }
  ASSERT_GE(options.known.size(), 20U);
  const Selection rest = select(problem.view(), options);
  EXPECT_EQ(rest.best, whole.best);
  for (std::size_t i = 0; i < whole.cells.size(); ++i) {
    EXPECT_EQ(rest.cells[i].fit->mixture, whole.cells[i].fit->mixture) << i;
    EXPECT_EQ(rest.cells[i].fit->stats.log_likelihood, whole.cells[i].fit->stats.log_likelihood) << i;
  }
}

TEST(Select, RefusesKnownFitsOfOtherRows) {
  const Problem problem({.n = 100, .d = 2, .k = 2, .seed = 11});
  const Problem other({.n = 100, .d = 2, .k = 2, .seed = 12});
  const Problem wider({.n = 100, .d = 3, .k = 2, .seed = 12});
  SelectOptions options = small_table(2);
  const Selection table = select(other.view(), options);
  options.known.push_back({table.cells[20].fit->mixture, table.cells[20].fit->report});
  EXPECT_THAT(test::message_of<invalid_argument>([&] { select(problem.view(), options); }),
              HasSubstr("is of other rows: the log-likelihood of these is"));
  EXPECT_THAT(test::message_of<invalid_argument>([&] { select(wider.view(), options); }),
              HasSubstr("has 2 features; the data have 3 columns"));
}

// Whatever fits start from, a search's end is among what they are raced against.
TEST(Select, StartsAsItIsTold) {
  const Problem problem({.n = 400, .d = 3, .k = 4, .separation = 1.5, .seed = 13});
  SelectOptions options;
  options.n_components = {4};
  options.covariances = {families::vvv};
  options.search = Search::standard;
  FitOptions alone;
  alone.n_components = 4;
  const double found = fit(problem.view(), alone).report.log_likelihood;
  EXPECT_GE(select(problem.view(), options).cells[0].fit->report.log_likelihood, found - 0.1);
  options.search = Search::none;
  options.init = InitMethod::random_from_data;
  options.fit.n_init = 7;
  const Selection table = select(problem.view(), options);
  EXPECT_EQ(table.cells[0].fit->report.search->n_starts, 7U);
  options.init = InitMethod::hierarchical;
  EXPECT_THAT(test::message_of<invalid_argument>([&] { select(problem.view(), options); }), HasSubstr("n_init"));
}

TEST(Select, RefusesOptionsThatBreakARule) {
  const Problem problem({.n = 50, .d = 2, .k = 2, .seed = 9});
  SelectOptions options;
  options.n_components = {};
  EXPECT_THROW(select(problem.view(), options), invalid_argument);
  options = {};
  options.covariances = {};
  EXPECT_THROW(select(problem.view(), options), invalid_argument);
  options = {};
  options.n_components = {0, 1};
  EXPECT_THROW(select(problem.view(), options), invalid_argument);
  options = {};
  options.fit.reg_covar = -1;
  EXPECT_THROW(select(problem.view(), options), invalid_argument);
  options = {};
  options.criterion = Criterion::cv;
  options.n_folds = 1;
  EXPECT_THROW(select(problem.view(), options), invalid_argument);
  options.n_folds = 51;
  EXPECT_THROW(select(problem.view(), options), invalid_argument);
  options = {};
  options.criterion = Criterion::stability;
  options.n_runs = 1;
  EXPECT_THROW(select(problem.view(), options), invalid_argument);
  options.n_runs = 2;
  options.init = InitMethod::hierarchical;
  EXPECT_THROW(select(problem.view(), options), invalid_argument);
}

}  // namespace
}  // namespace mogul
