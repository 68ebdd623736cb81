// Rows as a fitted model sees them: its features, found among the columns of a file by name, else by position.
#include "flags/match_features.hpp"
#include "print/read_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace mogul::cli {

namespace {

using Names = std::vector<std::string>;

// The files of DATA, each read once: what cannot be rewound (standard input, a pipe) can be read no more, and what can
// may have changed. Several are as one.
class RowSource {
 public:
  RowSource(const InputFlags& flags, unsigned n_threads) : name_(flags.name()) {
    flags.require_one_use_of_standard_input();
    for (const std::string& path : flags.paths) files_.push_back(read_file(path, n_threads));
  }

  std::string name() const { return name_; }
  std::optional<Names> column_names(const ReadOptions& options) const {
    return parse_column_names(files_[0].bytes(), files_[0].name, options);
  }
  TextColumns text(const ReadOptions& options) const {
    TextColumns all;
    for (const FileContent& file : files_) {
      TextColumns more = parse_text_columns(file.bytes(), file.name, options);
      if (&file == &files_.front()) all.names = more.names;
      if (more.names != all.names) {
        throw invalid_data(fmt::format("{} has other columns than {}, or in another order; --append needs the same",
                                       file.name, files_[0].name));
      }
      std::ranges::move(more.fields, std::back_inserter(all.fields));
    }
    return all;
  }
  Dataset read(const ReadOptions& options, ReadReport& report) const {
    return parse_datasets(files_, options, &report);
  }

 private:
  std::string name_;
  std::vector<FileContent> files_;
};

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The first feature that is not the name of exactly one column, as names are compared.
std::optional<std::string> missing_from(const Names& columns, const Names& features) {
  std::unordered_map<std::string_view, std::size_t> exact;
  std::unordered_map<std::string_view, std::size_t> normal;
  for (const std::string& column : columns) {
    ++exact[column];
    ++normal[normal_name(column)];
  }
  const auto is_missing = [&](const std::string& feature) {
    if (const auto found = exact.find(feature); found != exact.end()) return found->second != 1;
    const auto found = normal.find(normal_name(feature));
    return found == normal.end() || found->second != 1;
  };
  const auto missing = std::ranges::find_if(features, is_missing);
  return missing == features.end() ? std::nullopt : std::optional(*missing);
}

// The first names of what may be thousands.
std::string listed(const Names& names) {
  constexpr std::size_t kMaxListed = 10;
  const std::size_t n_listed = std::min(names.size(), kMaxListed);
  Names shown;
  for (std::size_t i = 0; i < n_listed; ++i) shown.push_back(short_name(names[i]));
  return fmt::format("{}{}", fmt::join(shown, ", "), n_listed < names.size() ? ", ..." : "");
}

invalid_data missing_feature(const std::string& file, const Names& columns, const Names& features) {
  const std::string missing = missing_from(columns, features).value();
  const bool repeated = std::ranges::find(columns, missing) != columns.end();
  return invalid_data(
      fmt::format("{}: {} column '{}'; its columns are {}; the model's features are {}: name the columns to use with "
                  "--columns, in the order of the features",
                  file, repeated ? "more than one" : "no", short_name(missing), listed(columns), listed(features)));
}

Dataset with_as_many_columns(Dataset rows, const ModelFile& model, const std::string& file) {
  if (rows.cols() == model.mixture.n_features()) return rows;
  throw invalid_data(fmt::format("{}: {} columns ({}), but the model has {} features ({}); choose them with --columns",
                                 file, rows.cols(), listed(feature_names(rows)), model.mixture.n_features(),
                                 listed(model.feature_names)));
}

// Columns in place of features by their order, of which none may be called like another feature.
void check_order(const Names& columns, const Names& features, const std::string& file) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto found =
        std::ranges::find(features, normal_name(columns[i]), [](const std::string& name) { return normal_name(name); });
    const auto place = static_cast<std::size_t>(found - features.begin());
    if (found == features.end() || place == i || are_positions({columns[i]})) continue;
    throw UsageError(
        fmt::format("--columns would take column '{}' of {} for the feature '{}', but '{}' is a feature too; list "
                    "the columns in the order of the features: {}",
                    short_name(columns[i]), file, short_name(features[i]), short_name(columns[i]), listed(features)));
  }
}

