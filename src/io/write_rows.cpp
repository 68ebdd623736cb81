// Rows -> CSV or NPY file; the twin of read_dataset.cpp.
#include <fmt/format.h>

#include <bit>
#include <iterator>
#include <variant>

#include "io/npy/npy_header.hpp"
#include "mogul/error.hpp"
#include "mogul/io.hpp"
#include "mogul/output_file.hpp"

namespace mogul {
namespace {

// RFC 4180: quotes where the text would not read back without them.
std::string csv_field(const std::string& text) {
  const bool blank_ends = text.empty() || text.front() == ' ' || text.back() == ' ';
  if (!blank_ends && text.find_first_of(",\"\r\n\t;") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

}  // namespace

void write_csv(const std::string& path, const DataView& data, const std::vector<std::string>& column_names) {
  const DataView named = column_names.empty() ? data : data.with_names(column_names);
  OutputFile file(path);
  fmt::memory_buffer line;
  const auto append = [&](std::size_t col, const auto& field) {
    fmt::format_to(std::back_inserter(line), "{}{}", col == 0 ? "" : ",", field);
  };
  const auto write_line = [&] {
    line.push_back('\n');
    file.stream().write(line.data(), static_cast<std::streamsize>(line.size()));
    line.clear();
  };
  for (std::size_t col = 0; col < named.cols(); ++col) append(col, csv_field(named.column_name(col)));
  write_line();
  std::visit(
      [&](const auto& x) {
        for (std::size_t row = 0; row < x.rows(); ++row) {
          for (std::size_t col = 0; col < x.cols(); ++col) append(col, x(row, col));
          write_line();
        }
      },
      data.values());
  file.commit();
}

void write_npy(const std::string& path, MatrixView<const double> x) {
  static_assert(std::endian::native == std::endian::little, "rows are written as they lie in memory");
  OutputFile file(path);
  file.stream() << npy_header(x.rows(), x.cols());
  for (std::size_t row = 0; row < x.rows(); ++row) {
    const std::span<const double> values = x.row(row);
    file.stream().write(reinterpret_cast<const char*>(values.data()),
                        static_cast<std::streamsize>(values.size_bytes()));
  }
  file.commit();
}

}  // namespace mogul
