// Files of statistics: what is written reads back equal, bit for bit, and adds up like what was never written.
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <numeric>
#include <random>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <nlohmann/json.hpp>

#include "io/json_example.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

using namespace test;

constexpr double kMax = std::numeric_limits<double>::max();

Stats any_stats(std::mt19937_64& random, Moments moments, std::size_t k, std::size_t d) {
  const auto any_matrix = [&](const Matrix& shape) {
    return Matrix(shape.rows(), shape.cols(), any_doubles(random, shape.rows() * shape.cols(), kMax));
  };
  Stats stats(moments, any_matrix(Matrix(k, d)));
  stats.model = random() % 2 == 0 ? random() : 0;
  for (double& n : stats.n) n = std::abs(any_double(random, 1e300));
  stats.first = any_matrix(stats.first);
  stats.second = any_matrix(stats.second);
  stats.sum_weights = std::accumulate(stats.n.begin(), stats.n.end(), 0.0);
  stats.log_likelihood = any_double(random, kMax);
  stats.entropy = any_double(random, kMax);
  stats.map_log_likelihood = any_double(random, kMax);
  return stats;
}

RC_GTEST_PROP(StatsJson, WhatIsWrittenReadsBackEqualAndIsWrittenTheSame, (std::uint64_t seed)) {
  using enum Moments;
  const auto moments = *rc::gen::element(none, mean, spherical, diagonal, pooled, full);
  const auto k = *rc::gen::inRange<std::size_t>(1, 6);
  const auto d = *rc::gen::inRange<std::size_t>(1, 6);
  std::mt19937_64 random(seed);
  const Stats written = any_stats(random, moments, k, d);
  const std::string text = stats_json(written);
  const Stats read = parse_stats(text, "s.json");
  RC_ASSERT(read == written);
  RC_ASSERT(stats_json(read) == text);
}

TEST(StatsJson, TheLayoutIsOneFieldOrRowPerLine) {
  EXPECT_EQ(stats_json(parse_stats(kStatsFile, "s.json")), kStatsFile);
}

TEST(StatsJson, ReadsEveryField) {
  Stats stats(Moments::full, Matrix(2, 2, {2, 54.5, 0, 1e-7}));
  stats.model = 0x0123456789abcdef;
  stats.n = {1, 3};
  stats.first = Matrix(2, 2, {0.5, -0.5, 0, 1e16});
  stats.second = Matrix(2, 3, {1, 0.1, 33, 4, -0.25, std::numeric_limits<double>::denorm_min()});
  stats.sum_weights = 4;
  stats.log_likelihood = -9.5;
  stats.entropy = 0.5;
  stats.map_log_likelihood = -10.25;
  EXPECT_EQ(parse_stats(kStatsFile, "s.json"), stats);
}

TEST(StatsJson, MomentsThatAreNotKeptAreEmpty) {
  const std::string text = stats_json(Stats(Moments::none, Matrix(1, 2, {1, 2})));
  EXPECT_NE(text.find("\"first\": [],\n  \"second\": []\n}"), std::string::npos) << text;
}

TEST(StatsJson, HalvesThatWereExchangedAsFilesGiveTheMStepOfTheirSumInMemory) {
  const Mixture model(families::full, {0.4, 0.6}, Matrix(2, 2, {0, 0.1, 3, 1}), {1, 0.2, 0.2, 2, 3, 0, 0, 1});
  const Matrix upper(4, 2, {0.1, 0.2, -1, 1, 0.7, -0.3, 0, 2});
  const Matrix lower(3, 2, {3, 3, 2.5, 0.1, 4, 1.3});
  Stats sum = accumulate(model, upper);
  sum += accumulate(model, lower);
  Stats read = parse_stats(stats_json(accumulate(model, upper)), "upper.json");
  read += parse_stats(stats_json(accumulate(model, lower)), "lower.json");
  EXPECT_EQ(read, sum);
  EXPECT_EQ(maximise(read, model, {}), maximise(sum, model, {}));
}

TEST(StatsJson, AWrittenFileReadsBackAndAMissingOneIsAnIoError) {
  const std::string path =
      std::filesystem::path(testing::TempDir()) / ("mogul_stats_" + std::to_string(std::random_device()()) + ".json");
  const Stats stats = parse_stats(kStatsFile, "s.json");
  write_stats(path, stats);
  EXPECT_EQ(read_stats(path), stats);
  std::filesystem::remove(path);
  EXPECT_THROW(read_stats(path), io_error);
}

TEST(StatsJson, RefusesToWriteWhatCouldNotBeRead) {
  Stats stats = parse_stats(kStatsFile, "s.json");
  stats.second(1, 2) = std::numeric_limits<double>::infinity();
  EXPECT_THROW(stats_json(stats), invalid_argument);
  stats = parse_stats(kStatsFile, "s.json");
  stats.n = {-1, 5};
  EXPECT_THROW(stats_json(stats), invalid_argument);
}

