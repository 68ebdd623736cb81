// The sums that a lesson writes out evaluate to the results that it prints, and pages set them as mathematics.
#include "report/write/formula.hpp"

#include <cmath>
#include <stdexcept>

#include <gtest/gtest.h>

#include "lesson/lesson_json.hpp"
#include "mogul/explain.hpp"
#include "reference/generators.hpp"
#include "plain_families.hpp"

namespace mogul {
namespace {

using test::LessonJson;

/// Numbers, + - * / ^ and parentheses.
class Expression {
 public:
  explicit Expression(std::string text) : text_(std::move(text)) {}

  double value() {
    const double result = sum();
    if (at_ != text_.size()) throw std::invalid_argument("left over: " + text_.substr(at_));
    return result;
  }

 private:
  void skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(char c) {
    skip();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  double sum() {
    double result = product();
    for (;;) {
      if (take('+')) {
        result += product();
      } else if (take('-')) {
        result -= product();
      } else {
        skip();
        return result;
      }
    }
  }
  double product() {
    double result = power();
    for (;;) {
      if (take('*')) {
        result *= power();
      } else if (take('/')) {
        result /= power();
      } else {
        return result;
      }
    }
  }
  double power() {
    const double base = atom();
    return take('^') ? std::pow(base, atom()) : base;
  }
  double atom() {
    if (take('(')) {
      const double result = sum();
      if (!take(')')) throw std::invalid_argument("no ')' in " + text_);
      return result;
    }
    skip();
    std::size_t used = 0;
    const double result = std::stod(text_.substr(at_), &used);
    at_ += used;
    return result;
  }

  std::string text_;
  std::size_t at_ = 0;
};

// "mu_0 = (...) / 2.057 = -2.701": numbers of four digits, so that sums with cancellation differ by more.
std::size_t expect_true(const std::vector<std::string>& formulas, const std::string& beginning, double tolerance) {
  std::size_t n_checked = 0;
  for (const std::string& formula : formulas) {
    const std::size_t first = formula.find(" = ");
    const std::size_t last = formula.rfind(" = ");
    if (!formula.starts_with(beginning) || first == last) continue;
    const std::string left = formula.substr(first + 3, last - first - 3);
    const double result = std::stod(formula.substr(last + 3));
    EXPECT_NEAR(Expression(left).value(), result, tolerance) << formula;
    ++n_checked;
  }
  return n_checked;
}

TEST(Formulas, OfTheWorkedExampleEvaluateToTheirResults) {
  const Mixture start(families::full, std::vector<double>(3, 1.0 / 3), Matrix(3, 1, {-4, 0, 8}),
                      {1, 0.2, 3});
  const Matrix rows(7, 1, {-3, -2.5, -1, 0, 2, 4, 5});
  const LessonJson lesson(explain(start, rows).json);
  EXPECT_EQ(expect_true(lesson.formulas("update_means"), "mu_", 2e-3), 3U);
  EXPECT_EQ(expect_true(lesson.formulas("update_covariances"), "S_", 2e-3), 3U);
  EXPECT_EQ(expect_true(lesson.formulas("update_weights"), "pi_", 2e-4), 3U);
}

TEST(Formulas, OfWeightedRowsInThePlaneEvaluateToTheirResultsUnderEveryStructure) {
  const Matrix rows(6, 2, {0, 0, 1, -0.5, 0.5, 1.5, 6, 7, 7, 5, 8, 8});
  const std::vector<double> weights = {1, 2, 0.5, 1, 3, 0};
  for (const test::PlainFamily& structure : test::plain_families()) {
    const bool matrices =
        structure.family == families::full || structure.family == families::tied;
    oracle::Dice dice(3);
    const Mixture shaped = oracle::random_mixture(dice, {.d = 2, .k = 2, .structure = structure.family});
    const Mixture start(structure.family, {0.4, 0.6}, Matrix(2, 2, {0, 0, 7, 7}), shaped.covariances().values());
    const LessonJson lesson(explain(start, DataView(rows, weights)).json);
    EXPECT_EQ(expect_true(lesson.formulas("update_means"), "mu_", 5e-3), 4U);
    EXPECT_EQ(expect_true(lesson.formulas("update_covariances"), "S_", 1e-2), matrices ? 6U : 4U) << structure.name;
    EXPECT_EQ(expect_true(lesson.formulas("update_weights"), "pi_", 1e-3), 2U);
  }
}

TEST(Formulas, OfManyRowsAreAbridged) {
  Matrix rows(30, 1);
  for (std::size_t i = 0; i < 30; ++i) rows(i, 0) = static_cast<double>(i);
  const Mixture start(families::full, {1.0}, Matrix(1, 1, {3}), {4});
  const std::string mean = LessonJson(explain(start, rows).json).formulas("update_means").at(1);
  EXPECT_EQ(mean, "mu_0 = (1 * 0 + 1 * 1 + 1 * 2 + ... + 1 * 29) / 30 = 14.5");
}

TEST(Formulas, AreSetAsMathematics) {
  EXPECT_EQ(
      formula_html("mu_k = sum_n r_nk x_n / N_k"),
      "&mu;<sub><i>k</i></sub> = &sum;<sub><i>n</i></sub> <i>r</i><sub><i>nk</i></sub> <i>x</i><sub><i>n</i></sub> / "
      "<i>N</i><sub><i>k</i></sub>");
  EXPECT_EQ(formula_html("2 * (-3.5e-09)"), "2 &middot; (&minus;3.5&times;10<sup>&minus;9</sup>)");
  EXPECT_EQ(formula_html("Sigma_k^(-1)"), "&Sigma;<sub><i>k</i></sub><sup>&minus;1</sup>");
}

TEST(Formulas, LeaveNamesInBracketsAsTheyAre) {
  EXPECT_EQ(formula_html("mu_0 [pi_sum] <b>]"), "&mu;<sub>0</sub> [pi_sum] &lt;b&gt;]");
  EXPECT_EQ(formula_html("[\xC3\xA9]"), "[\xC3\xA9]");
  EXPECT_EQ(formula_html("[open"), "[open");
}

}  // namespace
}  // namespace mogul
