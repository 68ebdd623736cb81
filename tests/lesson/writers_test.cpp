// One document, a writer each: text, JSON, CSV, Markdown, HTML.
#include <cmath>
#include <limits>

#include "lesson/lesson_json.hpp"
#include "mogul/io.hpp"
#include "report/document.hpp"
#include "report/write/html.hpp"

namespace mogul {
namespace {

const double kNaN = std::nan("");

Table small() {
  return {"t", "", {{"name", std::vector<std::string>{"a,b", "c"}}, {"x", std::vector<double>{1.0 / 3, kNaN}}}};
}

Table counted(std::size_t n) {
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(static_cast<double>(i));
  return {"t", "", {{"i", values}}};
}

TEST(Writers, TextAlignsNumbersToTheRightAndTextToTheLeft) {
  EXPECT_EQ(text_of(small()),
            "  name         x\n"
            "  a,b   0.333333\n"
            "  c            -\n");
}

TEST(Writers, TextCutsLongTables) {
  const std::string text = text_of(counted(21), 20);
  EXPECT_NE(text.find("\n  16\n  ... 1 more rows ...\n  18\n"), std::string::npos) << text;
  EXPECT_EQ(text_of(counted(20), 20).find("more rows"), std::string::npos);
}

TEST(Writers, TextIsFreeOfControlCharactersAndOfEndlessNames) {
  Table table = counted(1);
  table.columns[0].name = "a\nb\x1b" + std::string(10000, 'c');
  table.caption = "x\ry";
  const std::string text = text_of(table);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_NE(text.find("a?b?ccc"), std::string::npos);
  EXPECT_LT(text.size(), 300U);
}

TEST(Writers, MarkdownEscapesWhatEndsACell) {
  const Table table{"t", "", {{"a|b", std::vector<std::string>{"<i>x\ny"}}, {"n", std::vector<double>{2}}}};
  EXPECT_EQ(markdown_of(table),
            "| a\\|b | n |\n"
            "| --- | ---: |\n"
            "| &lt;i&gt;x y | 2 |\n");
}

TEST(Writers, JsonHasEveryNumberInAllDigitsAndNullForNone) {
  Document document{"title \"q\"", {Heading{"One", "one"}, Formula{"a = b"}, Quantity{"q", "", 0.1}, small()}};
  document.blocks.emplace_back(Heading{"Two", "two"});
  document.blocks.emplace_back(Quantity{"none", "", std::numeric_limits<double>::infinity()});
  const nlohmann::json json = test::parsed(json_of(document));
  EXPECT_EQ(json["title"], "title \"q\"");
  EXPECT_EQ(json["sections"][0]["q"], 0.1);
  EXPECT_EQ(json["sections"][0]["formulas"], (std::vector<std::string>{"a = b"}));
  EXPECT_EQ(json["sections"][0]["t"]["x"][0], 1.0 / 3);
  EXPECT_TRUE(json["sections"][0]["t"]["x"][1].is_null());
  EXPECT_TRUE(json["sections"][1]["none"].is_null());
}

TEST(Writers, JsonKeysAreEscapedAndComeOnce) {
  Table table = counted(1);
  table.columns.push_back({"i", std::vector<double>{5}});
  table.columns.push_back({"a\"\n\x01", std::vector<double>{6}});
  const nlohmann::json json = test::parsed(json_of({"", {Heading{"", "s"}, table}}))["sections"][0]["t"];
  EXPECT_EQ(json["i"][0], 0);
  EXPECT_EQ(json["i_"][0], 5);
  EXPECT_EQ(json["a\"\n\x01"][0], 6);
}

TEST(Writers, HtmlHasFullPrecisionBehindRoundedNumbers) {
  const std::string page = html_of({"t", {small()}});
  EXPECT_NE(page.find("<td data-value=\"0.3333333333333333\">0.333333</td>"), std::string::npos);
  EXPECT_NE(page.find("<td></td>"), std::string::npos) << "no NaN";
}

TEST(Writers, HtmlCutsLongTablesAndSaysSo) {
  const std::string page = html_of({"t", {counted(1001)}});
  EXPECT_NE(page.find("1000 of 1001 rows: the first and the last ones"), std::string::npos);
}

}  // namespace
}  // namespace mogul
