#include "report/write/text_width.hpp"

#include "report/write/markup.hpp"

namespace mogul {
namespace {

// In em. The widest common types are DejaVu Sans and Verdana.
constexpr double kLetter = 0.6;
constexpr double kCapital = 0.75;
constexpr double kWide = 1;
constexpr double kWidest = 1.15;  // a bold W
constexpr double kBold = 1.04;    // of the same letter

double letter_width(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (first >= 0xE3) return kWide;  // from U+3000 on: Chinese, Japanese and Korean, and pictures
  if (character.size() > 1 || first >= 0x80) return kCapital;
  if (character[0] == 'W') return kWidest;
  if (std::string_view("Mmw@%").find(character[0]) != std::string_view::npos) return kWide;
  return first >= 'A' && first <= 'Z' && first != 'I' ? kCapital : kLetter;
}

double font_factor(double font_size, FontWeight weight) { return font_size * (weight == FontWeight::bold ? kBold : 1); }

}  // namespace

double text_width(std::string_view text, double font_size, FontWeight weight) {
  double width = 0;
  while (!text.empty()) {
    const std::string_view character = text.substr(0, first_character_size(text));
    width += letter_width(character);
    text.remove_prefix(character.size());
  }
  return width * font_factor(font_size, weight);
}

std::string fitted(std::string_view text, double room, double font_size, FontWeight weight) {
  const double most = room / font_factor(font_size, weight);
  double width = 0;
  std::size_t kept = 0;  // bytes of the characters that leave room for an ellipsis
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view character = rest.substr(0, first_character_size(rest));
    width += letter_width(character);
    if (width > most) return std::string(text.substr(0, kept)).append(kEllipsis);
    rest.remove_prefix(character.size());
    if (width + kWide <= most) kept = text.size() - rest.size();
  }
  return std::string(text);
}

}  // namespace mogul
