// The sums that a lesson writes out evaluate to the results that it prints, and pages set them as mathematics.
#include "report/write/formula.hpp"

#include <cmath>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "lesson/lesson_json.hpp"
#include "mogul/explain.hpp"
#include "plain_families.hpp"
#include "reference/generators.hpp"

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

// The value of the last place of a printed number: 0.01 of "-2.70", 1e-11 of "1.5e-10".
double last_place(const std::string& number) {
  const std::size_t e = number.find('e');
  const std::string digits = number.substr(0, e);
  const std::size_t point = digits.find('.');
  const double decimals = point == std::string::npos ? 0 : static_cast<double>(digits.size() - point - 1);
  return std::pow(10, (e == std::string::npos ? 0 : std::stod(number.substr(e + 1))) - decimals);
}

// The same expression with every sign a plus: the size of what is added up.
std::string without_minus(std::string expression) {
  std::string signs_gone;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    const bool in_exponent = i > 0 && expression[i - 1] == 'e';
    if (expression[i] != '-' || in_exponent) {
      signs_gone += expression[i];
    } else if (i + 1 < expression.size() && expression[i + 1] == ' ') {
      signs_gone += '+';
    }
  }
  return signs_gone;
}

// How far a printed result may be from its expression: a unit of the last place that is printed, but where zeros at the
// end are left out no more than four digits allow. 0 stands for what is only rounding.
double tolerance(const std::string& result, const std::string& expression) {
  const double value = std::stod(result);
  if (value == 0) return 1e-9 * Expression(without_minus(expression)).value();
  return std::min(last_place(result), 1.1e-3 * std::abs(value));
}

// How many lines of a text are "mu_0 = (...) / 2.057 = -2.701". Each must evaluate to its result; " I" behind both is
// the identity.
std::size_t expect_true(const std::string& text, const std::string& beginning) {
  std::istringstream lines(text);
  std::size_t n_checked = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("    " + beginning)) continue;
    const std::size_t first = line.find(" = ");
    const std::size_t last = line.rfind(" = ");
    if (first == last) continue;
    std::string middle = line.substr(first + 3, last - first - 3);
    if (middle.ends_with(" I")) middle.erase(middle.size() - 2);
    const std::string result = line.substr(last + 3, line.find(' ', last + 3) - last - 3);
    EXPECT_LE(std::abs(Expression(middle).value() - std::stod(result)), tolerance(result, middle)) << line;
    ++n_checked;
  }
  return n_checked;
}

TEST(Formulas, OfTheWorkedExampleEvaluateToTheirResults) {
  const Mixture start(families::full, std::vector<double>(3, 1.0 / 3), Matrix(3, 1, {-4, 0, 8}), {1, 0.2, 3});
  const Matrix rows(7, 1, {-3, -2.5, -1, 0, 2, 4, 5});
  const std::string text = explain(start, rows).text;
  EXPECT_EQ(expect_true(text, "mu_"), 3U);
  EXPECT_EQ(expect_true(text, "S_"), 3U);
  EXPECT_EQ(expect_true(text, "pi_"), 3U);
  EXPECT_EQ(text.find("x_n - c"), std::string::npos) << "no mean is far from zero";
}

/// Of K components of D features.
struct Counts {
  std::size_t entries;  ///< of S_k
  std::size_t sigmas;   ///< lines in which a structure makes something else of S_k
};

Counts expected_counts(const CovarianceFamily& family, std::size_t k, std::size_t d) {
  const std::size_t entries = family.layout == Layout::matrix ? d * (d + 1) / 2 : d;
  if (family.layout == Layout::spherical) return {entries, family.shared ? 1 : k};
  return {entries, family.shared ? entries : 0};
}

// Whatever the structure, the offset and the unit of the data.
TEST(Formulas, OfRandomRowsEvaluateToTheirResultsUnderEveryStructure) {
  std::size_t n_whole = 0;
  oracle::Dice dice(7);
  for (const test::PlainFamily& plain : test::plain_families()) {
    for (const double offset : {0.0, 2000.0, 1e9}) {
      for (const double scale : {0.02, 1.0, 300.0}) {
        const std::size_t d = 1 + dice.index(3);
        const std::size_t k = 1 + dice.index(4);
        const std::size_t n = 1 + dice.index(8);
        const Mixture start =
            oracle::random_mixture(dice, {.d = d, .k = k, .structure = plain.family, .offset = offset, .scale = scale});
        const Matrix rows = oracle::draw_rows(dice, start, n);
        std::vector<double> weights(n, 1.0);
        if (dice.index(2) == 1) {
          for (double& weight : weights) weight = 0.5 + dice.uniform();
        }
        const std::string text = explain(start, DataView(rows, weights), {}, {.max_iter = 3, .html = false}).text;
        const std::size_t means = expect_true(text, "mu_");
        const std::size_t entries = expect_true(text, "S_");
        const std::size_t sigmas = expect_true(text, "Sigma_");
        const std::size_t shares = expect_true(text, "pi_");
        if (text.find("EM ends here") != std::string::npos) continue;
        const Counts expected = expected_counts(plain.family, k, d);
        EXPECT_EQ(means, k * d) << plain.name;
        EXPECT_EQ(entries, k * expected.entries) << plain.name;
        EXPECT_EQ(sigmas, expected.sigmas) << plain.name;
        EXPECT_EQ(shares, k);
        ++n_whole;
      }
    }
  }
  EXPECT_GT(n_whole, 30U);
}

// Terms that cancel are 0 up to rounding, which is what stands there.
TEST(Formulas, OfRowsAboutZeroEvaluateToZero) {
  const Matrix rows(4, 2, {-1, 2, 1, 2, -0.1, 3, 0.1, 3});
  const Mixture start(families::full, {1.0}, Matrix(1, 2, {0.5, 0.1}), {1, 0, 0, 1});
  const std::string text = explain(start, rows).text;
  EXPECT_NE(text.find("/ 4 = 0\n"), std::string::npos) << text;
  EXPECT_EQ(expect_true(text, "mu_") + expect_true(text, "S_"), 5U);
}

// The responsibilities of a mean far from zero need no more digits than those of one near it.
TEST(Formulas, OfMeansFarFromZeroAreTakenAboutARoundNumber) {
  const std::string text =
      explain(Mixture(families::full, {1.0}, Matrix(1, 1, {1990}), {4}), Matrix(3, 1, {1997, 1998.5, 2001})).text;
  EXPECT_NE(text.find("    mu_k = c + sum_n r_nk (x_n - c) / N_k\n"), std::string::npos) << text;
  EXPECT_NE(text.find("    mu_0 = 2000 + (1 * (1997 - 2000) + 1 * (1998.5 - 2000) + 1 * (2001 - 2000)) / 3 = 1998.833"),
            std::string::npos)
      << text;
}

TEST(Formulas, OfRowsOfAnySizeEvaluateToTheirResults) {
  for (const double size : {1e-82, 1e-40, 1e40, 1e80}) {
    const Mixture start(families::vvv, {0.5, 0.5}, Matrix(2, 1, {-size, size}), {size * size, size * size});
    const std::string text = explain(start, Matrix(3, 1, {-size, 2 * size, 3 * size}), {}, {.max_iter = 1}).text;
    EXPECT_EQ(expect_true(text, "mu_"), 2U) << size;
    EXPECT_EQ(expect_true(text, "S_"), 2U) << size;
    EXPECT_EQ(text.find("= 0\n"), std::string::npos) << size;
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
