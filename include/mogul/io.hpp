// Files: rows in and out (CSV, TSV, NPY, gzip, standard input), models and statistics (JSON).
// A file that is written appears whole or not at all (output_file.hpp).
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/em_loop.hpp"
#include "mogul/fit.hpp"
#include "mogul/score.hpp"
#include "mogul/standard_errors.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// Whether the first line holds names. `detect` weighs the first lines (docs/formats.md) and refuses where both
/// readings are plausible, so that no row is lost and no name is read as a row.
enum class Header { detect, yes, no };

/// What becomes of rows that lack a value in a column that is used. An empty field, `NA`, `NaN`, `?`, `null` and the
/// other spellings of docs/formats.md are missing values.
enum class Missing {
  error,  ///< the first one is an error
  drop,   ///< the row is left out, and its number kept in ReadReport::dropped
};

struct ReadOptions {
  /// Features to keep, in this order: names or positions (1, 2, ...); empty = every column that is
  /// not excluded and not the row weights. A name wins over a position.
  std::vector<std::string> columns = {};
  std::vector<std::string> exclude = {};  ///< columns to leave out, by name or position
  std::string weights = {};               ///< column of row weights, by name or position; empty = none
  char delimiter = '\0';                  ///< '\0' = found from the first lines: , tab ; | or blanks
  Header header = Header::detect;
  Missing missing = Missing::error;
  char decimal = '.';          ///< decimal point of the numbers: '.' or ','
  char comment = '\0';         ///< lines that begin with it are left out; '\0' = '#', above the first row only
  std::size_t skip_lines = 0;  ///< lines to leave out at the start of the file
  /// Names that the columns should have, as those of a model's features: a first line that holds all of them is a
  /// header, whatever it looks like. They choose no columns.
  std::vector<std::string> expected_names = {};
  unsigned n_threads = 0;
};

/// What a reader of the result alone would not know of the file.
struct ReadReport {
  std::vector<std::string> notes;    ///< sentences for people: "t.csv: left out column 1: ..."
  std::vector<std::size_t> dropped;  ///< rows left out for missing values, ascending; counted from 0 among all rows

  bool operator==(const ReadReport&) const = default;
};

/// Reads rows from a file, or from standard input for "-". The content decides the format: gzip, then
/// NPY by its magic bytes, else delimited text.
/// @param report  notes and dropped rows are appended to it, if there is one
/// @throws io_error if it cannot be read; invalid_argument for an unknown column;
///         invalid_data naming file, line, column, value and rule
Dataset read_dataset(const std::string& path, const ReadOptions& options = {}, ReadReport* report = nullptr);

/// Reads several files as one: the rows of each after those of the one before, with the same columns by name, in the
/// order of the first file; by position where there are no names. Dropped rows are numbered through.
/// @throws as read_dataset(); invalid_data naming the file and the column that another has not
Dataset read_datasets(const std::vector<std::string>& paths, const ReadOptions& options = {},
                      ReadReport* report = nullptr);

/// A file in memory.
struct FileContent {
  std::string name;  ///< stands for it in messages
  std::unique_ptr<char[]> memory;
  std::size_t size = 0;

  std::string_view bytes() const { return {memory.get(), size}; }
};

/// The content of a file, or of standard input for "-", so that it is read once and parsed more than once.
/// @throws io_error if it cannot be read, or changes meanwhile; invalid_data for a format that mogul does not read
FileContent read_file(const std::string& path, unsigned n_threads = 0);

/// As read_datasets() from files in memory.
Dataset parse_datasets(std::span<const FileContent> files, const ReadOptions& options = {},
                       ReadReport* report = nullptr);

/// As read_dataset() from bytes in memory; `name` stands for the file in messages.
Dataset parse_dataset(std::string_view bytes, const std::string& name, const ReadOptions& options = {},
                      ReadReport* report = nullptr);

/// The form in which names of columns are compared: without blanks around it and without quotes around the rest, so
/// that a name means the same column to readers that trim and to those that do not. A view into `name`.
std::string_view normal_name(std::string_view name);

/// The names of all columns, chosen or not, as the header gives them, "" where it gives none; nothing where there is no
/// header, as in NPY.
/// @throws as read_dataset(), of what the first lines can show
/// @cost   the file is read whole, but only its first lines are parsed
std::optional<std::vector<std::string>> read_column_names(const std::string& path, const ReadOptions& options = {});
std::optional<std::vector<std::string>> parse_column_names(std::string_view bytes, const std::string& name,
                                                           const ReadOptions& options = {});

