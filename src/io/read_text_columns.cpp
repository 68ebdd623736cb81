// A file -> the fields of its columns as text, for outputs that keep them; the twin of read_dataset.cpp.
#include <fmt/format.h>

#include "io/csv/csv.hpp"
#include "io/file_bytes.hpp"
#include "io/gzip.hpp"
#include "io/npy/npy.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

TextColumns text_of(const DataView& rows) {
  TextColumns columns;
  for (std::size_t d = 0; d < rows.cols(); ++d) columns.names.push_back(rows.column_name(d));
  std::visit(
      [&](const auto& x) {
        for (std::size_t i = 0; i < x.rows(); ++i) {
          for (std::size_t d = 0; d < x.cols(); ++d) columns.fields.push_back(fmt::format("{}", x(i, d)));
        }
      },
      rows.values());
  return columns;
}

}  // namespace

TextColumns read_text_columns(const std::string& path, const ReadOptions& options) {
  const FileBytes file(path);
  return parse_text_columns(file.view(), display_name(path), options);
}

TextColumns parse_text_columns(std::string_view bytes, const std::string& name, const ReadOptions& options) {
  std::string unpacked;
  if (is_gzip(bytes)) bytes = unpacked = gunzip(bytes, name);
  return is_npy(bytes) ? text_of(parse_npy(bytes, name, options)) : parse_csv_text(bytes, name, options);
}

}  // namespace mogul
