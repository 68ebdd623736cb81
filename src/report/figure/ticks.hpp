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

struct Ticks {
  std::vector<Tick> marks;
  std::string offset;  ///< to be added to each text, such as "+ 1e9"; empty where the texts are the values themselves
};

/// Marks at multiples of 1, 2 or 5 times a power of ten within [low, high], with as many digits as tell neighbours
/// apart: at least two, and at most `most` + 1, or five where that step would have one mark alone. Where that takes
/// seven digits or more, the texts count from a round number.
/// @param low   finite, < high
/// @param most  >= 2
Ticks ticks(double low, double high, std::size_t most);

/// An interval with some room around the values low to high, which may be equal.
struct Interval {
  double low;
  double high;
};
Interval with_room(double low, double high, double share);
/// Whether the values are equal but for rounding; with_room() makes a range of a thousandth of them.
bool is_narrow(const Interval& values);

}  // namespace mogul
