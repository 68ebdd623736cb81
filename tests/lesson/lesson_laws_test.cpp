// Laws of lessons on random problems: every structure, one to six features, with and without weights.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <rapidcheck/gtest.h>

#include "lesson/lesson_json.hpp"
#include "mogul/explain.hpp"
#include "mogul/gradient.hpp"
#include "mogul/score.hpp"
#include "mogul/stats.hpp"
#include "plain_families.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using oracle::Problem;
using oracle::RowWeights;
using oracle::Shape;
using test::LessonJson;

Shape lesson_shape() {
  Shape shape = *oracle::fit_shape();
  shape.n = std::min<std::size_t>(shape.n, 150);
  return shape;
}

LessonJson lesson_of(const Problem& problem, ExplainOptions options = {.max_iter = 25}) {
  options.text = false;
  options.html = false;
  return LessonJson(explain(problem.model(), problem.view(), {}, options).json);
}

bool agree(double a, double b, double relative) {
  return std::abs(a - b) <= relative * (1 + std::abs(a) + std::abs(b));
}

// Under the responsibilities of the start each update raises Q, the next one further; L is above the start's after
// each, but may fall from one to the next, as Q is its bound at the start only.
RC_GTEST_PROP(Lesson, NoUpdateFallsBelowTheStartAndTheThreeAreOneIteration, ()) {
  const Problem problem(lesson_shape());
  const LessonJson lesson = lesson_of(problem);
  RC_PRE(test::section_names(lesson.document()) == test::kSections);
  const double start = lesson.number("log_likelihood", "log_likelihood");
  double last = start;
  for (const char* section : {"update_means", "update_covariances", "update_weights"}) {
    last = lesson.number(section, "log_likelihood");
    RC_ASSERT(last >= start - 1e-10 * (1 + std::abs(start)));
  }
  const std::vector<double> negative = lesson.column("iterations", "iterations", "negative_log_likelihood");
  RC_ASSERT(negative.size() >= 2U);
  RC_ASSERT(agree(-negative[1], last, 1e-12));
  for (std::size_t k = 0; k < problem.model().n_components(); ++k) {
    const double weight = lesson.column("update_weights", "parameters", "weight")[k];
    RC_ASSERT(agree(weight, lesson.column("iterations", "iterations", "weight_" + std::to_string(k))[1], 1e-12));
  }
}

RC_GTEST_PROP(Lesson, ResponsibilitiesSumToOneAndToTheSizes, ()) {
  const Problem problem(lesson_shape());
  const LessonJson lesson = lesson_of(problem);
  const DataView data = problem.view();
  for (const double sum : lesson.column("responsibilities", "responsibilities", "sum")) {
    RC_ASSERT(std::abs(sum - 1) < 1e-12);
  }
  for (std::size_t k = 0; k < problem.model().n_components(); ++k) {
    const std::vector<double> r = lesson.column("responsibilities", "responsibilities", "r_" + std::to_string(k));
    double size = 0;
    for (std::size_t n = 0; n < r.size(); ++n) size += data.weight(n) * r[n];
    RC_ASSERT(agree(size, lesson.column("responsibilities", "component_sizes", "N_k")[k], 1e-10));
  }
}

// C is the value of Q with all responsibility at the labels that make each row's term largest.
RC_GTEST_PROP(Lesson, LIsQPlusHAndTheMostProbableLabelsExceedQ, ()) {
  const Problem problem(lesson_shape());
  const LessonJson lesson = lesson_of(problem);
  const double l = lesson.number("complete_data", "log_likelihood");
  const double q = lesson.number("complete_data", "expected_complete_log_likelihood");
  const double h = lesson.number("complete_data", "entropy");
  const double c = lesson.number("complete_data", "complete_log_likelihood");
  const double rounding = 1e-10 * (1 + std::abs(l));
  RC_ASSERT(std::abs(l - q - h) <= rounding);
  RC_ASSERT(h >= 0);
  RC_ASSERT(c >= q - rounding);
  RC_ASSERT(c <= l + rounding);
}

RC_GTEST_PROP(Lesson, GradientsAreThoseOfTheLibraryAndTheMultiplierIsMinusN, ()) {
  const Problem problem(lesson_shape());
  const LessonJson lesson = lesson_of(problem);
  const LogLikelihoodGradient expected = log_likelihood_gradient(problem.model(), problem.view());
  const std::size_t d = problem.model().n_features();
  for (std::size_t i = 0; i < d; ++i) {
    const std::vector<double> column =
        lesson.column("gradient", "gradients", d == 1 ? "dL/dmu_k" : "dL/dmu_k x" + std::to_string(i + 1));
    for (std::size_t k = 0; k < column.size(); ++k) RC_ASSERT(column[k] == expected.means(k, i));
  }
  RC_ASSERT(lesson.column("gradient", "gradients", "dL/dpi_k") == expected.weights);
  const DataView data = problem.view();
  double n = 0;
  for (std::size_t i = 0; i < data.rows(); ++i) n += data.weight(i);
  for (const char* section : {"gradient", "update_means", "update_covariances", "update_weights", "gradient_at_end"}) {
    RC_PRE(test::section_names(lesson.document()) == test::kSections);
    RC_ASSERT(agree(lesson.number(section, "lagrange_multiplier"), -n, 1e-12));
  }
}

