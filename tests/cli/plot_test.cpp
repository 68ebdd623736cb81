// mogul plot: what its arguments are, where its picture goes, and what it refuses.
#include <cmath>
#include <filesystem>

#include "cli/process.hpp"

namespace mogul::test {
namespace {

class Plot : public CommandLine {
 protected:
  // The picture that is printed, or an empty text and a failed test.
  std::string drawn(std::vector<std::string> arguments, const RunOptions& options = {}) {
    arguments.insert(arguments.begin(), "plot");
    const Finished run = mogul(arguments, options);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_TRUE(run.out.starts_with("<svg ") && run.out.ends_with("</svg>\n")) << run.out.substr(0, 100);
    return run.out;
  }

  std::string refused(std::vector<std::string> arguments, int exit_code = 2, const RunOptions& options = {}) {
    arguments.insert(arguments.begin(), "plot");
    const Finished run = mogul(arguments, options);
    EXPECT_EQ(run.exit_code, exit_code) << run.err;
    EXPECT_EQ(run.out, "");
    return lines_of(run.err).at(0);
  }

  // Two components of so many features x1, x2, ...
  std::string model_of(std::size_t n_features) {
    std::string low = "0";
    std::string high = "4";
    std::string variances = "1";
    for (std::size_t d = 1; d < n_features; ++d) {
      low += ",0";
      high += ",5";
      variances += ",2";
    }
    const std::string name = "model" + std::to_string(n_features) + ".json";
    const Finished made =
        mogul({"model", "--means", low + ";" + high, "--variances", variances + ";" + variances, "-o", path(name)});
    EXPECT_EQ(made.exit_code, 0) << made.err;
    return path(name);
  }

  std::string rows_of(const std::string& model, std::size_t n = 60) {
    const std::string name = std::filesystem::path(model).stem().string() + ".csv";
    EXPECT_EQ(mogul({"sample", model, "-n", std::to_string(n), "-o", path(name)}).exit_code, 0);
    return path(name);
  }
};

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST_F(Plot, DrawsEveryKindOfAModelOfRowsAndOfBoth) {
  for (const std::size_t d : {1, 2, 4}) {
    const std::string model = model_of(d);
    const std::string rows = rows_of(model);
    for (const std::string kind :
         {"density", "contour", "ellipses", "components", "responsibilities", "uncertainty", "pairs", "rows"}) {
      SCOPED_TRACE(kind + " of " + std::to_string(d));
      const bool two = kind == "pairs" || kind == "ellipses";
      std::vector<std::string> flags{"--kind", kind};
      if (d == 4 && kind != "pairs" && kind != "rows") flags.insert(flags.end(), {"--features", "x1,x3"});
      const auto with = [&flags](std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), flags.begin(), flags.end());
        return arguments;
      };
      if (two && d == 1) {
        refused(with({model, rows}));
        continue;
      }
      drawn(with({model, rows}));
      if (kind == "rows" || (kind == "uncertainty" && d > 1)) {
        refused(with({model}));
      } else {
        drawn(with({model}));
      }
      if (kind == "rows" || kind == "pairs") {
        drawn(with({rows}));
      } else {
        refused(with({rows}));
      }
    }
  }
}

TEST_F(Plot, ChoosesTheKindByWhatThereIs) {
  const std::string line = drawn({model_of(1)});
  EXPECT_NE(line.find(">density</text>"), std::string::npos);
  EXPECT_EQ(count(line, "class=\"panel\""), 1u);
  const std::string plane = drawn({model_of(2)});
  EXPECT_EQ(count(plane, "<ellipse "), 6u);
  EXPECT_EQ(count(drawn({model_of(4)}), "class=\"panel\""), 16u);
  EXPECT_EQ(count(drawn({faithful()}), "<circle "), 272u);
}

