// Delimited text, step by step: layout, choice of columns, rows; and the notes on what was left out.
#include "io/csv/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/message.hpp"
#include "io/column_selection.hpp"
#include "io/csv/csv_rows.hpp"
#include "io/csv/layout/csv_layout.hpp"
#include "io/csv/layout/first_records.hpp"
#include "io/csv/number_text.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

// The first column has no name and is none that could be left out: a feature, or not?
void check_unclear(const CsvSource& source, const CsvLayout& layout, const ColumnSelection& selection,
                   const ReadOptions& options) {
  if (layout.roles[0] != ColumnRole::unclear || !options.columns.empty() || selection.weights == 0U) return;
  if (std::ranges::find(selection.features, 0U) == selection.features.end()) return;
  const std::vector<CsvRecord> rows = first_records(layout.body, layout.dialect);
  const bool holds_text = std::ranges::all_of(rows, [&](const CsvRecord& row) {
    return parse_number(row.fields[0].text, layout.dialect.decimal).fault == NumberFault::not_a_number;
  });
  throw invalid_data(fmt::format(
      "{}: line {}: column 1 has no name and {}; leave it out (--exclude 1), or name the columns to use (--columns)",
      source.name, layout.first_line,
      holds_text ? "holds text, as names of rows do" : "does not count the rows, so it may be an index or a feature"));
}

void note_left_out(const CsvLayout& layout, const ColumnSelection& selection, const std::string& name,
                   std::vector<std::string>& notes) {
  for (const std::size_t column : selection.left_out) {
    const ColumnRole role = layout.roles[column];
    const std::string why = role == ColumnRole::index ? fmt::format("has no name and counts the rows from {}: an index",
                                                                    layout.first_index[column])
                            : role == ColumnRole::row_names ? "has no name and holds text: names of the rows"
                                                            : "has no name and is empty";
    notes.push_back(fmt::format("{}: left out column {}, which {}", name, column + 1, why));
  }
}

// Where every row lacks a value, the columns that lack one in all the first rows.
std::string columns_that_lack(const CsvLayout& layout, const ColumnSelection& selection) {
  const std::vector<CsvRecord> rows = first_records(layout.body, layout.dialect);
  std::string lacking;
  for (const std::size_t column : selection.features) {
    const bool lacks = std::ranges::all_of(rows, [&](const CsvRecord& row) {
      return column >= row.fields.size() || is_missing(without_blanks(row.fields[column].text));
    });
    if (lacks) lacking += fmt::format("{}'{}'", lacking.empty() ? "" : ", ", printable(layout.names[column]));
  }
  return lacking.empty() ? "; no column lacks all of them, so look at the file"
                         : fmt::format("; there is none in column {}: use other columns", lacking);
}

// @throws invalid_data if all rows are dropped
void note_lines(const CsvSource& source, const CsvLayout& layout, const ColumnSelection& selection, CsvRows& rows,
                std::size_t n_kept, ReadReport& report) {
  if (!rows.headers.empty()) {
    report.notes.push_back(fmt::format("{}: left out {} line{} that repeat{} the header, the first in line {}",
                                       source.name, rows.headers.size(), rows.headers.size() == 1 ? "" : "s",
                                       rows.headers.size() == 1 ? "s" : "", source.line(rows.headers.front())));
  }
  if (rows.dropped.empty() && n_kept > 0) return;
  if (n_kept == 0) {
    if (rows.dropped.empty())
      throw invalid_data(source.name + ": no data below its headers; must have at least one row");
    throw invalid_data(fmt::format("{}: a value is missing in every row, first in line {}{}", source.name,
                                   source.line(rows.first_dropped), columns_that_lack(layout, selection)));
  }
  report.notes.push_back(fmt::format("{}: dropped {} of {} rows, which lack a value; the first is line {}", source.name,
                                     rows.dropped.size(), rows.dropped.size() + n_kept,
                                     source.line(rows.first_dropped)));
  report.dropped = std::move(rows.dropped);
}

// Lines between rows that hold nothing, which in a file of one column may stand for missing values.
void note_blank_lines(const CsvSource& source, const CsvLayout& layout, std::vector<std::string>& notes) {
  if (layout.names.size() > 1) return;
  std::size_t n_blank = 0;
  const char* first = nullptr;
  const std::size_t end = layout.body.find_last_not_of(" \t\r\n") + 1;
  for (std::size_t at = 0; at < end;) {
    const std::size_t line_end = std::min(layout.body.find('\n', at), end);
    const std::string_view line = layout.body.substr(at, line_end - at);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) {
      if (n_blank++ == 0) first = line.data();
    }
    at = line_end + 1;
  }
  if (n_blank == 0) return;
  notes.push_back(
      fmt::format("{}: passed over {} empty line{}, the first is line {}; where a value is missing, write NA",
                  source.name, n_blank, n_blank == 1 ? "" : "s", source.line(first)));
}

// A first column that counts the rows: an index was written, perhaps.
void note_counting(const Matrix& x, const CsvLayout& layout, const ColumnSelection& selection,
                   const ReadOptions& options, const std::string& name, std::vector<std::string>& notes) {
  if (!options.columns.empty() || selection.features[0] != 0) return;
  if (x.rows() < 3 || x.cols() < 2) return;
  for (std::size_t row = 0; row < x.rows(); ++row) {
    if (x(row, 0) != x(0, 0) + static_cast<double>(row)) return;
  }
  const std::string called = layout.named[0] ? fmt::format(" ('{}')", printable(layout.names[0])) : "";
  notes.push_back(fmt::format("{}: column 1{} counts the rows from {}; leave it out if it is an index (--exclude 1)",
                              name, called, x(0, 0)));
}

}  // namespace

Dataset parse_csv(std::string_view text, const std::string& name, const ReadOptions& options, ReadReport& report) {
  const CsvSource source{text, name};
  const CsvLayout layout = find_layout(source, options);
  layout.require_rows(source);
  ColumnSelection selection = select_columns(layout.names, options, name, layout.left_out());
  layout.require_utf8(source, selection.features);
  check_unclear(source, layout, selection, options);
  report.notes.insert(report.notes.end(), layout.notes.begin(), layout.notes.end());
  note_left_out(layout, selection, name, report.notes);

  CsvRows rows = read_rows(source, layout, selection, options);
  const std::size_t n_features = selection.features.size();
  const std::size_t n = rows.x.size() / n_features;
  note_lines(source, layout, selection, rows, n, report);
  note_blank_lines(source, layout, report.notes);
  Matrix x(n, n_features, std::move(rows.x));
  note_counting(x, layout, selection, options, name, report.notes);
  return Dataset(std::move(x), std::move(selection.names), std::move(rows.weights));
}

std::optional<std::vector<std::string>> parse_csv_names(std::string_view text, const std::string& name,
                                                        const ReadOptions& options) {
  CsvLayout layout = find_layout({text, name}, options);
  if (!layout.has_header) return std::nullopt;
  for (std::size_t i = 0; i < layout.names.size(); ++i) {
    if (!layout.named[i]) layout.names[i].clear();
  }
  return std::move(layout.names);
}

}  // namespace mogul
