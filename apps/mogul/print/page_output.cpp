#include "print/page_output.hpp"

#include <fmt/format.h>

#include "mogul/output_file.hpp"
#include "print/messages.hpp"
#include "print/streams.hpp"

namespace mogul::cli {

void write_page(const PageFlags& flags, const std::string& html) {
  if (!flags.to_file()) return write_stdout(html);
  OutputFile file(flags.path);
  file.stream() << html;
  file.commit();
  if (flags.general.verbosity() != Verbosity::quiet) print_note(fmt::format("wrote {}", flags.path));
}

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace mogul::cli