TEST_F(Plot, TitlesSayWhatIsDrawnUnlessTheyAreGiven) {
  const std::string model = model_of(2);
  EXPECT_NE(drawn({faithful()}).find(">faithful.csv: 272 rows</text>"), std::string::npos);
  EXPECT_NE(drawn({model}).find(">model2.json: K = 2, diagonal</text>"), std::string::npos);
  EXPECT_NE(drawn({model, "--title", "a < b"}).find(">a &lt; b</text>"), std::string::npos);
}

TEST_F(Plot, ReadsAModelOrRowsFromStandardInput) {
  const std::string model = model_of(2);
  const std::string rows = rows_of(model);
  const auto without_title = [](std::string svg) {
    for (std::string part : {"class=\"title\"", "aria-label=\""}) {
      const std::size_t at = svg.find(part);
      svg.erase(at, svg.find('>', svg.find(part == "aria-label=\"" ? "\"" : ">", at + part.size()) + 1) - at);
    }
    return svg;
  };
  EXPECT_EQ(without_title(drawn({"-"}, {.input = text_of(model)})), without_title(drawn({model})));
  EXPECT_EQ(without_title(drawn({"-"}, {.input = text_of(rows)})), without_title(drawn({rows})));
  EXPECT_EQ(without_title(drawn({"-"}, {.input = "\n  " + text_of(model)})), without_title(drawn({model})));
  EXPECT_EQ(without_title(drawn({"-", rows}, {.input = text_of(model)})), without_title(drawn({model, rows})));
  EXPECT_EQ(without_title(drawn({model, "-"}, {.input = text_of(rows)})), without_title(drawn({model, rows})));
  const Finished piped =
      shell("\"$MOGUL\" model --weights 0.5,0.2,0.3 --means -2,1,4 --variances 0.5,2,1 | \"$MOGUL\" plot - -o '" +
            path("density.svg") + "'");
  EXPECT_EQ(piped.exit_code, 0) << piped.err;
  EXPECT_EQ(count(read("density.svg"), "dashed k"), 6u) << "three curves and three samples in the legend";
}

TEST_F(Plot, SaysWhichArgumentIsWrong) {
  const std::string model = model_of(2);
  const std::string rows = rows_of(model);
  EXPECT_EQ(refused({rows, model}),
            "mogul: error: " + model + " is a model and " + rows + " is not: MODEL comes before DATA");
  EXPECT_EQ(refused({model, model}),
            "mogul: error: " + model + " and " + model +
                " are both models or traces, and a picture shows one: draw each with a command of its own");
  EXPECT_EQ(refused({"-", "-"}), "mogul: error: - is there twice; standard input can be read once");
  EXPECT_EQ(refused({}), "mogul: error: MODEL|DATA is required");
  EXPECT_EQ(refused({"-"}, 3), "mogul: error: standard input: no data; must have at least one row");
  EXPECT_NE(refused({path("none.csv")}, 5).find("No such file"), std::string::npos);
  EXPECT_NE(refused({model, write("wide.csv", "a,b,c\n1,2,3\n")}, 3).find("the model has 2 features"),
            std::string::npos);
}

TEST_F(Plot, ReadsSeveralFilesAsOne) {
  const std::string model = model_of(2);
  const std::string rows = rows_of(model, 30);
  EXPECT_EQ(count(drawn({rows, rows}), "<circle "), 60u);
  EXPECT_EQ(count(drawn({model, rows, rows}), "<circle fill="), 60u) << "the legend has circles, too";
}

