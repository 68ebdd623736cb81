// A file of labels, one integer a line -> component numbers 0..K-1, with which a fit can start.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "io/csv/number_text.hpp"
#include "io/file_bytes.hpp"
#include "io/gzip.hpp"
#include "io/message.hpp"
#include "mogul/error.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

std::string_view trim(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

std::vector<std::int64_t> parse_integers(std::string_view text, const std::string& name) {
  std::vector<std::int64_t> integers;
  bool is_first = true;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t newline = std::min(text.find('\n'), text.size());
    const std::string_view field = trim(text.substr(0, newline));
    text.remove_prefix(std::min(newline + 1, text.size()));
    if (field.empty()) continue;
    std::int64_t value = 0;
    const char* end = field.data() + field.size();
    const auto parsed = std::from_chars(field.data(), end, value);
    if (parsed.ec == std::errc() && parsed.ptr == end) {
      integers.push_back(value);
    } else if (!is_first || parse_number(field).fault != NumberFault::not_a_number) {
      throw invalid_data(fmt::format("{}: line {}: '{}'; must be one integer", name, line, printable(field)));
    }  // else it is the header line
    is_first = false;
  }
  if (integers.empty()) throw invalid_data(name + ": no labels; must have one integer per line");
  return integers;
}

}  // namespace

std::vector<std::int32_t> read_labels(const std::string& path) {
  const FileBytes file(path);
  const std::string name = display_name(path);
  std::string unpacked;
  std::string_view text = file.view();
  if (is_gzip(text)) text = unpacked = gunzip(text, name);
  const std::vector<std::int64_t> given = parse_integers(text, name);

  std::vector<std::int64_t> distinct = given;
  std::ranges::sort(distinct);
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  std::vector<std::int32_t> labels;
  labels.reserve(given.size());
  for (const std::int64_t value : given) {
    labels.push_back(static_cast<std::int32_t>(std::ranges::lower_bound(distinct, value) - distinct.begin()));
  }
  return labels;
}

}  // namespace mogul
