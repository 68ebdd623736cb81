// Text inside SVG and HTML: names come from files, and whatever stands in them must stay text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mogul {

/// What stands for the rest of a shortened text: U+2026.
inline constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

/// The text with &, <, >, " and ' as entities; what XML cannot hold (control characters, bytes that are not UTF-8) is
/// the replacement character.
std::string escaped(std::string_view text);

/// The same text, but for such characters.
std::string readable(std::string_view text);

/// At most `most` characters, of which the last is an ellipsis where some were left out. Bytes that are not UTF-8 count
/// as a character each.
/// @param most  >= 1
std::string shortened_to(std::string_view text, std::size_t most);

/// The name of a feature or a column as people read it: one of any length comes from a file, and whole it would push
/// all else aside. Programs get it whole.
std::string name_shown(std::string_view name);

/// The same as escaped(), with places in long words, such as names, where a line of HTML may end (<wbr>): after what
/// divides a name, or else anywhere. Words of usual length never break.
std::string breakable(std::string_view text);

/// How many bytes the first character of a text has; one that is not UTF-8 has one.
/// @param text  not empty
std::size_t first_character_size(std::string_view text);

/// How many characters UTF-8 text has.
std::size_t n_characters(std::string_view text);

}  // namespace mogul
