// Numbers as they are typed behind a flag: "0.5" or "1/3", and lists of them such as "-4,0,8" and "0,0;3,3".
#include "flags/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <system_error>
#include <utility>

#include "verbs/verbs.hpp"

namespace mogul::cli {

namespace {

constexpr const char* kRule = "must be a number or a fraction, such as 0.5 or 1/3";

std::string_view without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

// @param where  which number of which flag, for messages
double decimal_from(const std::string& where, std::string_view text, std::string_view all) {
  text = without_blanks(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) {
    throw UsageError(fmt::format("{} = {}; {}", where, all, kRule));
  }
  if (error == std::errc::result_out_of_range) {
    throw UsageError(fmt::format("{} = {} is too large or too small for double precision", where, all));
  }
  if (!std::isfinite(value)) throw UsageError(fmt::format("{} = {}; must be finite", where, all));
  return value;
}

double number_or_fraction(const std::string& where, std::string_view text) {
  text = without_blanks(text);
  if (text.empty()) throw UsageError(fmt::format("{} is empty; {}", where, kRule));
  const std::size_t slash = text.find('/');
  const double numerator = decimal_from(where, text.substr(0, slash), text);
  if (slash == std::string_view::npos) return numerator;
  const double denominator = decimal_from(where, text.substr(slash + 1), text);
  if (denominator == 0) throw UsageError(fmt::format("{} = {}; divides by 0", where, text));
  const double value = numerator / denominator;
  if (!std::isfinite(value)) throw UsageError(fmt::format("{} = {}; must be finite", where, text));
  return value;
}

// @param list_name  stands for the list in messages: the flag, or "--means: component 1"
// @param separator   what follows it before the number's place in the list
std::vector<double> numbers_in(const std::string& list_name, const char* separator, std::string_view list) {
  const std::vector<std::string_view> parts = split(list, ',');
  if (parts.size() == 1) return {number_or_fraction(list_name, list)};
  std::vector<double> numbers;
  for (const std::string_view part : parts) {
    const std::string where =
        fmt::format("{}{}number {} of {}", list_name, separator, numbers.size() + 1, parts.size());
    numbers.push_back(number_or_fraction(where, part));
  }
  return numbers;
}

}  // namespace

NumberLists number_lists(const std::string& flag, std::string_view text) {
  const std::vector<std::string_view> parts = split(text, ';');
  if (parts.size() == 1) return {numbers_in(flag, ": ", text)};
  if (without_blanks(parts.back()).empty()) {
    throw UsageError(fmt::format("{} = '{}'; must not end with ';', which stands between components", flag, text));
  }
  NumberLists lists;
  for (const std::string_view part : parts) {
    lists.push_back(numbers_in(fmt::format("{}: component {}", flag, lists.size()), ", ", part));
  }
  return lists;
}

std::vector<double> number_list(const std::string& flag, std::string_view text) {
  if (text.find(';') != std::string_view::npos) {
    throw UsageError(fmt::format("{} = '{}'; must have ',' between its numbers, not ';'", flag, text));
  }
  return numbers_in(flag, ": ", text);
}

}  // namespace mogul::cli
