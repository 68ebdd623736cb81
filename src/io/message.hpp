// Pieces of the readers' one-line error messages.
#pragma once

#include <string>
#include <string_view>

namespace mogul {

/// Text from a file as a message shows it: at most 40 bytes, control characters as '?'.
std::string printable(std::string_view text);

}  // namespace mogul
