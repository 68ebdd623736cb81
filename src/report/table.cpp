#include "report/table.hpp"

#include <cmath>

#include <fmt/format.h>

namespace mogul {

std::size_t Column::size() const {
  return std::visit([](const auto& all) { return all.size(); }, values);
}

std::string Column::shown(std::size_t row) const {
  if (is_text()) return std::get<1>(values)[row];
  return number_text(std::get<0>(values)[row], digits);
}

std::string number_text(double value, int digits) {
  return std::isnan(value) ? "-" : fmt::format("{:.{}g}", value, digits);
}

}  // namespace mogul
