#include "flags/page_flags.hpp"

#include <fmt/format.h>

#include "print/messages.hpp"

namespace mogul::cli {

void add_page_flags(CommandLine& line, PageFlags& flags, const PageDefaults& defaults) {
  add_input_flags(line, flags.input);
  line.group("Page").add_text("--title", "TEXT", flags.title, fmt::format("title (default: {})", defaults.title));
  line.group("Output").add_text("-o,--output", "FILE.html", flags.path,
                                fmt::format("file for the page (default: {})", defaults.output));
  add_general_flags(line, flags.general);
}

void check(const PageFlags& flags) {
  if (flags.to_file()) return check_page_path("--output", flags.path);
  if (stdout_is_terminal()) throw UsageError("a page is not for a terminal: add -o FILE.html, or redirect");
}

void check_page_path(const std::string& flag, const std::string& path) {
  if (path.ends_with(".html") || path.ends_with(".htm")) return;
  throw UsageError(fmt::format("{} = {}; a page must end in .html", flag, path));
}

}  // namespace mogul::cli
