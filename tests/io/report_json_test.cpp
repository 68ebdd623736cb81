// What a model file tells about its fit: what no fit asks or finds is refused by name, read or written.
// model_json_test.cpp has the round trip of all fields.
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "io/json_example.hpp"
#include "mogul/fit.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

using namespace test;

std::string writing_fails(const ModelFile& model) {
  try {
    model_json(model);
  } catch (const invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

std::string reading_fails(std::string_view from, std::string_view to) {
  return refusal([&] { parse_model(edited(kModelFile, from, to), "m.json"); });
}

// Whose mixture is the start, while its settings say which structure was asked for.
TEST(ReportJson, AFitThatIsCancelledAtItsStartCanBeWritten) {
  const Mixture start(families::full, {1}, Matrix(1, 1, {0}), {1});
  FitOptions options{.covariance = families::spherical, .init = start, .n_threads = 1};
  options.callback = [](const Iteration&) { return false; };
  const Matrix x(3, 1, {1, 2, 4});
  const FitResult cancelled = fit(x, options);
  ASSERT_EQ(cancelled.mixture.family(), families::full);
  const ModelFile written{cancelled.mixture, {"x"}, settings_of(options), cancelled.report};
  EXPECT_EQ(parse_model(model_json(written), "m.json").settings, written.settings);
}

TEST(ReportJsonRefusesToWrite, AReportOfAnotherModel) {
  ModelFile model = parse_model(kModelFile, "");
  model.report->component_sizes.push_back(1);
  EXPECT_EQ(writing_fails(model), "report.component_sizes has 3 values; must have n_components = 2");
  model = parse_model(kModelFile, "");
  model.report->n_parameters = 12;
  EXPECT_EQ(writing_fails(model), "report.n_parameters = 12; must be at most the mixture's number, 11");
  model = parse_model(kModelFile, "");
  model.settings->covariance = families::tied;
  EXPECT_EQ(writing_fails(model), "settings.covariance = tied; must be that of the model, full");
  model = parse_model(kModelFile, "");
  model.report->component_sizes[1] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(writing_fails(model), "report.component_sizes[1] = nan; must be >= 0");
}

TEST(ReportJsonRefuses, AnUnknownNameInTheSettings) {
  EXPECT_EQ(reading_fails("\"revive\"", "\"ignore\""),
            "m.json: settings.degenerate = \"ignore\"; must be one of revive, error");
}

TEST(ReportJsonRefuses, SettingsThatNoFitHas) {
  EXPECT_EQ(reading_fails("\"tol\": 1e-06", "\"tol\": -1"), "m.json: settings.tol = -1; must be finite and >= 0");
  EXPECT_EQ(reading_fails("\"n_init\": 1", "\"n_init\": 0"), "m.json: settings.n_init = 0; must be >= 1");
  EXPECT_EQ(
      reading_fails("\"kmeans\"", "\"guess\""),
      "m.json: settings.init = \"guess\"; must be one of search, labels, responsibilities, model, kmeans, kmeans++, "
      "random_from_data, random, hierarchical");
}

TEST(ReportJsonRefuses, SettingsOfAnotherMixture) {
  EXPECT_EQ(reading_fails("\"n_components\": 2,\n    \"covariance\"", "\"n_components\": 3,\n    \"covariance\""),
            "m.json: settings.n_components = 3; must be that of the model, 2");
  EXPECT_EQ(reading_fails("\"full\",\n    \"search\"", "\"tied\",\n    \"search\""),
            "m.json: settings.covariance = tied; must be that of the model, full");
}

TEST(ReportJsonRefuses, AReportThatNoFitGives) {
  EXPECT_EQ(reading_fails("\"n_parameters\": 11", "\"n_parameters\": 12"),
            "m.json: report.n_parameters = 12; must be at most the mixture's number, 11");
  EXPECT_EQ(reading_fails("\"n_rows\": 3", "\"n_rows\": 0"), "m.json: report.n_rows = 0; must be >= 1");
  for (const std::string sum : {"-1.0", "0.0", "1e-101", "1e+101"}) {
    EXPECT_EQ(reading_fails("\"sum_weights\": 3.0", "\"sum_weights\": " + sum).substr(0, 27),
              "m.json: report.sum_weights ");
  }
  EXPECT_EQ(reading_fails("[1.0, 2.0]", "[-1.0, 4.0]"), "m.json: report.component_sizes[0] = -1; must be >= 0");
  EXPECT_EQ(reading_fails("[1.0, 2.0]", "[1.0, 3.0]"),
            "m.json: report.component_sizes sums to 4; must sum to sum_weights = 3");
  EXPECT_EQ(reading_fails("\"e_step\": 0.002", "\"e_step\": -0.002"),
            "m.json: report.seconds.e_step = -0.002; must be >= 0");
}

TEST(ReportJsonRefuses, AnUnknownReasonInARestart) {
  EXPECT_EQ(reading_fails("\"max_iter\", \"failed\"", "\"tired\", \"failed\""),
            "m.json: report.restarts[0].reason = \"tired\"; must be one of converged, max_iter, cancelled, coincident, "
            "max_passes, dropped");
}

TEST(ReportJsonRefuses, AHistoryThatDoesNotFitTheIterations) {
  EXPECT_EQ(reading_fails("[-10.0, -9.5]", "[-9.5]"),
            "m.json: report.history has 1 value; must have one more than iterations = 1");
  EXPECT_EQ(reading_fails("[-10.0, -9.5]", "[]"),
            "m.json: report.history has 0 values; must have one more than iterations = 1");
}

TEST(ReportJsonRefuses, ABestRestartThatIsNotThere) {
  EXPECT_EQ(reading_fails("\"best_restart\": 1", "\"best_restart\": 2"),
            "m.json: report.best_restart = 2; must be less than the number of restarts, 2");
}

}  // namespace
}  // namespace mogul