// What --exclude and --weights name is not there for the model. The names of a model without names mean no column.
void check_features_are_free(const ReadOptions& options, const Names& features) {
  if (are_positions(features)) return;
  const auto is_feature = [&](const std::string& name) { return std::ranges::find(features, name) != features.end(); };
  for (const std::string& name : options.exclude) {
    if (is_feature(name))
      throw UsageError(fmt::format("--exclude = {}; must not be a feature of the model, which needs it", name));
  }
  if (is_feature(options.weights)) {
    throw UsageError(
        fmt::format("--weights = {}; must not be a feature of the model, which needs it", options.weights));
  }
}

// The columns of --columns: in the model's order where they have its features' names, else as they are listed.
Dataset read_chosen(const RowSource& source, const ModelFile& model, ReadOptions options, ReadReport& report) {
  ReadReport first;
  Dataset rows = with_as_many_columns(source.read(options, first), model, source.name());
  const Names& names = rows.column_names();
  const bool by_name = names != model.feature_names && !missing_from(names, model.feature_names) &&
                       source.column_names(options);  // else x2, x1 are positions, in the order that was asked for
  if (!by_name) {
    check_order(names, model.feature_names, source.name());
    report = std::move(first);
    return rows;
  }
  options.columns = model.feature_names;
  return source.read(options, report);
}

// The columns that are the model's features. They tell a line of names even where it could be a row of numbers.
Dataset read_features(const RowSource& source, const ModelFile& model, ReadOptions options, ReadReport& report) {
  check_features_are_free(options, model.feature_names);
  if (!options.columns.empty()) return read_chosen(source, model, options, report);
  const std::optional<Names> names = source.column_names(options);
  if (names && !missing_from(*names, model.feature_names)) {
    options.columns = model.feature_names;
    return source.read(options, report);
  }
  // By position, where the file or the model has no names.
  if (names && !are_positions(model.feature_names)) throw missing_feature(source.name(), *names, model.feature_names);
  Dataset rows = with_as_many_columns(source.read(options, report), model, source.name());
  if (names || !are_positions(model.feature_names)) {
    report.notes.push_back(fmt::format("{}: {} no names; the features are columns {}, in this order", source.name(),
                                       names ? "the model has" : "the file has", listed(feature_names(rows))));
  }
  return rows;
}

ReadOptions options_for(const ModelFile& model, const InputFlags& flags, unsigned n_threads) {
  ReadOptions options = read_options(flags, n_threads);
  options.expected_names = model.feature_names;
  return options;
}

ModelFile read_model_before(const std::string& data_path, const std::string& model_path) {
  try {
    return read_model_with_notes(model_path);
  } catch (const invalid_data&) {
    if (begins_like_a_model(model_path) || !begins_like_a_model(data_path)) throw;
    throw UsageError(fmt::format("MODEL = {} is no model, but DATA = {} looks like one: MODEL comes before DATA",
                                 model_path, data_path));
  }
}

}  // namespace

bool begins_like_a_model(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  std::ifstream file(path, std::ios::binary);
  char first = '\0';
  return (file >> first) && first == '{';
}

bool are_positions(const Names& names) {
  return std::ranges::all_of(names,
                             [](std::string_view name) { return name.starts_with('x') && is_digits(name.substr(1)); });
}

Names names_for(const ModelFile& model, const Dataset& rows) {
  return are_positions(model.feature_names) ? feature_names(rows) : model.feature_names;
}

Dataset read_all_columns(const InputFlags& flags, unsigned n_threads, ReadReport& report) {
  flags.require_one_use_of_standard_input();
  return read_datasets(flags.paths, read_options(flags, n_threads), &report);
}

Dataset read_rows_for(const ModelFile& model, const InputFlags& flags, unsigned n_threads, ReadReport& report) {
  return read_features(RowSource(flags, n_threads), model, options_for(model, flags, n_threads), report);
}

ModelRows read_model_and_rows(const std::string& model_path, const InputFlags& flags, const GeneralFlags& general) {
  if (model_path == "-" && flags.has_standard_input()) {
    throw UsageError("MODEL and DATA cannot both be standard input");
  }
  ModelFile model = read_model_before(flags.paths[0], model_path);
  const RowSource source(flags, general.n_threads);
  const ReadOptions options = options_for(model, flags, general.n_threads);
  ReadReport report;
  Dataset rows = read_features(source, model, options, report);
  print_notes(report, general.verbosity());
  if (general.verbose) print_note(describe_rows(rows, flags));
  TextColumns text = flags.append ? source.text(options) : TextColumns{};
  return {std::move(model), std::move(rows), std::move(report), std::move(text)};
}

}  // namespace mogul::cli
