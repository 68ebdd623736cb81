// Several files of rows -> one Dataset: the same columns by name, in the order of the first file.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <unordered_set>
#include <utility>
#include <variant>

#include "base/message.hpp"
#include "io/column_selection.hpp"
#include "io/file_bytes.hpp"
#include "mogul/error.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

using Names = std::vector<std::string>;

// The first name, if any, that has no equal among the others.
std::optional<std::string> missing_from(const Names& others, const Names& names) {
  std::unordered_set<std::string_view> known;
  for (const std::string& other : others) known.insert(normal_name(other));
  const auto missing =
      std::ranges::find_if(names, [&](const std::string& name) { return !known.contains(normal_name(name)); });
  return missing == names.end() ? std::nullopt : std::optional(*missing);
}

template <class T>
Dataset join(const std::vector<Dataset>& parts) {
  std::vector<T> x;
  std::vector<double> weights;
  std::size_t n = 0;
  for (const Dataset& part : parts) {
    n += part.rows();
    std::visit([&](const auto& matrix) { x.insert(x.end(), matrix.values().begin(), matrix.values().end()); },
               part.values());
    weights.insert(weights.end(), part.weights().begin(), part.weights().end());
  }
  return Dataset(BasicMatrix<T>(n, parts[0].cols(), std::move(x)), parts[0].column_names(), std::move(weights));
}

// Takes one file after the other. The first says which columns there are, and what options mean by a position.
class Joiner {
 public:
  Joiner(const ReadOptions& options, ReadReport* report)
      : options_(options), report_(report), chosen_(!options.columns.empty()) {}

  void add(std::string_view bytes, const std::string& name) {
    const std::optional<Names> header = parse_column_names(bytes, name, options_);
    const bool is_first = parts_.empty();
    if (!is_first) check_same(header, name);
    ReadReport told;
    const Dataset& part = parts_.emplace_back(parse_dataset(bytes, name, options_, &told));
    if (is_first) {
      file_ = name;
      header_ = header;
      if (header) name_columns(part.column_names());
    }
    if (part.cols() != parts_[0].cols()) {
      throw invalid_data(fmt::format("{}: {} columns, but {} has {}; files that are read as one need the same columns",
                                     name, part.cols(), file_, parts_[0].cols()));
    }
    if (report_ != nullptr) {
      std::ranges::move(told.notes, std::back_inserter(report_->notes));
      for (const std::size_t number : told.dropped) report_->dropped.push_back(n_rows_ + number);
    }
    n_rows_ += part.rows() + told.dropped.size();
  }

  Dataset join_all() const {
    const bool all_float = std::ranges::all_of(
        parts_, [](const Dataset& part) { return std::holds_alternative<FloatMatrix>(part.values()); });
    return all_float ? join<float>(parts_) : join<double>(parts_);
  }

 private:
  // From the first file on, options name columns, which may stand elsewhere in the next.
  void name_columns(const Names& features) {
    if (!options_.weights.empty()) {
      const std::string& name = (*header_)[find_column(*header_, "weights", options_.weights, file_)];
      if (!name.empty()) options_.weights = name;
    }
    options_.exclude.clear();
    options_.columns = features;
    options_.expected_names = features;
  }

  void check_same(const std::optional<Names>& header, const std::string& file) const {
    if (header.has_value() != header_.has_value()) {
      throw invalid_data(
          fmt::format("{} has {} header, but {} has {}; files that are read as one need the same columns", file,
                      header ? "a" : "no", file_, header_ ? "one" : "none"));
    }
    if (!header) return;
    if (const auto missing = missing_from(*header, options_.columns)) {
      throw invalid_data(
          fmt::format("{}: no column '{}', which {} has; files that are read as one need the same columns", file,
                      printable(*missing), file_));
    }
    if (const auto extra = missing_from(*header_, *header); extra && !chosen_) {
      throw invalid_data(fmt::format("{}: column '{}' is not in {}; files that are read as one need the same columns",
                                     file, printable(*extra), file_));
    }
  }

  ReadOptions options_;
  ReadReport* const report_;
  const bool chosen_;  // the columns are: then others may be there
  std::vector<Dataset> parts_;
  std::size_t n_rows_ = 0;  // dropped ones included
  // Of the first file.
  std::string file_;
  std::optional<Names> header_;
};

}  // namespace

Dataset read_datasets(const std::vector<std::string>& paths, const ReadOptions& options, ReadReport* report) {
  if (paths.empty()) throw invalid_argument("no file to read; must be at least one");
  if (paths.size() == 1) return read_dataset(paths[0], options, report);
  Joiner joiner(options, report);
  for (const std::string& path : paths) joiner.add(FileBytes(path, options.n_threads).view(), display_name(path));
  return joiner.join_all();
}

Dataset parse_datasets(std::span<const FileContent> files, const ReadOptions& options, ReadReport* report) {
  if (files.empty()) throw invalid_argument("no file to read; must be at least one");
  if (files.size() == 1) return parse_dataset(files[0].bytes(), files[0].name, options, report);
  Joiner joiner(options, report);
  for (const FileContent& file : files) joiner.add(file.bytes(), file.name);
  return joiner.join_all();
}

}  // namespace mogul
