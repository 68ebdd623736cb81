#include "report/lesson/substitution.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "mogul/table.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMostTerms = 8;  // of a sum that is written out
constexpr int kFewestDigits = 4;
constexpr int kAllDigits = std::numeric_limits<double>::max_digits10;
constexpr double kNotEvaluated = std::numeric_limits<double>::quiet_NaN();

// Of zero, that of the smallest number.
int exponent(double value) {
  const double size =
      std::clamp(std::abs(value), std::numeric_limits<double>::min(), std::numeric_limits<double>::max());
  return static_cast<int>(std::floor(std::log10(size)));
}

// `digits` of the unit, or of the value if that is smaller, and no exponent where a value is not very large.
int digits_of(double value, int digits, double unit) {
  constexpr int kMostWithoutExponent = 15;
  const bool is_larger = value != 0 && std::isfinite(value) && unit > 0 && std::abs(value) > unit;
  if (!is_larger) return digits;
  const int before_point = exponent(value) + 1;
  const int needed = digits + exponent(value) - exponent(unit);
  return std::min(kAllDigits, std::max(needed, before_point <= kMostWithoutExponent ? before_point : 0));
}

double read(const std::string& text) {
  double value = kNotEvaluated;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// A sum that is nothing but the rounding of its terms is 0.
bool is_rounding(const Result& result) {
  constexpr double kRounding = 64 * std::numeric_limits<double>::epsilon();
  return std::abs(result.value) <= kRounding * result.scale;
}

// Where terms cancel, only so many as their rounding leaves.
int digits_of_result(const Result& result) {
  constexpr int kOfScale = 14;
  const int after_rounding = std::max(1, exponent(result.value) - exponent(result.scale) + kOfScale);
  return std::min(digits_of(result.value, kFewestDigits, result.unit), after_rounding);
}

// How far a value that rounds to the result may be from it.
double half_of_last_digit(const Result& result) {
  if (is_rounding(result)) return 1e-10 * result.scale;
  return 0.5 * std::pow(10.0, exponent(result.value) - digits_of_result(result) + 1);
}

Printed in_digits(double value, int digits) {
  const std::string text = number_text(value, digits);
  return {text, read(text)};
}

}  // namespace

Printed printed(double value, int digits, double unit) { return in_digits(value, digits_of(value, digits, unit)); }

Printed operand(double value, int digits, double unit) {
  Printed number = printed(value, digits, unit);
  if (value < 0) number.text = "(" + number.text + ")";
  return number;
}

Printed sum_of(std::size_t n, const std::function<Printed(std::size_t)>& term) {
  if (n == 1) return term(0);
  Printed sum{"(", 0};
  for (std::size_t i = 0; i < n; ++i) {
    if (n > kMostTerms && i == 3) {
      sum.text += " + ...";
      sum.value = kNotEvaluated;
      i = n - 1;
    }
    const Printed one = term(i);
    sum.text += (i == 0 ? "" : " + ") + one.text;
    sum.value += one.value;
  }
  sum.text += ")";
  return sum;
}

Printed operator*(const Printed& a, const Printed& b) { return {a.text + " * " + b.text, a.value * b.value}; }
Printed operator/(const Printed& a, const Printed& b) { return {a.text + " / " + b.text, a.value / b.value}; }
Printed difference(const Printed& a, const Printed& b) {
  return {fmt::format("({} - {})", a.text, b.text), a.value - b.value};
}

std::string substituted(const std::string& name, const std::function<Printed(int digits)>& expression,
                        const Result& result, const std::string& after) {
  const Printed end = is_rounding(result) ? Printed{"0", 0} : in_digits(result.value, digits_of_result(result));
  // A hundredth more than half a unit: a result half-way between two is reached only up to rounding.
  const double allowed = 1.02 * half_of_last_digit(result);
  int digits = kFewestDigits;
  Printed middle = expression(digits);
  while (digits < kAllDigits && std::abs(middle.value - end.value) > allowed) middle = expression(++digits);
  return fmt::format("{} = {}{} = {}{}", name, middle.text, after, end.text, after);
}

}  // namespace mogul
