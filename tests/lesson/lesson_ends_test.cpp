// Lessons whose EM has a hard end, or none that is a maximum, say the same in all their sections.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "lesson/lesson_json.hpp"
#include "mogul/explain.hpp"
#include "plain_families.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using nlohmann::json;
using test::LessonJson;

struct Case {
  Mixture start;
  Matrix rows;
  std::size_t max_iter = 50;
};

// Random problems whose components may lack a weight or rows, of few rows, at times of no iteration.
Case random_case(oracle::Dice& dice) {
  const std::size_t d = 1 + dice.index(2);
  const std::size_t k = 1 + dice.index(3);
  const auto structure = test::plain_families()[dice.index(6)].family;
  const Mixture drawn = oracle::random_mixture(dice, {.d = d, .k = k, .structure = structure});
  std::vector<double> weights = drawn.weights();
  Matrix means = drawn.means();
  if (k > 1 && dice.index(3) == 0) {
    const double rest = 1 - weights[0];
    weights[0] = 0;
    for (double& weight : weights) weight /= rest;
  }
  if (k > 1 && dice.index(3) == 0) means(k - 1, 0) = 1e6;
  Matrix rows = oracle::draw_rows(dice, drawn, 1 + dice.index(9));
  return {Mixture(structure, weights, means, drawn.covariances().values()), std::move(rows),
          dice.index(3) == 0 ? 0 : 50U};
}

bool has(const std::string& text, const std::string& what) { return text.find(what) != std::string::npos; }

// Text without the ends of its lines.
std::string unwrapped(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

// Where the updates can be carried out, so can an iteration, and they are the same; where they cannot, EM ends at once.
TEST(LessonEnds, UpdatesAreCarriedOutIfAndOnlyIfAnIterationIs) {
  oracle::Dice dice(11);
  std::size_t n_ended = 0;
  std::size_t n_went_on = 0;
  for (int i = 0; i < 200; ++i) {
    const Case one = random_case(dice);
    const Explanation made = explain(one.start, one.rows, {}, {.max_iter = one.max_iter, .html = false});
    const LessonJson lesson(made.json);
    const std::vector<double> negative = lesson.column("iterations", "iterations", "negative_log_likelihood");
    const bool ends_here = has(made.text, "EM ends here: ");
    if (one.max_iter > 0) {
      EXPECT_EQ(ends_here, negative.size() == 1) << made.text;
      EXPECT_EQ(ends_here, has(made.text, "EM stopped before iteration 1: ")) << made.text;
    }
    if (negative.size() > 1) {
      const double after = lesson.number("update_weights", "negative_log_likelihood");
      EXPECT_NEAR(after, negative[1], 1e-9 * (1 + std::abs(after)));
    }
    EXPECT_EQ(ends_here, test::section_names(lesson.document()) != test::kSections);
    EXPECT_EQ(has(made.text, "The mixture at the end, which is the start:"), negative.size() == 1);
    (ends_here ? n_ended : n_went_on) += 1;
  }
  EXPECT_GT(n_ended, 20U);
  EXPECT_GT(n_went_on, 20U);
}

// The section says so if a gradient has not vanished.
TEST(LessonEnds, ThatAreNoMaximumAreSaid) {
  const std::string no_maximum = "Here they do not all vanish, as EM ended before it reached a maximum.";
  oracle::Dice dice(12);
  std::size_t n_maxima = 0;
  std::size_t n_others = 0;
  for (int i = 0; i < 200; ++i) {
    const Case one = random_case(dice);
    const Explanation made =
        explain(one.start, one.rows, {}, {.max_iter = one.max_iter == 0 ? 0U : 2000U, .html = false});
    const LessonJson lesson(made.json);
    const json& section = lesson.section("gradient_at_end");
    if (!section.contains("largest_scaled_gradient")) continue;  // beyond the range of double
    const double gradient = section.at("largest_scaled_gradient");
    const bool failed = has(made.text, "EM stopped before iteration");
    const bool said = has(unwrapped(made.text), no_maximum);
    EXPECT_EQ(said, failed || gradient > 1e-4) << made.text;
    if (has(made.text, "EM converged")) {
      EXPECT_FALSE(said) << made.text;
    }
    (said ? n_others : n_maxima) += 1;
  }
  EXPECT_GT(n_maxima, 20U);
  EXPECT_GT(n_others, 20U);
}

TEST(LessonEnds, AComponentWithoutWeightEndsEmBeforeTheUpdates) {
  const Mixture start(families::full, {1, 0}, Matrix(2, 1, {1, 2}), {1, 2});
  const Explanation made = explain(start, Matrix(4, 1, {-3, -1, 2, 5}));
  EXPECT_TRUE(has(made.text, "EM ends here: component 1 is empty")) << made.text;
  EXPECT_TRUE(has(unwrapped(made.text), "EM stopped before iteration 1: component 1 is empty")) << made.text;
  EXPECT_FALSE(LessonJson(made.json).section("update_means").contains("parameters"));
}

// One row: the numbers show why its covariance is singular.
TEST(LessonEnds, ASingularCovarianceIsWrittenOut) {
  const Mixture start(families::full, {1.0}, Matrix(1, 1, {0}), {1});
  const std::string text = explain(start, Matrix(1, 1, {3})).text;
  EXPECT_TRUE(has(text, "S_0 = 1 * (3 - 3)^2 / 1 = 0\n")) << text;
}

}  // namespace
}  // namespace mogul
