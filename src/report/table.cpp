#include "mogul/table.hpp"

#include <cmath>

#include <fmt/format.h>

#include "report/write/markup.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMostOfCell = 100;  // characters; names from files have any length

}  // namespace

std::size_t Column::size() const {
  return std::visit([](const auto& all) { return all.size(); }, values);
}

std::string Column::shown(std::size_t row) const {
  if (is_text()) return shortened_to(std::get<1>(values)[row], kMostOfCell);
  return number_text(std::get<0>(values)[row], digits);
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

std::string number_text(double value, int digits) {
  return std::isnan(value) ? "-" : fmt::format("{:.{}g}", value, digits);
}

}  // namespace mogul
