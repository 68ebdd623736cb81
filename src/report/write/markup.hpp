// Text inside SVG and HTML: names come from files, and whatever stands in them must stay text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mogul {

/// The text with &, <, >, " and ' as entities; what XML cannot hold (control characters, bytes that are not UTF-8) is
/// the replacement character.
std::string escaped(std::string_view text);

/// The same text, but for such characters.
std::string readable(std::string_view text);

/// At most `most` characters, of which the last is an ellipsis where some were left out. Bytes that are not UTF-8 count
/// as a character each.
/// @param most  >= 1
std::string shortened_to(std::string_view text, std::size_t most);

/// How many characters UTF-8 text has.
std::size_t n_characters(std::string_view text);

}  // namespace mogul
