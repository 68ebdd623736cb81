// Where rows come from: standard input, gzip, other delimiters, no header.
#include "cli/process.hpp"
#include "mogul/io.hpp"

namespace mogul::test {
namespace {

using Input = CommandLine;

Mixture fitted(const std::string& model) { return read_model(model).mixture; }

TEST_F(Input, StandardInputIsReadByEveryVerbThatReadsRows) {
  const std::string rows = text_of(faithful());
  const std::string model = write_known_model();
  for (const std::string verb : {"score", "predict", "evaluate"}) {
    const Finished run = mogul({verb, model, "-"}, {.input = rows});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.out, mogul({verb, model, faithful()}).out) << verb;
  }
  EXPECT_EQ(mogul({"fit", "-", "-k", "2", "-q", "-o", path("stdin.json")}, {.input = rows}).exit_code, 0);
  EXPECT_EQ(mogul({"fit", faithful(), "-k", "2", "-q", "-o", path("file.json")}).exit_code, 0);
  EXPECT_EQ(fitted(path("stdin.json")), fitted(path("file.json")));
}

TEST_F(Input, TheModelMayComeFromStandardInputButNotWithTheRows) {
  write_known_model();
  const std::string model = read("known.json");
  EXPECT_EQ(mogul({"score", "-", faithful()}, {.input = model}).out,
            mogul({"score", path("known.json"), faithful()}).out);
  EXPECT_EQ(mogul({"score", "-", "-"}, {.input = model}).exit_code, 2);
  EXPECT_EQ(mogul({"fit", "-", "--from", "-"}, {.input = model}).exit_code, 2);
}

TEST_F(Input, SeveralFilesAreReadAsOne) {
  const std::string model = write_known_model();
  const std::string a = write("a.csv", "eruptions,waiting\n3.6,79\nNA,60\n");
  const std::string b = write("b.csv", "waiting,eruptions\n54,1.8\n80,4.5\n");
  const std::string both = write("both.csv", "eruptions,waiting\n3.6,79\nNA,60\n1.8,54\n4.5,80\n");
  for (const std::string verb : {"score", "predict", "evaluate"}) {
    const Finished run = mogul({verb, model, a, b, "--missing", "drop", "-q"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.out, mogul({verb, model, both, "--missing", "drop", "-q"}).out) << verb;
  }
  const std::vector<std::string> options{"-k", "1", "--missing", "drop", "-q", "--format", "csv"};
  const auto fit = [&](std::vector<std::string> words) {
    words.insert(words.end(), options.begin(), options.end());
    return mogul(words);
  };
  EXPECT_EQ(fit({"fit", a, b}).out, fit({"fit", both}).out);
  EXPECT_EQ(mogul({"fit", a, "-", "-k", "1"}, {.input = "1,2\n"}).exit_code, 2);
  EXPECT_EQ(mogul({"fit", a, b, "-k", "1", "-o", b}).exit_code, 2) << "an output may be none of them";
  EXPECT_EQ(mogul({"predict", model, a, both, "--append", "--missing", "drop"}).exit_code, 0);
  EXPECT_EQ(mogul({"predict", model, a, b, "--append", "--missing", "drop"}).exit_code, 3) << "another order";
}

// What can be read only once is, by every verb.
TEST_F(Input, PipesAreAsGoodAsFiles) {
  const std::string model = write_known_model();
  const std::string a = write("a.csv", "eruptions,waiting\n3.6,79\n1.8,54\n");
  const std::string b = write("b.csv", "waiting,eruptions\n54,1.8\n80,4.5\n");
  const std::string pipe = path("pipe");
  for (const std::string verb : {"score", "predict", "evaluate", "fit -k 1 --format csv", "predict --append"}) {
    const bool append = verb.ends_with("--append");
    const std::string words = verb.starts_with("fit") ? verb : verb + " '" + model + "'";
    const std::string second = append ? a : b;
    const Finished run = shell("rm -f '" + pipe + "'; mkfifo '" + pipe + "'; cat '" + a + "' >'" + pipe +
                               "' & \"$MOGUL\" " + words + " '" + pipe + "' '" + second + "'");
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.out, shell("\"$MOGUL\" " + words + " '" + a + "' '" + second + "'").out) << verb;
  }
}

TEST_F(Input, GzipIsUnpackedFromAFileAndFromStandardInput) {
  ASSERT_EQ(shell("gzip < '" + faithful() + "' > '" + path("rows.csv.gz") + "'").exit_code, 0);
  const std::string expected = mogul({"score", write_known_model(), faithful()}).out;
  EXPECT_EQ(mogul({"score", path("known.json"), path("rows.csv.gz")}).out, expected);
  EXPECT_EQ(mogul({"score", path("known.json"), "-"}, {.input = read("rows.csv.gz")}).out, expected);
}

TEST_F(Input, TheDelimiterIsFoundOrGiven) {
  const std::string expected =
      mogul({"score", write_known_model(), "-"}, {.input = "eruptions,waiting\n3.6,79\n1.8,54\n"}).out;
  for (const std::string delimiter : {"\t", ";", " "}) {
    const std::string rows = "eruptions" + delimiter + "waiting\n3.6" + delimiter + "79\n1.8" + delimiter + "54\n";
    EXPECT_EQ(mogul({"score", path("known.json"), "-"}, {.input = rows}).out, expected) << delimiter;
  }
  const std::string barred = "eruptions|waiting\n3.6|79\n1.8|54\n";
  EXPECT_EQ(mogul({"score", path("known.json"), "-", "--delimiter", "|"}, {.input = barred}).out, expected);
  const std::string tabbed = "eruptions\twaiting\n3.6\t79\n1.8\t54\n";
  EXPECT_EQ(mogul({"score", path("known.json"), "-", "--delimiter", "tab"}, {.input = tabbed}).out, expected);
  EXPECT_EQ(mogul({"score", path("known.json"), "-", "--delimiter", "tabs"}, {.input = tabbed}).exit_code, 2);
}

TEST_F(Input, NoHeaderMakesTheFirstLineARow) {
  const std::string rows = "1990,1991\n3.6,79\n1.8,54\n";
  mogul({"fit", "-", "--no-header", "-k", "1", "-q", "-o", path("rows.json")}, {.input = rows});
  EXPECT_EQ(read_model(path("rows.json")).report->n_rows, 3u);
  mogul({"fit", "-", "--header", "-k", "1", "-q", "-o", path("names.json")}, {.input = rows});
  EXPECT_EQ(read_model(path("names.json")).report->n_rows, 2u);
  EXPECT_EQ(read_model(path("names.json")).feature_names, (std::vector<std::string>{"1990", "1991"}));
  EXPECT_EQ(mogul({"fit", faithful(), "--no-header", "-k", "1"}).exit_code, 3) << "the names are not numbers";
  EXPECT_EQ(mogul({"fit", faithful(), "--no-header", "--header", "-k", "1"}).exit_code, 2);
}

}  // namespace
}  // namespace mogul::test
