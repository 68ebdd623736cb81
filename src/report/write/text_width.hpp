// How much room text takes in a picture, whose reader's font is not known: estimates on the safe side.
#pragma once

#include <string>
#include <string_view>

namespace mogul {

inline constexpr double kFontSize = 12;
inline constexpr double kSmallFontSize = 11;

enum class FontWeight { normal, bold };

/// The width of a line of text, in pixels. Small letters and digits take 0.6 em, as in wide sans-serif types; capitals
/// and the widest letters take more.
double text_width(std::string_view text, double font_size = kFontSize, FontWeight weight = FontWeight::normal);

/// The text, or as much of its beginning as has room, and an ellipsis.
/// @param room  in pixels
std::string fitted(std::string_view text, double room, double font_size = kFontSize,
                   FontWeight weight = FontWeight::normal);

}  // namespace mogul
