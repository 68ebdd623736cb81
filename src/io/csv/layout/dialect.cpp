#include "io/csv/layout/dialect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <tuple>

#include "base/message.hpp"
#include "io/csv/layout/first_records.hpp"
#include "io/csv/number_text.hpp"
#include "io/file_format.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

// A sign that can stand between numbers.
bool is_separate(char sign) {
  const bool in_a_number = std::isalnum(static_cast<unsigned char>(sign)) || sign == '+' || sign == '-' || sign == '.';
  return !in_a_number && sign != '"' && sign != '\n' && sign != '\r';
}

// Whether commas in quotes are decimal, so that those between the quotes can delimit: "0,5","1,2".
bool quotes_decimal_commas(std::string_view text, const CsvDialect& dialect) {
  const auto is_quoted_number = [](const CsvField& field) { return field.quoted && has_decimal_comma(field.text); };
  return std::ranges::any_of(first_records(text, {',', ',', dialect.comment}), [&](const CsvRecord& record) {
    return std::ranges::any_of(record.fields, is_quoted_number);
  });
}

void check(const CsvDialect& dialect, std::string_view text) {
  if (dialect.decimal != '.' && dialect.decimal != ',') {
    throw invalid_argument(fmt::format("decimal = '{}'; must be '.' or ','", printable({&dialect.decimal, 1})));
  }
  if (!is_separate(dialect.delimiter)) {
    throw invalid_argument(
        fmt::format("delimiter = '{}'; must be a comma, tab, semicolon, bar, space or other sign that is not a quote "
                    "and not part of a number",
                    printable({&dialect.delimiter, 1})));
  }
  if (dialect.delimiter == dialect.decimal && !quotes_decimal_commas(text, dialect)) {
    throw invalid_argument(
        "delimiter and decimal are both ','; a comma can be both only where numbers with a decimal comma are in "
        "quotes");
  }
  const char comment = dialect.comment;
  if (comment == '\0') return;
  if (!is_separate(comment) || comment == dialect.decimal || comment == dialect.delimiter || comment == ' ' ||
      comment == '\t') {
    throw invalid_argument(fmt::format(
        "comment = '{}'; must be a sign such as '#' that is not the delimiter, a quote, a blank or part of a number",
        printable({&comment, 1})));
  }
}

std::string_view first_line(std::string_view text) {
  std::string_view line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view after_line(std::string_view text) {
  const std::size_t newline = text.find('\n');
  return text.substr(newline == std::string_view::npos ? text.size() : newline + 1);
}

// The delimiter of a line "sep=;", which Excel writes and reads.
std::optional<char> excel_delimiter(std::string_view line) {
  if (line.size() >= 2 && line.starts_with('"') && line.ends_with('"')) line = line.substr(1, line.size() - 2);
  constexpr std::string_view kKey = "sep=";
  if (line.size() != kKey.size() + 1) return std::nullopt;
  const auto same_letter = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  if (!std::equal(kKey.begin(), kKey.end(), line.begin(), same_letter)) return std::nullopt;
  return line.back();
}

// Whether a line above the first row is a comment where no sign was given: "# ra dec", but not "#N/A,5", a missing
// value, nor "#,x,y", a name.
bool is_comment(std::string_view line) {
  if (!line.starts_with('#') || line.substr(1).find_first_of(",;\t|") == 0) return false;
  return !is_missing(without_blanks(line.substr(0, line.find_first_of(",;\t| "))));
}

void skip_comments(const CsvSource& source, char sign, CsvStart& start) {
  const char* first = nullptr;
  for (std::string_view& text = start.text; !text.empty(); text = after_line(text)) {
    const std::string_view line = without_blanks(first_line(text));
    if (line.empty()) continue;
    if (sign != '\0' ? line.front() != sign : !is_comment(line)) break;
    start.comment = line.substr(1);
    if (first == nullptr) first = line.data();
  }
  if (first == nullptr || sign != '\0') return;
  start.notes.push_back(
      fmt::format("{}: line {}: begins with '#' and is taken for a comment", source.name, source.line(first)));
}

// How well a delimiter splits the first records.
struct Split {
  bool sound = true;         // no quote is where none may be
  bool even = false;         // all have as many fields, at least two
  std::size_t n_usual = 0;   // records that have the usual number of fields, if that is two or more
  double numbers = 0;        // share of the fields that are numbers
  bool header_fits = false;  // the first record has as many fields as the rest

  auto key() const { return std::tuple(n_usual > 0, sound, even, even ? 0 : n_usual, numbers, header_fits); }
};

Split split_by(const CsvDialect& dialect, std::string_view text) {
  const std::vector<CsvRecord> records = first_records(text, dialect);
  const std::size_t width = usual_width(records);
  Split split;
  if (width < 2) return split;
  std::size_t n_fields = 0;
  std::size_t n_numbers = 0;
  const std::size_t n_above = n_before_even_rows(records, width).value_or(1);
  const std::size_t first = records.size() > 1 ? std::max<std::size_t>(1, n_above) : 0;
  for (std::size_t i = first; i < records.size(); ++i) {
    split.n_usual += records[i].fields.size() == width ? 1 : 0;
    n_fields += records[i].fields.size();
    split.sound &= records[i].fields.back().fault.empty();
    n_numbers += static_cast<std::size_t>(std::ranges::count_if(records[i].fields, [&](const CsvField& field) {
      if (parse_number(field.text, dialect.decimal).fault != NumberFault::not_a_number) return true;
      return dialect.delimiter != ',' && parse_number(field.text, ',').fault != NumberFault::not_a_number;
    }));
  }
  split.even = split.n_usual == records.size() - first;
  split.numbers = static_cast<double>(n_numbers) / static_cast<double>(n_fields);
  split.header_fits = records.front().fields.size() == width;
  return split;
}

}  // namespace

char detect_delimiter(std::string_view text, const CsvDialect& dialect) {
  const std::string_view candidates = dialect.decimal == ',' ? ";\t| " : ",\t;| ";
  char best = candidates.front();
  Split best_split;
  for (const char candidate : candidates) {
    const Split split = split_by({candidate, dialect.decimal, dialect.comment}, text);
    if (split.key() <= best_split.key()) continue;
    best = candidate;
    best_split = split;
  }
  if (best_split.n_usual == 0 && dialect.decimal == ',' && quotes_decimal_commas(text, dialect)) return ',';
  return best;
}

CsvStart find_start(const CsvSource& source, const ReadOptions& options) {
  CsvStart start{{options.delimiter, options.decimal, options.comment}, without_byte_order_mark(source.text), {}, {}};
  for (std::size_t i = 0; i < options.skip_lines && !start.text.empty(); ++i) start.text = after_line(start.text);
  char& delimiter = start.dialect.delimiter;
  if (const std::optional<char> told = excel_delimiter(first_line(start.text))) {
    if (delimiter == '\0') {
      if (!is_separate(*told) || *told == options.decimal) {
        source.fail(start.text.data(), fmt::format("'{}' cannot delimit fields here; give the delimiter (--delimiter)",
                                                   printable(first_line(start.text))));
      }
      delimiter = *told;
    }
    start.text = after_line(start.text);
  }
  skip_comments(source, options.comment, start);
  if (delimiter == '\0') delimiter = detect_delimiter(start.text, start.dialect);
  check(start.dialect, start.text);
  return start;
}

}  // namespace mogul
