// -k of verbs that compare fits: several K.
#include "flags/component_numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "flags/flag_group.hpp"
#include "verbs/verbs.hpp"

namespace mogul::cli {

namespace {

constexpr std::size_t kMostNumbers = 1000;

std::vector<std::string> split_at(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// "3" or "1-9".
void add_range(std::vector<std::size_t>& numbers, const std::string& part, const std::string& text) {
  const std::vector<std::string> ends = split_at(part, '-');
  if (ends.size() > 2) {
    throw UsageError(fmt::format("-k = {}; must be numbers and ranges such as 1-9 or 2,4,6-8", text));
  }
  const std::size_t first = whole_number("-k", ends.front(), 1);
  const std::size_t last = whole_number("-k", ends.back(), 1);
  if (last < first) {
    throw UsageError(fmt::format("-k = {}: the range {} goes down; write {}-{}", text, part, last, first));
  }
  if (last - first >= kMostNumbers) throw UsageError(fmt::format("-k = {}: the range {} is too long", text, part));
  for (std::size_t k = first; k <= last; ++k) {
    if (std::ranges::find(numbers, k) == numbers.end()) numbers.push_back(k);
  }
}

}  // namespace

std::vector<std::size_t> component_numbers(const std::string& text) {
  std::vector<std::size_t> numbers;
  for (const std::string& part : split_at(text, ',')) add_range(numbers, part, text);
  if (numbers.size() > kMostNumbers) throw UsageError(fmt::format("-k = {}: more than {} numbers", text, kMostNumbers));
  std::ranges::sort(numbers);
  return numbers;
}

}  // namespace mogul::cli
