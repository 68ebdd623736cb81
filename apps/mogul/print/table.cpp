// Columns of what a verb prints, and the writer of each format.
#include "print/table.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <utility>

namespace mogul::cli {

namespace {

void write_numbers(std::ostream& stream, const Table& table) {
  std::vector<const double*> columns;
  for (const Column& column : table.columns) {
    if (!column.is_text()) columns.push_back(std::get<0>(column.values).data());
  }
  write_npy(stream, ColumnsView<const double>(columns, table.n_rows()));
}

}  // namespace

void write_table(std::ostream& stream, const Table& table, Format format, char decimal) {
  switch (format) {
    case Format::table: stream << text_of(table, std::numeric_limits<std::size_t>::max()); return;
    case Format::markdown: stream << markdown_of(table); return;
    case Format::csv: return write_csv(stream, table, ',', decimal);
    case Format::tsv: return write_csv(stream, table, '\t', decimal);
    case Format::json: return write_json(stream, table);
    case Format::jsonl: return write_json_lines(stream, table);
    case Format::npy: return write_numbers(stream, table);
  }
}

Column numbers(std::string name, std::vector<double> values, double unit) {
  return {.name = std::move(name), .values = std::move(values), .unit = unit, .missing = "NA"};
}

double spread_of(const std::vector<double>& values) {
  double mean = 0;
  double squares = 0;
  double n = 0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    n += 1;
    const double from_mean = value - mean;
    mean += from_mean / n;
    squares += from_mean * (value - mean);
  }
  return n == 0 ? 0 : std::sqrt(squares / n);
}

std::vector<double> column_of(const Matrix& values, std::size_t col) {
  std::vector<double> column(values.rows());
  for (std::size_t i = 0; i < column.size(); ++i) column[i] = values(i, col);
  return column;
}

std::vector<double> with_dropped_rows(std::vector<double> values, const std::vector<std::size_t>& dropped) {
  if (dropped.empty()) return values;
  std::vector<double> all(values.size() + dropped.size());
  auto next_dropped = dropped.begin();
  auto next = values.begin();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool is_dropped = next_dropped != dropped.end() && *next_dropped == i;
    all[i] = is_dropped ? std::numeric_limits<double>::quiet_NaN() : *next++;
    if (is_dropped) ++next_dropped;
  }
  return all;
}

std::vector<std::size_t> all_rows(std::size_t n) {
  std::vector<std::size_t> rows(n);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

void keep_columns(Table& table, TextColumns input, const std::vector<std::size_t>& rows) {
  for (Column& column : table.columns) {
    while (std::ranges::find(input.names, column.name) != input.names.end()) column.name += '_';
  }
  const std::size_t width = input.names.size();
  std::vector<Column> columns;
  for (std::size_t j = 0; j < width; ++j) {
    std::vector<std::string> fields;
    fields.reserve(rows.size());
    for (const std::size_t row : rows) fields.push_back(std::move(input.fields[row * width + j]));
    columns.push_back(
        {.name = std::move(input.names[j]), .values = std::move(fields), .to_the_left = false, .is_from_file = true});
  }
  std::ranges::move(table.columns, std::back_inserter(columns));
  table.columns = std::move(columns);
}

}  // namespace mogul::cli
