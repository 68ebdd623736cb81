// Formulas with numbers put in: with so many digits that a reader's calculator gives the result that stands there.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace mogul {

/// A part of a formula, and what it evaluates to as it is printed; NaN where the text leaves terms out.
struct Printed {
  std::string text;
  double value;
};

/// A number with so many significant digits of `unit` where it is larger than that, else of its own.
/// @param unit  as in number_text()
Printed printed(double value, int digits, double unit = 0);

/// After a sign a negative number stands in parentheses.
Printed operand(double value, int digits, double unit = 0);

/// "(first + second + ... + last)"; a single term has no parentheses.
Printed sum_of(std::size_t n, const std::function<Printed(std::size_t)>& term);

Printed operator*(const Printed& a, const Printed& b);
Printed operator/(const Printed& a, const Printed& b);
/// "(a - b)".
Printed difference(const Printed& a, const Printed& b);

/// The number at the end of a formula.
struct Result {
  double value;
  double scale;     ///< size of the terms that it is the sum of: below its rounding the value is 0
  double unit = 0;  ///< as in number_text()
};

/// "name = expression = result", and `after` behind both. All numbers of the expression have as many digits, at least
/// four, as it takes until it evaluates to the result, rounded as that is.
/// @param expression  the expression whose numbers have so many digits
std::string substituted(const std::string& name, const std::function<Printed(int digits)>& expression,
                        const Result& result, const std::string& after = "");

}  // namespace mogul
