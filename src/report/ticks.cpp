#include "report/ticks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace mogul {
namespace {

// The smallest of 1, 2, 5, 10 times a power of ten that is no less than `least`.
double round_step(double least) {
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

std::string tick_text(double value, double step, double largest) {
  if (value == 0) return "0";
  if (largest >= 1e6 || largest < 1e-3) {
    const int digits = std::max(0, static_cast<int>(std::floor(std::log10(std::abs(value)) + 1e-9)) -
                                       static_cast<int>(std::floor(std::log10(step) + 1e-9)));
    if (digits <= 3) return fmt::format("{:.{}e}", value, digits);
  }
  const int decimals = std::max(0, -static_cast<int>(std::floor(std::log10(step) + 1e-9)));
  return fmt::format("{:.{}f}", value, decimals);
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

Interval with_room(double low, double high, double share) {
  const double size = std::max(std::abs(low), std::abs(high));
  double room = share * (high - low);
  if (!(high - low > 1e-12 * size)) room = size > 0 ? std::max(0.5 * (high - low), 1e-3 * size) : 1;
  return {low - room, high + room};
}

}  // namespace mogul
