#include "mogul/table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "report/write/markup.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMostOfCell = 100;  // characters; names from files have any length

int exponent(double value) { return static_cast<int>(std::floor(std::log10(std::abs(value)))); }

// What a value far from zero needs so that differences of `unit` show.
int digits_for(double value, int digits, double unit) {
  constexpr int kOfUnit = 4;
  constexpr int kMostWithoutExponent = 15;
  constexpr int kAll = std::numeric_limits<double>::max_digits10;
  if (value == 0 || !std::isfinite(value) || !(unit > 0) || !std::isfinite(unit)) return digits;
  const int before_unit = exponent(value) - exponent(unit);
  if (before_unit <= 0) return digits;
  const int before_point = exponent(value) + 1;
  const int needed = std::max(kOfUnit + before_unit, before_point <= kMostWithoutExponent ? before_point : 0);
  return std::clamp(needed, digits, std::max(digits, kAll));
}

}  // namespace

std::size_t Column::size() const {
  return std::visit([](const auto& all) { return all.size(); }, values);
}

std::string Column::shown(std::size_t row) const {
  if (is_text()) return shortened_to(std::get<1>(values)[row], kMostOfCell);
  const double value = std::get<0>(values)[row];
  return std::isnan(value) ? missing : number_text(value, digits, unit);
}

std::vector<std::size_t> rows_to_show(const Table& table, std::size_t most) {
  constexpr std::size_t kLast = 3;
  std::vector<std::size_t> rows;
  const std::size_t n = table.n_rows();
  for (std::size_t i = 0; i < n; ++i) {
    if (n <= most || i + kLast < most || i + kLast >= n) rows.push_back(i);
  }
  return rows;
}

std::string number_text(double value, int digits, double unit) {
  return std::isnan(value) ? "-" : fmt::format("{:.{}g}", value, digits_for(value, digits, unit));
}

}  // namespace mogul
