#include "io/csv/layout/titles.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>

#include "io/csv/number_text.hpp"

namespace mogul {
namespace {

std::string counted_fields(std::size_t n) { return fmt::format("{} field{}", n, n == 1 ? "" : "s"); }

[[noreturn]] void fail(const CsvSource& source, const std::vector<CsvRecord>& records, std::size_t n_titles,
                       const std::string& why) {
  const std::size_t n_lines = source.line(records[n_titles].position) - 1;
  source.fail(records.front().position,
              fmt::format("{}; where {} no row and no names, skip {} (--skip-lines {})", why,
                          n_titles == 1 ? "it is" : "the lines above are", n_titles == 1 ? "it" : "them", n_lines));
}

// Of other widths than the lines below. Names are another matter: those that lack one of row names, that hold blanks in
// a file of blanks, or that stand above decimal commas.
void refuse_other_widths(const CsvSource& source, const std::vector<CsvRecord>& records, const CsvDialect& dialect) {
  const std::size_t width = usual_width(records);
  const std::size_t n = n_before_even_rows(records, width).value_or(0);
  if (width < 2 || n == 0) return;
  const auto is_other = [&](const CsvRecord& record) { return record.fields.size() != width; };
  if (!std::all_of(records.begin(), records.begin() + static_cast<std::ptrdiff_t>(n), is_other)) return;
  const std::size_t n_first = records.front().fields.size();
  if (n == 1 && n_first + 1 == width) return;
  if (n == 1 && dialect.delimiter == ' ' && n_first > width) return;
  if (n == 1 && dialect.delimiter == ',' && 2 * n_first == width) return;
  fail(source, records, n,
       fmt::format("{}, but the lines from line {} on have {}", counted_fields(n_first),
                   source.line(records[n].position), width));
}

std::size_t n_filled(const CsvRecord& record) {
  return static_cast<std::size_t>(
      std::ranges::count_if(record.fields, [](const CsvField& field) { return !field.text.empty(); }));
}

bool is_text(const CsvField& field, const CsvDialect& dialect) {
  return parse_number(field.text, dialect.decimal).fault == NumberFault::not_a_number;
}

// Text in the first field only, as spreadsheets write a title above a table: "Survey,,".
void refuse_padded(const CsvSource& source, const std::vector<CsvRecord>& records, const CsvDialect& dialect) {
  const auto is_padded = [](const CsvRecord& record) {
    return record.fields.size() > 1 && n_filled(record) <= 1 &&
           !(n_filled(record) == 1 && record.fields[0].text.empty());
  };
  const auto first = std::ranges::find_if_not(records, is_padded);
  const auto n = static_cast<std::size_t>(first - records.begin());
  if (n == 0 || first == records.end() || n_filled(*first) < 2 || !is_text(records.front().fields[0], dialect)) return;
  const bool above_names = std::ranges::all_of(
      first->fields, [&](const CsvField& field) { return field.text.empty() || is_text(field, dialect); });
  if (n == 1 && !above_names) return;  // one name, and columns without
  fail(source, records, n,
       fmt::format("only the first of {} has anything in it", counted_fields(records[0].fields.size())));
}

}  // namespace

void refuse_titles(const CsvSource& source, const std::vector<CsvRecord>& records, const CsvDialect& dialect) {
  refuse_other_widths(source, records, dialect);
  refuse_padded(source, records, dialect);
}

}  // namespace mogul
