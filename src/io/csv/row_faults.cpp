#include "io/csv/row_faults.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "base/message.hpp"
#include "io/csv/layout/column_names.hpp"

namespace mogul {
namespace {

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

CsvRecord record_at(CsvCursor cursor) {
  CsvRecord record{cursor.position(), {}};
  do {
    record.fields.push_back(cursor.read_field());
  } while (record.fields.back().fault.empty() && cursor.next_field());
  return record;
}

// A line that many programs would take for a comment.
bool looks_like_comment(const CsvRecord& record, const CsvDialect& dialect) {
  const std::string_view first = record.fields.front().text;
  return dialect.comment == '\0' && !record.fields.front().quoted && !is_missing(first) &&
         (first.starts_with('#') || first.starts_with('%'));
}

std::string_view name_of(char delimiter) {
  return delimiter == ',' ? "comma" : delimiter == '\t' ? "tab" : delimiter == ';' ? "semicolon" : "space";
}

// Another delimiter inside a field, with something on both sides; '\0' for none.
char other_delimiter(std::string_view text, const CsvDialect& dialect) {
  for (const char candidate : std::string_view(";\t|, ")) {
    if (candidate == dialect.delimiter || candidate == dialect.decimal) continue;
    const std::size_t at = text.find(candidate);
    if (at != std::string_view::npos && at > 0 && at + 1 < text.size() && is_digit(text.back())) return candidate;
  }
  return '\0';
}

// Another delimiter that splits the one name and the one field into as many parts; '\0' for none.
char delimiter_of_both(std::string_view name, std::string_view field) {
  for (const char candidate : std::string_view(",;\t|")) {
    const auto n = std::ranges::count(name, candidate);
    if (n > 0 && n == std::ranges::count(field, candidate)) return candidate;
  }
  return '\0';
}

std::string delimiter_flag(char delimiter) {
  return delimiter == '|' ? "--delimiter '|'" : fmt::format("--delimiter {}", name_of(delimiter));
}

// Digits in groups of three, between which stand a comma, a point, a quote or a blank: "1,234.5", "1 234,5".
bool is_grouped(std::string_view text) {
  static constexpr std::string_view kSeparators[] = {",", ".", "'", " ", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x99"};
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  for (const std::string_view separator : kSeparators) {
    std::string_view rest = text;
    std::size_t n_digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    std::size_t n_groups = 0;
    if (n_digits == 0 || n_digits > 3) return false;
    while (rest.substr(n_digits).starts_with(separator)) {
      rest.remove_prefix(n_digits + separator.size());
      n_digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
      if (n_digits != 3) break;
      ++n_groups;
    }
    rest.remove_prefix(n_digits);
    const bool ends = rest.empty() || ((rest[0] == '.' || rest[0] == ',') && separator[0] != rest[0] &&
                                       rest.find_first_not_of("0123456789", 1) == std::string_view::npos);
    if (n_groups > 0 && n_digits == 3 && ends) return true;
  }
  return false;
}

// What text is called that stands for a number but is not written as one; empty for other text.
std::string_view dressed_number(std::string_view text) {
  const auto only = [&](std::string_view signs) {
    return std::ranges::all_of(text, [&](char c) { return is_digit(c) || signs.find(c) != std::string_view::npos; }) &&
           std::ranges::any_of(text, is_digit);
  };
  if (text.find_first_of("0123456789") == std::string_view::npos) return {};
  if (text.starts_with("\xE2\x88\x92") || text.starts_with("\xE2\x80\x93"))
    return "a number with a dash for the minus sign";
  if (is_grouped(text)) return "a number with separators of thousands";
  if (text.starts_with('-')) return {};
  if (text.ends_with('%')) return "a percentage";
  if (text.starts_with('$') || text.starts_with("\xE2\x82\xAC") || text.starts_with("\xC2\xA3"))
    return "an amount of money";
  if (only("-/:T. Z") && text.find_first_of("-/:", 1) != std::string_view::npos) return "a date or a time";
  return {};
}

}  // namespace

bool RowFaults::is_text_column(const std::vector<CsvRecord>& rows, std::size_t column) const {
  std::size_t n_text = 0;
  std::size_t n = 0;
  for (const CsvRecord& row : rows) {
    if (column >= row.fields.size()) continue;
    const NumberFault fault = parse_number(row.fields[column].text, layout_.dialect.decimal).fault;
    if (fault == NumberFault::missing) continue;
    ++n;
    n_text += fault == NumberFault::not_a_number ? 1 : 0;
  }
  return 2 * n_text > n;
}

// Whether no used field of a row is a number.
bool RowFaults::is_text_throughout(const CsvRecord& record) const {
  return selection_.features.size() > 1 && std::ranges::all_of(selection_.features, [&](std::size_t column) {
           if (column >= record.fields.size()) return false;
           const NumberFault fault = parse_number(record.fields[column].text, layout_.dialect.decimal).fault;
           return fault == NumberFault::not_a_number || fault == NumberFault::missing;
         });
}

bool RowFaults::has_names_in_another_order(const CsvRecord& record) const {
  std::vector<std::string> names;
  for (const CsvField& field : record.fields) names.emplace_back(normal_name(field.text));
  std::vector<std::string> own;
  for (const std::string& name : layout_.names) own.emplace_back(normal_name(name));
  std::ranges::sort(names);
  std::ranges::sort(own);
  return layout_.has_header && own.size() > 1 && names == own;
}

std::string RowFaults::exclude_flag(const std::vector<std::size_t>& columns) const {
  constexpr std::size_t kMaxListed = 20;
  std::vector<std::string> listed;
  for (const std::size_t column : columns) {
    if (listed.size() == kMaxListed) break;
    listed.push_back(column_argument(layout_.names[column], column));
  }
  return fmt::format("--exclude {}{}", fmt::join(listed, ","), columns.size() > listed.size() ? ",..." : "");
}

// Where another dialect would read the field; empty where none would.
std::string RowFaults::explain_dialect(const CsvRecord& record, const CsvField& field, std::size_t column) const {
  if (looks_like_comment(record, layout_.dialect)) {
    const char sign = record.fields.front().text.front();
    return fmt::format("; where lines that begin with '{}' are comments, leave them out (--comment '{}')", sign, sign);
  }
  if (const char other = delimiter_of_both(layout_.names[column], field.text);
      other != '\0' && layout_.has_header && layout_.names.size() == 1) {
    return fmt::format("; is the delimiter another ({})?", delimiter_flag(other));
  }
  if (layout_.dialect.decimal == '.' && has_decimal_comma(field.text)) {
    return is_grouped(field.text)
               ? ": a decimal comma, or separators of thousands? Read it so in the one case (--decimal "
                 ",), write the numbers without them in the other"
               : ", but would be with a decimal comma; read it so (--decimal ,)";
  }
  if (layout_.dialect.decimal == ',' && parse_number(field.text).fault == NumberFault::none) {
    return " where the decimal point is a comma (--decimal ,); write all numbers alike";
  }
  if (const char other = other_delimiter(field.text, layout_.dialect); other != '\0' && layout_.names.size() == 1) {
    return fmt::format("; is the delimiter another ({})?", delimiter_flag(other));
  }
  return {};
}

// Where no field of the line is a number: names, units or a note.
std::string RowFaults::explain_line_of_text(const CsvRecord& record, bool is_first) const {
  if (is_first && !layout_.has_header) return ", and no field of the line is; is it the header (--header)?";
  if (!is_first) return ", and no field of the line is; delete the line if it is another header or a note";
  const std::size_t n_line = source_.line(record.position);
  return fmt::format(
      ", and no field of the line is: units below the names, or names below a title? Delete line {}, or skip the lines "
      "above the names (--skip-lines {})",
      n_line, n_line - 1);
}

std::string RowFaults::explain_text(const CsvCursor& line, const CsvField& field, std::size_t column) const {
  const CsvRecord record = record_at(line);
  if (std::string why = explain_dialect(record, field, column); !why.empty()) return why;
  if (has_names_in_another_order(record)) {
    return ": the names in another order, as where files were joined; split the file at this line, and give both "
           "parts: "
           "they are then read by their names";
  }
  const std::vector<CsvRecord> rows = first_records(layout_.body, layout_.dialect);
  std::vector<std::size_t> text_columns;
  for (const std::size_t feature : selection_.features) {
    if (is_text_column(rows, feature)) text_columns.push_back(feature);
  }
  std::ranges::sort(text_columns);
  const bool is_first = !rows.empty() && rows.front().position == record.position;
  const bool is_word = layout_.names.size() == 1 && std::ranges::none_of(field.text, is_digit);
  if (text_columns.empty() && (is_text_throughout(record) || (is_word && is_first))) {
    return explain_line_of_text(record, is_first);
  }
  const std::string_view dressed = dressed_number(field.text);
  if (!dressed.empty()) return fmt::format(", but {}; write it as a plain number", dressed);
  if (std::ranges::find(text_columns, column) == text_columns.end()) return "; correct it, or delete the row";
  if (text_columns.size() == selection_.features.size()) {
    return ", and no column holds numbers; is the delimiter another (--delimiter)?";
  }
  if (chosen_) return "; a column of text cannot be used: choose columns of numbers (--columns)";
  return fmt::format("; leave the column{} out ({})", text_columns.size() > 1 ? "s of text" : "",
                     exclude_flag(text_columns));
}

void RowFaults::fail_field(const CsvCursor& line, const CsvField& field, std::size_t column, NumberFault fault) const {
  const auto fail = [&](std::string_view what) { source_.fail(field.position, layout_.names[column], what); };
  const std::string value = fmt::format("'{}'", printable(field.text));
  if (!field.fault.empty()) fail(field.fault);
  if (record_at(line).fields.size() != layout_.names.size()) fail_ragged(line);
  if (fault == NumberFault::missing) {
    fail(fmt::format("{}; fill it in, or drop such rows (--missing drop)",
                     field.text.empty() ? "the field is empty" : value + " is a missing value"));
  }
  const bool is_weight = selection_.weights == column;
  const std::string rule = is_weight ? "; a weight must be a number >= 0" : "";
  if (fault == NumberFault::not_finite) {
    fail(fmt::format("{} is not finite{}", value, is_weight ? rule : "; correct it, or delete the row"));
  }
  if (fault == NumberFault::too_large) {
    fail(fmt::format("{} is too large (at most 1e100){}", value, is_weight ? rule : "; rescale the column"));
  }
  if (is_weight) fail(fmt::format("{} is not a number{}", value, rule));
  source_.fail(field.position, layout_.names[column],
               fmt::format("{} is not a number{}", value, explain_text(line, field, column)));
}

std::string RowFaults::explain_width(const CsvCursor& line, const CsvRecord& record) const {
  const std::size_t n_fields = record.fields.size();
  const std::size_t n_columns = layout_.names.size();
  if (looks_like_comment(record, layout_.dialect)) {
    const char sign = record.fields.front().text.front();
    return fmt::format("; where lines that begin with '{}' are comments, leave them out (--comment '{}')", sign, sign);
  }
  if (n_fields == 1) {
    const char other = other_delimiter(record.fields.front().text, layout_.dialect);
    if (other != '\0') return fmt::format("; is its delimiter another ({})?", delimiter_flag(other));
  }
  if (n_fields == n_columns + 1 && record.fields.back().text.empty()) return "; it ends with a delimiter";
  if (layout_.dialect.delimiter == ',' && n_fields == 2 * n_columns) {
    const bool all_numbers = std::ranges::all_of(
        record.fields, [](const CsvField& field) { return parse_number(field.text).fault == NumberFault::none; });
    if (all_numbers) return "; are its commas decimal (--decimal ,)?";
  }
  if (layout_.dialect.delimiter == ' ' && n_columns > n_fields) {
    const bool all_rows = layout_.has_header && usual_width(first_records(layout_.body, layout_.dialect)) == n_fields;
    return all_rows ? "; put names that hold blanks in quotes" : "; where a value is missing, write NA for it";
  }
  CsvCursor rest = line;
  rest.skip_line();
  rest.skip_to_row();
  if (n_fields < n_columns && rest.at_end()) return "; it is the last line: is the file complete?";
  return {};
}

void RowFaults::fail_header_or_row(const CsvCursor& line) const {
  const std::string one_name = layout_.names.size() == 1 ? " (--header to leave such lines out)" : "";
  source_.fail(
      line.position(),
      fmt::format("reads as line {}, which holds the names: the header once more{}, or a row? Delete the line in "
                  "the one case, leave the names out in the other (--skip-lines {} --no-header)",
                  layout_.first_line, one_name, layout_.first_line));
}

void RowFaults::fail_ragged(const CsvCursor& line) const {
  const CsvRecord record = record_at(line);
  if (const CsvField& last = record.fields.back(); !last.fault.empty()) source_.fail(last.position, last.fault);
  const std::size_t n = record.fields.size();
  source_.fail(record.position, fmt::format("{} field{}; must be {}, as in line {}{}", n, n == 1 ? "" : "s",
                                            layout_.names.size(), layout_.first_line, explain_width(line, record)));
}

void RowFaults::fail_negative_weight(const CsvCursor& line, std::size_t column, double weight) const {
  source_.fail(line.position(), layout_.names[column], fmt::format("weight {}; must be >= 0", weight));
}

void RowFaults::fail_not_empty(const CsvField& field, std::size_t column) const {
  source_.fail(field.position,
               fmt::format("column {} has no name and was empty so far, but holds '{}' here; name it, or leave it out "
                           "(--exclude {})",
                           column + 1, printable(field.text), column + 1));
}

void RowFaults::fail_no_index(const CsvField& field, std::size_t column) const {
  source_.fail(field.position,
               fmt::format("column {} has no name, and '{}' does not count up from the row before; leave "
                           "the column out (--exclude {}), or choose others (--columns)",
                           column + 1, printable(field.text), column + 1));
}

}  // namespace mogul
