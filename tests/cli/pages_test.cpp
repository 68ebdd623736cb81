// mogul explain, report and replay, and the pages of mogul fit.
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/process.hpp"
#include "mogul/io.hpp"

namespace mogul::test {
namespace {

using nlohmann::json;

class Pages : public CommandLine {
 protected:
  /// Fits faithful.csv with a trace: model.json and trace.jsonl.
  void fit_with_trace() {
    const Finished run = mogul(
        {"fit", faithful(), "-k", "2", "--search", "none", "-o", path("model.json"), "--trace", path("trace.jsonl")});
    ASSERT_EQ(run.exit_code, 0) << run.err;
  }
  bool has(const std::string& file, const std::string& text) { return read(file).find(text) != std::string::npos; }
};

// --- explain --------------------------------------------------------------------------------------------------------

TEST_F(Pages, ExplainPrintsTextAndWritesAPage) {
  write("x.csv", "x\n-3\n-2.5\n-1\n0\n2\n4\n5\n");
  mogul({"model", "--weights", "1/3,1/3,1/3", "--means", "-4,0,8", "--variances", "1,0.2,3", "-o", path("start.json")});
  const Finished run = mogul({"explain", path("x.csv"), "--from", path("start.json"), "-o", path("lesson.html")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.err.find("wrote " + path("lesson.html")), std::string::npos) << run.err;
  EXPECT_NE(run.out.find("negative log-likelihood = 28.32553566"), std::string::npos);
  EXPECT_NE(run.out.find("  row     x\n"), std::string::npos) << "the names of the rows, as the model has none";
  EXPECT_TRUE(has("lesson.html", "<svg"));
  EXPECT_TRUE(has("lesson.html", "<title>Expectation-maximisation, step by step<"));
  mogul({"explain", path("x.csv"), "--from", path("start.json"), "-o", path("lesson.html"), "--title", "A & B"});
  EXPECT_TRUE(has("lesson.html", "<title>A &amp; B<"));
  const Finished quiet = mogul({"explain", path("x.csv"), "--from", path("start.json"), "--format", "json", "-q"});
  EXPECT_EQ(quiet.err, "");
  EXPECT_EQ(json::parse(quiet.out).at("sections").size(), 12U);
}

// Textbook EM: the default of `mogul fit` adds a millionth of each column's variance.
TEST_F(Pages, ExplainIsWithoutRegularisation) {
  write("x.csv", "x\n1\n1\n1\n9\n");
  mogul({"model", "--weights", "0.5,0.5", "--means", "1,9", "--variances", "1,1", "-o", path("start.json")});
  const Finished run = mogul({"explain", path("x.csv"), "--from", path("start.json")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("EM stopped before iteration"), std::string::npos) << run.out;
}

TEST_F(Pages, ExplainNumbersRowsAsTheFileDoes) {
  write("x.csv", "x\n1\nNA\n4\n7\n");
  mogul({"model", "--weights", "0.5,0.5", "--means", "1,9", "--variances", "1,1", "-o", path("start.json")});
  const Finished run =
      mogul({"explain", path("x.csv"), "--from", path("start.json"), "--missing", "drop", "--format", "json"});
  EXPECT_EQ(json::parse(run.out)["sections"][0]["rows"]["row"], (std::vector<double>{1, 3, 4})) << run.err;
}

TEST_F(Pages, ExplainRefusals) {
  fit_with_trace();
  EXPECT_NE(mogul({"explain", faithful()}).err.find("--from is missing"), std::string::npos);
  EXPECT_EQ(mogul({"explain", faithful()}).exit_code, 2);
  const std::string model = path("model.json");
  const Finished picture = mogul({"explain", faithful(), "--from", model, "-o", path("x.svg")});
  EXPECT_EQ(picture.exit_code, 2);
  EXPECT_NE(picture.err.find("--output = " + path("x.svg") + "; a page must end in .html"), std::string::npos)
      << picture.err;
  EXPECT_EQ(mogul({"explain", faithful(), "--from", model, "--format", "csv"}).exit_code, 2);
  const Finished tol = mogul({"explain", faithful(), "--from", model, "--tol", "-1"});
  EXPECT_EQ(tol.exit_code, 2);
  EXPECT_NE(tol.err.find("tol = -1; must be finite and >= 0"), std::string::npos) << tol.err;
  const Finished columns = mogul({"explain", iris(), "--from", model});
  EXPECT_NE(columns.exit_code, 0);
  EXPECT_NE(columns.err.find("eruptions"), std::string::npos) << columns.err;
  EXPECT_EQ(columns.out, "");
}

// --- report ---------------------------------------------------------------------------------------------------------

TEST_F(Pages, ReportGoesToAFileOrToStandardOutputButNotToATerminal) {
  fit_with_trace();
  const Finished file = mogul({"report", path("model.json"), faithful(), "-o", path("report.html")});
  EXPECT_EQ(file.exit_code, 0) << file.err;
  EXPECT_EQ(file.out, "");
  const Finished out = mogul({"report", path("model.json"), faithful()});
  const std::string from = "mogul report " + path("model.json") + " " + faithful();
  std::string page = read("report.html");
  const std::size_t command = page.find(from + " -o " + path("report.html"));
  ASSERT_NE(command, std::string::npos) << "how it was made";
  page.replace(command, from.size() + 4 + path("report.html").size(), from);
  EXPECT_EQ(out.out, page);
  const Finished terminal = mogul_in_terminal({"report", path("model.json"), faithful()});
  EXPECT_EQ(terminal.exit_code, 2);
  EXPECT_NE(terminal.out.find("a page is not for a terminal: add -o FILE.html, or redirect"), std::string::npos);
  EXPECT_NE(out.out.find("model.json on faithful.csv"), std::string::npos) << "the title";
}

TEST_F(Pages, ReportQuotesItsCommandForAShellAndTellsOfDroppedRows) {
  write("my rows.csv", "x,y,w\n1,2,1\nNA,3,1\n2,1,2\n4,5,1\n1,1,0.5\n");
  const std::vector<std::string> reading = {path("my rows.csv"), "--missing", "drop", "--weights", "w"};
  std::vector<std::string> fit = {"fit", "-k", "1", "-o", path("m.json")};
  fit.insert(fit.end(), reading.begin(), reading.end());
  ASSERT_EQ(mogul(fit).exit_code, 0);
  std::vector<std::string> report = {"report", path("m.json")};
  report.insert(report.end(), reading.begin(), reading.end());
  const std::string page = mogul(report).out;
  EXPECT_NE(
      page.find("mogul report " + path("m.json") + " &#39;" + path("my rows.csv") + "&#39; --missing drop --weights w"),
      std::string::npos);
  EXPECT_NE(page.find("The weights of the rows sum to 4.5. 1 row that lacks a value was left out."), std::string::npos);
  EXPECT_NE(page.find("What the model was fitted with"), std::string::npos);
}

TEST_F(Pages, ReportTakesTheTraceOfItsFitOnly) {
  fit_with_trace();
  EXPECT_EQ(
      mogul({"report", path("model.json"), faithful(), "--trace", path("trace.jsonl"), "-o", path("r.html")}).exit_code,
      0);
  EXPECT_TRUE(has("r.html", "Q, expected complete-data log-likelihood"));
  mogul({"fit", faithful(), "-k", "3", "-o", path("other.json")});
  const Finished other =
      mogul({"report", path("other.json"), faithful(), "--trace", path("trace.jsonl"), "-o", path("s.html")});
  EXPECT_NE(other.exit_code, 0);
  EXPECT_NE(other.err.find("is it the trace of another fit?"), std::string::npos) << other.err;
  EXPECT_NE(other.err.find(path("trace.jsonl") + ": "), std::string::npos) << other.err;
  EXPECT_FALSE(std::filesystem::exists(path("s.html")));
}

TEST_F(Pages, ReportOfForgottenWeightsSaysSo) {
  write("x.csv", "x,y,w\n1,2,1\n2,1,2\n4,5,1\n1,1,0.5\n3,1,4\n");
  mogul({"fit", path("x.csv"), "-k", "1", "--weights", "w", "-o", path("m.json")});
  mogul({"report", path("m.json"), path("x.csv"), "--weights", "w", "-o", path("right.html")});
  EXPECT_FALSE(has("right.html", "not those of the fit"));
  mogul({"report", path("m.json"), path("x.csv"), "-o", path("r.html")});
  EXPECT_TRUE(has("r.html", "are not those of the fit, or have other weights: the fit had 5 rows (sum of weights 8.5"));
  EXPECT_TRUE(has("r.html", "look for forgotten weights (--weights)"));
}

TEST_F(Pages, ReportNumbersWorstRowsAsScoreDoes) {
  write("x.csv", "x,y\n1,2\nNA,3\n2,1\n40,50\n1,1\n2,2.5\n0,1\n");
  mogul({"fit", path("x.csv"), "-k", "1", "--missing", "drop", "-o", path("m.json")});
  const Finished lowest = mogul({"score", path("m.json"), path("x.csv"), "--missing", "drop", "--lowest", "1"});
  const std::vector<std::vector<double>> row = numbers_of(lowest.out);
  ASSERT_EQ(row.at(0).at(0), 4);
  mogul({"report", path("m.json"), path("x.csv"), "--missing", "drop", "-o", path("r.html")});
  const std::string page = read("r.html");
  const std::size_t worst = page.find("id=\"worst_rows\"");
  EXPECT_NE(page.find("<tbody>\n<tr><td data-value=\"4\">4</td>", worst), std::string::npos);
}

TEST_F(Pages, NeverReplaceWhatTheyRead) {
  fit_with_trace();
  std::filesystem::copy_file(faithful(), path("data.html"));
  std::filesystem::copy_file(path("model.json"), path("model.html"));
  std::filesystem::copy_file(path("trace.jsonl"), path("trace.html"));
  const std::vector<std::vector<std::string>> commands = {
      {"report", path("model.html"), path("data.html"), "-o", path("data.html")},
      {"report", path("model.html"), path("data.html"), "-o", path("model.html")},
      {"report", path("model.html"), path("data.html"), "--trace", path("trace.html"), "-o", path("trace.html")},
      {"replay", path("data.html"), "--trace", path("trace.html"), "-o", path("trace.html")},
      {"replay", path("data.html"), "--trace", path("trace.html"), "-o", path("data.html")},
      {"explain", path("data.html"), "--from", path("model.html"), "-o", path("model.html")},
      {"fit", path("data.html"), "-k", "2", "--report", path("data.html")},
      {"fit", path("data.html"), "-k", "2", "--report", path("p.html"), "--replay", path("p.html")}};
  for (const std::vector<std::string>& command : commands) {
    const Finished run = mogul(command);
    EXPECT_EQ(run.exit_code, 2) << run.err;
  }
  EXPECT_EQ(read("data.html"), text_of(faithful()));
}

// --- replay ---------------------------------------------------------------------------------------------------------

TEST_F(Pages, ReplayHoldsTheTrace) {
  fit_with_trace();
  const Finished run = mogul({"replay", faithful(), "--trace", path("trace.jsonl"), "-o", path("replay.html")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const std::string page = read("replay.html");
  const std::size_t begin = page.find("id=\"replay-data\">") + 17;
  const json data = json::parse(page.substr(begin, page.find("</script>", begin) - begin));
  EXPECT_EQ(data["restarts"][0]["steps"].size(), lines_of(read("trace.jsonl")).size());
  EXPECT_EQ(data["features"], (std::vector<std::string>{"eruptions", "waiting"}));
  EXPECT_EQ(data["n_rows"], 272);
}

TEST_F(Pages, ReplayRefusals) {
  fit_with_trace();
  const Finished none = mogul({"replay", faithful(), "-o", path("x.html")});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_NE(none.err.find("--trace is missing"), std::string::npos);
  const Finished wide =
      mogul({"replay", iris(), "--columns", "1,2,3", "--trace", path("trace.jsonl"), "-o", path("x.html")});
  EXPECT_NE(wide.exit_code, 0);
  EXPECT_NE(wide.err.find("choose those of the fit with --columns"), std::string::npos) << wide.err;
  const Finished other =
      mogul({"replay", iris(), "--columns", "1,2", "--trace", path("trace.jsonl"), "-o", path("x.html")});
  EXPECT_EQ(other.exit_code, 3) << other.err;
  EXPECT_NE(other.err.find(iris() + ": L = "), std::string::npos) << other.err;
  EXPECT_NE(other.err.find(path("trace.jsonl") + " has L = "), std::string::npos) << other.err;
  EXPECT_FALSE(std::filesystem::exists(path("x.html")));
  const Finished swapped = mogul(
      {"replay", faithful(), "--columns", "waiting,eruptions", "--trace", path("trace.jsonl"), "-o", path("x.html")});
  EXPECT_NE(swapped.err.find("in another order"), std::string::npos) << swapped.err;
  const Finished absent = mogul({"replay", faithful(), "--trace", path("none.jsonl"), "-o", path("y.html")});
  EXPECT_NE(absent.err.find("none.jsonl"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(path("y.html")));
}

// --- fit ------------------------------------------------------------------------------------------------------------

TEST_F(Pages, FitMakesBothInOneGo) {
  const Finished run = mogul({"fit", faithful(), "-k", "2", "--n-init", "3", "-o", path("m.json"), "--report",
                              path("r.html"), "--replay", path("p.html")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.err.find("wrote " + path("r.html")), std::string::npos);
  EXPECT_NE(run.err.find("wrote " + path("p.html")), std::string::npos);
  EXPECT_TRUE(has("r.html", "mogul fit " + faithful() + " -k 2 --n-init 3")) << "the command";
  EXPECT_TRUE(has("r.html", "Q, expected complete-data log-likelihood"));
  EXPECT_TRUE(has("p.html", "\"restart\": 2"));
}

TEST_F(Pages, OfAFitThatFailsThereAreNone) {
  write("x.csv", "x\n1\n1\n1\n1\n");
  const Finished run = mogul({"fit", path("x.csv"), "-k", "2", "--reg-covar", "0", "--degenerate", "error", "-o",
                              path("m.json"), "--report", path("r.html"), "--replay", path("p.html")});
  EXPECT_NE(run.exit_code, 0);
  EXPECT_EQ(files(), (std::vector<std::string>{"x.csv"}));
}

TEST_F(Pages, ThatCannotBeMadeAreKnownBeforeTheFit) {
  const Finished run = mogul({"fit", faithful(), "-k", "2", "-o", path("m.json"), "--report", path("none/r.html")});
  EXPECT_NE(run.exit_code, 0);
  EXPECT_NE(run.err.find("none/r.html"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(path("m.json")));
  EXPECT_EQ(mogul({"fit", faithful(), "-k", "2", "--replay", path("r.svg")}).exit_code, 2);
  std::string wide;
  for (int d = 0; d < 250; ++d) wide += (d == 0 ? "1" : ",1");
  std::string other = wide;
  other.front() = '2';
  const Finished large = mogul({"fit", write("wide.csv", wide + "\n" + other + "\n"), "--no-header", "-k", "1",
                                "--replay", path("p.html"), "-o", path("m.json")});
  EXPECT_NE(large.err.find("too large for a page"), std::string::npos) << large.err;
  EXPECT_FALSE(std::filesystem::exists(path("m.json")));
}

TEST_F(Pages, OfAnInterruptedFitAreWritten) {
  ASSERT_EQ(mogul({"sample", write_known_model(), "-n", "200000", "-o", path("x.npy"), "-q"}).exit_code, 0);
  Process fit = start({"fit", path("x.npy"), "-k", "8", "--tol", "0", "--max-iter", "100000", "-v", "-o",
                       path("m.json"), "--report", path("r.html"), "--replay", path("p.html")});
  ASSERT_TRUE(fit.says("iteration 3 "));
  fit.send(SIGINT);
  const Finished run = fit.wait();
  EXPECT_EQ(run.exit_code, 130) << run.err;
  EXPECT_TRUE(has("r.html", "cancelled"));
  EXPECT_TRUE(has("p.html", "replay-data"));
}

}  // namespace
}  // namespace mogul::test
