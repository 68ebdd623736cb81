#include "report/figure/colours.hpp"

#include <fmt/format.h>

#include <cmath>

namespace mogul {
namespace {

constexpr std::array<Rgb, kPaletteSize> kPalette{{{0, 122, 190},
                                                  {200, 95, 0},
                                                  {0, 143, 105},
                                                  {190, 95, 150},
                                                  {60, 145, 200},
                                                  {150, 125, 20},
                                                  {205, 80, 80},
                                                  {120, 110, 200}}};

struct Inks {
  const char *ink, *muted, *grid, *paper, *accent;
};
constexpr Inks kLight{"#1b1f24", "#57606a", "#d8dee4", "#ffffff", "#0060a8"};
constexpr Inks kDark{"#e6edf3", "#9aa4ae", "#30363d", "#0d1117", "#6cb6ff"};

double to_linear(std::uint8_t channel) { return std::pow(channel / 255.0, 2.2); }
std::uint8_t from_linear(double light) {
  return static_cast<std::uint8_t>(std::lround(255 * std::pow(light, 1 / 2.2)));
}

std::string variables(const Inks& inks) {
  return fmt::format("--ink:{};--muted:{};--grid:{};--paper:{};--accent:{};", inks.ink, inks.muted, inks.grid,
                     inks.paper, inks.accent);
}

std::string ink_rules(const Inks& inks) {
  return fmt::format(
      ".paper{{fill:{3}}}.ink{{stroke:{0}}}.ink-fill{{fill:{0}}}.muted{{stroke:{1}}}.muted-fill{{fill:{1}}}"
      ".grid{{stroke:{2}}}text{{fill:{0}}}text.quiet{{fill:{1}}}.halo,.dots{{stroke:{3}}}",
      inks.ink, inks.muted, inks.grid, inks.paper);
}

}  // namespace

Rgb palette(std::size_t k) { return kPalette[k % kPaletteSize]; }

Colour mixed(std::span<const double> shares) {
  double red = 0;
  double green = 0;
  double blue = 0;
  for (std::size_t k = 0; k < shares.size(); ++k) {
    const Rgb colour = palette(k);
    red += shares[k] * to_linear(colour.red);
    green += shares[k] * to_linear(colour.green);
    blue += shares[k] * to_linear(colour.blue);
  }
  const auto channel = [](double light) { return from_linear(std::fmin(light, 1)); };
  return {Colour::Kind::mixed, 0, {channel(red), channel(green), channel(blue)}};
}

std::string to_string(Rgb colour) { return fmt::format("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue); }

std::string css_variables() {
  std::string components;
  for (std::size_t k = 0; k < kPaletteSize; ++k) components += fmt::format("--k{}:{};", k, to_string(palette(k)));
  return fmt::format(":root{{color-scheme:light dark;{}{}}}\n@media (prefers-color-scheme:dark){{:root{{{}}}}}\n",
                     components, variables(kLight), variables(kDark));
}

std::string svg_rules() {
  std::string components;
  for (std::size_t k = 0; k < kPaletteSize; ++k) {
    components += fmt::format(".k{0}{{stroke:{1}}}.k{0}-fill{{fill:{1}}}", k, to_string(palette(k)));
  }
  return fmt::format("{}{}@media (prefers-color-scheme:dark){{{}}}", ink_rules(kLight), components, ink_rules(kDark));
}

}  // namespace mogul
