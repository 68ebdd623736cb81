// A file of labels, one integer a line -> component numbers 0..K-1, with which a fit can start.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/check_interrupted.hpp"
#include "base/message.hpp"
#include "io/csv/csv_cursor.hpp"
#include "io/csv/csv_source.hpp"
#include "io/csv/number_text.hpp"
#include "io/file_bytes.hpp"
#include "io/file_format.hpp"
#include "io/gzip.hpp"
#include "io/npy/npy.hpp"
#include "mogul/error.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

constexpr std::size_t kLineWork = 256;  // of reading a line, as check_interrupted() counts
constexpr std::string_view kRule = "must be one integer of at most 64 bits";

// "7", "+7", and whole numbers as numpy.savetxt writes them, "7.0e+00".
std::optional<std::int64_t> whole_number(std::string_view text) {
  text = without_blanks(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec == std::errc() && parsed.ptr == end) return value;
  if (parsed.ec == std::errc::result_out_of_range && parsed.ptr == end) return std::nullopt;
  constexpr double kExact = 9007199254740992;  // 2^53: beyond it doubles skip integers
  const NumberText number = parse_number(text);
  if (number.fault != NumberFault::none || std::trunc(number.value) != number.value) return std::nullopt;
  if (std::abs(number.value) > kExact) return std::nullopt;
  return static_cast<std::int64_t>(number.value);
}

// One line of the file, taken apart.
struct Line {
  const char* position = nullptr;
  std::vector<CsvField> fields;
};

// Reads the lines of a file of labels: one column, or two of which the first only numbers the rows.
class LabelReader {
 public:
  LabelReader(const CsvSource& source, std::string_view text, std::span<const std::size_t> dropped)
      : source_(source), dropped_(dropped), cursor_(text, {.delimiter = delimiter_of(text), .comment = '#'}) {}

  std::vector<std::int64_t> read() {
    std::vector<std::int64_t> labels;
    std::optional<std::int64_t> before;  // in the column that numbers the rows
    Line header;
    std::size_t n_rows = 0;
    for (std::optional<Line> line = next_line(); line; line = next_line()) {
      if (n_rows == 0 && header.fields.empty() && is_header(*line)) {
        header = std::move(*line);
        continue;
      }
      if (n_rows == 0) n_columns_ = check_columns(header, *line);
      if (line->fields.size() != n_columns_) fail_columns(*line);
      if (!std::ranges::binary_search(dropped_, n_rows)) labels.push_back(label(line->fields.back()));
      ++n_rows;
      if (n_columns_ == 2) {
        const std::optional<std::int64_t> number = whole_number(line->fields[0].text);
        if (!number || (before && *number != *before + 1)) {
          source_.fail(line->position, "2 columns, and the first does not number the rows; " + rule());
        }
        before = number;
      }
    }
    return labels;
  }

 private:
  // The header may hold anything, so that the second line tells.
  static char delimiter_of(std::string_view text) {
    CsvCursor cursor(text, {.delimiter = ' ', .comment = '#'});
    std::string_view line;
    for (int i = 0; i < 2; ++i) {
      cursor.skip_to_row();
      if (cursor.at_end()) break;
      const char* first = cursor.position();
      cursor.skip_line();
      line = {first, static_cast<std::size_t>(cursor.position() - first)};
    }
    const std::size_t at = line.find_first_of(",;|\t");
    return at == std::string_view::npos ? ' ' : line[at];
  }

  static std::string rule() { return "must be one integer per line"; }

  std::optional<Line> next_line() {
    cursor_.skip_to_row();
    if (cursor_.at_end()) return std::nullopt;
    Line line{cursor_.position(), {}};
    do {
      line.fields.push_back(cursor_.read_field());
      if (!line.fields.back().fault.empty()) source_.fail(line.fields.back().position, line.fields.back().fault);
    } while (cursor_.next_field());
    cursor_.skip_line();
    check_interrupted(kLineWork);
    return line;
  }

