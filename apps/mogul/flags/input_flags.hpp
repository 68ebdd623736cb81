// The flags of every verb that reads rows or a model, and what they read: rows (a path or "-"), model files.
#pragma once

#include <string>
#include <vector>

#include "flags/command_line.hpp"
#include "mogul/io.hpp"
#include "print/messages.hpp"

namespace mogul::cli {

struct InputFlags {
  std::vector<std::string> paths;
  std::vector<std::string> columns;
  std::vector<std::string> exclude;
  std::string weights;
  char delimiter = '\0';
  bool header = false;
  bool no_header = false;
  bool append = false;
  Missing missing = Missing::error;
  char decimal = '.';
  char comment = '\0';
  std::size_t skip_lines = 0;

  bool has_standard_input() const;
  /// @throws UsageError where it is one of several files
  void require_one_use_of_standard_input() const;
  /// What messages call DATA: "standard input", "a.csv", "a.csv and 2 more".
  std::string name() const;
};

/// DATA and the flags that say how to read it.
void add_input_flags(CommandLine& line, InputFlags& flags);
/// The flags alone, of a verb whose arguments are not DATA only.
void add_reading_flags(CommandLine& line, InputFlags& flags);
/// --append, of verbs that write a row for each row that they read.
void add_append_flag(CommandLine& line, InputFlags& flags);
/// MODEL, a path or "-".
void add_model_argument(CommandLine& line, std::string& path);

ReadOptions read_options(const InputFlags& flags, unsigned n_threads);

/// The column names, or x1, x2, ... where the rows have none.
std::vector<std::string> feature_names(const Dataset& rows);

/// What the reader tells of the file, on standard error.
void print_notes(const ReadReport& report, Verbosity verbosity);

/// "read 272 rows of 2 columns (eruptions, waiting) from data/faithful.csv".
std::string describe_rows(const Dataset& rows, const InputFlags& flags);

}  // namespace mogul::cli
