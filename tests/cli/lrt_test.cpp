// mogul lrt: what the program prints is what the library tests.
#include <signal.h>

#include <nlohmann/json.hpp>

#include "cli/process.hpp"
#include "mogul/io.hpp"
#include "mogul/lrt.hpp"

namespace mogul::test {
namespace {

using nlohmann::json;
using Lrt = CommandLine;

LrtResult tested(const LrtOptions& options) { return lrt(read_dataset(faithful()), options); }

TEST_F(Lrt, PrintsTheTestsOfTheLibrary) {
  LrtOptions options;
  options.n_bootstrap = 29;
  options.n_components = {1, 2};
  options.level = 0.2;
  options.fit.covariance = families::eee;
  options.fit.seed = 5;
  const std::vector<std::string> command{"lrt",     "-k",  "1-2",          faithful(), "--bootstrap", "29",
                                         "--level", "0.2", "--covariance", "EEE",      "--seed",      "5"};
  const LrtResult expected = tested(options);
  const auto printed = [&](std::vector<std::string> more) {
    more.insert(more.begin(), command.begin(), command.end());
    const Finished run = mogul(more);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.err, "");
    return run.out;
  };
  EXPECT_EQ(printed({}), summary(expected));
  EXPECT_EQ(printed({"--format", "json", "--threads", "1"}), lrt_json(expected));
  EXPECT_EQ(printed({"-o", path("tests.json")}), "");
  EXPECT_EQ(read("tests.json"), lrt_json(expected));
  const json tests = json::parse(lrt_json(expected));
  EXPECT_EQ(tests["covariance"], "tied");
  EXPECT_EQ(tests["tests"].size(), expected.tests.size());
  EXPECT_EQ(tests["tests"][0]["replicates"].get<std::vector<double>>(), expected.tests[0].replicates);
  EXPECT_EQ(tests["n_components"].is_null(), !expected.n_components.has_value());
  for (const std::string format : {"csv", "tsv"}) {
    EXPECT_EQ(lines_of(printed({"--format", format})).size(), 1 + expected.tests.size());
  }
  EXPECT_EQ(json::parse(lines_of(printed({"--format", "jsonl"})).back())["p_value"], expected.tests.back().p_value);
  EXPECT_EQ(lines_of(printed({"--format", "markdown"})).size(), 2 + expected.tests.size());
}

TEST_F(Lrt, TestsOneKOrARange) {
  LrtOptions options;
  options.n_bootstrap = 19;
  options.n_components = {2};
  EXPECT_EQ(mogul({"lrt", faithful(), "-k", "2", "--bootstrap", "19"}).out, summary(tested(options)));
  options.n_components = {2, 3};
  EXPECT_EQ(mogul({"lrt", faithful(), "-k", "2-3", "--bootstrap", "19"}).out, summary(tested(options)));
}

TEST_F(Lrt, TakesCountsAsWeights) {
  write("counts.csv", "x,count\n1,5\n1.5,9\n2,6\n7,4\n7.5,11\n8.1,5\n");
  const Finished run =
      mogul({"lrt", path("counts.csv"), "--weights", "count", "-k", "1", "--bootstrap", "19", "--covariance", "tied"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("K = 1 is rejected at 0.05"), std::string::npos) << run.out;
  write("shares.csv", "x,share\n1,0.5\n2,0.3\n7,0.2\n");
  const Finished refused = mogul({"lrt", path("shares.csv"), "--weights", "share", "-k", "1"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.err.find("row 1 weighs 0.5; must be whole numbers"), std::string::npos) << refused.err;
}

TEST_F(Lrt, RefusesWhatItCannotRead) {
  const auto refusal = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"lrt", faithful()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Finished run = mogul(arguments);
    EXPECT_EQ(run.exit_code, 2) << run.err;
    return run.err;
  };
  EXPECT_NE(refusal({"-k", "4-2"}).find("goes down; write 2-4"), std::string::npos);
  EXPECT_NE(refusal({"-k", "2,4"}).find("4 after 2; must be a range without gaps"), std::string::npos);
  EXPECT_NE(refusal({"--bootstrap", "18"}).find("must be 19 or more at level = 0.05"), std::string::npos);
  EXPECT_NE(refusal({"--bootstrap", "0"}).find("--bootstrap"), std::string::npos);
  EXPECT_NE(refusal({"--level", "5"}).find("level = 5"), std::string::npos);
  EXPECT_NE(refusal({"--covariance", "six"}).find("--covariance = six"), std::string::npos);
  EXPECT_NE(refusal({"--prior", "default"}).find("unknown flag '--prior'"), std::string::npos);
  EXPECT_NE(refusal({"--tol", "1e-3", "--gain", "1"}).find("two rules"), std::string::npos);
  EXPECT_NE(refusal({"--format", "npy"}).find("npy"), std::string::npos);
  EXPECT_NE(refusal({"-o", faithful()}).find("overwrite"), std::string::npos);
}

TEST_F(Lrt, EndsWithAnErrorWhereNothingCanBeTested) {
  write("two.csv", "x,y\n1,2\n3,5\n");
  const Finished run = mogul({"lrt", path("two.csv"), "-k", "2"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_NE(run.out.find("K = 2 cannot be tested"), std::string::npos) << run.out;
  EXPECT_NE(run.err.find("no fit of 2 components"), std::string::npos) << run.err;
}

TEST_F(Lrt, ShowsTheTimeThatIsLeft) {
  const std::vector<std::string> command{"lrt", faithful(), "-k", "2", "--bootstrap", "250"};
  const Finished drawn = mogul_in_terminal(command, {.environment = {{"TERM", "xterm"}, {"NO_COLOR", ""}}});
  EXPECT_EQ(drawn.exit_code, 0);
  const std::size_t line = drawn.out.find(" of 250 data sets, ");
  ASSERT_NE(line, std::string::npos) << drawn.out;
  EXPECT_NE(drawn.out.find(" s left", line), std::string::npos);
  EXPECT_EQ(lines_of(mogul({"lrt", faithful(), "-k", "1", "--bootstrap", "20", "-v"}).err).size(), 11U);
}

TEST_F(Lrt, AnInterruptKeepsTheDataSetsThatAreDone) {
  Process process =
      start({"lrt", faithful(), "-k", "1", "--bootstrap", "5000", "-v", "--format", "json", "-o", path("tests.json")});
  ASSERT_TRUE(process.says("500 of 5000 data sets"));
  process.send(SIGINT);
  const Finished run = process.wait();
  EXPECT_EQ(run.exit_code, 130);
  EXPECT_NE(run.err.find("interrupted; p is that of the data sets that were done"), std::string::npos) << run.err;
  const json test = json::parse(read("tests.json"))["tests"][0];
  EXPECT_GE(test["n_drawn"], 500);
  EXPECT_LT(test["n_drawn"], 5000);
  EXPECT_EQ(double(test["p_value"]), 1 / (1 + double(test["n_drawn"])));
  EXPECT_EQ(files(), (std::vector<std::string>{"tests.json"}));
}

}  // namespace
}  // namespace mogul::test
