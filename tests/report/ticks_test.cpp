// Ticks are at round numbers within the axis and their texts tell them apart.
#include "report/figure/ticks.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace mogul {
namespace {

// "- 1e9" as a number.
double value_of(const std::string& offset) {
  if (offset.empty()) return 0;
  EXPECT_TRUE(offset.starts_with("+ ") || offset.starts_with("- ")) << offset;
  return (offset[0] == '-' ? -1 : 1) * std::strtod(offset.c_str() + 2, nullptr);
}

// Numbers of one axis have no power of ten, or all the same one.
void expect_one_power(const std::vector<Tick>& marks, const std::string& where) {
  std::set<std::string> powers;
  for (const Tick& tick : marks) {
    const std::size_t e = tick.text.find('e');
    if (tick.text != "0") powers.insert(e == std::string::npos ? "" : tick.text.substr(e));
  }
  EXPECT_LE(powers.size(), 1u) << where;
}

void expect_good(double low, double high, std::size_t most) {
  const auto [found, offset] = ticks(low, high, most);
  const double counted_from = value_of(offset);
  const double range = high - low;
  const auto where = fmt::format("{} to {}, at most {}", low, high, most);
  ASSERT_LE(found.size(), std::max<std::size_t>(most + 1, 5)) << where;
  if (high / static_cast<double>(most) > 1e-300) {
    ASSERT_GE(found.size(), 2u) << "one number gives no scale; " << where;
  }
  const double rounding = 4e-16 * std::max(std::abs(low), std::abs(high));
  std::set<std::string> texts;
  for (const Tick& tick : found) {
    EXPECT_GE(tick.value, low - 1e-6 * range - rounding) << where;
    EXPECT_LE(tick.value, high + 1e-6 * range + rounding) << where;
    EXPECT_TRUE(texts.insert(tick.text).second) << tick.text << " twice; " << where;
    EXPECT_NEAR(counted_from + std::strtod(tick.text.c_str(), nullptr), tick.value, 1e-6 * range + rounding) << where;
    const std::size_t most_letters = offset.empty() ? 24 : 10;
    EXPECT_LE(tick.text.size(), most_letters) << tick.text << "; " << where;
  }
  expect_one_power(found, where);
  if (found.size() < 2) return;
  const double step = found[1].value - found[0].value;
  const double mantissa = step / std::pow(10, std::floor(std::log10(step) + 1e-3));
  if (step > 1e5 * rounding) {                                       // else the step has lost its digits
    const double tolerance = 1e-9 + mantissa * 2 * rounding / step;  // of the difference of two ticks
    const auto is = [&](double round) { return std::abs(mantissa - round) < tolerance; };
    EXPECT_TRUE(is(1) || is(2) || is(5)) << step << "; " << where;
  }
}

TEST(Ticks, AreTheRoundNumbersThatAPersonWouldChoose) {
  const auto texts = [](double low, double high, std::size_t most) {
    std::vector<std::string> all;
    for (const Tick& tick : ticks(low, high, most).marks) all.push_back(tick.text);
    return all;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(texts(0, 10, 5), (Texts{"0", "2", "4", "6", "8", "10"}));
  EXPECT_EQ(texts(-0.3, 0.31, 7), (Texts{"-0.3", "-0.2", "-0.1", "0", "0.1", "0.2", "0.3"}));
  EXPECT_EQ(texts(1990, 2021, 4), (Texts{"1990", "2000", "2010", "2020"}));
  EXPECT_EQ(texts(0, 3.1e7, 4), (Texts{"0", "1e+07", "2e+07", "3e+07"}));
  EXPECT_EQ(texts(12345, 12345.31, 4), (Texts{"12345.0", "12345.1", "12345.2", "12345.3"}));
  EXPECT_EQ(texts(2e-7, 4.1e-7, 2), (Texts{"2e-07", "4e-07"}));
  EXPECT_EQ(texts(5e-6, 1.25e-5, 4), (Texts{"0.6e-05", "0.8e-05", "1.0e-05", "1.2e-05"}));
  EXPECT_EQ(texts(-0.9, 0.9, 3), (Texts{"-0.5", "0", "0.5"})) << "at the usual step there is 0 alone";
}

TEST(Ticks, FarFromZeroCountFromARoundNumber) {
  const auto written = [](double low, double high) {
    const auto [marks, offset] = ticks(low, high, 4);
    std::string all;
    for (const Tick& tick : marks) all += tick.text + " ";
    return all + offset;
  };
  EXPECT_EQ(written(1e9 - 3.2, 1e9 + 7.1), "0 5 + 1e9");
  EXPECT_EQ(written(1e9 + 2, 1e9 + 8), "2 4 6 8 + 1e9");
  EXPECT_EQ(written(-1e9 - 8, -1e9 - 2), "-8 -6 -4 -2 - 1e9");
  EXPECT_EQ(written(1e8, 1e8 + 0.31), "0 0.1 0.2 0.3 + 1e8");
  EXPECT_EQ(written(999999.8, 1000000.2), "-0.2 -0.1 0 0.1 0.2 + 1e6");
  EXPECT_EQ(written(123456786, 123456793), "-4 -2 0 2 + 123456790");
  EXPECT_EQ(written(1234567.25, 1234567.65), "0.3 0.4 0.5 0.6 + 1234567");
  EXPECT_EQ(written(0.1234567, 0.1234571), "-3e-07 -2e-07 -1e-07 0 1e-07 + 0.123457");
  EXPECT_EQ(written(3e-5 + 1e-12, 3e-5 + 5e-12), "1e-12 2e-12 3e-12 4e-12 5e-12 + 3e-5");
}

TEST(Ticks, OfSixDigitsOrFewerAreWholeValues) {
  for (const auto& [low, high] : {Interval{0, 1e9}, {1990, 2021}, {123456, 123460}, {1.00001, 1.00005}, {-5, 1e6}}) {
    EXPECT_EQ(ticks(low, high, 4).offset, "") << low;
  }
}

TEST(Ticks, AreRoundAndDistinctOnAxesOfAnySize) {
  for (const double low : {0.0, 1.0, -1.0, 1e8, -1e8, 3.7e-9, 1e100, -1e100, 1e-300, 123456.789}) {
    for (const double range : {1e-9, 1e-3, 0.7, 1.0, 6.2832, 1e6, 1e100}) {
      const double high = low + range;
      if (!(high - low > 1e-12 * std::max(std::abs(low), std::abs(high)))) continue;
      for (const std::size_t most : {2, 3, 5, 9, 14, 100}) expect_good(low, high, most);
    }
  }
}

RC_GTEST_PROP(Ticks, AreRoundAndDistinct, ()) {
  const double centre = *rc::gen::inRange(-1000, 1000) * std::pow(10, *rc::gen::inRange(-30, 30));
  const double range = *rc::gen::inRange(1, 1000) * std::pow(10, *rc::gen::inRange(-30, 30));
  RC_PRE(range > 1e-11 * std::abs(centre));
  expect_good(centre - range / 2, centre + range / 2, *rc::gen::inRange<std::size_t>(2, 20));
}

TEST(Ticks, RoomIsMadeAroundEqualValues) {
  for (const double value : {0.0, 1.0, -7e5, 1e100, -1e-300, 1e8}) {
    const Interval range = with_room(value, value, 0.05);
    EXPECT_LT(range.low, value);
    EXPECT_GT(range.high, value);
    EXPECT_TRUE(std::isfinite(range.high - range.low));
    expect_good(range.low, range.high, 5);
  }
  const Interval rounding = with_room(1e8, std::nextafter(1e8, 2e8), 0.05);
  EXPECT_GT(rounding.high - rounding.low, 1e-4 * 1e8) << "values that differ by rounding only";
  const Interval usual = with_room(2, 4, 0.1);
  EXPECT_DOUBLE_EQ(usual.low, 1.8);
  EXPECT_DOUBLE_EQ(usual.high, 4.2);
}

}  // namespace
}  // namespace mogul
