// Several files of rows -> one Dataset: the same columns by name, in the order of the first file.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <unordered_set>
#include <utility>
#include <variant>

#include "io/file_bytes.hpp"
#include "io/message.hpp"
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

// What the first file fixes for all.
struct Columns {
  std::string file;
  std::optional<Names> header;  // all its names
  Names features;
};

void check_same(const Columns& first, const std::optional<Names>& header, const std::string& file) {
  if (header.has_value() != first.header.has_value()) {
    throw invalid_data(fmt::format("{} has {} header, but {} has {}; files that are read as one need the same columns",
                                   file, header ? "a" : "no", first.file, first.header ? "one" : "none"));
  }
  if (!header) return;
  if (const auto missing = missing_from(*header, first.features)) {
    throw invalid_data(fmt::format("{}: no column '{}', which {} has; files that are read as one need the same columns",
                                   file, printable(*missing), first.file));
  }
  if (const auto extra = missing_from(*first.header, *header)) {
    throw invalid_data(fmt::format("{}: column '{}' is not in {}; files that are read as one need the same columns",
                                   file, printable(*extra), first.file));
  }
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

}  // namespace

Dataset read_datasets(const std::vector<std::string>& paths, const ReadOptions& options, ReadReport* report) {
  if (paths.empty()) throw invalid_argument("no file to read; must be at least one");
  if (paths.size() == 1) return read_dataset(paths[0], options, report);
  Columns first;
  std::vector<Dataset> parts;
  std::size_t n_rows = 0;  // dropped ones included
  for (const std::string& path : paths) {
    const FileBytes file(path);
    const std::string name = display_name(path);
    ReadOptions own = options;
    if (!parts.empty()) own.expected_names = first.features;
    const std::optional<Names> header = parse_column_names(file.view(), name, own);
    if (!parts.empty()) {
      check_same(first, header, name);
      if (header) own.columns = first.features;
    }
    ReadReport told;
    const Dataset& part = parts.emplace_back(parse_dataset(file.view(), name, own, &told));
    if (parts.size() == 1) first = {name, header, part.column_names()};
    if (part.cols() != parts[0].cols()) {
      throw invalid_data(fmt::format("{}: {} columns, but {} has {}; files that are read as one need the same columns",
                                     name, part.cols(), first.file, parts[0].cols()));
    }
    if (report != nullptr) {
      std::ranges::move(told.notes, std::back_inserter(report->notes));
      for (const std::size_t number : told.dropped) report->dropped.push_back(n_rows + number);
    }
    n_rows += part.rows() + told.dropped.size();
  }
  const bool all_float = std::ranges::all_of(
      parts, [](const Dataset& part) { return std::holds_alternative<FloatMatrix>(part.values()); });
  return all_float ? join<float>(parts) : join<double>(parts);
}

}  // namespace mogul
