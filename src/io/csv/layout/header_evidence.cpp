#include "io/csv/layout/header_evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "base/message.hpp"
#include "io/csv/number_text.hpp"

namespace mogul {
namespace {

enum class FieldKind { number, missing, damaged, text };

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// Text that may have been a number, or a value of another type: "2O", "1.2.3", "1,234", "$5", "12%", "2019-01-01",
// "O.5", "TRUE".
bool is_damaged(std::string_view text) {
  for (const std::string_view word : {"TRUE", "True", "true", "FALSE", "False", "false"}) {
    if (text == word) return true;
  }
  const std::size_t sign = std::min(text.find_first_not_of("+-<>=~(' $.,"), text.size());
  text.remove_prefix(sign);
  for (const std::string_view currency : {"\xE2\x82\xAC", "\xC2\xA3", "\xC2\xA5"}) {  // euro, pound, yen
    if (text.starts_with(currency)) text.remove_prefix(currency.size());
  }
  if (text.empty() || is_digit(text.front())) return true;
  return text.size() >= 3 && std::string_view("OoIl").find(text[0]) != std::string_view::npos &&
         (text[1] == '.' || text[1] == ',') && is_digit(text[2]);
}

FieldKind kind_of(std::string_view text, char decimal) {
  const NumberFault fault = parse_number(text, decimal).fault;
  if (fault == NumberFault::missing) return FieldKind::missing;
  if (fault != NumberFault::not_a_number) return FieldKind::number;
  return is_damaged(without_blanks(text)) ? FieldKind::damaged : FieldKind::text;
}

// A field of the first line, and what stands below it.
struct Column {
  std::string_view text;
  bool quoted = false;
  FieldKind kind = FieldKind::text;
  double value = 0;     // of a number
  bool recurs = false;  // below, as values do and names do not

  std::size_t n_below = 0;
  std::size_t n_numbers = 0;
  std::size_t n_decimal_commas = 0;  // fields that would be numbers with one
  std::size_t n_decimals = 0;        // numbers with a decimal point, and those that are not whole
  std::size_t n_quoted_numbers = 0;
  std::size_t n_counting = 0;  // rows over which it counts up by one, 0 as soon as it does not
  double least = std::numeric_limits<double>::infinity();
  double greatest = -std::numeric_limits<double>::infinity();

