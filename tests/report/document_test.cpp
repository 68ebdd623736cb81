// Tables and documents say the same in every format.
#include "report/document.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include <nlohmann/json.hpp>

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