TEST_F(Plot, TakesTheFlagsOfReading) {
  const std::string rows = write("rows.csv", "a;b;n\n1;2;1\n?;3;1\n4;5;0\n7;8;2\n");
  EXPECT_EQ(count(drawn({rows, "--missing", "drop", "--columns", "a,b"}), "<circle "), 3u);
  EXPECT_EQ(count(drawn({rows, "--missing", "drop", "--weights", "n"}), "<circle "), 2u)
      << "a row of weight zero is absent";
  refused({rows}, 3);
  const std::string model = model_of(2);
  const std::vector<std::vector<std::string>> of_rows{
      {"--columns", "a"},    {"--exclude", "a"}, {"--weights", "a"},    {"--delimiter", ";"}, {"--decimal", ","},
      {"--missing", "drop"}, {"--comment", "%"}, {"--skip-lines", "1"}, {"--header"},         {"--no-header"}};
  for (const std::vector<std::string>& flag : of_rows) {
    std::vector<std::string> arguments{model};
    arguments.insert(arguments.end(), flag.begin(), flag.end());
    EXPECT_EQ(refused(arguments),
              "mogul: error: " + flag[0] + " is about rows, and " + model + " has none; leave it out, or add DATA");
    arguments[0] = "-";
    EXPECT_EQ(refused(arguments, 2, {.input = text_of(model)}),
              "mogul: error: " + flag[0] + " is about rows, and standard input has none; leave it out, or add DATA");
  }
}

TEST_F(Plot, ShowsFeaturesByNameOrPosition) {
  const std::string model = model_of(4);
  EXPECT_EQ(drawn({model, "--features", "x3,x1"}), drawn({model, "--features", "3,1"}));
  EXPECT_NE(drawn({model, "--features", "x3,x1"}), drawn({model, "--features", "1,3"}));
  EXPECT_EQ(count(drawn({model, "--features", "x4,x1,x2"}), "class=\"panel\""), 9u);
  EXPECT_NE(drawn({model, "--features", "2"}).find("the marginal of 1 of 4 features"), std::string::npos);
  EXPECT_EQ(refused({model, "--features", "height"}),
            "mogul: error: features: there is no feature 'height'; the features are x1, x2, x3, x4");
  EXPECT_EQ(refused({model, "--features", "x1,1"}),
            "mogul: error: features: '1' is named twice; each may be shown once");
}

TEST_F(Plot, ProjectsOnThePrincipalAxes) {
  const std::string model = model_of(4);
  const std::string svg = drawn({model, rows_of(model), "--projection", "pca"});
  EXPECT_NE(svg.find(">principal axis 1 ("), std::string::npos);
  EXPECT_EQ(count(svg, "<ellipse "), 6u);
  EXPECT_NE(drawn({model, "--projection", "pca", "--features", "x1,x2,x4"}).find("axes of 3 of 4 features"),
            std::string::npos);
  EXPECT_EQ(refused({model, "--projection", "pca", "--features", "x1"}),
            "mogul: error: projection = pca needs 2 to 2000 features, and there are 1");
  EXPECT_EQ(refused({faithful(), "--projection", "pca"}),
            "mogul: error: projection = pca needs a model, whose covariance it takes");
}

TEST_F(Plot, HasEllipsesOfTheMassesThatAreAskedFor) {
  const std::string model = model_of(2);
  const std::string svg = drawn({model, "--mass", "1/2,0.95"});
  EXPECT_EQ(count(svg, "<ellipse "), 4u);
  EXPECT_NE(svg.find("ellipses hold 50 and 95 % of their component"), std::string::npos);
  EXPECT_EQ(drawn({model, "--mass", "0.95,0.5"}), drawn({model, "--mass", "0.5,0.95"}));
  for (const std::string mass : {"0", "1", "1.5", "-0.1", "0.9999999"}) {
    EXPECT_EQ(refused({model, "--mass=" + mass}),
              "mogul: error: masses: " + mass + "; must be above 0 and at most 0.999999");
  }
  EXPECT_NE(drawn({model, "--mass", "0.999999"}).find("ellipses hold 99.9999 % of"), std::string::npos);
  EXPECT_NE(refused({model, "--mass", "half"}).find("--mass"), std::string::npos);
}

