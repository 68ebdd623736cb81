#include "report/label_places.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "report/markup.hpp"

namespace mogul {
namespace {

constexpr double kHeight = 11;        // of a line of labels, without descenders
constexpr double kBoldLetter = 0.62;  // em
constexpr double kAir = 2;            // between a label and the frame

double width_of(const PlacedLabel& label) {
  return static_cast<double>(n_characters(label.text)) * kBoldLetter * kFontSize;
}

bool overlap(const PlacedLabel& a, const PlacedLabel& b) {
  return std::abs(a.x - b.x) < 0.5 * (width_of(a) + width_of(b)) && std::abs(a.y - b.y) < kHeight;
}

// std::clamp needs low <= high, which a panel smaller than the label has not.
double within(double value, double low, double high) { return std::max(low, std::min(value, high)); }

PlacedLabel inside(PlacedLabel label, const PanelBox& box) {
  const double half = 0.5 * width_of(label) + kAir;
  label.x = within(label.x, box.left + half, box.left + box.width - half);
  label.y = within(label.y, box.top + kHeight + kAir, box.top + box.height - kAir);
  return label;
}

bool in_frame(const PlacedLabel& label, const PanelBox& box) {
  return label.x >= box.left && label.x <= box.left + box.width && label.y >= box.top &&
         label.y - kHeight <= box.top + box.height;
}

}  // namespace

std::vector<PlacedLabel> placed(std::vector<PlacedLabel> labels, const PanelBox& box) {
  constexpr std::array kDistances{0.0, kHeight, 1.5 * kHeight, 2 * kHeight, 3 * kHeight};
  constexpr int kDirections = 8;
  std::erase_if(labels, [&box](const PlacedLabel& label) { return !in_frame(label, box); });
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto free = [&labels, i](const PlacedLabel& candidate) {
      return std::none_of(labels.begin(), labels.begin() + static_cast<std::ptrdiff_t>(i),
                          [&candidate](const PlacedLabel& other) { return overlap(candidate, other); });
    };
    const PlacedLabel wanted = inside(labels[i], box);
    labels[i] = wanted;
    bool found = free(wanted);
    for (std::size_t d = 1; !found && d < kDistances.size(); ++d) {
      for (int direction = 0; !found && direction < kDirections; ++direction) {
        const double angle = 2 * std::numbers::pi * direction / kDirections - std::numbers::pi / 2;  // upwards first
        const PlacedLabel moved = inside(
            {wanted.x + kDistances[d] * std::cos(angle), wanted.y + kDistances[d] * std::sin(angle), wanted.text}, box);
        if (!free(moved)) continue;
        labels[i] = moved;
        found = true;
      }
    }
  }
  return labels;
}

}  // namespace mogul
