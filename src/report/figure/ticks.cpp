#include "report/figure/ticks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace mogul {
namespace {

constexpr int kMostDigits = 6;                // of a number on an axis; longer ones count from an offset
constexpr std::size_t kMostInPlaceOfOne = 5;  // ticks, where the wider step has a single one
constexpr double kSmallest = 1e-290;          // what is less is zero: densities over such a range would overflow

// The smallest of 1, 2, 5, 10 times a power of ten that is no less than `least`.
double round_step(double least) {
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

int exponent_of(double value) { return static_cast<int>(std::floor(std::log10(value) + 1e-9)); }

// With powers of ten where these are shorter: 2e+06, but 1000000.5. All of an axis have the power of its largest
// number.
std::string tick_text(double value, double step, double largest) {
  if (value == 0) return "0";
  const int last = exponent_of(step);  // the place of the last digit that differs between neighbours
  const int first = exponent_of(largest);
  const int plain = std::max(first, 0) + 1 + (last < 0 ? 1 - last : 0);
  const int with_power = 1 + (first > last ? 1 + first - last : 0) + 4;
  if ((largest < 1e6 && largest >= 1e-3) || plain <= with_power)
    return fmt::format("{:.{}f}", value, std::max(0, -last));
  return fmt::format("{:.{}f}e{:+03d}", value / std::pow(10, first), std::max(0, first - last), first);
}

// The round number that texts count from: the multiple of a power of ten, larger than the axis is long, that lies on
// the axis or else next to it towards zero.
struct Offset {
  double value = 0;
  double unit = 1;  // that it is a multiple of
};

Offset offset_of(double low, double high, double step) {
  const double largest = std::max(std::abs(low), std::abs(high));
  if (exponent_of(largest) - exponent_of(step) < kMostDigits) return {};
  const double unit = std::pow(10, exponent_of(high - low) + 1);
  return {std::copysign(std::floor(largest / unit), low + high) * unit, unit};
}

std::string without_zeros(std::string number) {
  if (number.find('.') == std::string::npos) return number;
  number.erase(number.find_last_not_of('0') + 1);
  if (number.back() == '.') number.pop_back();
  return number;
}

// "+ 1e9", "- 1234560", "+ 0.0123456": the shorter of both ways to write it.
std::string offset_text(const Offset& offset) {
  if (offset.value == 0) return "";
  const double size = std::abs(offset.value);
  const int last = exponent_of(offset.unit);
  const std::string plain = without_zeros(fmt::format("{:.{}f}", size, std::max(0, -last)));
  const std::string scientific = fmt::format("{:.{}e}", size, std::max(0, exponent_of(size) - last));
  const std::size_t e = scientific.find('e');
  const std::string short_one =
      fmt::format("{}e{}", without_zeros(scientific.substr(0, e)), std::stoi(scientific.substr(e + 1)));
  return (offset.value < 0 ? "- " : "+ ") + (short_one.size() < plain.size() ? short_one : plain);
}

}  // namespace

Ticks ticks(double low, double high, std::size_t most) {
  double step = round_step(std::max((high - low) / static_cast<double>(most), std::numeric_limits<double>::min()));
  const auto first = [&] { return std::ceil(low / step - 1e-9); };
  const auto last = [&] { return std::floor(high / step + 1e-9); };
  // A single number gives no scale.
  while (last() - first() < 1 && step > std::numeric_limits<double>::min()) step = round_step(0.4 * step);
  const Offset offset = offset_of(low, high, step);
  const double origin = std::round(offset.value / step);
  double largest = 0;
  std::vector<double> multiples;
  for (double i = first(); i <= last() && multiples.size() < std::max(most + 1, kMostInPlaceOfOne); ++i) {
    multiples.push_back(i);
  }
  for (const double i : multiples) largest = std::max(largest, std::abs((i - origin) * step));
  Ticks found{{}, offset_text(offset)};
  for (const double i : multiples) found.marks.push_back({i * step, tick_text((i - origin) * step, step, largest)});
  return found;
}

bool is_narrow(const Interval& values) {
  const double size = std::max(std::abs(values.low), std::abs(values.high));
  return !(values.high - values.low > std::max(1e-12 * size, kSmallest));
}

Interval with_room(double low, double high, double share) {
  const double size = std::max(std::abs(low), std::abs(high));
  double room = share * (high - low);
  if (is_narrow({low, high})) room = size > kSmallest ? std::max(0.5 * (high - low), 1e-3 * size) : 1;
  return {low - room, high + room};
}

}  // namespace mogul
