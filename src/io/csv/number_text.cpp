// The careful reading of one number; CsvCursor::read_number is its fast twin.
#include "io/csv/number_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <string>

namespace mogul {
namespace {

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

// Text without a decimal comma, its own kind of number.
NumberText parse_with_point(std::string_view text) {
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

}  // namespace

NumberText parse_number(std::string_view text, char decimal) {
  text = without_blanks(text);
  if (is_missing(text)) return {0, NumberFault::missing};
  if (decimal == '.') return parse_with_point(text);
  if (text.find('.') != std::string_view::npos) return {0, NumberFault::not_a_number};
  std::string with_point(text);
  std::ranges::replace(with_point, decimal, '.');
  return parse_with_point(with_point);
}

bool has_decimal_comma(std::string_view text) {
  return text.find(',') != std::string_view::npos && parse_number(text, ',').fault == NumberFault::none;
}

// Excel's errors in every language: #DIV/0!, #WERT!, #NOM?, #NV, #N/D.
bool is_excel_error(std::string_view text) {
  constexpr std::size_t kLongest = 12;
  if (text.size() < 3 || text.size() > kLongest || text.front() != '#') return false;
  text.remove_prefix(1);
  if (text == "NV" || text == "N/A" || text == "NA" || text == "N/D" || text == "I/T") return true;
  const char last = text.back();
  text.remove_suffix(1);
  const auto in_a_word = [](char c) { return (c >= 'A' && c <= 'Z') || c == '/' || c == '0' || (c & 0x80) != 0; };
  return (last == '!' || last == '?') && std::ranges::all_of(text, in_a_word);
}

// What R, pandas, NumPy, SQL, Excel, SAS, UCI's files and the C library of Windows write.
bool is_missing(std::string_view text) {
  static constexpr std::string_view kSpellings[] = {
      "",    "NA",   "na",        "N/A",     "n/a",      "N.A.",   "n.a.",    "<NA>",    "nan",     "NaN",
      "NAN", "-nan", "-NaN",      "+nan",    "nan(ind)", "NaT",    "null",    "Null",    "NULL",    "(null)",
      "\\N", "none", "None",      "NONE",    "nil",      "?",      "-",       "--",      "---",     ".",
      "..",  "*",    "-nan(ind)", "1.#QNAN", "-1.#QNAN", "1.#IND", "-1.#IND", "missing", "Missing", "MISSING"};
  constexpr std::size_t kLongest = 9;
  return is_excel_error(text) ||
         (text.size() <= kLongest && std::ranges::find(kSpellings, text) != std::end(kSpellings));
}

std::string_view without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace mogul