TEST(Lesson, GradientsVanishAtTheEndUnderEveryStructure) {
  for (const test::PlainFamily& structure : test::plain_families()) {
    for (const std::size_t d : {1U, 2U, 3U}) {
      const Problem problem({.n = 200, .d = d, .k = 2, .structure = structure.family, .separation = 6, .seed = d});
      const LessonJson lesson = lesson_of(problem, {.tol = 1e-15});
      EXPECT_GT(lesson.number("gradient", "largest_scaled_gradient"), 1e-3);
      EXPECT_LT(lesson.number("gradient_at_end", "largest_scaled_gradient"), 1e-5) << structure.name << " " << d;
      const std::vector<double> all = lesson.column("iterations", "iterations", "largest scaled gradient");
      EXPECT_EQ(all.front(), lesson.number("gradient", "largest_scaled_gradient"));
      EXPECT_EQ(all.back(), lesson.number("gradient_at_end", "largest_scaled_gradient"));
    }
  }
}

// Each entry once, of a symmetric matrix the lower triangle.
TEST(Lesson, CovarianceGradientsNameTheirEntries) {
  for (const test::PlainFamily& structure : test::plain_families()) {
    const Problem problem({.n = 60, .d = 3, .k = 2, .structure = structure.family, .seed = 4});
    const LessonJson lesson = lesson_of(problem);
    const nlohmann::json table = lesson.section("gradient").at("covariance_gradients");
    const std::vector<double> values = table.at(structure.family.shared ? "dL/dSigma" : "dL/dSigma_k");
    const LogLikelihoodGradient gradient = log_likelihood_gradient(problem.model(), problem.view());
    const std::size_t owners = structure.family.shared ? 1 : 2;
    EXPECT_EQ(table.contains("component"), owners == 2);
    const std::size_t each = gradient.covariances.size() / owners;
    ASSERT_EQ(values.size(), owners * (each == 9 ? 6 : each)) << structure.name;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto place = [&](const char* column) {
        return table.contains(column) ? std::stoul(table[column][i].get<std::string>().substr(1)) - 1 : 0UL;
      };
      const std::size_t k = owners == 2 ? table["component"][i].get<std::size_t>() : 0;
      const std::size_t entry = each == 9 ? 3 * place("feature") + place("and") : place("feature");
      EXPECT_EQ(values[i], gradient.covariances[k * each + entry]) << structure.name;
    }
  }
}

TEST(Lesson, OneComponentEndsAtTheMeanAndCovarianceOfAllRows) {
  const Mixture start(families::full, {1.0}, Matrix(1, 2, {5, 5}), {1, 0, 0, 1});
  const Matrix rows(4, 2, {0, 0, 2, 0, 0, 4, 2, 8});
  const LessonJson lesson(explain(start, rows).json);
  EXPECT_NEAR(lesson.column("iterations", "parameters", "mean x1")[0], 1, 1e-14);
  EXPECT_NEAR(lesson.column("iterations", "parameters", "mean x2")[0], 3, 1e-14);
  EXPECT_NEAR(lesson.column("iterations", "parameters", "variance x2")[0], 11, 1e-13);
  EXPECT_NEAR(lesson.column("iterations", "parameters", "covariance x1, x2")[0], 1, 1e-14);
  EXPECT_EQ(lesson.number("complete_data", "entropy"), 0);
}

// Prior times density is the joint, its sum the marginal, its share the posterior.
RC_GTEST_PROP(Lesson, TheLatentVariableObeysBayesTheorem, ()) {
  const Problem problem(lesson_shape());
  const LessonJson lesson = lesson_of(problem);
  const auto column = [&](const char* name) { return lesson.column("latent_variable", "at_row", name); };
  const std::vector<double> prior = column("prior pi_k");
  const std::vector<double> density = column("N(x | mu_k, Sigma_k)");
  const std::vector<double> joint = column("joint p(x, z_k = 1)");
  const std::vector<double> posterior = column("posterior r_k");
  const double marginal = lesson.number("latent_variable", "marginal");
  RC_ASSERT(agree(std::accumulate(joint.begin(), joint.end(), 0.0) / marginal, 1, 1e-10));
  for (std::size_t k = 0; k < prior.size(); ++k) {
    RC_ASSERT(std::abs(prior[k] * density[k] - joint[k]) <= 1e-10 * joint[k]);
    RC_ASSERT(std::abs(joint[k] / marginal - posterior[k]) <= 1e-10);
  }
}

}  // namespace
}  // namespace mogul
