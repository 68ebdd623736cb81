// Rows -> CSV or NPY file; the twin of read_dataset.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <ostream>
#include <span>
#include <variant>
#include <vector>

#include "base/check_interrupted.hpp"
#include "base/text_pieces.hpp"
#include "io/csv/number_text.hpp"
#include "io/npy/npy_header.hpp"
#include "mogul/error.hpp"
#include "mogul/io.hpp"
#include "mogul/output_file.hpp"

namespace mogul {
namespace {

std::string in_quotes(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

template <class View>
void write_delimited(std::ostream& stream, const View& x, const std::vector<std::string>& names, char delimiter) {
  TextPieces out(stream);
  out.add(csv_header(names, delimiter));
  out.add('\n');
  for (std::size_t row = 0; row < x.rows(); ++row) {
    for (std::size_t col = 0; col < x.cols(); ++col) {
      out.add_number(x(row, col));
      out.add(col + 1 < x.cols() ? delimiter : '\n');
    }
    out.end_row();
  }
  out.finish();
}

}  // namespace

std::string csv_field(const std::string& text) {
  const bool blank_ends = !text.empty() && (text.front() == ' ' || text.back() == ' ');
  return blank_ends || text.find_first_of(",\"\r\n\t;") != std::string::npos ? in_quotes(text) : text;
}

std::string csv_header(const std::vector<std::string>& names, char delimiter) {
  const auto needs_quotes = [](const std::string& name) {
    return !name.empty() && (parse_number(name).fault != NumberFault::not_a_number || name.starts_with('#'));
  };
  const bool all = std::ranges::any_of(names, needs_quotes);
  std::string line;
  for (const std::string& name : names) {
    if (&name != &names.front()) line += delimiter;
    line += all || name.empty() ? in_quotes(name) : csv_field(name);
  }
  return line;
}

void write_csv(const std::string& path, const DataView& data, const std::vector<std::string>& column_names) {
  const DataView named = column_names.empty() ? data : data.with_names(column_names);
  const std::vector<std::string> names = named.column_names();
  OutputFile file(path);
  std::visit([&](const auto& x) { write_delimited(file.stream(), x, names, ','); }, data.values());
  file.commit();
}

void write_csv(std::ostream& stream, MatrixView<const double> x, const std::vector<std::string>& column_names,
               char delimiter) {
  if (column_names.size() != x.cols()) {
    throw invalid_argument(
        fmt::format("column_names has {} values; must have one per column, {}", column_names.size(), x.cols()));
  }
  write_delimited(stream, x, column_names, delimiter);
}

void write_npy(const std::string& path, MatrixView<const double> x) {
  OutputFile file(path);
  write_npy(file.stream(), x);
  file.commit();
}

void write_npy(std::ostream& stream, MatrixView<const double> x) {
  static_assert(std::endian::native == std::endian::little, "rows are written as they lie in memory");
  stream << npy_header(x.rows(), x.cols());
  for (std::size_t row = 0; row < x.rows(); ++row) {
    const std::span<const double> values = x.row(row);
    stream.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
    check_interrupted(values.size());
  }
}

void write_npy(std::ostream& stream, const ColumnsView<const double>& x) {
  stream << npy_header(x.rows(), x.cols());
  std::vector<double> row(x.cols());
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = x(i, j);
    stream.write(reinterpret_cast<const char*>(row.data()), static_cast<std::streamsize>(row.size() * sizeof(double)));
    check_interrupted(row.size());
  }
}

}  // namespace mogul
