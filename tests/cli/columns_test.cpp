// Which columns of a file are the features: --columns, --exclude, --weights, and a model's features by name.
#include <algorithm>
#include <chrono>

#include "cli/process.hpp"
#include "mogul/io.hpp"

namespace mogul::test {
namespace {

using Columns = CommandLine;
using ModelColumns = CommandLine;

std::vector<std::string> fitted_features(const std::string& model) { return read_model(model).feature_names; }

TEST_F(Columns, AreChosenByNameInTheOrderGiven) {
  const Finished run =
      mogul({"fit", iris(), "--columns", "petal_width,sepal_length", "-k", "2", "-q", "-o", path("model.json")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(fitted_features(path("model.json")), (std::vector<std::string>{"petal_width", "sepal_length"}));
}

TEST_F(Columns, AreChosenByPositionFromOne) {
  mogul({"fit", iris(), "--columns", "4,1", "-k", "2", "-q", "-o", path("by_position.json")});
  mogul({"fit", iris(), "--columns", "petal_width", "--columns", "sepal_length", "-k", "2", "-q", "-o",
         path("by_name.json")});
  EXPECT_EQ(read_model(path("by_position.json")).mixture, read_model(path("by_name.json")).mixture);
}

TEST_F(Columns, ATextColumnIsLeftOutWithExclude) {
  const Finished with_text = mogul({"fit", iris(), "-k", "3"});
  EXPECT_EQ(with_text.exit_code, 3);
  EXPECT_NE(with_text.err.find("iris.csv: line 2, column 'class': 'setosa'"), std::string::npos) << with_text.err;
  for (const std::string column : {"class", "5"}) {
    const Finished run = mogul({"fit", iris(), "--exclude", column, "-k", "3", "-q", "-o", path("model.json")});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(fitted_features(path("model.json")).size(), 4u);
  }
}

TEST_F(Columns, AnUnknownOneIsAUsageErrorThatNamesTheNearest) {
  const Finished run = mogul({"fit", faithful(), "--columns", "waitin", "-k", "1"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.err.find("did you mean 'waiting'?"), std::string::npos) << run.err;
  EXPECT_EQ(mogul({"fit", faithful(), "--exclude", "3", "-k", "1"}).exit_code, 2);
  EXPECT_EQ(mogul({"fit", faithful(), "--weights", "n", "-k", "1"}).exit_code, 2);
}

TEST_F(Columns, TheWeightsAreNotAFeature) {
  const std::string rows = write("rows.csv", "x;y;n\n1;2;1\n2;1;2\n3;5;1\n4;4;3\n");
  for (const std::string weights : {"n", "3"}) {
    const Finished run = mogul({"fit", rows, "--weights", weights, "-k", "1", "-q", "-o", path("model.json")});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(fitted_features(path("model.json")), (std::vector<std::string>{"x", "y"}));
    EXPECT_EQ(read_model(path("model.json")).report->sum_weights, 7);
  }
}

TEST_F(ModelColumns, AreFoundByNameInAFileWithMoreColumnsInAnotherOrder) {
  const std::string plain = write("plain.csv", "eruptions,waiting\n3.6,79\n1.8,54\n");
  const std::string wide = write("wide.csv", "day,waiting,note,eruptions\n1,79,windy,3.6\n2,54,calm,1.8\n");
  const std::string model = write_known_model();
  for (const std::string verb : {"score", "predict", "evaluate"}) {
    const Finished expected = mogul({verb, model, plain});
    const Finished run = mogul({verb, model, wide});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.out, expected.out) << verb;
  }
  const Finished fit_wide = mogul({"fit", wide, "--from", model, "--hold", "covariances", "-q", "-o", path("w.json")});
  const Finished fit_plain =
      mogul({"fit", plain, "--from", model, "--hold", "covariances", "-q", "-o", path("p.json")});
  EXPECT_EQ(fit_wide.exit_code, 0) << fit_wide.err;
  EXPECT_EQ(read_model(path("w.json")).mixture, read_model(path("p.json")).mixture);
}

TEST_F(ModelColumns, AreFoundByNameOnStandardInputAndInAPipe) {
  const std::string wide = "waiting,eruptions,note\n79,3.6,x\n54,1.8,y\n";
  const std::string expected = mogul({"score", write_known_model(), write("wide.csv", wide)}).out;
  ASSERT_EQ(lines_of(expected).size(), 3u);
  EXPECT_EQ(mogul({"score", path("known.json"), "-"}, {.input = wide}).out, expected);
  const Finished piped =
      shell("cat '" + path("wide.csv") + "' | \"$MOGUL\" score '" + path("known.json") + "' /dev/stdin");
  EXPECT_EQ(piped.out, expected) << piped.err;
}

TEST_F(ModelColumns, AMissingOneIsBadData) {
  for (const std::string text : {"eruptions,wait\n3.6,79\n", "eruptions,wait,note\n3.6,79,windy\n"}) {
    const Finished run = mogul({"score", write_known_model(), write("rows.csv", text)});
    EXPECT_EQ(run.exit_code, 3);
    EXPECT_EQ(lines_of(run.err).size(), 1u) << run.err;
    EXPECT_NE(run.err.find("rows.csv: no column 'waiting'"), std::string::npos) << run.err;
    EXPECT_NE(run.err.find("--columns"), std::string::npos) << run.err;
  }
}

TEST_F(ModelColumns, WithoutAHeaderGoByPositionAndMustBeAsMany) {
  const std::string model = write_known_model();
  const std::string expected = mogul({"score", model, write("named.csv", "eruptions,waiting\n3.6,79\n")}).out;
  const Finished run = mogul({"score", model, write("bare.csv", "3.6,79\n")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, expected);

  const Finished wide = mogul({"score", model, write("wide.csv", "3.6,79,1\n3.5,78,2\n")});
  EXPECT_EQ(wide.exit_code, 3);
  EXPECT_NE(wide.err.find("3 columns (x1, x2, x3), but the model has 2 features (eruptions, waiting)"),
            std::string::npos)
      << wide.err;
  EXPECT_EQ(mogul({"score", model, path("wide.csv"), "--columns", "1,2"}).out.substr(0, expected.size()), expected);
}

TEST_F(ModelColumns, ABadValueInRowsWithoutAHeaderIsNamedAsItIs) {
  const Finished run = mogul({"score", write_known_model(), write("bare.csv", "3.6,79\n1.8,fast\n")});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_NE(run.err.find("bare.csv: line 2, column 'x2': 'fast'"), std::string::npos) << run.err;
  EXPECT_EQ(run.err.find("no such column"), std::string::npos) << run.err;
}

TEST_F(ModelColumns, OfNpyGoByPosition) {
  const std::string model = write_known_model();
  mogul({"sample", model, "-n", "5", "-o", path("rows.npy")});
  mogul({"sample", model, "-n", "5", "-o", path("rows.csv")});
  const Finished run = mogul({"score", model, path("rows.npy")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, mogul({"score", model, path("rows.csv")}).out);

  mogul({"sample", model, "-n", "5", "--with-labels", "-o", path("wide.npy")});
  EXPECT_EQ(mogul({"score", model, path("wide.npy")}).exit_code, 3);
}

TEST_F(ModelColumns, OfAModelFittedWithoutNamesGoByPosition) {
  const std::string model = path("model.json");
  mogul({"fit", write("bare.csv", "1.0,2\n2,1\n5,5\n4,7\n"), "-k", "1", "-q", "-o", model});
  EXPECT_EQ(fitted_features(model), (std::vector<std::string>{"x1", "x2"}));
  const std::string expected = mogul({"score", model, path("bare.csv")}).out;
  EXPECT_EQ(lines_of(expected).size(), 5u);
  EXPECT_EQ(mogul({"score", model, write("named.csv", "a,b\n1,2\n2,1\n5,5\n4,7\n")}).out, expected);
  EXPECT_EQ(mogul({"score", model, write("three.csv", "1,2,9\n2,1,9\n5,5,9\n")}).exit_code, 3);
  EXPECT_EQ(mogul({"score", model, write("swapped.csv", "x2,x1\n2,1\n1,2\n5,5\n7,4\n")}).out, expected);
}

TEST_F(ModelColumns, AreMatchedInTimeLinearInTheirNumber) {
  const auto seconds = [&](std::size_t n_columns) {
    std::string names;
    std::string row;
    std::vector<std::string> features;
    for (std::size_t i = 0; i < n_columns; ++i) {
      features.push_back("feature_number_" + std::to_string(i));
      names = features.back() + (i == 0 ? "" : ",") + names;  // in reverse, so that no search ends early
      row += i == 0 ? "1" : ",1";
    }
    const Mixture mixture(families::spherical, {1}, Matrix(1, n_columns), {1});
    write_model(path("wide.json"), {mixture, features, {}, {}});
    const std::string rows = write("wide.csv", names + "\n" + row + "\n");
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(mogul({"score", path("wide.json"), rows}).exit_code, 0);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  const auto fastest = [&](std::size_t n_columns) { return std::min(seconds(n_columns), seconds(n_columns)); };
  const double few = fastest(2'000);
  EXPECT_LT(fastest(32'000), 100 * std::max(few, 0.02)) << "16 times the columns; quadratic would be 256 times";
}

TEST_F(ModelColumns, ChosenWithColumnsGoByNameWhereTheyHaveTheNamesElseByPosition) {
  const std::string model = write_known_model();
  const std::string named = write("named.csv", "eruptions,waiting,day\n3.6,79,1\n1.8,54,2\n");
  const std::string expected = mogul({"score", model, named}).out;
  EXPECT_EQ(mogul({"score", model, named, "--columns", "waiting,eruptions"}).out, expected);
  const std::string other = write("other.csv", "day,w,e\n1,79,3.6\n2,54,1.8\n");
  EXPECT_EQ(mogul({"score", model, other, "--columns", "e,w"}).out, expected);
  EXPECT_EQ(mogul({"score", model, other, "--columns", "e"}).exit_code, 3);
}

TEST_F(ModelColumns, ChosenByPositionGoByTheirNamesWhereTheseAreTheFeatures) {
  const std::string model = write_known_model();
  const std::string expected = mogul({"score", model, write("named.csv", "eruptions,waiting\n3.6,79\n1.8,54\n")}).out;
  const std::string swapped = write("swapped.csv", "waiting,day,eruptions\n79,1,3.6\n54,2,1.8\n");
  for (const std::string columns : {"1,3", "3,1", "waiting,3", "1,eruptions"}) {
    const Finished run = mogul({"score", model, swapped, "--columns", columns});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.out, expected) << columns;
  }
  const std::string bytes = read("swapped.csv");
  EXPECT_EQ(mogul({"score", model, "-", "--columns", "1,3"}, {.input = bytes}).out, expected);
  EXPECT_EQ(mogul({"score", model, write("other.csv", "w,day,e\n79,1,3.6\n54,2,1.8\n"), "--columns", "3,1"}).out,
            expected);
}

TEST_F(ModelColumns, ChosenByPositionInRowsWithoutAHeaderKeepTheirOrder) {
  mogul({"fit", write("bare.csv", "7,1\n2,1\n5,5\n4,7\n"), "-k", "1", "-q", "-o", path("model.json")});
  const std::string expected = mogul({"score", path("model.json"), path("bare.csv")}).out;
  const std::string swapped = write("swapped.csv", "1,7\n1,2\n5,5\n7,4\n");
  EXPECT_EQ(mogul({"score", path("model.json"), swapped, "--columns", "2,1", "--no-header"}).out, expected);
}

TEST_F(ModelColumns, CalledByDigitsAreNames) {
  const std::string model = path("model.json");
  mogul({"fit", write("years.csv", "1,2,note\n1,9,a\n2,1,b\n5,5,c\n"), "--exclude", "note", "-k", "1", "-q", "-o",
         model, "--header"});
  ASSERT_EQ(fitted_features(model), (std::vector<std::string>{"1", "2"}));
  const std::string expected = mogul({"score", model, path("years.csv")}).out;
  EXPECT_EQ(lines_of(expected).size(), 4u);
  EXPECT_EQ(mogul({"score", model, write("swapped.csv", "note,2,1\na,9,1\nb,1,2\nc,5,5\n")}).out, expected);
  const Finished other = mogul({"score", model, write("other.csv", "a,b\n1,9\n2,1\n5,5\n")});
  EXPECT_EQ(other.exit_code, 3) << other.out;
  EXPECT_NE(other.err.find("no column '1'; its columns are a, b"), std::string::npos) << other.err;
}

TEST_F(ModelColumns, OfLongNamesAreShortenedInMessages) {
  const std::string name(10000, 'n');
  const std::string rows = write("long.csv", name + ",b\n1,2\n2,1\n4,9\n3,3\n");
  ASSERT_EQ(mogul({"fit", rows, "-k", "1", "-o", path("long.json"), "-q"}).exit_code, 0);
  const Finished run = mogul({"score", path("long.json"), write("other.csv", "a,b\n1,9\n2,1\n5,5\n")});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_NE(run.err.find("no column 'nnn"), std::string::npos) << run.err;
  EXPECT_LT(run.err.size(), 500u);
  for (const std::string& line : lines_of(mogul({"inspect", path("long.json")}).out)) EXPECT_LT(line.size(), 400u);
}

TEST_F(ModelColumns, ThatTwoColumnsShareAreNotGuessedAt) {
  const Finished run = mogul({"score", write_known_model(), write("rows.csv", "waiting,eruptions,waiting\n1,2,3\n")});
  EXPECT_EQ(run.exit_code, 3);
  EXPECT_NE(run.err.find("rows.csv: more than one column 'waiting'"), std::string::npos) << run.err;
}

TEST_F(ModelColumns, OfAModelWithoutNamesMayBeLeftOut) {
  const std::string rows = write("rows.csv", "1.5,2\n3,4\n2,9\n");
  ASSERT_EQ(mogul({"fit", rows, "-k", "1", "-q", "-o", path("nameless.json")}).exit_code, 0);
  const std::string named = write("named.csv", "x1,a,b\n7,1.5,2\n9,3,4\n8,2,9\n");
  const Finished run = mogul({"score", path("nameless.json"), named, "--exclude", "x1", "-q"});
  EXPECT_EQ(run.out, mogul({"score", path("nameless.json"), rows, "-q"}).out) << run.err;
}

TEST_F(ModelColumns, LeftOutOrTakenForWeightsAreAUsageError) {
  const std::string model = write_known_model();
  for (const std::string flag : {"--exclude", "--weights"}) {
    const Finished run = mogul({"score", model, faithful(), flag, "waiting"});
    EXPECT_EQ(run.exit_code, 2) << run.err;
    EXPECT_NE(run.err.find("waiting; must not be a feature of the model"), std::string::npos) << run.err;
  }
}

}  // namespace
}  // namespace mogul::test