  // A name where a label would be, or a corner without one, as pandas and R write above the numbers of the rows.
  static bool is_header(const Line& line) {
    const std::string_view last = without_blanks(line.fields.back().text);
    if (line.fields.size() > 1 && is_missing(line.fields.front().text)) return true;
    return !is_missing(last) && parse_number(last).fault == NumberFault::not_a_number;
  }

  // The number of columns, 1 or 2.
  std::size_t check_columns(const Line& header, const Line& first) const {
    const std::size_t n = first.fields.size();
    if (n == 1) return 1;
    const auto names = header.fields.size();
    const bool unnamed = names == n && (header.fields[0].text.empty() || header.fields[0].text == "Unnamed: 0");
    if (n == 2 && (unnamed || names == 1)) return 2;
    fail_columns(first);
  }

  [[noreturn]] void fail_columns(const Line& line) const {
    const std::size_t n = line.fields.size();
    source_.fail(line.position, fmt::format("{} column{}; {}", n, n == 1 ? "" : "s", rule()));
  }

  std::int64_t label(const CsvField& field) const {
    if (const std::optional<std::int64_t> value = whole_number(field.text)) return *value;
    if (is_missing(without_blanks(field.text))) {
      source_.fail(field.position,
                   fmt::format("'{}': the row has no label; leave it out here and in the data", printable(field.text)));
    }
    source_.fail(field.position, fmt::format("'{}'; {}", printable(field.text), kRule));
  }

  const CsvSource& source_;
  const std::span<const std::size_t> dropped_;
  CsvCursor cursor_;
  std::size_t n_columns_ = 1;
};

std::vector<std::int64_t> parse_integers(std::string_view bytes, const std::string& name,
                                         std::span<const std::size_t> dropped) {
  if (is_npy(bytes)) return parse_npy_integers(bytes, name, dropped);
  const CsvSource source{bytes, name};
  return LabelReader(source, without_byte_order_mark(bytes), dropped).read();
}

std::vector<std::int64_t> distinct_of(std::span<const std::int64_t> given) {
  std::vector<std::int64_t> distinct(given.begin(), given.end());
  std::ranges::sort(distinct);
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  return distinct;
}

// Of each label among the distinct ones, which are in order.
std::vector<std::int32_t> places(std::span<const std::int64_t> given, const std::vector<std::int64_t>& distinct) {
  std::vector<std::int32_t> labels;
  labels.reserve(given.size());
  for (const std::int64_t value : given) {
    labels.push_back(static_cast<std::int32_t>(std::ranges::lower_bound(distinct, value) - distinct.begin()));
  }
  return labels;
}

}  // namespace

std::vector<std::int32_t> number_labels(std::span<const std::int64_t> given) {
  return places(given, distinct_of(given));
}

std::vector<std::int32_t> number_labels(std::span<const std::int64_t> given, std::size_t n_components) {
  const auto is_component = [n_components](std::int64_t label) {
    return label >= 0 && static_cast<std::size_t>(label) < n_components;
  };
  if (!given.empty() && std::ranges::all_of(given, is_component)) return {given.begin(), given.end()};
  const std::vector<std::int64_t> distinct = distinct_of(given);
  if (distinct.size() == n_components) return places(given, distinct);
  throw invalid_argument(fmt::format("labels hold {} different number{}; must be n_components = {}, or lie in 0..{}",
                                     distinct.size(), distinct.size() == 1 ? "" : "s", n_components,
                                     n_components == 0 ? 0 : n_components - 1));
}

std::vector<std::int32_t> parse_labels(std::string_view bytes, const std::string& name,
                                       std::span<const std::size_t> dropped) {
  std::string unpacked;
  bytes = content_of(bytes, name, unpacked);
  require_table(bytes, name);
  const std::vector<std::int64_t> integers = parse_integers(bytes, name, dropped);
  if (integers.empty()) throw invalid_data(name + ": no labels; must have one integer per line");
  return number_labels(integers);
}

std::vector<std::int32_t> read_labels(const std::string& path, std::span<const std::size_t> dropped) {
  return parse_labels(FileBytes(path).view(), display_name(path), dropped);
}

}  // namespace mogul
