// mogul fit --standard-errors: what the program prints is what the library finds; the model is kept whatever happens.
#include <signal.h>

#include <nlohmann/json.hpp>

#include "cli/process.hpp"
#include "mogul/fit.hpp"
#include "mogul/io.hpp"
#include "mogul/standard_errors.hpp"

namespace mogul::test {
namespace {

using StandardErrorsOfFit = CommandLine;

StandardErrors expected(StandardErrorMethod method, std::size_t n_bootstrap, double level) {
  const Dataset data = read_dataset(faithful());
  FitOptions options;
  options.n_components = 2;
  const Mixture mixture = fit(data, options).mixture;
  return standard_errors(mixture, data, {.method = method, .level = level, .n_bootstrap = n_bootstrap, .fit = options});
}

TEST_F(StandardErrorsOfFit, AreInTheModelFileAndShownByInspect) {
  const Finished run = mogul(
      {"fit", faithful(), "-k", "2", "--standard-errors", "information", "--level", "0.9", "-o", path("model.json")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const ModelFile model = read_model(path("model.json"));
  const StandardErrors errors = expected(StandardErrorMethod::information, 999, 0.9);
  EXPECT_EQ(model.standard_errors, errors);
  const Finished shown = mogul({"inspect", path("model.json")});
  EXPECT_NE(shown.out.find(summary(errors, model.feature_names)), std::string::npos) << shown.out;
  const Finished again = mogul({"inspect", path("model.json"), "--format", "json"});
  EXPECT_EQ(again.out, read("model.json"));
  EXPECT_EQ(mogul({"score", path("model.json"), faithful(), "--mean"}).exit_code, 0);
}

TEST_F(StandardErrorsOfFit, OfReplicatesAreTheLibrarys) {
  const auto model_of = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"fit", faithful(), "-k", "2", "--format", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Finished run = mogul(arguments);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return parse_model(run.out, "standard output").standard_errors;
  };
  EXPECT_EQ(model_of({"--standard-errors", "bootstrap", "--bootstrap", "99", "--threads", "3"}),
            expected(StandardErrorMethod::bootstrap, 99, 0.95));
  EXPECT_EQ(model_of({"--standard-errors", "weighted-bootstrap", "--bootstrap", "99"}),
            expected(StandardErrorMethod::weighted_bootstrap, 99, 0.95));
  EXPECT_EQ(model_of({"--standard-errors", "jackknife"}), expected(StandardErrorMethod::jackknife, 999, 0.95));
}

TEST_F(StandardErrorsOfFit, HaveColumnsInTablesOfComponents) {
  const Finished run = mogul({"fit", faithful(), "-k", "2", "--standard-errors", "information", "--format", "csv"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const std::vector<std::string> lines = lines_of(run.out);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_NE(lines[0].find("weight_standard_error,mean_eruptions_standard_error,mean_waiting_standard_error,"
                          "standard_deviation_eruptions_standard_error,standard_deviation_waiting_standard_error"),
            std::string::npos)
      << lines[0];
}

TEST_F(StandardErrorsOfFit, KeepTheModelWhereTheyCannotBeHad) {
  const Finished run = mogul({"fit", faithful(), "-k", "3", "--init", "random", "--max-iter", "3", "--standard-errors",
                              "information", "-o", path("model.json"), "-q"});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_NE(run.err.find("mogul: error: standard errors: the observed information has no inverse"), std::string::npos)
      << run.err;
  EXPECT_NE(run.err.find("EM stopped early (lower gain"), std::string::npos) << run.err;
  EXPECT_FALSE(read_model(path("model.json")).standard_errors);
  write("weighted.csv", "x,w\n0,1\n1,0.5\n2,1\n8,1\n9,1\n10,1\n");
  const Finished other = mogul({"fit", path("weighted.csv"), "--weights", "w", "-k", "1", "--standard-errors",
                                "jackknife", "-o", path("model.json"), "-q"});
  EXPECT_EQ(other.exit_code, 3);
  EXPECT_NE(other.err.find("whole numbers"), std::string::npos) << other.err;
}

TEST_F(StandardErrorsOfFit, WarnOfFitsThatFail) {
  write("few.csv", "x\n-0.6\n-0.2\n0.3\n0.7\n1.1\n0.1\n9.9\n10.2\n10.7\n");
  const Finished run = mogul({"fit", path("few.csv"), "-k", "2", "--covariance", "spherical", "--reg-covar", "0",
                              "--standard-errors", "bootstrap", "--bootstrap", "199", "-o", path("model.json")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.err.find("of 199 fits of the bootstrap failed and are left out"), std::string::npos) << run.err;
}

TEST_F(StandardErrorsOfFit, RefuseFlagsThatDoNotGoTogether) {
  const auto refusal = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"fit", faithful(), "-k", "2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Finished run = mogul(arguments);
    EXPECT_EQ(run.exit_code, 2) << run.err;
    return run.err;
  };
  EXPECT_NE(refusal({"--bootstrap", "99"}).find("--bootstrap needs --standard-errors METHOD"), std::string::npos);
  EXPECT_NE(refusal({"--level", "0.9"}).find("--level needs --standard-errors METHOD"), std::string::npos);
  EXPECT_NE(refusal({"--standard-errors", "jackknife", "--bootstrap", "99"}).find("leave it out"), std::string::npos);
  EXPECT_NE(refusal({"--standard-errors", "jacknife"}).find("did you mean 'jackknife'"), std::string::npos);
  EXPECT_NE(refusal({"--standard-errors", "information", "--level", "95"}).find("level = 95"), std::string::npos);
  EXPECT_NE(refusal({"--standard-errors", "bootstrap", "--bootstrap", "1000001"}).find("1000000 at most"),
            std::string::npos);
  EXPECT_NE(refusal({"--standard-errors", "bootstrap", "--bootstrap", "9"}).find("must be 39 or more"),
            std::string::npos);
}

TEST_F(StandardErrorsOfFit, InterruptedLeaveTheModel) {
  Process process = start({"fit", faithful(), "-k", "2", "--standard-errors", "bootstrap", "--bootstrap", "1000000",
                           "-v", "-o", path("model.json")});
  ASSERT_TRUE(process.says("standard errors: bootstrap"));
  process.send(SIGINT);
  const Finished run = process.wait();
  EXPECT_EQ(run.exit_code, 130);
  EXPECT_NE(run.err.find("interrupted; the model has no standard errors"), std::string::npos) << run.err;
  EXPECT_FALSE(read_model(path("model.json")).standard_errors);
}

}  // namespace
}  // namespace mogul::test