TEST_F(Plot, RefusesMassesOfPicturesThatHaveNone) {
  const std::string line = model_of(1);
  const std::string plane = model_of(2);
  const std::string rows = rows_of(plane);
  const std::string why = " has neither ellipses nor shaded regions";
  EXPECT_EQ(refused({rows, "--mass", "0.5"}), "mogul: error: masses is given, but kind = rows" + why);
  EXPECT_EQ(refused({plane, rows, "--kind", "rows", "--mass", "0.5"}),
            "mogul: error: masses is given, but kind = rows" + why);
  EXPECT_EQ(refused({rows, "--kind", "pairs", "--mass", "0.5"}),
            "mogul: error: masses is given, but kind = pairs without a model" + why);
  for (const std::string kind : {"density", "components", "responsibilities", "uncertainty"}) {
    EXPECT_EQ(refused({line, "--kind", kind, "--mass", "0.5"}),
              "mogul: error: masses is given, but kind = " + kind + " of one feature" + why);
    const std::vector<std::string> arguments{plane, rows, "--kind", kind, "--mass", "0.5"};
    EXPECT_NE(drawn(arguments).find("hold 50 %"), std::string::npos) << kind;
  }
  EXPECT_NE(drawn({line, "--kind", "contour", "--mass", "0.5"}).find("hold 50 %"), std::string::npos);
}

TEST_F(Plot, OfComponentsShowsTheRows) {
  const std::string line = model_of(1);
  const std::string plane = model_of(2);
  EXPECT_EQ(count(drawn({plane, rows_of(plane, 60), "--kind", "components"}), "<circle fill="), 60u);
  const std::string of_line = drawn({line, rows_of(line, 60), "--kind", "components"});
  EXPECT_NE(of_line.find("class=\"bars"), std::string::npos);
  EXPECT_NE(of_line.find(">60 rows<"), std::string::npos);
}