  bool numbers_below() const { return n_numbers > 0 && 2 * n_numbers >= n_below; }
  // A name above numbers: whoever reads the line as a row has to explain it.
  bool is_name() const { return kind == FieldKind::text && numbers_below(); }
  bool is_word() const { return kind == FieldKind::text || kind == FieldKind::damaged; }
  // Written as a year or a count is: nothing but digits.
  bool is_whole() const { return kind == FieldKind::number && std::ranges::all_of(without_blanks(text), is_digit); }
};

std::vector<Column> columns_of(const std::vector<CsvRecord>& records, const CsvDialect& dialect) {
  std::vector<Column> columns;
  for (const CsvField& field : records.front().fields) {
    Column& column = columns.emplace_back();
    column.text = field.text;
    column.quoted = field.quoted;
    column.kind = kind_of(field.text, dialect.decimal);
    column.value = parse_number(field.text, dialect.decimal).value;
  }
  // R's write.table names all columns but the first, which holds row names.
  const std::size_t width = usual_width(records);
  const std::size_t shift = records.size() > 1 && width == columns.size() + 1 ? 1 : 0;
  for (std::size_t i = 1; i < records.size(); ++i) {
    const std::vector<CsvField>& fields = records[i].fields;
    if (read_alike(fields, records.front().fields)) {
      if (fields.size() == 1) columns.front().recurs = true;
      continue;  // of more columns: the header of a file that was joined to this one
    }
    for (std::size_t j = 0; j < columns.size() && j + shift < fields.size(); ++j) {
      const CsvField& field = fields[j + shift];
      const NumberText number = parse_number(field.text, dialect.decimal);
      Column& column = columns[j];
      column.recurs |= field.text == column.text;
      const bool counts = i == 1 || (column.n_counting == i - 1 && number.value == column.greatest + 1);
      column.n_counting = counts && number.fault == NumberFault::none ? i : 0;
      if (number.fault == NumberFault::missing) continue;
      ++column.n_below;
      column.n_decimal_commas += dialect.decimal == '.' && has_decimal_comma(field.text) ? 1 : 0;
      if (number.fault == NumberFault::not_a_number) continue;
      ++column.n_numbers;
      column.n_quoted_numbers += field.quoted ? 1 : 0;
      const bool is_decimal =
          field.text.find(dialect.decimal) != std::string_view::npos || number.value != std::floor(number.value);
      column.n_decimals += is_decimal ? 1 : 0;
      column.least = std::min(column.least, number.value);
      column.greatest = std::max(column.greatest, number.value);
    }
  }
  return columns;
}

std::size_t count(const std::vector<Column>& columns, FieldKind kind) {
  return static_cast<std::size_t>(std::ranges::count(columns, kind, &Column::kind));
}

std::string shown(const Column& column) { return fmt::format("'{}'", printable(column.text)); }

std::string first_of(const std::vector<Column>& columns, FieldKind kind) {
  return shown(*std::ranges::find(columns, kind, &Column::kind));
}

// Strings in quotes above numbers without: how programs write names. A damaged number may need its quotes: "1,234".
bool quotes_tell_names(const std::vector<Column>& columns) {
  const bool all_quoted = std::ranges::all_of(
      columns, [](const Column& column) { return column.quoted && column.kind != FieldKind::damaged; });
  const bool any_name = std::ranges::any_of(
      columns, [](const Column& column) { return column.kind != FieldKind::missing && column.numbers_below(); });
  // Row names, which R puts in quotes as well, stand below an empty corner.
  return all_quoted && any_name && std::ranges::all_of(columns, [&](const Column& column) {
           return column.n_quoted_numbers == 0 || (&column == &columns.front() && column.text.empty());
         });
}

bool are_distinct(const std::vector<Column>& columns) {
  std::set<std::string_view> texts;
  for (const Column& column : columns) texts.insert(without_blanks(column.text));
  return texts.size() == columns.size();
}

// 0, 1, 2 or 1980, 1990, 2000: the same step > 0 from each number to the next.
bool are_evenly_spaced(const std::vector<Column>& columns) {
  const double step = columns.size() > 1 ? columns[1].value - columns[0].value : 1;
  for (std::size_t i = 1; i < columns.size(); ++i) {
    const double change = columns[i].value - columns[i - 1].value;
    if (!(std::abs(change - step) <= 1e-9 * std::abs(columns[i].value))) return false;
  }
  return step > 0;
}

bool are_years(const std::vector<Column>& columns) {
  const auto is_year = [](double value) { return value >= 1800 && value <= 2100; };
  return std::ranges::all_of(columns, [&](const Column& column) {
    return is_year(column.value) && !(is_year(column.least) && is_year(column.greatest));
  });
}

// ..., -1, 0, 1, ... or 0.0, 1.0, 2.0, as programs write whole numbers that they hold as real ones.
bool count_up_by_one(const std::vector<Column>& columns) {
  return columns.size() > 1 && columns[0].value == std::floor(columns[0].value) &&
         columns[1].value == columns[0].value + 1 && are_evenly_spaced(columns);
}

// Ten times the width of the numbers below away from them, in every column.
bool are_far(const std::vector<Column>& columns) {
  return std::ranges::all_of(columns, [](const Column& column) {
    const double away = std::max(column.least - column.value, column.value - column.greatest);
    return column.n_numbers >= 2 && away > 10 * (1 + column.greatest - column.least);
  });
}

// Why a line of numbers may yet be names; empty where it is a row.
std::string names_in_numbers(const std::vector<Column>& columns) {
  const std::size_t n = columns.size();
  if (!are_distinct(columns) || std::ranges::none_of(columns, &Column::numbers_below)) return {};
  const bool evenly_spaced = are_evenly_spaced(columns);
  const bool any_decimals = std::ranges::any_of(columns, [](const Column& column) { return column.n_decimals > 0; });
  if (!std::ranges::all_of(columns, &Column::is_whole)) {
    if (n >= 3 && any_decimals && count_up_by_one(columns)) return "its numbers count as those of columns do";
    return n >= 3 && evenly_spaced && are_far(columns) ? "its numbers are evenly spaced and far from those below" : "";
  }
  if (std::ranges::any_of(columns, [](const Column& column) {
        return column.n_decimals > 0 && 2 * column.n_decimals >= column.n_numbers;
      })) {
    return "its whole numbers stand above decimals";
  }
  const bool from_zero = columns[0].value == 0;
  if (evenly_spaced &&
      (n >= 3 || (n == 2 && columns[1].value == columns[0].value + 1 && (from_zero || any_decimals)))) {
    return "its numbers count as those of columns do";
  }
  if (n >= 2 && are_years(columns)) return "its numbers may be years";
  if (are_far(columns)) return "its numbers are far from those below";
  return {};
}

bool are_decimal_commas(const std::vector<Column>& columns, const CsvDialect& dialect) {
  return std::ranges::all_of(columns,
                             [&](const Column& column) {
                               const bool here = dialect.decimal == '.' && has_decimal_comma(column.text);
                               return column.kind == FieldKind::number ||
                                      (here && 2 * column.n_decimal_commas >= column.n_below);
                             }) &&
         std::ranges::any_of(columns, [](const Column& column) { return column.kind == FieldKind::damaged; });
}

FirstLineReading either(std::string reason) { return {FirstLine::either, std::move(reason)}; }

// Words of the first line that stand below them as well are values, not names; nothing where none does.
std::optional<FirstLineReading> read_recurring_words(const std::vector<Column>& columns) {
  const auto recurs = [](const Column& column) { return column.is_word() && column.recurs; };
  const auto first = std::ranges::find_if(columns, recurs);
  if (first == columns.end()) return std::nullopt;
  const bool all =
      std::ranges::all_of(columns, [&](const Column& column) { return !column.is_word() || recurs(column); });
  if (all && columns.size() > 1) return FirstLineReading{FirstLine::row, {}};
  return either(fmt::format("{} stands below it as well", shown(*first)));
}

// Numbers, missing values and nothing else. An empty corner above an index leaves no doubt.
FirstLineReading read_line_of_values(std::vector<Column> columns) {
  const bool above_index = without_blanks(columns[0].text).empty() && columns[0].n_counting >= 2;
  std::erase_if(columns, [](const Column& column) { return column.kind == FieldKind::missing; });
  if (columns.empty()) return {FirstLine::row, {}};
  std::string reason = names_in_numbers(columns);
  if (reason.empty()) return {FirstLine::row, {}};
  return above_index ? FirstLineReading{FirstLine::names, {}} : either(std::move(reason));
}

}  // namespace

FirstLineReading read_first_line(const std::vector<CsvRecord>& records, const CsvDialect& dialect) {
  const std::vector<Column> columns = columns_of(records, dialect);
  const std::size_t n_text = count(columns, FieldKind::text);
  const std::size_t n_damaged = count(columns, FieldKind::damaged);
  const auto n_unnamed = static_cast<std::size_t>(
      std::ranges::count_if(columns, [](const Column& column) { return without_blanks(column.text).empty(); }));
  const std::size_t n_missing = count(columns, FieldKind::missing) - n_unnamed;
  const std::size_t n_numbers = count(columns, FieldKind::number);
  if (are_decimal_commas(columns, dialect)) return {FirstLine::row, {}};  // in all lines: they are refused as such
  if (auto reading = read_recurring_words(columns)) return *std::move(reading);
  if (quotes_tell_names(columns)) return {FirstLine::names, {}};
  if (n_text == columns.size()) return {FirstLine::names, {}};
  if (n_text + n_damaged == 0) return read_line_of_values(columns);
  if (n_numbers > 0) {
    const FieldKind other = n_text > 0 ? FieldKind::text : FieldKind::damaged;
    return either(fmt::format("it holds numbers such as {} and text such as {}", first_of(columns, FieldKind::number),
                              first_of(columns, other)));
  }
  const auto n_names = static_cast<std::size_t>(std::ranges::count_if(columns, &Column::is_name));
  if (n_names > n_missing) return {FirstLine::names, {}};
  if (n_missing > 0) {
    const auto missing = std::ranges::find_if(columns, [](const Column& column) {
      return column.kind == FieldKind::missing && !without_blanks(column.text).empty();
    });
    return either(fmt::format("{} may be a name or a missing value", shown(*missing)));
  }
  if (n_damaged > 0)
    return either(fmt::format("{} may be a name or a damaged number", first_of(columns, FieldKind::damaged)));
  return either("it holds text and fields without any, above text");
}

}  // namespace mogul
