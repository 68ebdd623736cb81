// Unpacks gzip files in memory; read_dataset and read_labels do so before they look at the content.
#pragma once

#include <string>
#include <string_view>

namespace mogul {

bool is_gzip(std::string_view bytes);

/// The content of all members of a gzip file.
/// @throws invalid_data naming the file if it is truncated or damaged
std::string gunzip(std::string_view bytes, const std::string& name);

}  // namespace mogul
