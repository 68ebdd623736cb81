// A file -> the fields of its columns as text, for outputs that keep them; the twin of read_dataset.cpp.
#include "io/csv/csv.hpp"
#include "io/file_bytes.hpp"
#include "io/file_format.hpp"
#include "io/gzip.hpp"
#include "io/npy/npy.hpp"
#include "mogul/io.hpp"

namespace mogul {

TextColumns read_text_columns(const std::string& path, const ReadOptions& options) {
  const FileBytes file(path);
  return parse_text_columns(file.view(), display_name(path), options);
}

TextColumns parse_text_columns(std::string_view bytes, const std::string& name, const ReadOptions& options) {
  std::string unpacked;
  bytes = content_of(bytes, name, unpacked);
  require_table(bytes, name);
  return is_npy(bytes) ? parse_npy_text(bytes, name) : parse_csv_text(bytes, name, options);
}

}  // namespace mogul
