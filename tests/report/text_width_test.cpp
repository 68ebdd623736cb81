// Text has room where it is drawn, whatever letters it is of.
#include "report/write/text_width.hpp"

#include "mogul/plot.hpp"
#include "report/mixtures.hpp"
#include "report/svg_reader.hpp"
#include "report/write/markup.hpp"

namespace mogul {
namespace {

TEST(TextWidth, IsAtLeastThatOfWideTypes) {
  // Advances of DejaVu Sans Bold in em, the widest of the common types.
  EXPECT_GE(text_width("W", 1, FontWeight::bold), 1.103);
  EXPECT_GE(text_width("M", 1, FontWeight::bold), 0.995);
  EXPECT_GE(text_width("m", 1, FontWeight::bold), 1.042 * 0.99);
  EXPECT_GE(text_width("A", 1, FontWeight::bold), 0.774);
  EXPECT_GE(text_width("\xE6\xBC\xA2", 1), 1) << "a Chinese character";
  EXPECT_DOUBLE_EQ(text_width("0123456789", 10), 60);
  EXPECT_DOUBLE_EQ(text_width("", 10), 0);
}

RC_GTEST_PROP(TextWidth, OfFittedTextIsWithinTheRoom, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::element('a', 'W', 'm', ' ', '1', 'Q'));
  const double room = *rc::gen::inRange(20, 200);
  const std::string shown = fitted(text, room);
  RC_ASSERT(text_width(shown) <= room);
  RC_ASSERT(text_width(text) > room || shown == text);
}

TEST(TextWidth, OfFittedTextIsWithinTheRoomWhereItsLastLetterHasNone) {
  ASSERT_GT(text_width(" QW"), 29);
  EXPECT_EQ(fitted(" QW", 29), " Q\xE2\x80\xA6");
}

TEST(Titles, OfWideLettersEndWithinThePicture) {
  const Mixture mixture = test::uneven_plane();
  PlotOptions options;
  options.title = std::string(5000, 'W');
  const test::Element svg = test::read_xml(plot_svg(&mixture, nullptr, {}, options));
  const std::string& title = with_class(svg, "title").at(0)->text;
  EXPECT_LE(12 + 15 * 1.103 * static_cast<double>(n_characters(title)), svg.number("width"));
  EXPECT_GT(n_characters(title), 20u);
}

}  // namespace
}  // namespace mogul