TEST_F(Plot, DrawsTheHistoryOfAFit) {
  ASSERT_EQ(mogul({"fit", faithful(), "-k", "2", "--init", "kmeans++", "-o", path("fit.json")}).exit_code, 0);
  const std::string up = drawn({path("fit.json"), "--kind", "log-likelihood"});
  const std::string down = drawn({path("fit.json"), "--kind", "log_likelihood", "--negative"});
  EXPECT_NE(up.find(">log-likelihood (nats)<"), std::string::npos);
  EXPECT_NE(down.find(">negative log-likelihood (nats)<"), std::string::npos);
  EXPECT_GT(count(up, "<circle "), 2u);

  const std::string model = model_of(2);
  const std::string why =
      ": holds no history of a fit; --kind log-likelihood needs a model that `mogul fit -o` wrote, or a trace of "
      "`mogul "
      "fit --trace`";
  EXPECT_EQ(refused({model, "--kind", "log-likelihood"}, 3), "mogul: error: " + model + why);
  EXPECT_EQ(refused({faithful(), "--kind", "log-likelihood"}, 3), "mogul: error: " + faithful() + why);
  EXPECT_EQ(refused({model, "--negative"}), "mogul: error: --negative goes with --kind log-likelihood");
  const std::vector<std::vector<std::string>> others{{"--features", "1"}, {"--projection", "pca"}, {"--mass", "0.5"}};
  for (const std::vector<std::string>& more : others) {
    std::vector<std::string> arguments{path("fit.json")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.insert(arguments.end(), {"--kind", "log-likelihood"});
    EXPECT_NE(refused(arguments).find("does not go with it"), std::string::npos) << more[0];
  }
}

TEST_F(Plot, OfTheHistoryIsTheSameWithRowsWhichAreChecked) {
  const std::string fit = path("fit.json");
  ASSERT_EQ(mogul({"fit", faithful(), "-k", "2", "-o", fit}).exit_code, 0);
  const Finished with_rows = mogul({"plot", fit, faithful(), "--kind", "log-likelihood"});
  EXPECT_EQ(with_rows.out, drawn({fit, "--kind", "log-likelihood"}));
  EXPECT_EQ(with_rows.err, "mogul: note: " + faithful() +
                               " is not drawn: the log-likelihood is that of the fit, which " + fit + " holds\n");
  EXPECT_EQ(mogul({"plot", fit, faithful(), "--kind", "log-likelihood", "-q"}).err, "");
  refused({fit, write("wide.csv", "a,b,c\n1,2,3\n"), "--kind", "log-likelihood"}, 3);
  const std::string model = model_of(2);
  EXPECT_NE(refused({model, rows_of(model), "--kind", "log-likelihood"}, 3).find(model + ": holds no history of a fit"),
            std::string::npos);
}

TEST_F(Plot, DrawsACurveForEachRestartOfATrace) {
  const std::string trace = path("trace.jsonl");
  ASSERT_EQ(mogul({"fit", faithful(), "-k", "2", "--n-init", "3", "--trace", trace, "-q"}).exit_code, 0);
  const std::string svg = drawn({trace});
  for (const std::string restart : {"restart 1", "restart 2", "restart 3"}) EXPECT_EQ(count(svg, restart), 1u);
  EXPECT_EQ(count(svg, ", highest"), 1u);
  EXPECT_EQ(drawn({trace}), drawn({trace, "--kind", "log-likelihood"}));
  EXPECT_NE(refused({trace, "--kind", "density"}).find("is a trace, of which only the log-likelihood"),
            std::string::npos);
  EXPECT_EQ(refused({trace, faithful()}), "mogul: error: " + trace + " is a trace, which is drawn alone: leave out " +
                                              faithful() + ", or make a page of both with `mogul replay " + faithful() +
                                              " --trace " + trace + " -o replay.html`");
}

TEST_F(Plot, ReadsATraceFromStandardInput) {
  const std::string trace = path("trace.jsonl");
  ASSERT_EQ(mogul({"fit", faithful(), "-k", "2", "--n-init", "3", "--trace", trace, "-q"}).exit_code, 0);
  const std::string title = "a title";
  EXPECT_EQ(drawn({"-", "--title", title}, {.input = text_of(trace)}), drawn({trace, "--title", title}));
  EXPECT_NE(refused({"-", faithful()}, 2, {.input = text_of(trace)}).find("standard input is a trace, which is drawn"),
            std::string::npos);
}

TEST_F(Plot, SaysWhatIsWrongWithATraceAsReplayDoes) {
  const std::string trace = path("trace.jsonl");
  ASSERT_EQ(mogul({"fit", faithful(), "-k", "2", "--trace", trace, "-q"}).exit_code, 0);
  const std::string whole = text_of(trace);
  for (const std::size_t size : {whole.size() - 100, std::size_t{40}}) {  // in the last line, and in the first one
    const std::string cut = write("cut.jsonl", whole.substr(0, size));
    const std::string message = refused({cut}, 3);
    EXPECT_NE(message.find("the file ends within this line"), std::string::npos) << message;
    EXPECT_EQ(mogul({"replay", faithful(), "--trace", cut, "-o", path("replay.html")}).err, message + "\n");
    EXPECT_NE(refused({"-"}, 3, {.input = text_of(cut)}).find("standard input: line"), std::string::npos);
  }
  const std::string bad_model = write("bad.json", "{\"schema\": \"mogul-model/1\", \"restart\": ");
  EXPECT_EQ(refused({bad_model}, 3), lines_of(mogul({"inspect", bad_model}).err).at(0)) << "that is no trace";
}

TEST_F(Plot, WritesTheFormatThatTheEndingSays) {
  const std::string model = model_of(2);
  const auto written = [&](const std::string& name, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"plot", model, "-o", path(name)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Finished run = mogul(arguments);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.out, "");
    return read(name);
  };
  const std::string svg = drawn({model});
  EXPECT_EQ(written("a.svg"), svg);
  EXPECT_EQ(written("a.SVG"), svg);
  EXPECT_EQ(written("a.txt", {"--format", "svg"}), svg);
  const std::string page = written("a.html");
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>")) << page.substr(0, 100);
  EXPECT_NE(page.find(svg), std::string::npos);
  EXPECT_TRUE(written("a.png").starts_with("\x89PNG\r\n"));
  EXPECT_TRUE(written("a.pdf").starts_with("%PDF-"));
  EXPECT_TRUE(mogul({"plot", model, "--format", "png"}).out.starts_with("\x89PNG\r\n"));
  for (const std::string name : {"a.gif", "a", "svg"}) {
    EXPECT_EQ(refused({model, "-o", path(name)}),
              "mogul: error: --output = " + path(name) +
                  "; must end in .svg, .html, .png or .pdf, or --format must say which it is");
  }
}

