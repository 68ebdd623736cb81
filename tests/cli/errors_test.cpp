// What goes wrong: one line that names the place and the rule, and the exit code of its kind.
#include "cli/process.hpp"

namespace mogul::test {
namespace {

using Errors = CommandLine;

// One line on standard error, nothing on standard output.
void expect_error(const Finished& run, int exit_code, const std::vector<std::string>& parts) {
  EXPECT_EQ(run.exit_code, exit_code) << run.err;
  EXPECT_EQ(run.out, "");
  const std::vector<std::string> lines = lines_of(run.err);
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.size(), exit_code == 2 ? 2u : 1u) << run.err;
  EXPECT_TRUE(lines[0].starts_with("mogul: error: ")) << run.err;
  for (const std::string& part : parts) EXPECT_NE(lines[0].find(part), std::string::npos) << part << "\n" << run.err;
}

TEST_F(Errors, BadRowsAreThreeAndNameFileLineAndColumn) {
  const auto fit_rows = [&](const std::string& text) { return mogul({"fit", write("rows.csv", text), "-k", "1"}); };
  expect_error(fit_rows("x,y\n1,2\n3,nan\n"), 3, {"rows.csv", "line 3", "'y'", "nan"});
  expect_error(fit_rows("x,y\n1,2\ninf,4\n"), 3, {"rows.csv", "line 3", "'x'", "inf"});
  expect_error(fit_rows("x,y\n1,2\n3\n"), 3, {"rows.csv", "line 3"});
  expect_error(fit_rows("x,y\n1,2,3\n"), 3, {"rows.csv", "line 2"});
  expect_error(fit_rows("x,y\n1,2\n3,four\n"), 3, {"rows.csv", "line 3", "'y'", "'four'"});
  expect_error(fit_rows("x,y\n1,2\n3,\n"), 3, {"rows.csv", "line 3", "'y'"});
  expect_error(fit_rows("x,y\n"), 3, {"rows.csv"});
  expect_error(fit_rows(""), 3, {"rows.csv"});
  expect_error(fit_rows("\"x,y\n1,2\n"), 3, {"rows.csv", "line 1"});
}

TEST_F(Errors, BadWeightsAreThree) {
  const auto fit_weighted = [&](const std::string& text) {
    return mogul({"fit", write("rows.csv", text), "--weights", "w", "-k", "1"});
  };
  expect_error(fit_weighted("x,w\n1,1\n2,-1\n"), 3, {"rows.csv", "line 3", "'w'", "-1"});
  expect_error(fit_weighted("x,w\n1,0\n2,0\n"), 3, {"rows.csv: column 'w': weights are all zero"});
  expect_error(fit_weighted("x,w\n1,1e100\n2,1e100\n"), 3, {"rows.csv: column 'w': weights sum to 2e+100"});
}

TEST_F(Errors, ATruncatedNpyIsThree) {
  mogul({"sample", write_known_model(), "-n", "10", "-o", path("rows.npy")});
  const std::string bytes = read("rows.npy");
  expect_error(mogul({"fit", write("cut.npy", bytes.substr(0, bytes.size() - 8)), "-k", "1"}), 3,
               {"cut.npy", "truncated"});
}

TEST_F(Errors, ABrokenModelFileIsThreeAndNamesTheField) {
  write_known_model();
  const std::string model = read("known.json");
  const auto score_edited = [&](const std::string& before, const std::string& after) {
    std::string edited = model;
    const std::size_t at = edited.find(before);
    EXPECT_NE(at, std::string::npos) << before;
    edited.replace(at, before.size(), after);
    return mogul({"score", write("bad.json", edited), faithful()});
  };
  expect_error(score_edited("\"n_components\": 2", "\"n_components\": 3"), 3, {"bad.json", "n_components"});
  expect_error(score_edited("36", "-36"), 3, {"bad.json", "covariance"});
  expect_error(score_edited("mogul-model/1", "mogul-model/9"), 3, {"bad.json", "schema", "mogul-model/9"});
  expect_error(mogul({"score", write("cut.json", model.substr(0, model.size() / 2)), faithful()}), 3, {"cut.json"});
  expect_error(mogul({"inspect", faithful()}), 3, {"faithful.csv"});
}

TEST_F(Errors, AModelInThePlaceOfDataIsThree) {
  const std::string model = write_known_model();
  expect_error(mogul({"score", model, model}), 3, {"known.json", "a model file, not rows"});
}

TEST_F(Errors, AFileThatIsNotThereIsFive) {
  expect_error(mogul({"fit", path("none.csv"), "-k", "1"}), 5, {"none.csv", "No such file"});
  expect_error(mogul({"score", path("none.json"), faithful()}), 5, {"none.json"});
  expect_error(mogul({"fit", faithful(), "--from", path("none.json")}), 5, {"none.json"});
  expect_error(mogul({"fit", faithful(), "--labels", path("none.csv")}), 5, {"none.csv"});
}

TEST_F(Errors, ADegenerateFitIsOne) {
  const std::string rows = write("rows.csv", "x\n1\n1\n1\n1\n");
  expect_error(mogul({"fit", rows, "-k", "2", "--reg-covar", "0", "--degenerate", "error"}), 1, {});
}

TEST_F(Errors, OptionsThatBreakARuleAreTwoAndNameOptionValueAndRule) {
  expect_error(mogul({"fit", faithful(), "-k", "0"}), 2, {"-k = 0", "a whole number, 1 or more"});
  expect_error(mogul({"fit", faithful(), "-k", "300"}), 2, {"n_components = 300", "272"});
  expect_error(mogul({"fit", faithful(), "-k", "-2"}), 2, {"-k = -2", "a whole number, 1 or more"});
  expect_error(mogul({"fit", faithful(), "-k", "99999999999999999999"}), 2, {"-k = 9999", "is too large"});
  expect_error(mogul({"fit", faithful(), "-k", "2", "--tol", "1e999"}), 2, {"--tol = 1e999", "is too large"});
  expect_error(mogul({"fit", faithful(), "-k", "2.5"}), 2, {"-k = 2.5", "whole number"});
  expect_error(mogul({"fit", faithful(), "-k", "two"}), 2, {"-k = two", "whole number"});
  expect_error(mogul({"fit", faithful(), "-k", "2", "--tol", "-1"}), 2, {"tol = -1"});
  expect_error(mogul({"fit", faithful(), "-k", "2", "--tol", "small"}), 2, {"--tol = small", "number"});
  expect_error(mogul({"fit", faithful(), "-k", "2", "--n-init", "0"}), 2, {"--n-init = 0", "1 or more"});
  expect_error(mogul({"fit", faithful(), "-k", "2", "--reg-covar", "-1"}), 2,
               {"--reg-covar = -1; must lie in [0, 1e300]"});
}

TEST_F(Errors, FlagsThatContradictAreTwo) {
  const std::string labels = write("labels.csv", "1\n2\n3\n");
  const std::string model = write_known_model();
  expect_error(mogul({"fit", faithful()}), 2, {"-k is missing"});
  expect_error(mogul({"fit", "-k", "2"}), 2, {"DATA is required"});
  expect_error(mogul({"fit", faithful(), "-k", "2", "--labels", labels}), 2, {"-k = 2", "3 components"});
  expect_error(mogul({"fit", faithful(), "-k", "3", "--from", model}), 2, {"-k = 3", "2 components"});
  expect_error(mogul({"fit", faithful(), "--labels", labels, "--from", model}), 2, {"--labels", "--from"});
  expect_error(mogul({"fit", faithful(), "-k", "2", "--init", "labels"}), 2, {"--init labels needs --labels"});
  expect_error(mogul({"fit", faithful(), "-k", "2", "--init", "model"}), 2, {"--init model needs --from"});
  expect_error(mogul({"fit", faithful(), "-k", "2", "--init", "random", "--from", model}), 2, {"--from", "random"});
  expect_error(mogul({"fit", faithful(), "-k", "2", "--hold", "colour"}), 2, {"--hold = colour", "weights"});
  expect_error(mogul({"fit", faithful(), "-k", "2", "--hold", "means:x"}), 2, {"--hold means = x", "whole number"});
  for (const char* none : {"means:", "means:,", "weights,means:"}) {
    expect_error(mogul({"fit", faithful(), "-k", "2", "--hold", none}), 2, {"--hold means: lacks the number"});
  }
  for (const char* none : {",", ",,", ""}) {
    expect_error(mogul({"fit", faithful(), "-k", "2", "--hold", none, "-o", path("h.json")}), 2, {"--hold is empty"});
    expect_error(mogul({"fit", faithful(), "-k", "2", "--exclude", none, "-q"}), 2, {"--exclude is empty"});
  }
  expect_error(mogul({"fit", faithful(), "-k", "2", "--prior", "colour"}), 2, {"--prior: 'colour'", "mean-shrinkage="});
  expect_error(mogul({"fit", faithful(), "-k", "2", "--prior", "dof=-1"}), 2, {"--prior: dof = -1"});
  expect_error(mogul({"fit", faithful(), "-k", "2", "--prior", "dof=6,dof=8"}), 2, {"--prior: dof is given twice"});
  expect_error(mogul({"fit", faithful(), "-k", "2", "--prior", "mean=3.5,70"}), 2, {"--prior: '70'", "mean=[N;N]"});
  expect_error(mogul({"fit", faithful(), "-k", "2", "--max-eigenvalue-ratio", "x"}), 2, {"--max-eigenvalue-ratio"});
  expect_error(mogul({"fit", faithful(), "-k", "2", "-q", "-v"}), 2, {"--quiet", "--verbose"});
  expect_error(mogul({"fit", faithful(), "-k", "2", "-k", "3"}), 2, {"-k is given more than once"});
  expect_error(mogul({"fit", faithful(), "--n-components=2", "--n-components", "3"}), 2,
               {"--n-components is given more than once"});
  expect_error(mogul({"fit", faithful(), "-k"}), 2, {"-k needs a value"});
  expect_error(mogul({"inspect", model, iris()}), 2, {"unexpected argument", "iris.csv"});
  expect_error(mogul({"sample", model}), 2, {"-n is missing"});
}

TEST_F(Errors, LabelsOfAnotherLengthAreThreeAndNameBothFiles) {
  expect_error(mogul({"fit", faithful(), "--labels", write("labels.csv", "1\n2\n1\n")}), 3,
               {"labels.csv: 3 labels, but ", "faithful.csv has 272 rows"});
}

TEST_F(Errors, AnEmptyValueIsNotTheSameAsNoFlag) {
  const std::string rows = write("rows.csv", "x,w\n1,1\n2,1\n");
  for (const char* flag : {"--weights", "--from", "-o", "--labels", "--trace", "--columns"}) {
    expect_error(mogul({"fit", rows, "-k", "1", flag, ""}), 2, {"empty"});
  }
}

TEST_F(Errors, ColumnsThatTheModelDoesNotWantAreNotDropped) {
  const std::string model = write_known_model();
  const std::string features = lines_of(mogul({"sample", model, "-n", "1"}).out).at(0);
  const std::string rows = path("rows.csv");
  mogul({"sample", model, "-n", "5", "-o", rows});
  EXPECT_EQ(mogul({"score", model, rows, "--columns", features}).exit_code, 0);
  expect_error(mogul({"score", model, rows, "--columns", features + ",nosuch"}), 2, {"nosuch"});
}

}  // namespace
}  // namespace mogul::test
