// Where pages go: a file, or standard output.
#pragma once

#include <string>

#include "flags/page_flags.hpp"

namespace mogul::cli {

/// And says on standard error which file was written. @throws io_error
void write_page(const PageFlags& flags, const std::string& html);

/// The path without its folders.
std::string base_name(const std::string& path);

}  // namespace mogul::cli
