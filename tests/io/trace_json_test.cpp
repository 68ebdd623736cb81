// Traces: what is written reads back equal, and what is no trace is refused with the line and the field.
#include "mogul/trace.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <limits>

#include "io/files.hpp"
#include "io/json_example.hpp"
#include "message_of.hpp"
#include "mogul/fit.hpp"
#include "mogul/io.hpp"
#include "plain_families.hpp"

namespace mogul {
namespace {

using namespace test;

// A start and its first iteration, laid out by hand from docs/formats.md.
const std::string kTrace =
    R"({"restart":0,"iteration":0,"log_likelihood":-10.5,"expected_complete_log_likelihood":-11.0,"entropy":0.5,)"
    R"("component_sizes":[1.0,2.0],"covariance":"diagonal","weights":[0.25,0.75],"means":[[1.0,2.0],[-0.0,1e-07]],)"
    R"("covariances":[[1.0,4.0],[0.5,1e+16]]})"
    "\n"
    R"({"restart":0,"iteration":1,"log_likelihood":-9.5,"expected_complete_log_likelihood":-9.5,"entropy":0.0,)"
    R"("component_sizes":[0.0,3.0],"covariance":"diagonal","weights":[0.5,0.5],"means":[[3.0,2.0],[5.0,7.0]],)"
    R"("covariances":[[2.0,4.0],[0.5,1.0]]})"
    "\n";

std::string line(std::size_t number) {
  const std::size_t end = kTrace.find('\n') + 1;
  return number == 1 ? kTrace.substr(0, end) : kTrace.substr(end);
}

std::string reading_fails(const std::string& text) {
  return refusal([&] { parse_trace(text, "t.jsonl"); });
}

TEST(Trace, ReadsEveryField) {
  const std::vector<TraceStep> steps = parse_trace(kTrace, "t.jsonl");
  ASSERT_EQ(steps.size(), 2U);
  const TraceStep expected{
      0,
      0,
      -10.5,
      -11,
      0.5,
      {1, 2},
      Mixture(families::diagonal, {0.25, 0.75}, Matrix(2, 2, {1, 2, -0.0, 1e-7}), {1, 4, 0.5, 1e16})};
  EXPECT_EQ(steps[0], expected);
  EXPECT_EQ(steps[1].iteration, 1U);
  EXPECT_EQ(steps[1].component_sizes, (std::vector<double>{0, 3}));
}

TEST(Trace, IsVisitedStepByStepAsItIsRead) {
  const TemporaryFolder folder;
  const std::string path = folder / "t.jsonl";
  std::ofstream(path) << kTrace;
  std::vector<TraceStep> visited;
  visit_trace(path, [&](TraceStep step) { visited.push_back(std::move(step)); });
  EXPECT_EQ(visited, read_trace(path));
  EXPECT_EQ(visited, parse_trace(kTrace, "t.jsonl"));
}

TEST(Trace, WritesWhatItReads) {
  std::string written;
  for (const TraceStep& step : parse_trace(kTrace, "t.jsonl")) written += trace_line(step);
  EXPECT_EQ(written, kTrace);
}

RC_GTEST_PROP(Trace, ReadsBackEqualAndIsWrittenAgainAsTheSameBytes, (std::uint64_t seed)) {
  std::mt19937_64 random(seed);
  const auto structure = test::plain_families()[random() % 6].family;
  const std::size_t k = 1 + random() % 4, d = 1 + random() % 4;
  const auto identity = [&] {
    std::vector<double> values(covariance_size(structure, k, d), 0);
    const bool matrices = structure.moments() >= Moments::pooled;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!matrices || i % (d * d) % (d + 1) == 0) values[i] = std::ldexp(1.0, static_cast<int>(random() % 200) - 100);
    }
    return values;
  }();
  std::vector<double> sizes = any_doubles(random, k, 1e300);
  for (double& size : sizes) size = std::abs(size);
  const double most = std::numeric_limits<double>::max();
  const TraceStep step{random(),
                       0,
                       any_double(random, most),
                       any_double(random, most),
                       any_double(random, most),
                       sizes,
                       Mixture(structure, std::vector<double>(k, 1.0 / static_cast<double>(k)),
                               Matrix(k, d, any_doubles(random, k * d, 1e100)), identity)};
  const std::string text = trace_line(step);
  const std::vector<TraceStep> read = parse_trace(text, "t.jsonl");
  RC_ASSERT(read == std::vector<TraceStep>{step});
  RC_ASSERT(trace_line(read[0]) == text);
}

// Where K = D, the name of the structure alone tells their covariances apart.
TEST(Trace, TellsATiedFromADiagonalMixtureOfAsManyComponentsAsFeatures) {
  for (const CovarianceFamily structure : {families::tied, families::diagonal}) {
    const TraceStep step{0, 0, -1, -1, 0, {1, 1}, Mixture(structure, {0.5, 0.5}, Matrix(2, 2), {1, 0.5, 0.5, 1})};
    EXPECT_EQ(parse_trace(trace_line(step), "t.jsonl").at(0).mixture.family(), structure);
  }
}

