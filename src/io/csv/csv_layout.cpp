// The first line of delimited text -> delimiter, header, names; csv_rows.cpp reads the rest.
#include "io/csv/csv_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "io/csv/csv_cursor.hpp"
#include "io/csv/number_text.hpp"
#include "io/message.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

// A sign that can stand between numbers.
bool is_separate(char sign, char decimal) {
  const bool in_a_number = std::isalnum(static_cast<unsigned char>(sign)) || sign == '+' || sign == '-';
  return !in_a_number && sign != decimal && sign != '"' && sign != '\n' && sign != '\r';
}

void check(const CsvDialect& dialect) {
  if (dialect.decimal != '.' && dialect.decimal != ',') {
    throw invalid_argument(fmt::format("decimal = '{}'; must be '.' or ','", printable({&dialect.decimal, 1})));
  }
  if (!is_separate(dialect.delimiter, dialect.decimal) || dialect.delimiter == '.') {
    throw invalid_argument(
        fmt::format("delimiter = '{}'; must be a comma, tab, semicolon, bar, space or other sign that is not a quote "
                    "and not part of a number",
                    printable({&dialect.delimiter, 1})));
  }
  const char comment = dialect.comment;
  if (comment == '\0') return;
  if (!is_separate(comment, dialect.decimal) || comment == dialect.delimiter || comment == ' ' || comment == '\t') {
    throw invalid_argument(fmt::format(
        "comment = '{}'; must be a sign such as '#' that is not the delimiter, a quote, a blank or part of a number",
        printable({&comment, 1})));
  }
}

// The most frequent of comma, tab and semicolon outside quotes in the first line, else a space if it has one.
char detect_delimiter(std::string_view text, char decimal) {
  const std::string_view kCandidates = decimal == ',' ? "|\t; " : ",\t; ";
  std::array<std::size_t, 4> counts{};
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  bool quoted = false;
  std::size_t trailing_spaces = 0;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n') break;
    if (const std::size_t i = kCandidates.find(c); i != std::string_view::npos) ++counts[i];
    if (c != '\r') trailing_spaces = c == ' ' ? trailing_spaces + 1 : 0;
  }
  const auto best = std::max_element(counts.begin(), counts.end() - 1);
  if (*best != 0) return kCandidates[static_cast<std::size_t>(best - counts.begin())];
  return counts.back() > trailing_spaces ? ' ' : kCandidates[0];
}

std::string unquote(const CsvField& field) {
  std::string text(field.text);
  if (!field.quoted) return text;
  for (std::size_t at = 0; (at = text.find("\"\"", at)) != std::string::npos; ++at) text.erase(at, 1);
  return text;
}

bool is_text(std::string_view field) { return parse_number(field).fault == NumberFault::not_a_number; }

// UTF-8 as far as a damaged or Latin-1 file needs: every lead byte has its continuation bytes.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t size = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
    if (size == 0 || i + size > text.size()) return false;
    const std::string_view rest = text.substr(i + 1, size - 1);
    if (!std::ranges::all_of(rest, [](char c) { return (c & 0xC0) == 0x80; })) return false;
    i += size;
  }
  return true;
}

// Turns the fields of the first line into the names of the columns.
void name_columns(bool has_header, std::vector<std::string>& fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!has_header || fields[i].empty()) fields[i] = default_column_name(i);
  }
}

// An object, as a model file is; no line of names or numbers begins so.
bool is_json(std::string_view text) {
  if (!text.starts_with('{')) return false;
  const std::size_t next = text.find_first_not_of(" \t\r\n", 1);
  return next != std::string_view::npos && (text[next] == '"' || text[next] == '}');
}

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return text.substr(text.starts_with(kMark) ? kMark.size() : 0);
}

std::string_view without_lines(std::string_view text, std::size_t n_lines) {
  for (; n_lines > 0 && !text.empty(); --n_lines) {
    text.remove_prefix(std::min(text.size(), std::min(text.find('\n'), text.size()) + 1));
  }
  return text;
}

// Whether the first line, whose fields are given, holds names. A column that is text there and a number below says yes.
// Names are seldom numbers: a line of both text and numbers with no such column may be either, and is not guessed at.
bool detect_header(const CsvSource& source, const char* first_line, const std::vector<std::string>& fields,
                   CsvCursor cursor) {
  const auto n_text = std::ranges::count_if(fields, [](const std::string& field) { return is_text(field); });
  if (n_text == 0 || n_text == std::ssize(fields)) return n_text > 0;
  cursor.skip_line();
  cursor.skip_to_row();
  bool more = !cursor.at_end();
  for (std::size_t i = 0; more && i < fields.size(); ++i) {
    const bool number_below = !is_text(unquote(cursor.read_field()));
    if (is_text(fields[i]) && number_below) return true;
    more = cursor.next_field();
  }
  source.fail(first_line,
              "may be a header or a row, as it holds numbers and text; say which (--header or --no-header)");
}

}  // namespace

CsvLayout find_layout(const CsvSource& source, const ReadOptions& options) {
  const std::string_view text = without_lines(without_byte_order_mark(source.text), options.skip_lines);
  CsvLayout layout;
  layout.dialect = {options.delimiter, options.decimal, options.comment};
  if (options.delimiter == '\0') layout.dialect.delimiter = detect_delimiter(text, options.decimal);
  check(layout.dialect);
  CsvCursor cursor(text, layout.dialect);
  cursor.skip_to_row();
  if (cursor.at_end()) throw invalid_data(source.name + ": no data; must have at least one row");

  const char* first = cursor.position();
  layout.first_line = source.line(first);
  if (is_json(text.substr(static_cast<std::size_t>(first - text.data())))) {
    source.fail(first, "JSON, as in a model file; rows must be CSV, TSV or NPY");
  }
  do {
    const CsvField field = cursor.read_field();
    if (!field.fault.empty()) source.fail(field.position, field.fault);
    layout.names.push_back(unquote(field));
    if (layout.names.back().find('\r') != std::string::npos && layout.names.back().find('\n') == std::string::npos) {
      source.fail(first, "a carriage return inside the line; lines must end with a line feed");
    }
  } while (cursor.next_field());

  layout.has_header = options.header == Header::yes ||
                      (options.header == Header::detect && detect_header(source, first, layout.names, cursor));
  name_columns(layout.has_header, layout.names);
  if (layout.has_header) {
    cursor.skip_line();
    cursor.skip_to_row();
  }
  const char* body = layout.has_header ? cursor.position() : first;
  layout.body = text.substr(static_cast<std::size_t>(body - text.data()));
  return layout;
}

void CsvLayout::require_rows(const CsvSource& source) const {
  if (!body.empty()) return;
  throw invalid_data(
      fmt::format("{}: line {}: a header, but no row follows; must have at least one row", source.name, first_line));
}

void CsvLayout::require_utf8(const CsvSource& source, std::span<const std::size_t> columns) const {
  for (const std::size_t column : columns) {
    if (is_utf8(names[column])) continue;
    throw invalid_data(fmt::format("{}: line {}: the name of column {} is not UTF-8; convert the file", source.name,
                                   first_line, column + 1));
  }
}

}  // namespace mogul
