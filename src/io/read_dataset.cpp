// The first stage of the data's path: a file -> rows (N, D), weights (N) and column names.
// The content decides the format: gzip is unpacked, NPY is known by its magic bytes, all else is delimited text.
#include "io/csv/csv.hpp"
#include "io/file_bytes.hpp"
#include "io/gzip.hpp"
#include "io/npy/npy.hpp"
#include "mogul/io.hpp"

namespace mogul {

Dataset read_dataset(const std::string& path, const ReadOptions& options) {
  const FileBytes file(path);
  return parse_dataset(file.view(), display_name(path), options);
}

Dataset parse_dataset(std::string_view bytes, const std::string& name, const ReadOptions& options) {
  std::string unpacked;
  if (is_gzip(bytes)) bytes = unpacked = gunzip(bytes, name);
  return is_npy(bytes) ? parse_npy(bytes, name, options) : parse_csv(bytes, name, options);
}

std::optional<std::vector<std::string>> read_column_names(const std::string& path, const ReadOptions& options) {
  const FileBytes file(path);
  return parse_column_names(file.view(), display_name(path), options);
}

std::optional<std::vector<std::string>> parse_column_names(std::string_view bytes, const std::string& name,
                                                           const ReadOptions& options) {
  std::string unpacked;
  if (is_gzip(bytes)) bytes = unpacked = gunzip(bytes, name);
  if (is_npy(bytes)) return std::nullopt;
  return parse_csv_names(bytes, name, options);
}

}  // namespace mogul
