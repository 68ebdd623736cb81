#include "report/write/markup.hpp"

#include <cstdint>

namespace mogul {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

/// A character at the beginning of a text.
struct Character {
  std::size_t bytes;
  bool valid;
};

// Source: RFC 3629, section 4, and the characters that XML 1.0 allows (section 2.2).
Character first_character(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {1, lead >= 0x20 ? lead != 0x7F : lead == '\n' || lead == '\t'};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {1, false};
  std::uint32_t code = lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {1, false};
    code = code << 6U | (byte(i) & 0x3FU);
  }
  const bool shortest = size == 2 || (size == 3 ? code >= 0x800 : code >= 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (!shortest || surrogate || code > 0x10FFFF) return {1, false};
  const bool control = code < 0xA0 || code == 0xFFFE || code == 0xFFFF;
  return {size, !control};
}

// A long word with places where a line may end: after what divides a name, or else anywhere.
std::string long_word_html(std::string_view word, std::size_t most) {
  std::string out;
  std::size_t since = 0;  // characters since the last place
  while (!word.empty()) {
    const std::string_view character = word.substr(0, first_character_size(word));
    word.remove_prefix(character.size());
    out += escaped(character);
    const bool divides = std::string_view("_-./:;,").find(character) != std::string_view::npos;
    if (word.empty() || (++since < most && !divides)) continue;
    out += "<wbr>";
    since = 0;
  }
  return out;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto [bytes, valid] = first_character(text);
    switch (text[0]) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += valid ? text.substr(0, bytes) : kReplacement;
    }
    text.remove_prefix(bytes);
  }
  return out;
}

std::string readable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto [bytes, valid] = first_character(text);
    out += valid ? text.substr(0, bytes) : kReplacement;
    text.remove_prefix(bytes);
  }
  return out;
}

std::string shortened_to(std::string_view text, std::size_t most) {
  std::size_t end = 0;   // of the first `most` characters
  std::size_t last = 0;  // where the last of them begins
  for (std::size_t n = 0; n < most && end < text.size(); ++n) {
    last = end;
    end += first_character(text.substr(end)).bytes;
  }
  if (end == text.size()) return std::string(text);
  return std::string(text.substr(0, last)).append(kEllipsis);
}

std::string breakable(std::string_view text) {
  constexpr std::size_t kLong = 16;  // characters
  std::string out;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    out += n_characters(word) <= kLong ? escaped(word) : long_word_html(word, kLong);
    text.remove_prefix(word.size());
    if (text.empty()) break;
    out += ' ';
    text.remove_prefix(1);
  }
  return out;
}

std::string name_shown(std::string_view name) {
  constexpr std::size_t kMost = 60;
  return shortened_to(name, kMost);
}

std::size_t first_character_size(std::string_view text) { return first_character(text).bytes; }

std::size_t n_characters(std::string_view text) {
  std::size_t n = 0;
  for (; !text.empty(); ++n) text.remove_prefix(first_character(text).bytes);
  return n;
}

}  // namespace mogul