std::string reading_fails(std::string_view from, std::string_view to) {
  return refusal([&] { parse_stats(edited(kStatsFile, from, to), "s.json"); });
}

TEST(StatsJsonRefuses, AModelFile) {
  EXPECT_EQ(refusal([] { parse_stats(kModelFile, "s.json"); }),
            "s.json: schema = \"mogul-model/1\"; must be \"mogul-stats/1\"");
}

TEST(StatsJsonRefuses, AnyMissingField) {
  for (const char* name : {"moments", "n_components", "n_features", "sum_weights", "log_likelihood", "entropy",
                           "map_log_likelihood", "n", "shift", "first", "second"}) {
    const std::string field = std::string("\"") + name + "\": ";
    EXPECT_TRUE(says(reading_fails(field, "\"mogul_" + std::string(name) + "\": "),
                     "s.json: unknown field \"mogul_" + std::string(name) + "\"; must be one of schema, "));
    nlohmann::json document = nlohmann::json::parse(kStatsFile);
    document.erase(name);
    EXPECT_EQ(refusal([&] { parse_stats(document.dump(), "s.json"); }),
              std::string("s.json: the field ") + name + " is missing");
  }
}

TEST(StatsJsonRefuses, UnknownMoments) {
  EXPECT_EQ(reading_fails("\"full\"", "\"third\""),
            "s.json: moments = \"third\"; must be one of none, mean, spherical, diagonal, pooled, full");
}

TEST(StatsJsonRefuses, AFingerprintThatIsNone) {
  for (const char* bad : {"0123", "0123456789abcdeg", "0000000000000000", "0123456789abcdef0"}) {
    EXPECT_EQ(reading_fails("0123456789abcdef", bad),
              "s.json: model = \"" + std::string(bad) + "\"; must be 16 hexadecimal digits, not all 0");
  }
}

TEST(StatsJsonRefuses, AWrongShape) {
  EXPECT_EQ(reading_fails("[1.0, 3.0]", "[4.0]"), "s.json: n has 1 value; must have n_components = 2");
  EXPECT_EQ(reading_fails("[2.0, 54.5]", "[2.0]"), "s.json: shift[0] has 1 value; must have n_features = 2");
  EXPECT_EQ(reading_fails("[0.0, 1e+16]", "[0.0]"), "s.json: first[1] has 1 value; must have n_features = 2");
  EXPECT_EQ(reading_fails("[1.0, 0.1, 33.0]", "[1.0, 0.1]"),
            "s.json: second[0] has 2 values; must have n_features (n_features + 1) / 2 = 3");
  EXPECT_EQ(reading_fails("\"full\"", "\"diagonal\""), "s.json: second[0] has 3 values; must have n_features = 2");
  EXPECT_EQ(reading_fails("\"full\"", "\"spherical\""),
            "s.json: second[0] has 3 values; must have the row size of spherical moments = 1");
  EXPECT_EQ(reading_fails("\"full\"", "\"mean\""), "s.json: second is an array; must be [] for moments = mean");
  EXPECT_EQ(reading_fails("\"full\"", "\"none\""), "s.json: first is an array; must be [] for moments = none");
}

TEST(StatsJsonRefuses, ACountThatNoArrayHasWithoutAllocatingIt) {
  EXPECT_EQ(reading_fails("\"n_components\": 2", "\"n_components\": 1000000000000000000"),
            "s.json: shift has 2 values; must have n_components = 1000000000000000000");
  EXPECT_EQ(reading_fails("\"n_features\": 2", "\"n_features\": 1000000000000000000"),
            "s.json: shift[0] has 2 values; must have n_features = 1000000000000000000");
}

TEST(StatsJsonRefuses, ANegativeSize) {
  EXPECT_EQ(reading_fails("[1.0, 3.0]", "[-1.0, 5.0]"), "s.json: n[0] = -1; must be >= 0");
}

TEST(StatsJsonRefuses, SizesThatDoNotAddUp) {
  EXPECT_EQ(reading_fails("[1.0, 3.0]", "[1.0, 2.0]"), "s.json: n sums to 3; must sum to sum_weights = 4");
  EXPECT_EQ(reading_fails("[1.0, 3.0]", "[1e308, 1e308]"), "s.json: n sums to inf; must sum to sum_weights = 4");
}

TEST(StatsJsonRefuses, ANumberThatIsNone) {
  EXPECT_EQ(reading_fails("-10.25", "null"), "s.json: map_log_likelihood is null; must be a number");
  EXPECT_EQ(reading_fails("5e-324", "\"x\""), "s.json: second[1][2] = \"x\"; must be a number");
}

}  // namespace
}  // namespace mogul
