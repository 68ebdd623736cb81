// The careful reading of one number; CsvCursor::read_number is its fast twin.
#include "io/csv/number_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace mogul {
namespace {

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// For a number that std::from_chars calls out of range: too large (true) or too small (false) for a double?
bool is_large(std::string_view number) {
  const std::size_t e = number.find_first_of("eE");
  const std::string_view mantissa = number.substr(0, e);
  long exponent = 0;
  if (e != std::string_view::npos) {
    std::string_view digits = number.substr(e + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (parsed.ec == std::errc::result_out_of_range) return !digits.starts_with('-');
  }
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const std::size_t first_digit = mantissa.find_first_of("123456789");
  return exponent > static_cast<long>(first_digit) - static_cast<long>(point);
}

}  // namespace

NumberText parse_number(std::string_view text) {
  text = trim(text);
  if (text.empty()) return {0, NumberFault::empty};
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  NumberText number;
  const char* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, number.value);
  if (last != end || error == std::errc::invalid_argument) return {0, NumberFault::not_a_number};
  if (error == std::errc::result_out_of_range) {
    if (is_large(text)) return {0, NumberFault::too_large};
    return {text.starts_with('-') ? -0.0 : 0.0, NumberFault::none};
  }
  if (!std::isfinite(number.value)) number.fault = NumberFault::not_finite;
  return number;
}

}  // namespace mogul
