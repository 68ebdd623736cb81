// The flags of the verbs that make a page of rows: DATA and how to read it, the title, the file.
#pragma once

#include <string>

#include "flags/command_line.hpp"
#include "flags/general_flags.hpp"
#include "flags/input_flags.hpp"

namespace mogul::cli {

struct PageFlags {
  InputFlags input;
  std::string title;  ///< empty: the verb's own
  std::string path;   ///< empty or "-": standard output
  GeneralFlags general;

  bool to_file() const { return !path.empty() && path != "-"; }
};

/// What a verb does where a flag is not given, for its help.
struct PageDefaults {
  std::string title;
  std::string output = "standard output, not a terminal";
};
/// DATA with its flags, --title, -o and the flags that every verb has.
void add_page_flags(CommandLine& line, PageFlags& flags, const PageDefaults& defaults);

/// Before anything is read. @throws UsageError for an ending that is no page's, and for a page on a terminal
void check(const PageFlags& flags);
/// The same of a page that another flag names. @param flag  "--report"
void check_page_path(const std::string& flag, const std::string& path);

}  // namespace mogul::cli
