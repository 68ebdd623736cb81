// Unpacks gzip files in memory; every reader does so before it looks at the content.
#pragma once

#include <string>
#include <string_view>

namespace mogul {

bool is_gzip(std::string_view bytes);

/// The content of all members of a gzip file. Zero bytes after the last one are padding.
/// @throws invalid_data naming the file if it is truncated or damaged
std::string gunzip(std::string_view bytes, const std::string& name);

/// The bytes themselves, or what a gzip file of them holds.
/// @param unpacked  holds the result where it was packed
/// @throws          invalid_data as above, and for gzip inside gzip
std::string_view content_of(std::string_view bytes, const std::string& name, std::string& unpacked);

}  // namespace mogul
