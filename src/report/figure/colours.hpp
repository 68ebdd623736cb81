// The colours of pictures and pages: the one place that has them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace mogul {

struct Rgb {
  std::uint8_t red, green, blue;

  bool operator==(const Rgb&) const = default;
};

/// What a mark is painted with. Inks differ between light and dark paper; components and mixtures of them do not.
struct Colour {
  enum class Kind { ink, muted, component, mixed };
  Kind kind = Kind::ink;
  std::size_t component = 0;  ///< of Kind::component
  Rgb rgb = {};               ///< of Kind::mixed

  bool operator==(const Colour&) const = default;
};

inline constexpr std::size_t kPaletteSize = 8;

/// The colour of component k; after kPaletteSize components the colours begin again, so pictures number them as well.
/// Told apart by readers who cannot tell red from green (after Okabe and Ito 2008), and 3 : 1 or more against both
/// papers.
Rgb palette(std::size_t k);

/// Colours for the kinds of mark.
inline Colour ink() { return {Colour::Kind::ink}; }
inline Colour muted() { return {Colour::Kind::muted}; }
inline Colour of_component(std::size_t k) { return {Colour::Kind::component, k}; }

/// The colours of Q and H, the parts of the log-likelihood, which no component has.
inline Colour of_expectation() { return {Colour::Kind::mixed, 0, {140, 105, 80}}; }
inline Colour of_entropy() { return {Colour::Kind::mixed, 0, {90, 140, 150}}; }

/// The colours of the components mixed in the given shares, in linear light: a row between two components looks it.
/// @param shares  (K), >= 0, sum to one
Colour mixed(std::span<const double> shares);

/// "#007abe".
std::string to_string(Rgb colour);

/// CSS variables --k0 to --k7, --ink, --muted, --grid, --paper and --accent for light and dark, for pages.
std::string css_variables();

/// CSS rules for the classes that svg.cpp writes, with literal colours: programs that convert SVG know no variables.
std::string svg_rules();

}  // namespace mogul
