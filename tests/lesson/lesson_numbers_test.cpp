// The JSON of a lesson has every number, whatever people are shown; columns are called as people read them.
#include <algorithm>
#include <cstddef>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "lesson/lesson_json.hpp"
#include "mogul/explain.hpp"
#include "mogul/score.hpp"
#include "mogul/stats.hpp"
#include "plain_families.hpp"
#include "reference/generators.hpp"
#include "report/lesson/textbook_em.hpp"

namespace mogul {
namespace {

using nlohmann::json;
using oracle::Problem;
using test::LessonJson;

constexpr double kRounding =
    1e-13;  // of parameters near 1, which three updates reach by another way than one iteration

std::string feature(std::size_t i) { return "x" + std::to_string(i + 1); }

std::string of(const std::string& what, std::size_t i, std::size_t d) {
  return d == 1 ? what : what + " " + feature(i);
}

bool is_matrix(const CovarianceFamily& family) { return family.layout == Layout::matrix; }

// A mixture as it can be read from a table with a row per component, or from iteration `row` of the iterations, where
// each component has columns of its own.
void expect_parameters(const json& table, const Mixture& mixture, std::size_t iteration, bool per_component) {
  const std::size_t d = mixture.n_features();
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    const auto value = [&](const std::string& what, const std::string& features) {
      const std::string name = per_component ? what : what + "_" + std::to_string(k);
      const std::string column = features.empty() ? name : name + " " + features;
      return table.at(column).at(per_component ? k : iteration).get<double>();
    };
    const Matrix sigma = mixture.covariance(k);
    EXPECT_NEAR(value("weight", ""), mixture.weights()[k], kRounding);
    for (std::size_t i = 0; i < d; ++i) {
      EXPECT_NEAR(value("mean", d == 1 ? "" : feature(i)), mixture.means()(k, i), kRounding);
      EXPECT_NEAR(value("variance", d == 1 ? "" : feature(i)), mixture.variance(k, i), kRounding);
      for (std::size_t j = i + 1; is_matrix(mixture.family()) && j < d; ++j) {
        EXPECT_NEAR(value("covariance", feature(i) + ", " + feature(j)), sigma(i, j), kRounding);
      }
    }
  }
}

TEST(LessonNumbers, HaveEveryParameterOfEveryIterationInJson) {
  for (const test::PlainFamily& plain : test::plain_families()) {
    for (const std::size_t d : {1U, 2U, 4U, 5U, 9U}) {
      const Problem problem({.n = 80, .d = d, .k = 2, .structure = plain.family, .seed = d});
      const std::size_t max_iter = 3;
      const LessonJson lesson(explain(problem.model(), problem.view(), {}, {.max_iter = max_iter, .html = false}).json);
      const auto mixture_after = [&](std::size_t iterations) {
        return textbook_em(problem.model(), problem.view(), iterations, ExplainOptions().tol, 1).last().mixture;
      };
      const json& iterations = lesson.section("iterations").at("iterations");
      const std::size_t last = iterations.at("iteration").size() - 1;  // EM may have converged
      ASSERT_GE(last, 1U);
      for (std::size_t i = 0; i <= last; ++i) expect_parameters(iterations, mixture_after(i), i, false);
      expect_parameters(lesson.section("start").at("parameters"), problem.model(), 0, true);
      expect_parameters(lesson.section("update_weights").at("parameters"), mixture_after(1), 0, true);
      expect_parameters(lesson.section("iterations").at("parameters"), mixture_after(last), 0, true);
    }
  }
}

// The weighted covariance of the rows about the new mean.
TEST(LessonNumbers, HaveEveryEntryOfSInJson) {
  const std::size_t d = 5;
  const Problem problem({.n = 60, .d = d, .k = 2, .seed = 2});
  const DataView data = problem.view();
  const LessonJson lesson(explain(problem.model(), data, {}, {.html = false}).json);
  const Matrix r = responsibilities(problem.model(), data);
  for (std::size_t k = 0; k < 2; ++k) {
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = i; j < d; ++j) {
        const auto mean = [&](std::size_t f) {
          return lesson.column("update_means", "parameters", of("mean", f, d))[k];
        };
        double size = 0;
        double sum = 0;
        for (std::size_t n = 0; n < data.rows(); ++n) {
          size += r(n, k);
          sum += r(n, k) * (data.value(n, i) - mean(i)) * (data.value(n, j) - mean(j));
        }
        const double s = lesson.column("update_covariances", "S_k", "S " + feature(i) + ", " + feature(j))[k];
        EXPECT_NEAR(s, sum / size, 1e-12);
      }
    }
  }
}

