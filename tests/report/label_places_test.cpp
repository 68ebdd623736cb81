// Labels are moved apart as long as there is room, and stay inside the frame.
#include "report/write/label_places.hpp"

#include <cmath>

namespace mogul {
namespace {

using Labels = std::vector<PlacedLabel>;

const PanelBox kBox{50, 20, 560, 360};

bool overlap(const PlacedLabel& a, const PlacedLabel& b) {
  const double width = 6.0 * static_cast<double>(a.text.size() + b.text.size()) / 2;  // somewhat less than it is
  return std::abs(a.x - b.x) < width && std::abs(a.y - b.y) < 10;
}

void expect_apart(const std::vector<PlacedLabel>& labels) {
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_FALSE(overlap(labels[i], labels[j])) << i << " " << j;
  }
}

TEST(LabelPlaces, AloneStayWhereTheyAre) {
  const auto labels = placed(Labels{{200, 100, "0"}, {300, 100, "98.9 %"}}, {}, kBox);
  ASSERT_EQ(labels.size(), 2u);
  EXPECT_EQ(labels[0].x, 200);
  EXPECT_EQ(labels[0].y, 100);
  EXPECT_EQ(labels[1].x, 300);
}

TEST(LabelPlaces, OnOnePointAreMovedApart) {
  std::vector<PlacedLabel> wanted;
  for (int k = 0; k < 9; ++k) wanted.push_back({300, 200, std::to_string(k)});
  const auto labels = placed(wanted, {}, kBox);
  ASSERT_EQ(labels.size(), 9u);
  expect_apart(labels);
  for (const PlacedLabel& label : labels) EXPECT_LT(std::hypot(label.x - 300, label.y - 200), 40) << "not far away";
}

TEST(LabelPlaces, WithoutAnyRoomAreLeftOut) {
  const auto labels = placed(Labels(1000, {300, 200, "123"}), {}, kBox);
  EXPECT_LT(labels.size(), 40u);
  EXPECT_GT(labels.size(), 4u);
  expect_apart(labels);
}

TEST(LabelPlaces, NearTheFrameAreMovedInside) {
  for (const PlacedLabel& label :
       placed(Labels{{51, 100, "component"}, {609, 100, "component"}, {300, 21, "a"}, {300, 379.5, "b"}}, {}, kBox)) {
    EXPECT_GE(label.x - 3 * static_cast<double>(label.text.size()), 50) << label.text;
    EXPECT_LE(label.x + 3 * static_cast<double>(label.text.size()), 610) << label.text;
    EXPECT_GE(label.y - 9, 20) << label.text;
    EXPECT_LE(label.y, 380) << label.text;
  }
}

TEST(LabelPlaces, OfWhatIsOutsideTheFrameAreLeftOut) {
  EXPECT_TRUE(placed(Labels{{-1e9, 100, "0"}, {300, 1e300, "1"}, {700, 100, "2"}}, {}, kBox).empty());
}

TEST(LabelPlaces, OnARowAloneAreBesideIt) {
  for (const std::vector<Point>& rows : {std::vector<Point>{{200, 96}}, std::vector<Point>(5, {200, 96})}) {
    const auto labels = placed(Labels{{200, 100, "2"}}, rows, kBox);
    ASSERT_EQ(labels.size(), 1u);
    const double dx = std::abs(labels[0].x - 200);
    const bool above = labels[0].y < 96 - 2;
    const bool below = labels[0].y - 9 > 96 + 2;
    EXPECT_TRUE(dx > 5 || above || below) << labels[0].x << " " << labels[0].y;
    EXPECT_LT(std::hypot(dx, labels[0].y - 100), 30) << "not far away";
  }
}

TEST(LabelPlaces, AmongManyRowsStayWhereTheyAre) {
  std::vector<Point> rows;
  for (int i = 0; i < 100; ++i) rows.push_back({200.0 + i % 10 - 5, 95.0 + i / 10.0 - 5});
  const auto labels = placed(Labels{{200, 100, "2"}}, rows, kBox);
  ASSERT_EQ(labels.size(), 1u);
  EXPECT_EQ(labels[0].x, 200);
  EXPECT_EQ(labels[0].y, 100);
}

TEST(LabelPlaces, SurroundedByRowsThatLieAloneAreUponOneRatherThanNowhere) {
  std::vector<Point> rows;
  for (int i = 0; i < 40; ++i) {
    for (int j = 0; j < 30; ++j) rows.push_back({50 + 14.0 * i, 20 + 14.0 * j});
  }
  EXPECT_EQ(placed(Labels{{200, 100, "2"}}, rows, kBox).size(), 1u);
}

TEST(LabelPlaces, OfMassesAreLeftOutWhereAnotherLabelIs) {
  const auto labels =
      placed(Labels{{200, 100, "2"}, {203, 104, "39.3 %", false}, {300, 100, "86.5 %", false}}, {}, kBox);
  ASSERT_EQ(labels.size(), 2u);
  EXPECT_EQ(labels[1].text, "86.5 %");
  EXPECT_EQ(labels[1].x, 300);
}

TEST(LabelPlaces, InAPanelSmallerThanTheTextAreStillFinite) {
  const auto labels = placed(Labels{{60, 25, "a long label"}}, {}, {50, 20, 20, 8});
  ASSERT_EQ(labels.size(), 1u);
  EXPECT_TRUE(std::isfinite(labels[0].x) && std::isfinite(labels[0].y));
}

}  // namespace
}  // namespace mogul
