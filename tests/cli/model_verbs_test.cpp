// mogul score, predict, evaluate, sample and inspect against the library's own answers.
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <numeric>

#include "cli/process.hpp"
#include "mogul/io.hpp"
#include "mogul/sample.hpp"
#include "mogul/score.hpp"

namespace mogul::test {
namespace {

using Score = CommandLine;
using Predict = CommandLine;
using Evaluate = CommandLine;
using SampleVerb = CommandLine;
using Inspect = CommandLine;
using nlohmann::json;

std::vector<double> column_of(const std::string& csv, std::size_t column) {
  std::vector<double> values;
  for (const auto& row : numbers_of(csv)) values.push_back(row.at(column));
  return values;
}

TEST_F(Score, GivesTheLogDensityOfEachRow) {
  const Finished run = mogul({"score", write_known_model(), faithful()});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(lines_of(run.out).front(), "log_density");
  EXPECT_EQ(column_of(run.out, 0), log_densities(read_model(path("known.json")).mixture, read_dataset(faithful())));
}

TEST_F(Score, OfOneStandardNormalRowIsTheTextbookNumber) {
  write_model(path("normal.json"), {Mixture(families::spherical, {1}, Matrix(1, 1, {0}), {1}), {}, {}, {}});
  const Finished run = mogul({"score", path("normal.json"), "-"}, {.input = "1.5\n"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const double expected = -0.5 * std::log(2 * std::numbers::pi) - 0.5 * 1.5 * 1.5;
  EXPECT_NEAR(column_of(run.out, 0).at(0), expected, 1e-15);
}

TEST_F(Score, MeanIsWeightedAndComesWithTheTotal) {
  const std::string rows = write("rows.csv", "eruptions,waiting,n\n2,55,3\n4.5,80,1\n");
  const Finished each = mogul({"score", write_known_model(), rows});
  const std::vector<double> l = column_of(each.out, 0);
  const Finished run = mogul({"score", path("known.json"), rows, "--weights", "n", "--mean"});
  EXPECT_EQ(lines_of(run.out).front(), "mean_log_likelihood,log_likelihood");
  const std::vector<double> numbers = numbers_of(run.out).at(0);
  EXPECT_NEAR(numbers.at(1), 3 * l.at(0) + l.at(1), 1e-13);
  EXPECT_NEAR(numbers.at(0), (3 * l.at(0) + l.at(1)) / 4, 1e-13);
}

TEST_F(Predict, GivesTheMostProbableComponentCountedFromZero) {
  const Finished run = mogul({"predict", write_known_model(), faithful()});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(lines_of(run.out).front(), "label");
  const std::vector<std::int32_t> expected = labels(read_model(path("known.json")).mixture, read_dataset(faithful()));
  EXPECT_EQ(column_of(run.out, 0), std::vector<double>(expected.begin(), expected.end()));
}

TEST_F(Predict, ProbaGivesResponsibilitiesThatSumToOne) {
  const Finished run = mogul({"predict", write_known_model(), faithful(), "--proba"});
  EXPECT_EQ(lines_of(run.out).front(), "component_0,component_1");
  const Matrix expected = responsibilities(read_model(path("known.json")).mixture, read_dataset(faithful()));
  const auto rows = numbers_of(run.out);
  ASSERT_EQ(rows.size(), expected.rows());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i], std::vector<double>(expected.row(i).begin(), expected.row(i).end()));
    EXPECT_NEAR(rows[i][0] + rows[i][1], 1, 1e-15);
  }
}

TEST_F(Predict, LabelsCanStartAFit) {
  mogul({"predict", write_known_model(), faithful(), "-o", path("labels.csv")});
  const Finished run = mogul({"fit", faithful(), "--labels", path("labels.csv"), "-q", "-o", path("model.json")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(read_model(path("model.json")).mixture.n_components(), 2u);
}

TEST_F(Evaluate, GivesTheNumbersOfTheLibrary) {
  const Finished run = mogul({"evaluate", write_known_model(), faithful(), "--format", "json"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const json numbers = json::parse(run.out);
  const Evaluation expected = evaluate(read_model(path("known.json")).mixture, read_dataset(faithful()));
  EXPECT_EQ(numbers.at("n_rows"), expected.n_rows);
  EXPECT_EQ(numbers.at("sum_weights"), expected.sum_weights);
  EXPECT_EQ(numbers.at("n_parameters"), expected.n_parameters);
  EXPECT_EQ(numbers.at("log_likelihood"), expected.log_likelihood);
  EXPECT_EQ(numbers.at("mean_log_likelihood"), expected.mean_log_likelihood);
  EXPECT_EQ(numbers.at("expected_complete_log_likelihood"), expected.expected_complete_log_likelihood);
  EXPECT_EQ(numbers.at("entropy"), expected.entropy);
  EXPECT_EQ(numbers.at("aic"), expected.aic);
  EXPECT_EQ(numbers.at("bic"), expected.bic);
  EXPECT_EQ(numbers.at("icl"), expected.icl);
  EXPECT_EQ(numbers.at("component_sizes"), expected.component_sizes);
}

TEST_F(Evaluate, OnTheTrainingRowsRepeatsTheReportOfTheFit) {
  mogul({"fit", faithful(), "-k", "2", "-o", path("model.json")});
  const FitReport report = read_model(path("model.json")).report.value();
  const json numbers = json::parse(mogul({"evaluate", path("model.json"), faithful(), "--format", "json"}).out);
  EXPECT_EQ(numbers.at("log_likelihood"), report.log_likelihood);
  EXPECT_EQ(numbers.at("entropy"), report.entropy);
  EXPECT_EQ(numbers.at("bic"), report.bic);
  EXPECT_EQ(numbers.at("icl"), report.icl);
  for (std::size_t k = 0; k < 2; ++k) {  // added up in another order than by a pass that takes moments too
    EXPECT_NEAR(numbers.at("component_sizes")[k], report.component_sizes[k], 1e-13 * report.component_sizes[k]);
  }
}

TEST_F(SampleVerb, DrawsTheRowsOfTheLibrary) {
  const Finished run = mogul({"sample", write_known_model(), "-n", "200", "--seed", "7", "--with-labels"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(lines_of(run.out).front(), "eruptions,waiting,label");
  const Sample expected = sample(read_model(path("known.json")).mixture, 200, 7);
  const auto rows = numbers_of(run.out);
  ASSERT_EQ(rows.size(), 200u);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i], (std::vector<double>{expected.x(i, 0), expected.x(i, 1), static_cast<double>(expected.z[i])}));
  }
}

TEST_F(SampleVerb, ALongerSampleBeginsWithTheShorterOne) {
  const std::string shorter = mogul({"sample", write_known_model(), "-n", "10", "--seed", "3"}).out;
  const std::string longer = mogul({"sample", path("known.json"), "-n", "1000", "--seed", "3"}).out;
  EXPECT_EQ(lines_of(shorter).size(), 11u);
  EXPECT_EQ(longer.substr(0, shorter.size()), shorter);
  EXPECT_NE(mogul({"sample", path("known.json"), "-n", "10", "--seed", "4"}).out, shorter);
}

TEST_F(SampleVerb, RefitsToTheModelItCameFrom) {
  mogul({"sample", write_known_model(), "-n", "50000", "-o", path("rows.npy")});
  const Finished run = mogul({"fit", path("rows.npy"), "-k", "2", "-q", "-o", path("model.json")});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Mixture refitted = read_model(path("model.json")).mixture;
  const std::size_t small = refitted.weights()[0] < 0.5 ? 0 : 1;
  EXPECT_NEAR(refitted.weights()[small], 0.25, 0.01);
  EXPECT_NEAR(refitted.means()(small, 0), 2, 0.03);
  EXPECT_NEAR(refitted.means()(1 - small, 1), 80, 0.2);
}

TEST_F(Inspect, ShowsTheParametersOfAModelThatWasNotFitted) {
  const Finished run = mogul({"inspect", write_known_model()});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(lines_of(run.out).front(),
            "2 components, 2 features (eruptions, waiting), full covariance, 11 free parameters");
  EXPECT_NE(run.out.find("55 (6)"), std::string::npos);
  EXPECT_EQ(run.out.find("iterations"), std::string::npos);
}

// The known model's covariances are written down in process.cpp.
TEST_F(Inspect, ShowsStandardDeviationsOrVariances) {
  const std::string model = write_known_model();
  EXPECT_EQ(mogul({"inspect", model, "--spread", "sd"}).out, mogul({"inspect", model}).out);
  const std::string variances = mogul({"inspect", model, "--spread", "variance"}).out;
  EXPECT_NE(variances.find("55 (36)"), std::string::npos) << variances;
  EXPECT_NE(variances.find("mean (variance) of each feature"), std::string::npos) << variances;
  const std::string rows = mogul({"inspect", model, "--spread", "var", "--format", "csv"}).out;
  EXPECT_EQ(lines_of(rows).at(0), "component,weight,mean_eruptions,mean_waiting,variance_eruptions,variance_waiting");
  EXPECT_EQ(numbers_of(rows).at(0), (std::vector<double>{0, 0.25, 2, 55, 0.25, 36}));
  const Finished fit = mogul({"fit", faithful(), "-k", "2", "--spread", "variance"});
  EXPECT_NE(fit.out.find("mean (variance) of each feature"), std::string::npos) << fit.out;
}

TEST_F(Inspect, ShowsHowAModelWasFitted) {
  mogul({"fit", faithful(), "-k", "2", "--hold", "weights", "--seed", "11", "-q", "-o", path("model.json")});
  const Finished run = mogul({"inspect", path("model.json")});
  EXPECT_NE(run.out.find("fitted with init kmeans"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("seed 11"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("hold weights"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("iterations      "), std::string::npos) << run.out;
}

TEST_F(Inspect, JsonIsTheFileItself) {
  mogul({"fit", faithful(), "-k", "2", "-o", path("model.json")});
  EXPECT_EQ(mogul({"inspect", path("model.json"), "--format", "json"}).out, read("model.json"));
}

TEST_F(Inspect, ReadsTheModelThatFitPrints) {
  const Finished printed = mogul({"fit", faithful(), "-k", "2", "--format", "json"});
  const Finished run = mogul({"inspect", "-", "--format", "json"}, {.input = printed.out});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, printed.out);
}

TEST_F(SampleVerb, LabelsDoNotTakeTheNameOfAFeature) {
  write_model(path("m.json"), {Mixture(families::spherical, {1}, Matrix(1, 1), {1}), {"label"}, {}, {}});
  const Finished run = mogul({"sample", path("m.json"), "-n", "1", "--with-labels"});
  EXPECT_EQ(lines_of(run.out).front(), "label,label_") << run.err;
}

TEST_F(Inspect, ShowsControlCharactersOfNamesAsQuestionMarks) {
  write_model(path("m.json"), {Mixture(families::spherical, {1}, Matrix(1, 1), {1}), {"\x1b[2J"}, {}, {}});
  const Finished run = mogul({"inspect", path("m.json")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out.find('\x1b'), std::string::npos);
  EXPECT_NE(run.out.find("?[2J"), std::string::npos) << run.out;
}

}  // namespace
}  // namespace mogul::test