TEST_F(Plot, SaysWhichPackageConvertsPictures) {
  const std::string model = model_of(2);
  for (const std::string format : {"png", "pdf"}) {
    EXPECT_EQ(refused({model, "-o", path("a." + format)}, 5, {.environment = {{"PATH", path("")}}}),
              "mogul: error: " + format +
                  " is made by rsvg-convert, which is not installed; on Debian: apt-get install "
                  "librsvg2-bin; .svg and .html need nothing");
  }
  EXPECT_EQ(files(), std::vector<std::string>{"model2.json"}) << "nothing half-written stays behind";
  write("rsvg-convert", "#!/bin/sh\nexit 1\n");
  std::filesystem::permissions(path("rsvg-convert"), std::filesystem::perms::owner_all);
  EXPECT_EQ(refused({model, "-o", path("a.png")}, 5, {.environment = {{"PATH", path("")}}}),
            "mogul: error: rsvg-convert could not convert the picture");
}

TEST_F(Plot, IsNotForATerminal) {
  const std::string model = model_of(2);
  const Finished run = mogul_in_terminal({"plot", model}, {.environment = {{"TERM", "dumb"}}});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.out.find("a picture is not for a terminal: add -o FILE.svg (or .html, .png, .pdf), or redirect"),
            std::string::npos)
      << run.out;
  EXPECT_EQ(mogul_in_terminal({"plot", model, "-o", path("a.svg")}).exit_code, 0);
}

TEST_F(Plot, NeverReplacesWhatItReads) {
  const std::string rows = rows_of(model_of(2));
  std::filesystem::rename(rows, path("rows.svg"));
  const std::string before = read("rows.svg");
  const Finished run = mogul({"plot", path("rows.svg"), "-o", path("./rows.svg")});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(read("rows.svg"), before);
}

TEST_F(Plot, OfHostileHeadersIsTextOnly) {
  const std::string long_name(10000, 'n');
  const std::string rows = write("rows.csv", "<script>alert(1)</script>,\"a\"\"'&b\",\x01z," + long_name +
                                                 "\n1,2,3,4\n2,3,1,5\n0,2,4,1\n5,1,1,0\n2,2,9,3\n");
  const std::string svg = drawn({rows});
  EXPECT_EQ(svg.find("<script"), std::string::npos);
  EXPECT_NE(svg.find("&lt;script&gt;"), std::string::npos);
  EXPECT_LT(svg.size(), 60000u) << "long names are cut";
  EXPECT_EQ(mogul({"plot", rows, "-o", path("a.png")}).exit_code, 0) << "rsvg-convert can read it";
  EXPECT_EQ(mogul({"plot", rows, "-o", path("a.html")}).exit_code, 0);
  EXPECT_EQ(read("a.html").find("<script"), std::string::npos);
}

TEST_F(Plot, IsTheSameForAnyNumberOfThreads) {
  const std::string model = model_of(4);
  const std::string rows = rows_of(model, 70000);
  EXPECT_EQ(drawn({model, rows, "--threads", "1"}), drawn({model, rows, "--threads", "3"}));
}

}  // namespace
}  // namespace mogul::test
