#include "print/page_output.hpp"

#include <fmt/format.h>

#include "mogul/output_file.hpp"
#include "print/messages.hpp"
#include "print/streams.hpp"

namespace mogul::cli {

namespace {

bool to_file(const PageFlags& flags) { return !flags.path.empty() && flags.path != "-"; }

}  // namespace

void add_page_flags(CommandLine& line, PageFlags& flags) {
  line.group("Output").add_text("-o,--output", "FILE.html", flags.path,
                                "file for the page (default: standard output, not a terminal)");
}

void check(const PageFlags& flags) {
  if (to_file(flags)) return check_page_path("--output", flags.path);
  if (stdout_is_terminal()) throw UsageError("a page is not for a terminal: add -o FILE.html, or redirect");
}

void check_page_path(const std::string& flag, const std::string& path) {
  if (path.ends_with(".html") || path.ends_with(".htm")) return;
  throw UsageError(fmt::format("{} = {}; is a page, so its ending must be .html", flag, path));
}

void write_page(const PageFlags& flags, const GeneralFlags& general, const std::string& html) {
  if (!to_file(flags)) return write_stdout(html);
  OutputFile file(flags.path);
  file.stream() << html;
  file.commit();
  if (general.verbosity() != Verbosity::quiet) print_note(fmt::format("wrote {}", flags.path));
}

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace mogul::cli
