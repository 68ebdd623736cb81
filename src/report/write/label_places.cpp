#include "report/write/label_places.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>

#include "report/write/text_width.hpp"

namespace mogul {
namespace {

constexpr double kHeight = 11;  // of a line of labels, without descenders
constexpr double kAir = 2;      // between a label and the frame
constexpr double kRow = 3;      // radius of a row's mark

double width_of(const PlacedLabel& label) { return text_width(label.text, kFontSize, FontWeight::bold); }

bool overlap(const PlacedLabel& a, const PlacedLabel& b) {
  return std::abs(a.x - b.x) < 0.5 * (width_of(a) + width_of(b)) && std::abs(a.y - b.y) < kHeight;
}

// Whether all rows beneath the label lie on one place, so that nothing of them would be seen. Of more rows others show
// around it.
bool hides_a_place(const PlacedLabel& label, std::span<const Point> rows) {
  const double half = 0.5 * width_of(label) + kRow;
  const Point* first = nullptr;
  for (const Point& row : rows) {
    const bool beneath = std::abs(row.x - label.x) < half && row.y > label.y - kHeight - kRow && row.y < label.y + kRow;
    if (!beneath) continue;
    if (first == nullptr) first = &row;
    if (std::hypot(row.x - first->x, row.y - first->y) > kRow) return false;
  }
  return first != nullptr;
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

// The nearest place around the wanted one where the label overlaps none of the others and hides no row; nothing where
// there is none.
std::optional<PlacedLabel> free_place(const PlacedLabel& wanted, std::span<const PlacedLabel> others,
                                      std::span<const Point> rows, const PanelBox& box) {
  constexpr std::array kDistances{0.0, kHeight, 1.5 * kHeight, 2 * kHeight, 3 * kHeight};
  constexpr int kDirections = 8;
  for (const double distance : kDistances) {
    for (int direction = 0; direction < kDirections; ++direction) {
      const double angle = 2 * std::numbers::pi * direction / kDirections - std::numbers::pi / 2;  // upwards first
      const PlacedLabel moved = inside({wanted.x + distance * std::cos(angle), wanted.y + distance * std::sin(angle),
                                        wanted.text, wanted.movable, wanted.number},
                                       box);
      const bool overlaps =
          std::ranges::any_of(others, [&](const PlacedLabel& other) { return overlap(moved, other); });
      if (!overlaps && !hides_a_place(moved, rows)) return moved;
      if (!wanted.movable) return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<PlacedLabel> placed(std::span<const PlacedLabel> wanted, std::span<const Point> rows, const PanelBox& box) {
  std::vector<PlacedLabel> labels;
  for (const PlacedLabel& label : wanted) {
    if (!in_frame(label, box)) continue;
    std::optional<PlacedLabel> place = free_place(label, labels, rows, box);
    if (!place) place = free_place(label, labels, {}, box);  // upon a row rather than nowhere
    if (place) labels.push_back(*std::move(place));
  }
  return labels;
}

}  // namespace mogul
