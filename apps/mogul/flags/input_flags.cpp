// The flags of every verb that reads rows or a model, and what they read.
#include "flags/input_flags.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mogul::cli {

namespace {

char delimiter_from(const std::string& text) {
  if (text == "comma") return ',';
  if (text == "tab" || text == "\\t") return '\t';
  if (text == "semicolon") return ';';
  if (text == "space") return ' ';
  if (text == "bar") return '|';
  if (text.size() == 1) return text[0];
  throw UsageError(
      fmt::format("--delimiter = {}; must be one character, or comma, tab, semicolon, bar or space", text));
}

char decimal_from(const std::string& text) {
  if (text == "," || text == "comma") return ',';
  if (text == "." || text == "point") return '.';
  throw UsageError(fmt::format("--decimal = {}; must be . or ,", text));
}

char comment_from(const std::string& text) {
  if (text.size() == 1) return text[0];
  throw UsageError(fmt::format("--comment = {}; must be one character, such as '#'", text));
}

}  // namespace

bool InputFlags::has_standard_input() const { return std::ranges::find(paths, "-") != paths.end(); }

void InputFlags::require_one_use_of_standard_input() const {
  if (paths.size() > 1 && has_standard_input()) {
    throw UsageError("DATA = -; must be the only one, as standard input cannot be one of several files");
  }
}

std::string InputFlags::name() const {
  if (paths.size() > 1) return fmt::format("{} and {} more", paths[0], paths.size() - 1);
  return paths[0] == "-" ? "standard input" : paths[0];
}

void add_input_flags(CommandLine& line, InputFlags& flags) {
  line.add_arguments("DATA", flags.paths,
                     "CSV, TSV or NPY file, gzip or not; - reads standard input; several files are read as one");
  add_reading_flags(line, flags);
}

void add_reading_flags(CommandLine& line, InputFlags& flags) {
  FlagGroup input = line.group("Input");
  input.add_names("--columns", flags.columns,
                  "columns to use, in this order, by name or position 1, 2, ... (default: all the rest)");
  input.add_names("--exclude", flags.exclude, "columns to leave out, by name or position (default: none)");
  input.add_text("--weights", "NAME", flags.weights,
                 "column of row weights, by name or position; weight 2 = a row twice (default: all 1)");
  input.add_text(
      "--delimiter", "CHAR", [&flags](const std::string& text) { flags.delimiter = delimiter_from(text); },
      "a character, or comma, tab, semicolon, bar, space (default: found from the first lines)");
  input.add_text(
      "--decimal", "CHAR", [&flags](const std::string& text) { flags.decimal = decimal_from(text); },
      "decimal point of the numbers, . or , (default: .)");
  input.add_choice("--missing", Choices<Missing>{{"error", Missing::error}, {"drop", Missing::drop}}, flags.missing,
                   "what becomes of rows that lack a value: empty, NA, NaN, ?, null, ... (default: error)");
  input.add_text(
      "--comment", "CHAR", [&flags](const std::string& text) { flags.comment = comment_from(text); },
      "lines that begin with it are left out (default: #, above the first row only)");
  input.add_number("--skip-lines", flags.skip_lines, "lines to leave out at the start of the file (default: 0)");
  input.add_switch("--no-header", flags.no_header,
                   "the first line is a row (default: found from the first lines, and asked where it may be either)");
  input.add_switch("--header", flags.header, "the first line holds names, even if they are numbers");
  line.exclude("--no-header", "--header");
}

void add_append_flag(CommandLine& line, InputFlags& flags) {
  line.group("Output").add_switch("--append", flags.append,
                                  "the columns of DATA as they stand there, text as well, before those of the result");
}

void add_model_argument(CommandLine& line, std::string& path) {
  line.add_argument("MODEL", path, "model file, as `mogul fit -o` and `mogul model` write it; - reads standard input");
}

ReadOptions read_options(const InputFlags& flags, unsigned n_threads) {
  ReadOptions options;
  options.columns = flags.columns;
  options.exclude = flags.exclude;
  options.weights = flags.weights;
  options.delimiter = flags.delimiter;
  options.header = flags.no_header ? Header::no : flags.header ? Header::yes : Header::detect;
  options.missing = flags.missing;
  options.decimal = flags.decimal;
  options.comment = flags.comment;
  options.skip_lines = flags.skip_lines;
  options.n_threads = n_threads;
  return options;
}

std::vector<std::string> feature_names(const Dataset& rows) { return rows.column_names(); }

void print_notes(const ReadReport& report, Verbosity verbosity) {
  if (verbosity == Verbosity::quiet) return;
  for (const std::string& note : report.notes) print_remark(note);
}

std::string describe_rows(const Dataset& rows, const InputFlags& flags) {
  return fmt::format("read {} rows of {} columns ({}) from {}", rows.rows(), rows.cols(),
                     fmt::join(short_names(feature_names(rows)), ", "), flags.name());
}

}  // namespace mogul::cli
