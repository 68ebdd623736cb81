// Tables and documents say the same in every format.
#include "report/document.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "report/figure/colours.hpp"
#include "report/svg_reader.hpp"
#include "report/write/html.hpp"

namespace mogul {
namespace {

Table table() {
  return {"parameters",
          "Parameters",
          {{"component", std::vector<std::string>{"a", "b|c", "<d>"}},
           {"weight", std::vector<double>{1.0 / 3, 0.5, std::numeric_limits<double>::quiet_NaN()}, 3},
           {"mean, mm", std::vector<double>{-1e-20, 12345678, 2}}}};
}

TEST(TableText, IsAlignedAndRoundedForPeople) {
  EXPECT_EQ(text_of(table()),
            "Parameters\n"
            "  component  weight     mean, mm\n"
            "  a           0.333       -1e-20\n"
            "  b|c           0.5  1.23457e+07\n"
            "  <d>             -            2\n");
}

TEST(NumberText, ShowsDifferencesOfItsUnitFarFromZero) {
  EXPECT_EQ(number_text(1e9 - 2.5, 6, 2), "999999997.5");
  EXPECT_EQ(number_text(1e9 + 1.23456, 6, 1), "1000000001.235");
  EXPECT_EQ(number_text(1723456789, 6, 86400), "1723456789") << "a time: no exponent";
  EXPECT_EQ(number_text(0.123456789, 6, 1e-6), "0.123456789");
  EXPECT_EQ(number_text(1e20, 6, 1e-3), "1e+20");
  EXPECT_EQ(number_text(12345678, 6, 1e8), "1.23457e+07") << "as small as the unit: as without it";
  for (const double unit : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(number_text(1e9 - 2.5, 6, unit), "1e+09");
  }
  EXPECT_EQ(number_text(std::nan(""), 6, 1), "-");
  EXPECT_EQ(number_text(0, 6, 1), "0");
}

TEST(TableText, HeadsColumnsByWordsWhereTheNameIsAKey) {
  const Table table{"t",
                    "",
                    {{.name = "weight_0", .values = std::vector<double>{1}, .heading = "weight 0"},
                     {.name = "pi", .values = std::vector<double>{2}, .heading = "prior $pi_k$ in $$"}}};
  EXPECT_EQ(text_of(table), "  weight 0  prior pi_k in $\n         1                2\n");
  EXPECT_TRUE(markdown_of(table).starts_with("| weight 0 | prior pi_k in $ |"));
  const nlohmann::json json = nlohmann::json::parse(json_of(Document{"T", {Heading{"S", "s"}, table}}));
  EXPECT_EQ(json["sections"][0]["t"]["weight_0"][0], 1);
  const std::string page = html_of(Document{"T", {table}});
  EXPECT_NE(page.find("<th scope=\"col\" data-value=\"weight_0\">weight 0</th>"), std::string::npos);
  EXPECT_NE(page.find(">prior &pi;<sub><i>k</i></sub> in $</th>"), std::string::npos);
}

TEST(DocumentPage, SetsTheSymbolsOfProse) {
  const Document prose{
      "T", {Heading{"S", "s"}, Prose{"The means $mu_k$ <cost> 3 $$, $x$."}, Quantity{"q", "mean $mu_0$", 1}}};
  const std::string page = html_of(prose);
  EXPECT_NE(page.find("<p>The means &mu;<sub><i>k</i></sub> &lt;cost&gt; 3 $, <i>x</i>.</p>"), std::string::npos);
  EXPECT_NE(page.find("mean &mu;<sub>0</sub> = <strong>1</strong>"), std::string::npos);
  EXPECT_NE(text_of(prose).find("The means mu_k <cost> 3 $, x."), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(json_of(prose))["sections"][0]["text"][0], "The means mu_k <cost> 3 $, x.");
}

TEST(DocumentPage, ShowsAParagraphAsItStands) {
  const Document document{"T", {Paragraph{"column 'mu_k in $' and $x$"}}};
  EXPECT_NE(html_of(document).find("column &#39;mu_k in $&#39; and $x$"), std::string::npos);
  EXPECT_NE(text_of(document).find("column 'mu_k in $' and $x$"), std::string::npos);
}

TEST(DocumentPage, APictureScrollsBelowItsWords) {
  Figure figure;
  figure.title = "Rows & more";
  figure.legend = {{"component 0", LegendEntry::Sample::dot, of_component(0)}};
  figure.notes = {"a note"};
  figure.panels.push_back({"", {"x", 0, 1}, {"y", 0, 1}, {Curve{{{0, 0}, {1, 1}}, ink()}}});
  const std::string page = html_of(Document{"T", {Figures{{figure}}}});
  const std::string picture = page.substr(page.find("<figure>"));
  EXPECT_NE(picture.find("<figcaption class=\"title\">Rows &amp; more</figcaption>"), std::string::npos) << picture;
  const std::size_t scroll =
      picture.find("<div class=\"scroll beside\" tabindex=\"0\" role=\"region\" aria-label=\"Rows &amp; more\">");
  ASSERT_NE(scroll, std::string::npos);
  EXPECT_LT(picture.find("component 0"), scroll);
  EXPECT_GT(picture.find("<p class=\"note\">a note</p>"), picture.find("</div>"));
  EXPECT_EQ(picture.substr(scroll).find("component 0"), std::string::npos);
}

TEST(DocumentPage, PanelsWithAxesOfTheirOwnArePicturesThatATelephoneShowsWhole) {
  const Panel panel{"before", {"x", 0, 1}, {"y", 0, 1}, {Curve{{{0, 0}, {1, 1}}, ink()}}};
  Figure pair;
  pair.panels = {panel, panel};
  pair.columns = 2;
  const auto pictures_of = [](const Figure& figure) {
    const std::string page = html_of(Document{"T", {Figures{{figure}}}});
    std::vector<double> least;  // widths, in pixels
    const std::string_view key = "style=\"min-width:";
    for (std::size_t at = page.find(key); at != std::string::npos; at = page.find(key, at + 1)) {
      least.push_back(std::strtod(page.c_str() + at + key.size(), nullptr));
    }
    return least;
  };
  ASSERT_EQ(pictures_of(pair).size(), 2u);
  for (const double least : pictures_of(pair)) EXPECT_LT(least, 376) << "400 less the margins of the page";
  Figure alone;
  alone.panels = {panel};
  ASSERT_EQ(pictures_of(alone).size(), 1u);
  EXPECT_LT(pictures_of(alone)[0], 376);
  pair.panels[1].x.shown = false;
  EXPECT_EQ(pictures_of(pair).size(), 1u) << "a matrix shares its axes";
}

// The text of a table's cells with '|' wherever a line may end.
std::string breaks_of(const std::string& html) {
  std::string text;
  for (std::size_t i = html.find("<thead>"); i < html.find("</table>"); ++i) {
    if (html.compare(i, 5, "<wbr>") == 0) text += '|';
    if (html[i] == '<') {
      i = html.find('>', i);
    } else {
      text += html[i];
    }
  }
  return text;
}

TEST(DocumentPage, OnlyLongWordsOfATableBreakAndTextsOfAnyLengthAreShown) {
  const auto html = [](const std::string& name, const std::string& text) {
    return html_of(Document{"T", {Table{"n", "", {{name, std::vector<std::string>{text}}}}}});
  };
  EXPECT_EQ(breaks_of(html("a responsibility", "grams, per litre")), "a responsibility\n\ngrams, per litre\n");
  EXPECT_EQ(breaks_of(html("mean_of_sodium_chloride", "x")), "mean_|of_|sodium_|chloride\n\nx\n");
  const Table headed{
      "n", "", {{.name = "m", .values = std::vector<double>{1}, .heading = "$mu_k$ mean_of_sodium_chloride"}}};
  EXPECT_NE(breaks_of(html_of(Document{"T", {headed}})).find(" mean_|of_|sodium_|chloride"), std::string::npos);
  const std::string long_name = html(std::string(10000, 'n'), std::string(10000, 't'));
  std::size_t longest = 0;
  std::size_t since = 0;
  for (const char letter : breaks_of(long_name)) {
    since = letter == '|' || letter == '\n' ? 0 : since + 1;
    longest = std::max(longest, since);
  }
  EXPECT_LE(longest, 20u);
  EXPECT_LT(breaks_of(long_name).size(), 400u);
}

TEST(TableText, IsCutBeforeItsLastRowsAndSaysSo) {
  std::vector<double> numbers(30);
  std::iota(numbers.begin(), numbers.end(), 1.0);
  const std::string text = text_of(Table{"n", "", {{"i", numbers}}}, 20);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 22);
  EXPECT_TRUE(text.ends_with("  17\n  ... 10 more rows ...\n  28\n  29\n  30\n")) << text;
}

TEST(TableText, CountsCharactersRatherThanBytes) {
  const Table accents{
      "n", "", {{"name", std::vector<std::string>{"\xC3\xA4\xC3\xB6", "abc"}}, {"x", std::vector<double>{1, 2}}}};
  EXPECT_EQ(text_of(accents), "  name  x\n  \xC3\xA4\xC3\xB6    1\n  abc   2\n");
}

TEST(TableMarkdown, EscapesWhatWouldEndACell) {
  EXPECT_EQ(markdown_of(table()),
            "| component | weight | mean, mm |\n"
            "| --- | ---: | ---: |\n"
            "| a | 0.333 | -1e-20 |\n"
            "| b\\|c | 0.5 | 1.23457e+07 |\n"
            "| &lt;d&gt; | - | 2 |\n");
}

Document document() {
  return {"A fit & its <end>",
          {Heading{"Means", "means"}, Paragraph{"One after the other."}, Formula{"mu_k = sum_n r_nk x_n / N_k"},
           Quantity{"log_likelihood", "L", -0.1 - 0.2}, table(), Heading{"More", "more", 3},
           Widget{"player", "No script."}}};
}

TEST(DocumentText, HasHeadingsSentencesFormulasAndTables) {
  const std::string text = text_of(document());
  EXPECT_TRUE(
      text.starts_with("A fit & its <end>\n\nMeans\n=====\n\nOne after the other.\n"
                       "    mu_k = sum_n r_nk x_n / N_k\n    L = -0.3\n\nParameters\n"))
      << text;
  EXPECT_TRUE(text.ends_with("\nMore\n----\n")) << text;
}

TEST(DocumentText, WrapsLongSentencesBetweenWords) {
  std::string sentence = "word";
  for (int i = 0; i < 60; ++i) sentence += " word";
  const std::string text = text_of(Document{"T", {Paragraph{sentence}}});
  std::size_t longest = 0;
  std::size_t words = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    longest = std::max(longest, line.size());
    EXPECT_FALSE(line.ends_with(' '));
    for (std::size_t at = line.find("word"); at != std::string::npos; at = line.find("word", at + 1)) ++words;
  }
  EXPECT_LE(longest, 100u);
  EXPECT_EQ(words, 61u);
}

