// Files: rows in and out (CSV, TSV, NPY, gzip, standard input), models and statistics (JSON).
// A file that is written appears whole or not at all (output_file.hpp).
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/fit.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// Whether the first line holds names. `detect`: yes if all its fields are text, or one is text above a
/// number; no if all are numbers; else an error that asks, rather than a row lost or a name read as one.
enum class Header { detect, yes, no };

struct ReadOptions {
  /// Features to keep, in this order: names or positions (1, 2, ...); empty = every column that is
  /// not excluded and not the weights. A name wins over a position.
  std::vector<std::string> columns = {};
  std::vector<std::string> exclude = {};  ///< columns to leave out, by name or position
  std::string weights = {};               ///< column of row weights, by name or position; empty = none
  char delimiter = '\0';                  ///< '\0' = found from the first line: comma, tab, semicolon or space
  Header header = Header::detect;
  unsigned n_threads = 0;
};

/// Reads rows from a file, or from standard input for "-". The content decides the format: gzip, then
/// NPY by its magic bytes, else delimited text.
/// @throws io_error if it cannot be read; invalid_argument for an unknown column;
///         invalid_data naming file, line, column, value and rule
Dataset read_dataset(const std::string& path, const ReadOptions& options = {});

/// The same from bytes in memory; `name` stands for the file in messages.
Dataset parse_dataset(std::string_view bytes, const std::string& name, const ReadOptions& options = {});

/// The names of all columns, chosen or not, as the header gives them; nothing where there is no header, as in NPY.
/// @throws as read_dataset(), of what the first lines can show
/// @cost   the first lines of the file; all of it where it is packed by gzip
std::optional<std::vector<std::string>> read_column_names(const std::string& path, const ReadOptions& options = {});
std::optional<std::vector<std::string>> parse_column_names(std::string_view bytes, const std::string& name,
                                                           const ReadOptions& options = {});

/// One integer per line, any distinct integers (a header line is allowed), mapped to 0..K-1 in
/// ascending order.
std::vector<std::int32_t> read_labels(const std::string& path);

/// RFC 4180 with a header line; numbers in the shortest form that reads back equal. Weights are not written: to keep
/// them, make them a column.
/// @param column_names  (D), or empty for those of the data
void write_csv(const std::string& path, const DataView& data, const std::vector<std::string>& column_names);
/// The same to a stream, which remembers its errors. There may be no rows.
/// @param column_names  (D)
void write_csv(std::ostream& stream, MatrixView<const double> x, const std::vector<std::string>& column_names,
               char delimiter = ',');
/// NPY version 1.0, C order, '<f8'.
void write_npy(const std::string& path, MatrixView<const double> x);
void write_npy(std::ostream& stream, MatrixView<const double> x);

/// What a model file holds.
struct ModelFile {
  Mixture mixture;
  std::vector<std::string> feature_names;    ///< (D), all different, UTF-8; empty to write "x1", "x2", ...
  std::optional<FitSettings> settings = {};  ///< of the fit, absent for a model that was not fitted
  std::optional<FitReport> report = {};      ///< of the fit, likewise

  bool operator==(const ModelFile&) const = default;
};

/// JSON, schema "mogul-model/1"; every double is written so that it reads back equal.
/// @throws io_error if it cannot be written; the old file is then untouched
void write_model(const std::string& path, const ModelFile& model);
/// @throws io_error if it cannot be read; invalid_data naming the file, the field and what is wrong
ModelFile read_model(const std::string& path);
ModelFile parse_model(std::string_view json, const std::string& name);
std::string model_json(const ModelFile& model);

/// JSON, schema "mogul-stats/1".
void write_stats(const std::string& path, const Stats& stats);
Stats read_stats(const std::string& path);
Stats parse_stats(std::string_view json, const std::string& name);
std::string stats_json(const Stats& stats);

}  // namespace mogul
