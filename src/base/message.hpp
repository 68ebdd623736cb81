// Pieces of the readers' one-line error messages.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mogul {

/// Text with '?' for control characters, line ends among them.
std::string one_line(std::string_view text);

/// Text from a file as a message shows it: at most 40 bytes, control characters as '?'.
std::string printable(std::string_view text);

/// A column as an option names it: by its name, or by its position where the name would have to be quoted.
/// @param column  from 0
std::string column_argument(std::string_view name, std::size_t column);

}  // namespace mogul