TEST(DocumentJson, HasEveryNumberInAllItsDigits) {
  const nlohmann::json json = nlohmann::json::parse(json_of(document()));
  EXPECT_EQ(json["title"], "A fit & its <end>");
  const nlohmann::json& means = json["sections"][0];
  EXPECT_EQ(means["name"], "means");
  EXPECT_EQ(means["log_likelihood"].get<double>(), -0.1 - 0.2);
  EXPECT_EQ(means["parameters"]["weight"][0].get<double>(), 1.0 / 3);
  EXPECT_TRUE(means["parameters"]["weight"][2].is_null());
  EXPECT_EQ(means["parameters"]["component"][2], "<d>");
  EXPECT_EQ(means["formulas"][0], "mu_k = sum_n r_nk x_n / N_k");
  EXPECT_EQ(json["sections"][1]["name"], "more");
}

TEST(DocumentPage, KeepsTextText) {
  Document hostile = document();
  hostile.blocks.emplace_back(Paragraph{"</p><script>alert(1)</script>"});
  const std::string page = html_of(hostile, {.data = {{"data", "{\"name\": \"</script><script>alert(2)\"}"}}});
  EXPECT_EQ(page.find("alert(1)</script>"), std::string::npos);
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_NE(page.find("&lt;d&gt;"), std::string::npos);
  EXPECT_NE(page.find("<title>A fit &amp; its &lt;end&gt;</title>"), std::string::npos);
  EXPECT_EQ(page.find("http://"), page.find("http://www.w3.org/2000/svg")) << "no address but SVG's name";
}

}  // namespace
}  // namespace mogul
