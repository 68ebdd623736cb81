// How the readers show a piece of a file in an error message.
#include "base/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace mogul {

std::string one_line(std::string_view text) {
  std::string shown(text);
  std::ranges::replace_if(
      shown, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
  return shown;
}

std::string printable(std::string_view text) {
  constexpr std::size_t kMaxBytes = 40;
  std::size_t size = std::min(text.size(), kMaxBytes);
  if (size < text.size()) {
    while (size > 0 && (text[size] & 0xC0) == 0x80) --size;  // never cut a UTF-8 character in two
  }
  const std::string shown = one_line(text.substr(0, size));
  return size < text.size() ? shown + "..." : shown;
}

std::string column_argument(std::string_view name, std::size_t column) {
  constexpr std::size_t kMaxBytes = 40;
  const auto is_plain = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '.' || c >= 0x80; };
  const bool is_word = !name.empty() && name.size() <= kMaxBytes && std::ranges::all_of(name, is_plain);
  return is_word ? std::string(name) : std::to_string(column + 1);
}

}  // namespace mogul
