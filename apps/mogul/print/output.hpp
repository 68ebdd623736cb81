// What a verb prints: numbers under named columns, or a text, on standard output or in a file that appears
// whole or not at all.
#pragma once

#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "flags/command_line.hpp"
#include "mogul/output_file.hpp"
#include "print/table.hpp"

namespace mogul::cli {

struct OutputFlags {
  std::string path;  ///< empty or "-": standard output
  std::optional<Format> format;

  bool to_file() const { return !path.empty() && path != "-"; }
};
/// @param what       what -o receives, for its help
/// @param explained  what --format makes of it and the default, for its help
void add_output_flags(CommandLine& line, OutputFlags& flags, const std::string& what, const std::string& explained);

/// The format asked for, else the one of the path's ending, else `fallback`.
Format format_of(const OutputFlags& flags, Format fallback);

/// The destination of a verb's data. A file is in place only after commit().
class Output {
 public:
  /// @throws UsageError for NPY on a terminal and for compressed endings
  Output(const OutputFlags& flags, Format fallback);

  Format format() const { return format_; }
  /// @throws UsageError naming the flag that wants text, if the format holds numbers only
  void require_text(std::string_view flag) const;
  /// Opens the file, if there is one and it is not open, as write() does: to find out before long work.
  /// @throws io_error
  void open();
  /// @throws io_error if standard output cannot be written; a file tells at commit()
  void write(std::string_view text);
  /// @param decimal  decimal point of the numbers in csv and tsv
  void write(const Table& table, char decimal = '.');
  /// @throws io_error if the file could not be written
  void commit();

 private:
  void write_with(const std::function<void(std::ostream&)>& print);

  OutputFlags flags_;
  Format format_;
  std::optional<OutputFile> file_;
};

}  // namespace mogul::cli
