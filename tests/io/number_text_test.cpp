#include "io/csv/number_text.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <cfloat>
#include <cmath>
#include <string>
#include <vector>

namespace mogul {
namespace {

void expect_number(std::string_view text, double value) {
  const NumberText number = parse_number(text);
  EXPECT_EQ(number.fault, NumberFault::none) << text;
  EXPECT_EQ(std::bit_cast<std::uint64_t>(number.value), std::bit_cast<std::uint64_t>(value)) << text;
}

TEST(NumberText, ReadsDecimalNotations) {
  expect_number("12", 12);
  expect_number(" +.5\t", 0.5);
  expect_number("6.", 6);
  expect_number("-0", -0.0);
  expect_number("1e3", 1000);
  expect_number("1E+03", 1000);
  expect_number("25e-1", 2.5);
}

TEST(NumberText, TellsTooLargeFromTooSmall) {
  expect_number("1e-400", 0.0);
  expect_number("-1e-400", -0.0);
  expect_number("123456789e-99999999999999999999999", 0.0);
  expect_number("0." + std::string(5000, '0') + "1", 0.0);
  expect_number("0." + std::string(5000, '0') + "1e4500", 0.0);
  expect_number("0." + std::string(5000, '0') + "1e4900", 1e-101);
  expect_number("0." + std::string(5000, '0') + "1e+5001", 1.0);
  expect_number(std::string(5000, '1') + "e-9999", 0.0);
  expect_number("4.9e-324", DBL_TRUE_MIN);
  for (const std::string& text : std::vector<std::string>{
           "1e400", "-1e400", "1e+99999999999999999999999", "0.001e400", "0." + std::string(5000, '0') + "1e+5400",
           "1" + std::string(400, '0'), std::string(5000, '1') + "e-4000"}) {
    EXPECT_EQ(parse_number(text).fault, NumberFault::too_large) << text;
  }
}

TEST(NumberText, SaysWhatIsWrong) {
  for (const char* text : {"inf", "-inf", "+infinity", "-Infinity"}) {
    EXPECT_EQ(parse_number(text).fault, NumberFault::not_finite) << text;
  }
  for (const char* text : {"x", "+", "e5", "1x", "1,5", "0x1p3", "+-1", "- 1", "1e400x", "Na", "missing2", "N A"}) {
    EXPECT_EQ(parse_number(text).fault, NumberFault::not_a_number) << text;
  }
}

TEST(NumberText, KnowsMissingValuesAsProgramsWriteThem) {
  for (const char* text :
       {"",  " \t ", "NA", " NA ", "N/A",  "n/a",  "nan", "NaN", "NAN",     "-nan",    "null",    "NULL",     "None",
        "?", "-",    "--", ".",    "#N/A", "<NA>", "NaT", "\\N", "1.#QNAN", "-1.#IND", "#DIV/0!", "-nan(ind)"}) {
    EXPECT_EQ(parse_number(text).fault, NumberFault::missing) << text;
    EXPECT_EQ(parse_number(text, ',').fault, NumberFault::missing) << text;
  }
}

TEST(NumberText, ReadsADecimalCommaWhereItIsAskedTo) {
  EXPECT_EQ(parse_number("-1,5e3", ',').value, -1500);
  EXPECT_EQ(parse_number(" +,5 ", ',').value, 0.5);
  EXPECT_EQ(parse_number("7", ',').value, 7);
  EXPECT_EQ(parse_number("1,0e999", ',').fault, NumberFault::too_large);
  for (const char* text : {"1.5", "1.234,5", "1,2,3", ",", "x"}) {
    EXPECT_EQ(parse_number(text, ',').fault, NumberFault::not_a_number) << text;
  }
}

RC_GTEST_PROP(NumberText, ReadsBackEveryDouble, (std::uint64_t bits)) {
  const auto value = std::bit_cast<double>(bits);
  RC_PRE(std::isfinite(value));
  for (const std::string& text : {fmt::format("{}", value), fmt::format("{:.16e}", value)}) {
    const NumberText number = parse_number(text);
    RC_ASSERT(number.fault == NumberFault::none);
    RC_ASSERT(std::bit_cast<std::uint64_t>(number.value) == bits);
    std::string with_comma = text;
    std::ranges::replace(with_comma, '.', ',');
    RC_ASSERT(std::bit_cast<std::uint64_t>(parse_number(with_comma, ',').value) == bits);
  }
}

}  // namespace
}  // namespace mogul
