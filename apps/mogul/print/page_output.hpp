// Where pages go: a file, or standard output.
#pragma once

#include <string>

#include "flags/command_line.hpp"
#include "flags/general_flags.hpp"

namespace mogul::cli {

struct PageFlags {
  std::string path;  ///< empty or "-": standard output
};
/// -o of a verb that makes a page.
void add_page_flags(CommandLine& line, PageFlags& flags);

/// Before anything is read. @throws UsageError for an ending that is no page's, and for a page on a terminal
void check(const PageFlags& flags);
/// The same of a page that another flag names. @param flag  "--report"
void check_page_path(const std::string& flag, const std::string& path);

/// And says on standard error which file was written. @throws io_error
void write_page(const PageFlags& flags, const GeneralFlags& general, const std::string& html);

/// The path without its folders.
std::string base_name(const std::string& path);

}  // namespace mogul::cli
