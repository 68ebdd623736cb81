// The first stage of the data's path: a file -> rows (N, D), weights (N) and column names.
// The content decides the format: gzip is unpacked, NPY is known by its magic bytes, all else is delimited text.
#include <fmt/format.h>

#include "base/message.hpp"
#include "data/check_rows.hpp"
#include "io/csv/csv.hpp"
#include "io/file_bytes.hpp"
#include "io/file_format.hpp"
#include "io/gzip.hpp"
#include "io/npy/npy.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

// What no single row can show.
void check_weights(const Dataset& rows, const std::string& name, const std::string& column) {
  if (rows.weights().empty()) return;
  try {
    count_weights(rows.weights());
  } catch (const invalid_data& error) {
    throw invalid_data(fmt::format("{}: column '{}': {}", name, printable(column), error.what()));
  }
}

}  // namespace

Dataset read_dataset(const std::string& path, const ReadOptions& options, ReadReport* report) {
  const FileBytes file(path, options.n_threads);
  return parse_dataset(file.view(), display_name(path), options, report);
}

Dataset parse_dataset(std::string_view bytes, const std::string& name, const ReadOptions& options, ReadReport* report) {
  std::string unpacked;
  bytes = content_of(bytes, name, unpacked);
  require_table(bytes, name);
  ReadReport unread;
  ReadReport& told = report != nullptr ? *report : unread;
  Dataset rows = is_npy(bytes) ? parse_npy(bytes, name, options, told) : parse_csv(bytes, name, options, told);
  check_weights(rows, name, options.weights);
  return rows;
}

std::optional<std::vector<std::string>> read_column_names(const std::string& path, const ReadOptions& options) {
  const FileBytes file(path, options.n_threads);
  return parse_column_names(file.view(), display_name(path), options);
}

std::optional<std::vector<std::string>> parse_column_names(std::string_view bytes, const std::string& name,
                                                           const ReadOptions& options) {
  std::string unpacked;
  bytes = content_of(bytes, name, unpacked);
  require_table(bytes, name);
  if (is_npy(bytes)) return std::nullopt;
  return parse_csv_names(bytes, name, options);
}

}  // namespace mogul