TEST(LessonNumbers, HaveTheRowOfTheLatentVariableInJson) {
  const Problem problem({.n = 30, .d = 3, .k = 2, .seed = 5});
  const LessonJson lesson(explain(problem.model(), problem.view(), {}, {.dropped_rows = {0}, .html = false}).json);
  const auto row = lesson.section("latent_variable").at("row").get<std::size_t>() - 2;  // from 1, after a dropped one
  ASSERT_LT(row, 30U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(lesson.column("latent_variable", "x", feature(i)), std::vector<double>{problem.view().value(row, i)});
  }
  const std::string sentence = lesson.section("latent_variable").at("text").back();
  EXPECT_NE(sentence.find("At row " + std::to_string(row + 2) + " ("), std::string::npos) << sentence;
}

// What people are not shown, they are told of.
TEST(LessonNumbers, ThatTextLeavesOutAreSaid) {
  const auto text_of = [](std::size_t d, const CovarianceFamily& family) {
    const Problem problem({.n = 60, .d = d, .k = 2, .structure = family, .seed = d});
    const Explanation alone =
        explain(problem.model(), problem.view(), {}, {.max_iter = 2, .json = false, .html = false});
    const Explanation with_json = explain(problem.model(), problem.view(), {}, {.max_iter = 2, .html = false});
    EXPECT_EQ(alone.text, with_json.text);
    return alone.text;
  };
  const std::string many = "covariances between more than 4 features are only in the JSON form";
  const std::string iterations = "covariances at each iteration are only in the JSON form";
  const std::string sums = "The sums of this update and the next are written out for at most 3 features";
  for (const std::size_t d : {1U, 2U, 3U, 4U, 5U, 7U}) {
    for (const test::PlainFamily& plain : test::plain_families()) {
      const std::string text = text_of(d, plain.family);
      const bool has_covariances = d > 1 && is_matrix(plain.family);
      EXPECT_EQ(text.find(many) != std::string::npos, has_covariances && d > 4) << d << plain.name;
      EXPECT_EQ(text.find(iterations) != std::string::npos, has_covariances) << d << plain.name;
      EXPECT_EQ(text.find(sums) != std::string::npos, d > 3) << d << plain.name;
      EXPECT_EQ(text.find("the first 6 of 7 features") != std::string::npos, d > 6);
    }
  }
}

// The cells of a text: what two blanks or more stand between.
std::set<std::string> cells_of_text(const std::string& text) {
  std::set<std::string> cells;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::size_t begin = line.find_first_not_of(' ');
    while (begin != std::string::npos) {
      const std::size_t end = std::min(line.find("  ", begin), line.size());
      cells.insert(line.substr(begin, end - begin));
      begin = line.find_first_not_of(' ', end);
    }
  }
  return cells;
}

// A column of derivatives has one name: the key of JSON is the heading of the text.
TEST(LessonNumbers, NameDerivativesInJsonAsInText) {
  for (const test::PlainFamily& plain : test::plain_families()) {
    for (const std::size_t d : {1U, 2U}) {
      const Problem problem({.n = 40, .d = d, .k = 2, .structure = plain.family, .seed = 3});
      const Explanation made = explain(problem.model(), problem.view(), {}, {.max_iter = 1, .html = false});
      const std::set<std::string> cells = cells_of_text(made.text);
      const LessonJson lesson(made.json);
      for (const char* table : {"gradients", "covariance_gradients"}) {
        if (!lesson.section("gradient").contains(table)) continue;
        for (const auto& [name, values] : lesson.section("gradient").at(table).items()) {
          EXPECT_TRUE(cells.contains(name)) << plain.name << " " << name;
        }
      }
    }
  }
}

}  // namespace
}  // namespace mogul
