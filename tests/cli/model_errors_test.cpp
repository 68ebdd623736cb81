// mogul model: what it refuses, each with the flag or the place in the file, and what to do.
#include "cli/process.hpp"

namespace mogul::test {
namespace {

class ModelErrors : public CommandLine {
 protected:
  // Nothing on standard output, and one line of error.
  void expect_refused(std::vector<std::string> flags, int exit_code, const std::vector<std::string>& parts) {
    flags.insert(flags.begin(), "model");
    const Finished run = mogul(flags);
    EXPECT_EQ(run.exit_code, exit_code) << run.err;
    EXPECT_EQ(run.out, "");
    const std::vector<std::string> lines = lines_of(run.err);
    ASSERT_EQ(lines.size(), exit_code == 2 ? 2u : 1u) << run.err;
    EXPECT_TRUE(lines[0].starts_with("mogul: error: ")) << run.err;
    for (const std::string& part : parts) EXPECT_NE(lines[0].find(part), std::string::npos) << part << "\n" << run.err;
  }

  void expect_bad_file(const std::string& text, const std::vector<std::string>& parts,
                       const std::string& means = "0,0;1,1", const std::vector<std::string>& more = {}) {
    std::vector<std::string> flags{"--means", means, "--covariances", write("m.csv", text)};
    flags.insert(flags.end(), more.begin(), more.end());
    std::vector<std::string> all = parts;
    all.push_back("m.csv");
    expect_refused(flags, 3, all);
  }
};

TEST_F(ModelErrors, NumbersThatAreNoneNameTheirPlace) {
  const std::vector<std::pair<std::string, std::string>> faults{
      {"a", "--means = a; must be a number or a fraction"},
      {"1,b", "--means: number 2 of 2 = b; must be a number or a fraction"},
      {"1,2;3,b", "--means: component 1, number 2 of 2 = b"},
      {"1,2,", "--means: number 3 of 3 is empty"},
      {"1,,2", "--means: number 2 of 3 is empty"},
      {",1", "--means: number 1 of 2 is empty"},
      {"1;;2", "--means: component 1 is empty"},
      {"1;2;", "--means = '1;2;'; must not end with ';'"},
      {" ", "--means is empty"},
      {"1 2", "--means = 1 2"},
      {"nan,1", "number 1 of 2 = nan; must be finite"},
      {"1,-inf", "number 2 of 2 = -inf; must be finite"},
      {"1e999", "--means = 1e999 is too large"},
      {"1/0", "--means = 1/0; divides by 0"},
      {"1/", "--means = 1/; must be a number"},
      {"/3", "--means = /3; must be a number"},
      {"1/2/3", "--means = 1/2/3; must be a number"},
      {"1e300/1e-300", "must be finite"},
      {"0x10", "--means = 0x10; must be a number"},
      {"+-1", "--means = +-1; must be a number"},
      {"1e101", "--means[0][0] = 1e+101; must be finite and at most 1e100"},
      {"1,2;3", "component 1 has 1 number, but component 0 has 2"}};
  for (const auto& [means, fault] : faults) expect_refused({"--means", means, "--variances", "1"}, 2, {fault});
}

TEST_F(ModelErrors, WeightsNameTheirSumAndWhatToDo) {
  const auto refused = [&](const std::string& weights, const std::string& fault) {
    expect_refused({"--weights", weights, "--means", "0,1,2", "--variances", "1"}, 2, {fault});
  };
  refused("0.33,0.33,0.33",
          "--weights sum to 0.99; must sum to 1: use fractions such as 1/3, or divide each weight by "
          "the sum (0.33/0.99, ...)");
  refused("2,3,5", "--weights sum to 10");
  refused("0,0,0", "--weights sum to 0; must sum to 1");
  refused("-1,1,1", "--weights = -1; must be 0 or more");
  refused("0.5,0.5", "--weights has 2 numbers, but --means has 3 components of 1 feature");
  refused("1/3,1/3,1/0", "--weights: number 3 of 3 = 1/0; divides by 0");
  refused("0.5;0.5", "--weights = '0.5;0.5'; must have ','");
  refused("nan,0.5,0.5", "must be finite");
  EXPECT_EQ(
      mogul({"model", "--weights", "0.33/0.99,0.33/0.99,0.33/0.99", "--means", "0,1,2", "--variances", "1"}).exit_code,
      0)
      << "which the message proposes";
}

TEST_F(ModelErrors, VariancesOfAnotherNumberSayHowManyThereMustBe) {
  const auto refused = [&](const std::string& means, const std::string& variances,
                           const std::vector<std::string>& faults) {
    expect_refused({"--means", means, "--variances", variances}, 2, faults);
  };
  refused("0,1,2", "1,2", {"--variances has 2 numbers", "3 components of 1 feature", "3 numbers", "1 number for all"});
  refused("0,1", "1,2;3,4", {"--variances has 4 numbers in 2 lists"});
  refused("0,0;1,1", "1,2,3", {"has 3 numbers; for 2 components of 2 features", "(diagonal)", "(tied_spherical)"});
  refused("0,0;1,1", "1,2;3", {"has 3 numbers in 2 lists"});
  refused("0,0;1,1", "1,2;3,4;5,6", {"has 6 numbers in 3 lists"});
  expect_refused({"--means", "0,0;1,1", "--variances", "1,2", "--covariance", "diagonal"}, 2,
                 {"--variances has 2 numbers; --covariance diagonal of 2 components of 2 features needs 2 lists of 2"});
  expect_refused({"--means", "0,1", "--variances", "1,2", "--covariance", "tied"}, 2, {"needs 1 number"});
  expect_refused({"--means", "0,1", "--variances", "1", "--covariance", "spherical"}, 2, {"needs 2 numbers"});
}

TEST_F(ModelErrors, TwoPlausibleReadingsAreRefusedWithTheFlagThatDecides) {
  expect_refused({"--means", "0,0;3,3", "--variances", "1,2"}, 2,
                 {"--covariance spherical", "--covariance tied_diagonal", "Say which"});
}

TEST_F(ModelErrors, VariancesOutOfRangeNameTheFlagAndTheComponent) {
  for (const std::string value : {"0", "-1", "1e301", "1e-301"}) {
    expect_refused({"--means", "0,1", "--variances", "1," + value}, 2,
                   {"--variances: the covariance of component 1: variance", "must lie in [1e-300, 1e300]"});
  }
  expect_refused({"--means", "0,1", "--standard-deviations", "1,-2"}, 2,
                 {"--standard-deviations = -2; must be above 0"});
  expect_refused({"--means", "0,1", "--standard-deviations", "1,1e-200"}, 2,
                 {"--standard-deviations: the covariance of component 1: variance 0"});
}

TEST_F(ModelErrors, FlagsThatAreMissingOrContradict) {
  const std::string file = write("m.csv", "1,0\n0,1\n");
  expect_refused({}, 2, {"--means is missing"});
  expect_refused({"--means", ""}, 2, {"--means is empty"});
  expect_refused({"--means", "0,1"}, 2, {"--variances is missing", "--standard-deviations", "--covariances", "quotes"});
  expect_refused({"--means", "0,0", "--variances", "1", "--covariances", file}, 2, {"--variances", "--covariances"});
  expect_refused({"--means", "0", "--variances", "1", "--standard-deviations", "1"}, 2,
                 {"--variances", "--standard-deviations"});
  expect_refused({"--means", "0,0", "--standard-deviations", "1", "--covariances", file}, 2,
                 {"--standard-deviations", "--covariances"});
  expect_refused({"--means", "0,0;1,1", "--variances", "1,2;3,4", "--covariance", "full"}, 2,
                 {"--variances does not go with --covariance full", "--covariances FILE"});
  expect_refused({"--means", "0,0;1,1", "--covariances", file, "--covariance", "diagonal"}, 2,
                 {"--covariances does not go with --covariance diagonal", "--variances"});
  expect_refused({"--means", "0", "--variances", "1", "extra"}, 2, {"unexpected argument 'extra'"});
  expect_refused({"--means", "0", "--variance", "1"}, 2, {"did you mean '--variances'?"});
}

TEST_F(ModelErrors, FeaturesAreAsManyAsTheNumbersOfAMean) {
  expect_refused({"--means", "0,0;1,1", "--variances", "1", "--features", "a"}, 2,
                 {"--features has 1 name, but --means has 2 features"});
  expect_refused({"--means", "0,1,2", "--variances", "1", "--features", "a,b"}, 2,
                 {"--features has 2 names, but --means has 1 feature"});
  expect_refused({"--means", "0,0;1,1", "--variances", "1", "--features", "a,a"}, 2, {"--features has 'a' twice"});
  expect_refused({"--means", "0", "--variances", "1", "--features", "a\xff"}, 2, {"not UTF-8"});
  const std::string file = write("named.csv", "a,b\n1,0\n0,1\n");
  expect_refused({"--means", "0,0;1,1", "--covariances", file, "--features", "b,a"}, 2,
                 {"--features = b,a", "named.csv", "a,b"});
  EXPECT_EQ(mogul({"model", "--means", "0,0;1,1", "--covariances", file, "--features", "a,b"}).exit_code, 0);
}

TEST_F(ModelErrors, FilesOfMatricesNameLineAndColumnWithoutFlagsThatAreNotThere) {
  const auto expect_without_advice = [&](const std::string& text, const std::vector<std::string>& parts) {
    expect_bad_file(text, parts);
    const std::string message = mogul({"model", "--means", "0,0;1,1", "--covariances", path("m.csv")}).err;
    EXPECT_EQ(message.find("--"), std::string::npos) << message;
    EXPECT_EQ(message.find("delete"), std::string::npos) << message;
  };
  expect_without_advice("1,0\n0,x\n", {"line 2, column 'x2': 'x' is not a number"});
  expect_without_advice("1,0\n0,nan\n", {"line 2, column 'x2': 'nan' is a missing value"});
  expect_without_advice("1,0\n0,inf\n", {"line 2, column 'x2': 'inf' is not finite"});
  expect_without_advice("1,0\n,1\n", {"line 2, column 'x1': the field is empty"});
  expect_without_advice("1,0\n0\n", {"line 2: 1 field; must be 2"});
  expect_without_advice("1,0\n0,1,3\n", {"line 2: 3 fields; must be 2"});
  expect_without_advice("1,5;0\n0;1\n", {"line 1", "'1,5' is not a number", "decimal comma"});
  expect_without_advice("2O,1\n1,2\n", {"line 1", "'2O' is not a number"});
  expect_without_advice("", {"no data"});
  expect_without_advice("a,b\n", {"no row follows"});
  expect_refused({"--means", "0", "--covariances", path("none.csv")}, 5, {"none.csv", "No such file"});
}

TEST_F(ModelErrors, FilesOfMatricesHaveAsManyRowsAndColumnsAsTheStructureNeeds) {
  expect_bad_file("1,0\n0,1\n1,0\n", {"3 rows of 2 numbers; must be 4 (K D)", "or 2 (D)"});
  expect_bad_file("1,0,0\n0,1,0\n0,0,1\n", {"3 columns; must be 2, the number of features of --means"});
  expect_bad_file("a,b,c\n1,0,0\n0,1,0\n0,0,1\n", {"3 columns; must be 2"});
  expect_bad_file("1,0\n0,1\n", {"2 rows of 2 numbers; must be 4 (K D)"}, "0,0;1,1", {"--covariance", "full"});
  expect_bad_file("1,0\n0,1\n1,0\n0,1\n", {"4 rows of 2 numbers; must be 2 (D)"}, "0,0;1,1", {"--covariance", "tied"});
}

TEST_F(ModelErrors, CovariancesThatDoNotBelongToTheFamilyAreRefused) {
  const auto flags = [&](const std::string& family, const std::string& rows) {
    return std::vector<std::string>{"--means", "0,0;1,1",       "--covariance",
                                    family,    "--covariances", write("m.csv", rows)};
  };
  const auto expect_made = [&](std::vector<std::string> made) {
    made.insert(made.begin(), "model");
    EXPECT_EQ(mogul(made).exit_code, 0);
  };
  expect_made(flags("VEE", "2,1\n1,3\n4,2\n2,6\n"));  // the second is twice the first
  expect_made(flags("full", "2,1\n1,3\n4,2\n2,5\n"));
  expect_refused(flags("VEE", "2,1\n1,3\n4,2\n2,5\n"), 2, {"--covariance = VEE", "do not belong", "--covariance full"});
  expect_refused(flags("EEV", "2,1\n1,3\n4,2\n2,6\n"), 2, {"--covariance = EEV", "do not belong"});
}

TEST_F(ModelErrors, MatricesThatAreNoCovarianceNameRowsAndComponent) {
  const std::string identity = "1,0\n0,1\n";
  expect_bad_file(identity + "1,2\n2,1\n", {"rows 3 to 4, the covariance of component 1: not positive definite"});
  expect_bad_file(identity + "1,0.2\n0.3,1\n", {"rows 3 to 4, the covariance of component 1: not symmetric", "0.3"});
  expect_bad_file("1,0\n0,-1\n" + identity, {"rows 1 to 2, the covariance of component 0: variance -1"});
  expect_bad_file("1,1\n1,1\n", {"the covariance of all components: not positive definite"});
  expect_bad_file("1\n0\n", {"row 2, the covariance of component 1: variance 0"}, "0,1");
}

TEST_F(ModelErrors, ARefusalWritesNothing) {
  const std::string file = write("m.csv", "1,0\n0,1\n");
  expect_refused({"--means", "0,0;1,1", "--covariances", file, "-o", file}, 2,
                 {"-o = ", "another file than --covariances"});
  EXPECT_EQ(read("m.csv"), "1,0\n0,1\n");
  expect_refused({"--means", "0,1", "--variances", "-1", "-o", path("m.json")}, 2, {"--variances"});
  expect_refused({"--means", "0", "--variances", "1", "-o", path("nowhere/m.json")}, 5, {"nowhere"});
  EXPECT_EQ(files(), std::vector<std::string>{"m.csv"});
}

// A shell ends the command at a ';' without quotes.
TEST_F(ModelErrors, ListsWithoutQuotesAreRemindedOfThem) {
  const Finished run = shell("\"$MOGUL\" model --means 0,0;3,3 --variances 1");
  EXPECT_NE(run.err.find("A list with ';' needs quotes"), std::string::npos) << run.err;
}

}  // namespace
}  // namespace mogul::test
