// Where an axis has its marks, and how their numbers are written.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace mogul {

struct Tick {
  double value;
  std::string text;
};

/// Marks at multiples of 1, 2 or 5 times a power of ten within [low, high], at most `most` of them, with as many digits
/// as tell neighbours apart.
/// @param low   finite, < high
/// @param most  >= 2
std::vector<Tick> ticks(double low, double high, std::size_t most);

/// An interval with some room around the values low to high, which may be equal.
struct Interval {
  double low;
  double high;
};
Interval with_room(double low, double high, double share);
/// Whether the values are equal but for rounding; with_room() makes a range of a thousandth of them.
bool is_narrow(const Interval& values);

}  // namespace mogul