TEST(Trace, OfAFitHasWhatItsCallbackSaw) {
  const Matrix x(9, 1, {0, 0.5, 1, 1.5, 4, 5, 5.5, 6, 7});
  FitOptions options;
  options.n_components = 2;
  options.n_init = 3;
  options.init = InitMethod::random_from_data;
  std::string text;
  std::vector<TraceStep> seen;
  options.callback = [&](const Iteration& iteration) {
    text += trace_line(trace_step(iteration));
    seen.push_back({iteration.restart, iteration.iteration, iteration.stats.log_likelihood,
                    iteration.stats.expected_complete_log_likelihood(), iteration.stats.entropy, iteration.stats.n,
                    iteration.model});
    return true;
  };
  const FitResult result = fit(x, options);
  EXPECT_EQ(parse_trace(text, "t.jsonl"), seen);
  std::size_t n_steps = 0;
  for (const Restart& restart : result.report.restarts) n_steps += restart.iterations + 1;
  EXPECT_EQ(seen.size(), n_steps);
}

TEST(Trace, TakesOtherEndsOfLinesEmptyLinesAndGzip) {
  const std::vector<TraceStep> steps = parse_trace(kTrace, "t.jsonl");
  std::string windows = line(1), spaced = "\xEF\xBB\xBF" + line(1) + "\n  \n" + line(2) + "\n\n";
  windows.insert(windows.size() - 1, "\r");
  EXPECT_EQ(parse_trace(windows + line(2), "t.jsonl"), steps);
  EXPECT_EQ(parse_trace(spaced, "t.jsonl"), steps);
  std::string unended = kTrace;
  unended.pop_back();
  EXPECT_EQ(parse_trace(unended, "t.jsonl"), steps);

  const auto folder = std::filesystem::temp_directory_path() / ("mogul_trace_" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  const std::string path = (folder / "t.jsonl.gz").string();
  const gzFile packed = gzopen(path.c_str(), "wb");
  ASSERT_EQ(gzwrite(packed, kTrace.data(), static_cast<unsigned>(kTrace.size())), static_cast<int>(kTrace.size()));
  ASSERT_EQ(gzclose(packed), Z_OK);
  EXPECT_EQ(read_trace(path), steps);
  std::filesystem::remove_all(folder);
  EXPECT_THROW(read_trace(path), io_error);
}

TEST(Trace, OfRestartsThatTakeTurnsKeepsTheOrderOfTheFile) {
  const std::string other = edited(line(1), "\"restart\":0", "\"restart\":1");
  const std::vector<TraceStep> steps = parse_trace(line(1) + other + line(2), "t.jsonl");
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_EQ(steps[1].restart, 1U);
  EXPECT_EQ(steps[2].restart, 0U);
  EXPECT_EQ(steps[2].iteration, 1U);
}

// As the first step of a fit that starts from a mixture of another structure.
TEST(Trace, MayChangeTheStructure) {
  const std::string tied = edited(edited(line(2), "diagonal", "tied_diagonal"), "[[2.0,4.0],[0.5,1.0]]", "[2.0,4.0]");
  EXPECT_EQ(parse_trace(line(1) + tied, "t.jsonl").at(1).mixture.family(), families::tied_diagonal);
}

TEST(TraceRefuses, AnEmptyFile) {
  EXPECT_EQ(reading_fails(""), "t.jsonl: the file is empty; a trace has a line for each E-step");
  EXPECT_EQ(reading_fails(" \n\n"), reading_fails(""));
}

TEST(TraceRefuses, ALineThatTheFileEndsIn) {
  const std::string expected =
      "t.jsonl: line 2: the file ends within this line; was the fit killed, or the file copied while it grew? Remove "
      "the line to read those before it";
  for (const std::size_t size : {1, 10, 60, 150}) {
    EXPECT_EQ(reading_fails(line(1) + line(2).substr(0, size)), expected) << size;
  }
}

TEST(TraceRefuses, FilesOfOtherKinds) {
  EXPECT_EQ(reading_fails(kModelFile), "t.jsonl: a model file, not a trace, which `mogul fit --trace` writes");
  EXPECT_EQ(reading_fails(kStatsFile), "t.jsonl: a file of statistics, not a trace, which `mogul fit --trace` writes");
  EXPECT_EQ(reading_fails("x,y\n1,2\n"), "t.jsonl: no JSON lines, not a trace, which `mogul fit --trace` writes");
  EXPECT_TRUE(says(reading_fails("PK\x03\x04"), "t.jsonl: a zip archive"));
}

TEST(TraceRefuses, AMixtureOfAnotherSize) {
  const std::string smaller = edited(edited(edited(edited(line(2), "[0.0,3.0]", "[3.0]"), "[0.5,0.5]", "[1.0]"),
                                            "[[3.0,2.0],[5.0,7.0]]", "[[3.0,2.0]]"),
                                     "[[2.0,4.0],[0.5,1.0]]", "[[2.0,4.0]]");
  EXPECT_EQ(reading_fails(line(1) + "\n" + smaller),
            "t.jsonl: line 3: weights and means of n_components = 1 and n_features = 2; must be 2 and 2, as in line 1: "
            "a trace is that of one fit");
}

TEST(TraceRefuses, IterationsOutOfOrder) {
  const std::string rest = ": the lines of a restart are in order, and none is left out";
  EXPECT_EQ(reading_fails(line(2)), "t.jsonl: line 1: iteration = 1; must be 0, the next one of restart 0" + rest);
  EXPECT_EQ(reading_fails(kTrace + line(2)),
            "t.jsonl: line 3: iteration = 1; must be 2, the next one of restart 0" + rest);
  EXPECT_EQ(reading_fails(kTrace + line(1)),
            "t.jsonl: line 3: iteration = 0; must be 2, the next one of restart 0" + rest);
}

TEST(TraceRefuses, AnyMissingOrUnknownField) {
  for (const char* name : {"restart", "iteration", "log_likelihood", "expected_complete_log_likelihood", "entropy",
                           "component_sizes", "covariance", "weights", "means", "covariances"}) {
    const std::string field = "\"" + std::string(name) + "\":";
    EXPECT_TRUE(says(reading_fails(line(1) + edited(line(2), field, "\"x" + field.substr(1))),
                     "t.jsonl: line 2: unknown field \"x" + std::string(name) + "\"; must be one of restart, "));
    const std::size_t begin = line(1).find(field);
    const std::size_t value = begin + field.size();
    const std::size_t end = std::min(line(1).find(",\"", value), line(1).rfind('}'));
    const std::string without = line(1).substr(0, begin) + line(1).substr(std::min(end + 1, line(1).rfind('}')));
    EXPECT_EQ(reading_fails(name == std::string("covariances") ? edited(without, "]],}", "]]}") : without),
              "t.jsonl: line 1: the field " + std::string(name) + " is missing");
  }
}

TEST(TraceRefuses, WhatIsNoMixture) {
  const auto changed = [](std::string_view from, std::string_view to) {
    return reading_fails(line(1) + edited(line(2), from, to));
  };
  EXPECT_EQ(changed("[0.5,0.5]", "[0.5,0.6]"), "t.jsonl: line 2: weights sum to 1.1; must sum to 1");
  EXPECT_EQ(changed("[0.5,0.5]", "[]"), "t.jsonl: line 2: means has 2 values; must have the number of weights = 0");
  EXPECT_EQ(changed("[5.0,7.0]", "[5.0]"), "t.jsonl: line 2: means[1] has 1 value; must have the size of means[0] = 2");
  EXPECT_EQ(changed("[[3.0,2.0],[5.0,7.0]]", "7"), "t.jsonl: line 2: means = 7; must be an array");
  EXPECT_EQ(changed("diagonal", "round"),
            "t.jsonl: line 2: covariance = \"round\"; must be one of tied_spherical, spherical, tied_diagonal, "
            "VEI, EVI, diagonal, tied, VEE, EVE, VVE, EEV, VEV, EVV, full");
  EXPECT_EQ(changed("diagonal", "full"), "t.jsonl: line 2: covariances[0][0] = 2.0; must be an array");
  EXPECT_EQ(changed("[0.0,3.0]", "[-1.0,4.0]"), "t.jsonl: line 2: component_sizes[0] = -1; must be >= 0");
  EXPECT_EQ(changed("[0.0,3.0]", "[3.0]"), "t.jsonl: line 2: component_sizes has 1 value; must have n_components = 2");
  EXPECT_EQ(changed("-9.5,\"ex", "null,\"ex"), "t.jsonl: line 2: log_likelihood is null; must be a number");
}

TEST(TraceRefuses, ASyntaxErrorWithItsLineAndColumn) {
  EXPECT_TRUE(says(reading_fails(line(1) + "{\"restart\":,}\n"), "t.jsonl: line 2: not valid JSON at column 12: "));
  EXPECT_EQ(reading_fails(line(1) + "[1]\n"), "t.jsonl: line 2: the document is an array; must be an object");
}

TEST(TraceRefuses, ToWriteWhatCouldNotBeRead) {
  TraceStep step = parse_trace(kTrace, "t.jsonl").front();
  step.entropy = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(message_of<invalid_argument>([&] { trace_line(step); }), "entropy holds nan; must be finite");
  step.entropy = 0;
  step.component_sizes = {3};
  EXPECT_EQ(message_of<invalid_argument>([&] { trace_line(step); }),
            "component_sizes has 1 value; must have n_components = 2");
}

}  // namespace
}  // namespace mogul
