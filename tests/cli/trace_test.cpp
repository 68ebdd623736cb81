// mogul fit --trace: every E-step of every restart, as JSON lines.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/process.hpp"
#include "mogul/io.hpp"
#include "mogul/trace.hpp"
#include "plain_families.hpp"

namespace mogul::test {
namespace {

using Trace = CommandLine;
using nlohmann::json;

std::vector<json> parsed_lines(const std::string& text) {
  std::vector<json> lines;
  for (const std::string& line : lines_of(text)) lines.push_back(json::parse(line));
  return lines;
}

TEST_F(Trace, HasALineForTheStartAndForEachIteration) {
  const Finished run = mogul({"fit", faithful(), "-k", "3", "--search", "none", "--reg-covar", "0", "-o",
                              path("model.json"), "--trace", path("trace.jsonl")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const FitReport report = read_model(path("model.json")).report.value();
  const std::vector<json> lines = parsed_lines(read("trace.jsonl"));
  ASSERT_EQ(lines.size(), report.iterations + 1);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i].at("restart"), 0);
    EXPECT_EQ(lines[i].at("iteration"), i);
    EXPECT_EQ(lines[i].at("log_likelihood"), report.history[i]);
  }
}

TEST_F(Trace, LogLikelihoodIsQPlusHAndNeverFalls) {
  mogul({"fit", faithful(), "-k", "3", "--init", "random_from_data", "--reg-covar", "0", "-o", path("model.json"),
         "--trace", path("trace.jsonl")});
  const std::vector<json> lines = parsed_lines(read("trace.jsonl"));
  ASSERT_GT(lines.size(), 10u);
  double last = -INFINITY;
  for (const json& line : lines) {
    const double l = line.at("log_likelihood");
    const double q = line.at("expected_complete_log_likelihood");
    const double h = line.at("entropy");
    EXPECT_NEAR(l, q + h, 1e-12 * std::abs(l));
    EXPECT_GE(l, last - 1e-12 * std::abs(l));
    EXPECT_GE(h, 0);
    double rows = 0;
    for (const double size : line.at("component_sizes")) rows += size;
    EXPECT_NEAR(rows, 272, 1e-9);
    last = l;
  }
}

TEST_F(Trace, EndsWithTheModelInTheShapesOfTheModelFile) {
  for (const test::PlainFamily& structure : test::plain_families()) {
    const Finished run = mogul({"fit", faithful(), "-k", "2", "--search", "none", "--covariance",
                                std::string(structure.name), "-o", path("model.json"), "--trace", path("trace.jsonl")});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const json last = parsed_lines(read("trace.jsonl")).back();
    const json model = json::parse(read("model.json"));
    EXPECT_EQ(last.at("covariance"), structure.name);
    EXPECT_EQ(last.at("weights"), model.at("weights"));
    EXPECT_EQ(last.at("means"), model.at("means"));
    EXPECT_EQ(last.at("covariances"), model.at("covariances")) << structure.name;
  }
}

TEST_F(Trace, IsReadBackToTheModelThatTheFitReturns) {
  for (const test::PlainFamily& structure : test::plain_families()) {
    mogul({"fit", faithful(), "-k", "2", "--covariance", std::string(structure.name), "--n-init", "2", "-o",
           path("model.json"), "--trace", path("trace.jsonl")});
    const ModelFile model = read_model(path("model.json"));
    const std::vector<TraceStep> steps = read_trace(path("trace.jsonl"));
    const bool found = std::ranges::any_of(steps, [&](const TraceStep& step) {
      return step.restart == model.report->best_restart && step.iteration == model.report->iterations &&
             step.log_likelihood == model.report->log_likelihood && step.mixture == model.mixture &&
             step.component_sizes == model.report->component_sizes;
    });
    EXPECT_TRUE(found) << structure.name;
  }
}

TEST_F(Trace, FollowsEveryRestart) {
  mogul({"fit", faithful(), "-k", "3", "--n-init", "3", "-o", path("model.json"), "--trace", path("trace.jsonl")});
  std::vector<std::size_t> lines(3);
  for (const json& line : parsed_lines(read("trace.jsonl"))) ++lines.at(line.at("restart"));
  const FitReport report = read_model(path("model.json")).report.value();
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(lines[i], report.restarts.at(i).iterations + 1);
}

TEST_F(Trace, OfAFitThatFailsIsKept) {
  const std::string rows = write("rows.csv", "x\n1\n2\n3\n4\n10\n");
  const std::string labels = write("labels.csv", "0\n0\n0\n1\n1\n");
  const Finished run = mogul({"fit", rows, "--labels", labels, "--reg-covar", "0", "--degenerate", "error", "--tol",
                              "0", "--trace", path("trace.jsonl")});
  EXPECT_EQ(run.exit_code, 1) << run.err;
  EXPECT_NE(run.err.find("singular"), std::string::npos) << run.err;
  const std::vector<json> lines = parsed_lines(read("trace.jsonl"));
  ASSERT_GT(lines.size(), 1u);
  EXPECT_LT(lines.back().at("covariances").at(1).at(0).at(0), lines.front().at("covariances").at(1).at(0).at(0));
}

}  // namespace
}  // namespace mogul::test
