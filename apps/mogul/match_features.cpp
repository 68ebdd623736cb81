// Rows as a fitted model sees them: its features, found among the columns of a file by name, else by position.
#include "match_features.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

namespace mogul::cli {

namespace {

// Rows that may be read more than once: what cannot be rewound (standard input, a pipe) is kept in memory.
class RowSource {
 public:
  explicit RowSource(const std::string& path) : path_(path) {
    std::error_code ignored;  // a path that is not there is read_dataset's to report
    if (path == "-") {
      bytes_ = read_standard_input();
    } else if (std::filesystem::is_fifo(path, ignored) || std::filesystem::is_character_file(path, ignored)) {
      std::ifstream file(path, std::ios::binary);
      if (file) bytes_.emplace(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
  }

  std::string name() const { return path_ == "-" ? "standard input" : path_; }
  Dataset read(const ReadOptions& options) const {
    return bytes_ ? parse_dataset(*bytes_, name(), options) : read_dataset(path_, options);
  }

 private:
  std::string path_;
  std::optional<std::string> bytes_;
};

bool holds_all(const std::vector<std::string>& names, const std::vector<std::string>& wanted) {
  const auto held = [&](const std::string& name) { return std::ranges::find(names, name) != names.end(); };
  return std::ranges::all_of(wanted, held);
}

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// x1, x2, ...: the names that columns without a header get.
bool are_positions(const std::vector<std::string>& names) {
  return std::ranges::all_of(names, [](std::string_view name) { return name[0] == 'x' && is_digits(name.substr(1)); });
}

Dataset with_as_many_columns(Dataset rows, const ModelFile& model, const std::string& name) {
  if (rows.cols() == model.mixture.n_features()) return rows;
  throw invalid_data(fmt::format("{}: {} columns ({}), but the model has {} features ({}); choose them with --columns",
                                 name, rows.cols(), fmt::join(feature_names(rows), ", "), model.mixture.n_features(),
                                 fmt::join(model.feature_names, ", ")));
}

/// Why the features are not there by name.
struct NotByName {
  std::string reason;
};

std::variant<Dataset, NotByName> read_by_name(const RowSource& source, const ModelFile& model, ReadOptions options) {
  options.columns = model.feature_names;
  options.header = Header::yes;  // were it found from the first line, rows without names would be x1, x2, ...
  try {
    return source.read(options);
  } catch (const invalid_argument& error) {  // or invalid_data, as when a single row is taken for the header
    return NotByName{error.what()};
  }
}

// Rows without a header fail alike whether or not one is looked for.
bool fails_alike_without_header(const RowSource& source, ReadOptions options, const std::string& message) {
  options.header = Header::no;
  try {
    source.read(options);
  } catch (const invalid_data& error) {
    return error.what() == message;
  }
  return false;
}

invalid_data missing_feature(const ModelFile& model, const NotByName& not_by_name) {
  return invalid_data(fmt::format("{}; the model's features are {}: name the columns to use with --columns",
                                  not_by_name.reason, fmt::join(model.feature_names, ", ")));
}

// All columns, where the file or the model has no names.
Dataset read_by_position(const RowSource& source, const ModelFile& model, const ReadOptions& options,
                         const NotByName& not_by_name) {
  std::optional<Dataset> rows;
  try {
    rows = source.read(options);
  } catch (const invalid_data& error) {
    if (fails_alike_without_header(source, options, error.what())) throw;
    throw missing_feature(model, not_by_name);
  }
  if (!are_positions(rows->column_names()) && !are_positions(model.feature_names)) {
    throw missing_feature(model, not_by_name);
  }
  return with_as_many_columns(std::move(*rows), model, source.name());
}

}  // namespace

Dataset read_rows_for(const ModelFile& model, const InputFlags& flags, unsigned n_threads) {
  const RowSource source(flags.path);
  ReadOptions options = read_options(flags, n_threads);
  if (!options.columns.empty()) {
    const bool same_size = options.columns.size() == model.feature_names.size();
    if (same_size && holds_all(options.columns, model.feature_names)) options.columns = model.feature_names;
    return with_as_many_columns(source.read(options), model, source.name());
  }
  if (options.header == Header::no) return with_as_many_columns(source.read(options), model, source.name());
  std::variant<Dataset, NotByName> by_name = read_by_name(source, model, options);
  if (auto* rows = std::get_if<Dataset>(&by_name)) return std::move(*rows);
  return read_by_position(source, model, options, std::get<NotByName>(by_name));
}

ModelRows read_model_and_rows(const std::string& model_path, const InputFlags& flags, const GeneralFlags& general) {
  if (model_path == "-" && flags.path == "-") throw UsageError("MODEL and DATA cannot both be standard input");
  ModelFile model = read_model_file(model_path);
  Dataset rows = read_rows_for(model, flags, general.n_threads);
  if (general.verbose) print_note(describe_rows(rows, flags.path));
  return {std::move(model), std::move(rows)};
}

}  // namespace mogul::cli
