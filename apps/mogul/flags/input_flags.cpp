// The flags of every verb that reads rows or a model, and what they read.
#include "flags/input_flags.hpp"

#include <fmt/format.h>

#include <iostream>
#include <iterator>

#include "flags/command_line.hpp"

namespace mogul::cli {

namespace {

char delimiter_from(const std::string& text) {
  if (text == "comma") return ',';
  if (text == "tab" || text == "\\t") return '\t';
  if (text == "semicolon") return ';';
  if (text == "space") return ' ';
  if (text.size() == 1) return text[0];
  throw UsageError(fmt::format("--delimiter = {}; must be one character, or comma, tab, semicolon or space", text));
}

}  // namespace

void add_input_flags(CLI::App& app, InputFlags& flags) {
  app.add_option("DATA", flags.path, "CSV, TSV or NPY file, gzip or not; - reads standard input")->required();
  const std::string group = "Input";
  add_names(app, "--columns", flags.columns,
            "columns to use, in this order, by name or position 1, 2, ... (default: all the rest)")
      ->group(group);
  add_names(app, "--exclude", flags.exclude, "columns to leave out, by name or position (default: none)")->group(group);
  app.add_option("--weights", flags.weights,
                 "column of row weights, by name or position; weight 2 = a row twice (default: all 1)")
      ->type_name("NAME")
      ->group(group);
  app.add_option_function<std::string>(
         "--delimiter", [&flags](const std::string& text) { flags.delimiter = delimiter_from(text); },
         "a character, or comma, tab, semicolon, space (default: found from the first line)")
      ->type_name("CHAR")
      ->group(group);
  CLI::Option* no_header = app.add_flag("--no-header", flags.no_header,
                                        "the first line is a row (default: it is one if all its fields are "
                                        "numbers, and holds names if text stands above a number)");
  CLI::Option* header = app.add_flag("--header", flags.header, "the first line holds names, even if they are numbers");
  no_header->group(group)->excludes(header);
  header->group(group);
}

void add_model_argument(CLI::App& app, std::string& path) {
  app.add_option("MODEL", path, "model file that `mogul fit -o` wrote; - reads standard input")->required();
}

ReadOptions read_options(const InputFlags& flags, unsigned n_threads) {
  ReadOptions options;
  options.columns = flags.columns;
  options.exclude = flags.exclude;
  options.weights = flags.weights;
  options.delimiter = flags.delimiter;
  options.header = flags.no_header ? Header::no : flags.header ? Header::yes : Header::detect;
  options.n_threads = n_threads;
  return options;
}

std::string read_standard_input() {
  std::string bytes{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  if (std::cin.bad()) throw io_error("standard input: cannot be read");
  return bytes;
}

ModelFile read_model_file(const std::string& path) {
  return path == "-" ? parse_model(read_standard_input(), "standard input") : read_model(path);
}

std::vector<std::string> feature_names(const Dataset& rows) {
  std::vector<std::string> names;
  for (std::size_t d = 0; d < rows.cols(); ++d) names.push_back(rows.view().column_name(d));
  return names;
}

std::string describe_rows(const Dataset& rows, const std::string& path) {
  return fmt::format("read {} rows of {} columns ({}) from {}", rows.rows(), rows.cols(),
                     fmt::join(feature_names(rows), ", "), path == "-" ? "standard input" : path);
}

}  // namespace mogul::cli
