// Whatever bytes a name has, it is text and nothing else.
#include "report/write/markup.hpp"

#include "report/svg_reader.hpp"
#include "report/write/formula.hpp"

namespace mogul {
namespace {

using test::read_xml;

RC_GTEST_PROP(Markup, AnyBytesBecomeTextInElementsAndAttributes, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  const std::string safe = escaped(text);
  const test::Element element = read_xml("<a b=\"" + safe + "\">" + safe + "</a>");
  RC_ASSERT(element.children.empty());
  RC_ASSERT(element.attributes.size() == 1u);
  RC_ASSERT(element.text == element.attributes.at("b"));
}

RC_GTEST_PROP(Markup, TextThatXmlCanHoldComesBackAsItWas, ()) {
  const auto characters = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "a", "<", ">", "&", "\"", "'", " ", "\t", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x8E\xBF"));
  std::string text;
  for (const std::string& character : characters) text += character;
  RC_ASSERT(read_xml("<a>" + escaped(text) + "</a>").text == text);
  RC_ASSERT(n_characters(text) == characters.size());
}

TEST(Markup, BytesThatAreNoCharacterAreReplaced) {
  const std::string replacement = "\xEF\xBF\xBD";
  EXPECT_EQ(escaped("a\xFFz"), "a" + replacement + "z");
  EXPECT_EQ(escaped(std::string_view("\0", 1)), replacement);
  EXPECT_EQ(escaped("\x1b[31m"), replacement + "[31m");
  EXPECT_EQ(escaped("\xC0\xAF"), replacement + replacement) << "a slash in more bytes than it needs";
  EXPECT_EQ(escaped("\xED\xA0\x80"), replacement + replacement + replacement) << "half of a pair";
  EXPECT_EQ(escaped("\xE2\x82"), replacement + replacement) << "the end is missing";
  EXPECT_EQ(escaped("\xF4\x90\x80\x80"), replacement + replacement + replacement + replacement) << "beyond Unicode";
}

TEST(Markup, IsShortenedToWholeCharacters) {
  EXPECT_EQ(shortened_to("abc", 3), "abc");
  EXPECT_EQ(shortened_to("abcd", 3), "ab\xE2\x80\xA6");
  EXPECT_EQ(shortened_to("", 1), "");
  EXPECT_EQ(shortened_to("ab", 1), "\xE2\x80\xA6");
  EXPECT_EQ(shortened_to("\xC3\xA4\xC3\xB6\xC3\xBC", 2), "\xC3\xA4\xE2\x80\xA6");
}

RC_GTEST_PROP(Markup, ShortenedTextHasAtMostSoManyCharacters, ()) {
  const auto text = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  const auto most = *rc::gen::inRange<std::size_t>(1, 12);
  RC_ASSERT(n_characters(shortened_to(text, most)) <= most);
  if (n_characters(text) <= most) RC_ASSERT(shortened_to(text, most) == text);
}

TEST(Formula, IsSetInLettersSignsAndPlaces) {
  EXPECT_EQ(
      formula_html("mu_k = sum_n r_nk x_n / N_k"),
      "&mu;<sub><i>k</i></sub> = &sum;<sub><i>n</i></sub> <i>r</i><sub><i>nk</i></sub> <i>x</i><sub><i>n</i></sub> / "
      "<i>N</i><sub><i>k</i></sub>");
  EXPECT_EQ(formula_html("sigma^2"), "&sigma;<sup>2</sup>");
  EXPECT_EQ(formula_html("x^(a b)"), "<i>x</i><sup><i>a</i> <i>b</i></sup>");
  EXPECT_EQ(formula_html("10^-3"), "10<sup>&minus;3</sup>");
  EXPECT_EQ(formula_html("a - b"), "<i>a</i> &minus; <i>b</i>");
  EXPECT_EQ(formula_html("log-likelihood"), "log-likelihood");
}

TEST(Formula, IsSafeAndWholeInWhateverStandsInIt) {
  EXPECT_EQ(formula_html("1 < 2 & \"3\""), "1 &lt; 2 &amp; &quot;3&quot;");
  EXPECT_EQ(formula_html("\xC3\xA4 = 1"), "\xC3\xA4 = 1");
  for (const char* odd : {"_", "^", "_(", "a_(b", "^^^", "--", "-", "_ _"}) {
    EXPECT_NO_THROW(formula_html(odd)) << odd;
  }
}

RC_GTEST_PROP(Formula, HasNoMarkupButItsOwn, ()) {
  const auto text =
      *rc::gen::container<std::string>(rc::gen::element('<', '&', '>', 'a', '_', '^', '(', ')', '-', ' ', '2'));
  std::string html = formula_html(text);
  for (const std::string own :
       {"<i>", "</i>", "<sub>", "</sub>", "<sup>", "</sup>", "&minus;", "&lt;", "&gt;", "&amp;"}) {
    for (std::size_t at = html.find(own); at != std::string::npos; at = html.find(own)) html.erase(at, own.size());
  }
  RC_ASSERT(html.find_first_of("<&>") == std::string::npos);
}

}  // namespace
}  // namespace mogul
