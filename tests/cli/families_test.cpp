// Every verb with every covariance family: what the program prints is what the library computes.
#include <nlohmann/json.hpp>

#include "cli/process.hpp"
#include "mogul/fit.hpp"
#include "mogul/io.hpp"
#include "mogul/sample.hpp"
#include "mogul/score.hpp"

namespace mogul::test {
namespace {

using nlohmann::json;

class Families : public CommandLine, public testing::WithParamInterface<const CovarianceFamily*> {
 protected:
  // Fits iris, which writes the model and its trace.
  Finished fit_iris() {
    return mogul({"fit", iris(), "--exclude", "class", "-k", "3", "--covariance", std::string(GetParam()->name), "-o",
                  path("model.json"), "--trace", path("trace.jsonl")});
  }
  std::string word() const { return std::string(GetParam()->word()); }

  void expect_success(const std::vector<std::string>& arguments) {
    const Finished run = mogul(arguments);
    EXPECT_EQ(run.exit_code, 0) << run.err;
  }
};

Dataset iris_rows() {
  ReadOptions options;
  options.exclude = {"class"};
  return read_dataset(iris(), options);
}

TEST_P(Families, FitWritesTheModelThatTheLibraryFits) {
  EXPECT_EQ(fit_iris().exit_code, 0);
  FitOptions options;
  options.n_components = 3;
  options.covariance = *GetParam();
  const FitResult expected = fit(iris_rows(), options);
  const ModelFile model = read_model(path("model.json"));
  EXPECT_EQ(model.mixture, expected.mixture);
  EXPECT_EQ(model.settings, settings_of(options));
  EXPECT_EQ(model.report->bic, expected.report.bic);
  EXPECT_EQ(model.report->n_parameters, 2 + 3 * 4 + GetParam()->n_parameters(3, 4));
  json last;  // of the run that is kept
  for (const std::string& line : lines_of(read("trace.jsonl"))) {
    const json step = json::parse(line);
    if (step["restart"] == model.report->best_restart) last = step;
  }
  EXPECT_EQ(last["covariance"], word());
  EXPECT_EQ(last["log_likelihood"].get<double>(), expected.report.log_likelihood);
}

TEST_P(Families, ScoreAndPredictPrintWhatTheLibraryComputes) {
  fit_iris();
  const Mixture mixture = read_model(path("model.json")).mixture;
  const std::vector<double> densities = log_densities(mixture, iris_rows());
  const std::vector<std::int32_t> expected = labels(mixture, iris_rows());
  const auto scores = numbers_of(mogul({"score", path("model.json"), iris()}).out);
  const auto predicted = numbers_of(mogul({"predict", path("model.json"), iris()}).out);
  ASSERT_EQ(scores.size(), densities.size());
  ASSERT_EQ(predicted.size(), densities.size());
  for (std::size_t n = 0; n < densities.size(); ++n) {
    EXPECT_EQ(scores[n].at(0), densities[n]);
    EXPECT_EQ(predicted[n].at(0), expected[n]);
  }
}

TEST_P(Families, EvaluateCountsTheParametersOfTheFit) {
  fit_iris();
  const Finished run = mogul({"evaluate", path("model.json"), iris(), "--format", "json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const ModelFile model = read_model(path("model.json"));
  const json evaluation = json::parse(run.out);
  EXPECT_EQ(evaluation["n_parameters"], model.report->n_parameters);
  EXPECT_NEAR(evaluation["bic"].get<double>(), model.report->bic, 1e-9);
  EXPECT_NEAR(evaluation["icl"].get<double>(), model.report->icl, 1e-9);
}

TEST_P(Families, SampleDrawsWhatTheLibraryDraws) {
  fit_iris();
  const Finished run = mogul({"sample", path("model.json"), "-n", "5", "--seed", "7"});
  const Matrix expected = sample(read_model(path("model.json")).mixture, 5, 7).x;
  const auto rows = numbers_of(run.out);
  ASSERT_EQ(rows.size(), 5U);
  for (std::size_t n = 0; n < 5; ++n) {
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(rows[n].at(i), expected(n, i));
  }
}

TEST_P(Families, InspectNamesTheFamilyAndItsParameters) {
  fit_iris();
  const std::string out = mogul({"inspect", path("model.json")}).out;
  const std::size_t n_parameters = 2 + 3 * 4 + GetParam()->n_parameters(3, 4);
  EXPECT_NE(out.find(", " + word() + " covariance, " + std::to_string(n_parameters) + " free"), std::string::npos)
      << out;
}

TEST_P(Families, FitFromAModelKeepsItsFamily) {
  fit_iris();
  expect_success({"fit", iris(), "--exclude", "class", "--from", path("model.json"), "-o", path("again.json")});
  EXPECT_EQ(read_model(path("again.json")).mixture.family(), *GetParam());
}

TEST_P(Families, PagesAndPicturesAreMade) {
  fit_iris();
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"plot", path("model.json"), iris(), "-o", path("pairs.svg")},
           {"plot", path("model.json"), "--kind", "log-likelihood", "-o", path("history.svg")},
           {"report", path("model.json"), iris(), "-o", path("report.html")},
           {"replay", iris(), "--exclude", "class", "--trace", path("trace.jsonl"), "-o", path("replay.html")}}) {
    expect_success(arguments);
    EXPECT_GT(read(std::filesystem::path(arguments.back()).filename().string()).size(), 1000U);
  }
}

TEST_P(Families, ExplainReachesTheMaximumThatFitReaches) {
  const std::string name(GetParam()->name);
  const std::vector<std::string> start{"fit", faithful(), "-k", "2", "--covariance", name, "--reg-covar", "0"};
  const auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> all = start;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  expect_success(with({"--max-iter", "0", "-o", path("start.json")}));
  expect_success({"fit", faithful(), "--from", path("start.json"), "--reg-covar", "0", "--tol", "1e-12", "--max-iter",
                  "10000", "-o", path("end.json")});
  const Finished run = mogul({"explain", faithful(), "--from", path("start.json"), "--format", "json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const json lesson = json::parse(run.out);
  for (const json& section : lesson["sections"]) {
    if (section["name"] != "iterations") continue;
    EXPECT_NEAR(section["log_likelihood"].get<double>(), read_model(path("end.json")).report->log_likelihood, 1e-5);
    return;
  }
  ADD_FAILURE() << "no section of iterations";
}

TEST_F(CommandLine, HelpOfFitNamesEveryFamily) {
  const std::string help = mogul({"fit", "--help"}).out;
  for (const CovarianceFamily* family : covariance_families()) {
    EXPECT_NE(help.find(std::string(family->name)), std::string::npos) << family->name;
    EXPECT_NE(help.find(std::string(family->word())), std::string::npos) << family->name;
  }
}

TEST_F(CommandLine, FamiliesOfOneFeatureHaveMclustsNames) {
  const std::string rows = write("x.csv", "x\n1\n2\n3\n10\n12\n15\n");
  const auto family_of = [&](const std::string& name) {
    mogul({"fit", rows, "-k", "2", "--covariance", name, "-o", path("model.json")});
    return read_model(path("model.json")).mixture.family();
  };
  EXPECT_EQ(family_of("V"), families::vii);
  EXPECT_EQ(family_of("E"), families::eii);
}

INSTANTIATE_TEST_SUITE_P(All, Families, testing::ValuesIn(covariance_families().begin(), covariance_families().end()),
                         [](const auto& parameter) { return std::string(parameter.param->name); });

}  // namespace
}  // namespace mogul::test
