#include "report/figure/ticks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace mogul {
namespace {

constexpr double kSmallest = 1e-290;  // what is less is zero: densities over such a range would overflow

// The smallest of 1, 2, 5, 10 times a power of ten that is no less than `least`.
double round_step(double least) {
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

int exponent_of(double value) { return static_cast<int>(std::floor(std::log10(value) + 1e-9)); }

// With powers of ten where these are shorter: 2e+06, but 1000000.5.
std::string tick_text(double value, double step, double largest) {
  if (value == 0) return "0";
  const int last = exponent_of(step);  // the place of the last digit that differs between neighbours
  const int first = exponent_of(largest);
  const int plain = std::max(first, 0) + 1 + (last < 0 ? 1 - last : 0);
  const int with_power = 1 + (first > last ? 1 + first - last : 0) + 4;
  if ((largest < 1e6 && largest >= 1e-3) || plain <= with_power)
    return fmt::format("{:.{}f}", value, std::max(0, -last));
  return fmt::format("{:.{}e}", value, std::max(0, exponent_of(std::abs(value)) - last));
}

}  // namespace

std::vector<Tick> ticks(double low, double high, std::size_t most) {
  const double step =
      round_step(std::max((high - low) / static_cast<double>(most), std::numeric_limits<double>::min()));
  const double first = std::ceil(low / step - 1e-9);
  const double last = std::floor(high / step + 1e-9);
  const double largest = std::max(std::abs(low), std::abs(high));
  std::vector<Tick> found;
  for (double i = first; i <= last && found.size() <= most; ++i) {
    found.push_back({i * step, tick_text(i * step, step, largest)});
  }
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