/// The fields of a file as text.
struct TextColumns {
  std::vector<std::string> names;   ///< (C), "" where the header gives none; "x1", "x2", ... without a header
  std::vector<std::string> fields;  ///< (N, C), row-major, without the quotes around them

  bool operator==(const TextColumns&) const = default;
};

/// All columns and rows of a file as they stand in it, chosen and dropped ones as well; the numbers of NPY in the
/// fewest digits that read back equal, "" for NaN. For a file that read_dataset() reads with the same options.
/// @throws as read_dataset()
TextColumns read_text_columns(const std::string& path, const ReadOptions& options = {});
TextColumns parse_text_columns(std::string_view bytes, const std::string& name, const ReadOptions& options = {});

/// One integer per row, in text or NPY (docs/formats.md), numbered as number_labels() does.
/// @param dropped  rows that were left out of the data (ReadReport::dropped), ascending: their labels are as well, and
///                 may be missing
/// @throws io_error if it cannot be read; invalid_data naming file, line and rule
std::vector<std::int32_t> read_labels(const std::string& path, std::span<const std::size_t> dropped = {});
/// The same from bytes in memory; `name` stands for the file in messages.
std::vector<std::int32_t> parse_labels(std::string_view bytes, const std::string& name,
                                       std::span<const std::size_t> dropped = {});

/// Any distinct integers -> 0..K-1 in ascending order, K the number of different ones.
std::vector<std::int32_t> number_labels(std::span<const std::int64_t> labels);

/// The same for K components: numbers of components, 0..K-1, stay as they are, whether each of them is there or not;
/// others must be K different ones.
/// @throws invalid_argument if they are more or fewer
std::vector<std::int32_t> number_labels(std::span<const std::int64_t> labels, std::size_t n_components);

/// A field as it stands in CSV and TSV: in quotes where it would not read back without them (RFC 4180).
std::string csv_field(const std::string& text);

/// A line of names without its end: all in quotes where one of them could be taken for a number, a missing value or a
/// comment, so that the line reads back as a header.
std::string csv_header(const std::vector<std::string>& names, char delimiter = ',');

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
void write_npy(std::ostream& stream, const ColumnsView<const double>& x);

/// What a model file holds.
struct ModelFile {
  Mixture mixture;
  std::vector<std::string> feature_names;    ///< (D), all different, UTF-8; empty to write "x1", "x2", ...
  std::optional<FitSettings> settings = {};  ///< of the fit, absent for a model that was not fitted
  std::optional<FitReport> report = {};      ///< of the fit, likewise
  std::vector<std::int32_t> clusters = {};   ///< (K), the cluster of each component (merge.hpp); empty if not merged
  std::optional<StandardErrors> standard_errors = {};  ///< of the parameters, where they were asked for
  std::vector<std::string> notes = {};                 ///< what a reader could not take from a file of another version

  bool operator==(const ModelFile&) const = default;
};

/// JSON, schema "mogul-model/1"; every double is written so that it reads back equal.
/// @throws io_error if it cannot be written; the old file is then untouched
void write_model(const std::string& path, const ModelFile& model);
/// @throws io_error if it cannot be read; invalid_data naming the file, the field and what is wrong
ModelFile read_model(const std::string& path);
ModelFile parse_model(std::string_view json, const std::string& name);
std::string model_json(const ModelFile& model);

/// The criteria of a model on rows as one JSON object, its members called as those of Evaluation.
std::string evaluation_json(const Evaluation& evaluation);

/// JSON, schema "mogul-stats/1".
void write_stats(const std::string& path, const Stats& stats);
Stats read_stats(const std::string& path);
Stats parse_stats(std::string_view json, const std::string& name);
std::string stats_json(const Stats& stats);

/// JSON, schema "mogul-checkpoint/1": a loop between two steps, whose next steps have the same bytes.
/// @throws invalid_argument for a loop that was cancelled before its first model
void write_checkpoint(const std::string& path, const EmCheckpoint& checkpoint);
EmCheckpoint read_checkpoint(const std::string& path);
EmCheckpoint parse_checkpoint(std::string_view json, const std::string& name);
std::string checkpoint_json(const EmCheckpoint& checkpoint);

}  // namespace mogul
