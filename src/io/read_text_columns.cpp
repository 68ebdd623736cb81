// A file -> the fields of its columns as text, for outputs that keep them; the twin of read_dataset.cpp.
#include <fmt/format.h>

#include "io/csv/csv.hpp"
#include "io/file_bytes.hpp"
#include "io/file_format.hpp"
#include "io/gzip.hpp"
#include "io/npy/npy.hpp"
#include "mogul/error.hpp"
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
  bytes = content_of(bytes, name, unpacked);
  require_table(bytes, name);
  if (!is_npy(bytes)) return parse_csv_text(bytes, name, options);
  ReadReport report;
  const Dataset rows = parse_npy(bytes, name, options, report);
  if (!report.dropped.empty()) {
    throw invalid_argument(
        fmt::format("{}: --append with --missing drop is not for NPY, whose dropped rows are not kept", name));
  }
  return text_of(rows);
}

}  // namespace mogul
