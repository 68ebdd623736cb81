// Model files: what is written reads back equal, bit for bit; the layout is for people; what breaks a model's rules
// is refused by name. json_fields_test.cpp refuses what is no JSON or of the wrong type or count.
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <sstream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "io/json_example.hpp"
#include "mogul/io.hpp"
#include "plain_families.hpp"

namespace mogul {
namespace {

using namespace test;

constexpr double kMax = std::numeric_limits<double>::max();

std::vector<double> any_weights(std::mt19937_64& random, std::size_t k) {
  std::vector<double> weights(k);
  double sum = 0;
  for (double& weight : weights) sum += weight = std::uniform_real_distribution<>(1e-3, 1)(random);
  for (double& weight : weights) weight /= sum;
  return weights;
}

/// A random symmetric positive definite matrix, of any scale: B B^T + I, times a power of two.
void append_matrix(std::mt19937_64& random, std::size_t d, std::vector<double>& values) {
  std::normal_distribution<> normal;
  std::vector<double> b(d * d);
  for (double& value : b) value = normal(random);
  const double scale = std::ldexp(1.0, std::uniform_int_distribution<>(-900, 900)(random));
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < d; ++j) {
      double sum = i == j ? 1 : 0;
      for (std::size_t m = 0; m < d; ++m) sum += b[i * d + m] * b[j * d + m];
      values.push_back(scale * sum);
    }
  }
}

Mixture any_mixture(std::mt19937_64& random, CovarianceFamily structure, std::size_t k, std::size_t d) {
  const std::size_t size = covariance_size(structure, k, d);
  std::vector<double> covariances;
  const bool matrices = structure == families::full || structure == families::tied;
  while (covariances.size() < size) {
    if (matrices) append_matrix(random, d, covariances);
    const double variance = std::abs(any_double(random, 1e300));
    if (!matrices && variance >= 1e-300) covariances.push_back(variance);
  }
  return {structure, any_weights(random, k), Matrix(k, d, any_doubles(random, k * d, 1e100)), std::move(covariances)};
}

FitSettings any_settings(std::mt19937_64& random, const Mixture& mixture) {
  FitSettings settings;
  settings.n_components = mixture.n_components();
  settings.covariance = mixture.family();
  settings.init = "random_from_data";
  settings.n_init = 1 + random() / 2;
  settings.max_iter = random();
  settings.tol = std::abs(any_double(random, kMax));
  settings.reg_covar = random() % 2 == 0 ? RegCovar(std::abs(any_double(random, 1e300)))
                                         : RegCovar::relative_to_variance(std::abs(any_double(random, 1)));
  settings.seed = random();
  settings.hold = {random() % 2 == 0, random() % 2 == 0, random() % 2 == 0};
  settings.degenerate = random() % 2 == 0 ? DegeneratePolicy::revive : DegeneratePolicy::error;
  return settings;
}

FitReport any_report(std::mt19937_64& random, const Mixture& mixture) {
  const auto reason = [&] { return static_cast<TerminationReason>(random() % 3); };
  const auto real = [&] { return any_double(random, kMax); };
  FitReport report;
  report.termination = {reason(), "a \"sentence\" of \u00e9, \\ and\na new line"};
  report.n_rows = 1 + random() / 2;
  report.sum_weights = std::pow(10, std::uniform_real_distribution<>(-99, 99)(random));
  report.iterations = random() % 20;
  report.log_likelihood = real();
  report.mean_log_likelihood = real();
  report.entropy = real();
  report.history = any_doubles(random, report.iterations + 1, kMax);
  report.component_sizes = mixture.weights();
  for (double& size : report.component_sizes) size *= report.sum_weights;
  report.n_parameters = random() % (mixture.n_parameters() + 1);
  report.aic = real();
  report.bic = real();
  report.icl = real();
  for (std::size_t i = 0; i < 1 + random() % 3; ++i) {
    report.restarts.push_back({real(), random(), random(), reason(), random() % 2 == 0});
  }
  report.best_restart = report.restarts.size() - 1;
  report.n_regularised = random();
  report.n_promoted = random();
  report.n_revived = random();
  report.n_seed_rows = random();
  for (std::size_t i = 0; i < random() % 3; ++i)
    report.warnings.push_back("a \"warning\"\n" + std::to_string(random()));
  report.seconds = {std::abs(real()), std::abs(real()), std::abs(real()), std::abs(real())};
  return report;
}

void expect_round_trip(const ModelFile& written) {
  const std::string text = model_json(written);
  const ModelFile read = parse_model(text, "model.json");
  RC_ASSERT(read.mixture == written.mixture);
  RC_ASSERT(read.feature_names == written.feature_names);
  RC_ASSERT(read.settings == written.settings);
  RC_ASSERT(read.report == written.report);
  RC_ASSERT(model_json(read) == text);  // tells -0 from 0, which == does not
}

RC_GTEST_PROP(ModelJson, WhatIsWrittenReadsBackEqualAndIsWrittenTheSame, (std::uint64_t seed)) {
  const auto structure = *rc::gen::elementOf(test::plain_families());
  const auto k = *rc::gen::inRange<std::size_t>(1, 6);
  const auto d = *rc::gen::inRange<std::size_t>(1, 6);
  std::mt19937_64 random(seed);
  ModelFile model{any_mixture(random, structure.family, k, d), {}, {}, {}};
  for (std::size_t i = 0; i < d; ++i) model.feature_names.push_back("name \"\t\u00e9" + std::to_string(random()));
  if (random() % 4 != 0) model.settings = any_settings(random, model.mixture);
  if (random() % 4 != 0) model.report = any_report(random, model.mixture);
  expect_round_trip(model);
}

TEST(ModelJson, ExtremeDoublesKeepEveryBit) {
  const double denormal = std::numeric_limits<double>::denorm_min();
  const std::vector<double> values{denormal,
                                   -denormal,
                                   std::numeric_limits<double>::min(),
                                   -0.0,
                                   0.0,
                                   0.1,
                                   1.0 / 3,
                                   1e100,
                                   -1e100,
                                   9007199254740993.0,
                                   5e-324,
                                   2.2250738585072011e-308,
                                   1e16,
                                   123456789.,
                                   0.1 + 0.2,
                                   100.0};
  const ModelFile written{{families::tied_spherical, {1.0}, Matrix(1, values.size(), values), {1e-300}}, {}, {}, {}};
  const ModelFile read = parse_model(model_json(written), "model.json");
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(read.mixture.means()(0, i)), std::bit_cast<std::uint64_t>(values[i])) << i;
  }
  EXPECT_EQ(read.mixture.covariances().values(), written.mixture.covariances().values());
}

TEST(ModelJson, TheLayoutIsOneFieldOrRowPerLine) {
  EXPECT_EQ(model_json(parse_model(kModelFile, "model.json")), kModelFile);
}

TEST(ModelJson, ReadsEveryField) {
  const ModelFile model = parse_model(kModelFile, "model.json");
  EXPECT_EQ(model.mixture, Mixture(families::full, {0.25, 0.75}, Matrix(2, 2, {2, 54.5, 0, 1e-7}),
                                   {1, 0.1, 0.1, 33, 1e16, 0, 0, 1e6}));
  EXPECT_TRUE(std::signbit(model.mixture.means()(1, 0)));
  EXPECT_EQ(model.feature_names, (std::vector<std::string>{"eruptions", "waiting"}));
  EXPECT_EQ(model.settings, (FitSettings{.n_components = 2,
                                         .covariance = families::full,
                                         .init = "kmeans",
                                         .n_init = 1,
                                         .max_iter = 1000,
                                         .tol = 1e-6,
                                         .reg_covar = 0,
                                         .seed = ~std::uint64_t{0},
                                         .hold = {.covariances = true},
                                         .degenerate = DegeneratePolicy::revive}));
  FitReport report;
  report.termination = {TerminationReason::converged, "a \"sentence\""};
  report.n_rows = 3;
  report.sum_weights = 3;
  report.iterations = 1;
  report.log_likelihood = -9.5;
  report.mean_log_likelihood = -9.5 / 3;
  report.entropy = 0.5;
  report.history = {-10, -9.5};
  report.component_sizes = {1, 2};
  report.n_parameters = 11;
  report.aic = 41;
  report.bic = 31.5;
  report.icl = 32;
  report.restarts = {{0, 0, 0, TerminationReason::max_iter, true}, {-9.5, 1, 0, TerminationReason::converged, false}};
  report.best_restart = 1;
  report.n_seed_rows = 3;
  report.warnings = {"look at component 1"};
  report.passes = 7.5;
  report.passes_by_phase = {.starts = 5.5, .convergence = 2};
  report.accepted = 3;
  report.rejected = 1;
  report.seconds = {0.001, 0.002, 0, 0.004};
  EXPECT_EQ(model.report, report);
}

TEST(ModelJson, ARelativeRegCovarIsAText) {
  const std::string text = edited(kModelFile, "\"reg_covar\": 0.0", "\"reg_covar\": \"relative:1e-06\"");
  const ModelFile model = parse_model(text, "model.json");
  EXPECT_EQ(model.settings->reg_covar, RegCovar::relative_to_variance(1e-6));
  EXPECT_EQ(model_json(model), text);
}

TEST(ModelJson, AFileOfAVersionWithoutWarningsHasNone) {
  const ModelFile model =
      parse_model(edited(kModelFile, "    \"warnings\": [\"look at component 1\"],\n", ""), "old.json");
  EXPECT_EQ(model.report->warnings, std::vector<std::string>());
}

TEST(ModelJson, AFileWrittenByHandNeedsOnlyTheParameters) {
  const ModelFile model = parse_model(R"({"covariances": 2, "means": [[0, 1e3]], "weights": [1],
    "covariance": "tied_spherical", "n_features": 2, "n_components": 1, "schema": "mogul-model/1"})",
                                      "model.json");
  EXPECT_EQ(model.mixture, Mixture(families::tied_spherical, {1}, Matrix(1, 2, {0, 1000}), {2}));
  EXPECT_EQ(model.feature_names, (std::vector<std::string>{"x1", "x2"}));
  EXPECT_FALSE(model.settings);
  EXPECT_FALSE(model.report);
  EXPECT_EQ(model_json(model).find("settings"), std::string::npos);
}

TEST(ModelJson, EachStructureHasItsOwnShape) {
  const Matrix means(2, 2, {1, 2, 3, 4});
  const auto covariances = [&](CovarianceFamily structure, std::vector<double> values) {
    const std::string text = model_json({{structure, {0.5, 0.5}, means, std::move(values)}, {}, {}, {}});
    const std::size_t at = text.find("\"covariances\": ");
    return text.substr(at + 15, text.find("\n}") - at - 15);
  };
  using namespace families;
  EXPECT_EQ(covariances(full, {1, 0, 0, 1, 2, 1, 1, 2}),
            "[\n    [[1.0, 0.0], [0.0, 1.0]],\n    [[2.0, 1.0], [1.0, 2.0]]\n  ]");
  EXPECT_EQ(covariances(tied, {2, 1, 1, 2}), "[\n    [2.0, 1.0],\n    [1.0, 2.0]\n  ]");
  EXPECT_EQ(covariances(diagonal, {1, 2, 3, 4}), "[\n    [1.0, 2.0],\n    [3.0, 4.0]\n  ]");
  EXPECT_EQ(covariances(tied_diagonal, {1, 2}), "[1.0, 2.0]");
  EXPECT_EQ(covariances(spherical, {1, 2}), "[1.0, 2.0]");
  EXPECT_EQ(covariances(tied_spherical, {1}), "1.0");
}

// What is refused when writing, so that every file that exists can be read.

std::string writing_fails(const ModelFile& model) {
  try {
    model_json(model);
  } catch (const invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(ModelJsonRefusesToWrite, ANumberThatIsNotFinite) {
  ModelFile model = parse_model(kModelFile, "");
  model.report->restarts[1].log_likelihood = -std::numeric_limits<double>::infinity();
  EXPECT_EQ(writing_fails(model), "report.restarts[1].log_likelihood = -inf; must be finite");
}

TEST(ModelJsonRefusesToWrite, ANameThatIsNotUtf8) {
  ModelFile model = parse_model(kModelFile, "");
  model.feature_names[1] = "l\xE4nge";
  EXPECT_EQ(writing_fails(model), "feature_names[1] is not UTF-8 text; a JSON file cannot hold it");
}

TEST(ModelJsonRefusesToWrite, NamesThatAreEqualOrTooFew) {
  ModelFile model = parse_model(kModelFile, "");
  model.feature_names = {"a", "a"};
  EXPECT_EQ(writing_fails(model), "feature_names has \"a\" twice; names must differ");
  model.feature_names = {"a"};
  EXPECT_EQ(writing_fails(model), "feature_names has 1 value; must have n_features = 2");
}

// What is refused when reading.

std::string reading_fails(std::string_view from, std::string_view to) {
  return refusal([&] { parse_model(edited(kModelFile, from, to), "m.json"); });
}

TEST(ModelJsonRefuses, ACovarianceThatIsNotPositiveDefinite) {
  const std::string message = reading_fails("[[1.0, 0.1], [0.1, 33.0]]", "[[1.0, 2.0], [2.0, 1.0]]");
  EXPECT_TRUE(says(message, "m.json: the covariance of component 0: not positive definite"));
}

TEST(ModelJsonRefuses, ACovarianceThatIsNotSymmetric) {
  const std::string message = reading_fails("[0.1, 33.0]", "[0.2, 33.0]");
  EXPECT_TRUE(says(message, "m.json: the covariance of component 0: not symmetric, element [1][0] = 0.2 but"));
}

TEST(ModelJsonRefuses, AVarianceOfZero) {
  EXPECT_TRUE(says(reading_fails("[0.0, 1000000.0]", "[0.0, 0.0]"), "m.json: ", "variance 0; must lie in"));
}

TEST(ModelJsonRefuses, WeightsThatDoNotSumToOne) {
  EXPECT_EQ(reading_fails("[0.25, 0.75]", "[0.25, 0.7]"), "m.json: weights sum to 0.95; must sum to 1");
}

TEST(ModelJsonRefuses, ANegativeWeight) {
  EXPECT_EQ(reading_fails("[0.25, 0.75]", "[-0.25, 1.25]"), "m.json: weights[0] = -0.25; must lie in [0, 1]");
}

TEST(ModelJsonRefuses, AMeanBeyondTheLargestValue) {
  EXPECT_TRUE(says(reading_fails("54.5", "1e151"), "m.json: means[0][1] = 1e+151; must be finite and"));
}

TEST(ModelJsonRefuses, AnUnknownStructure) {
  EXPECT_EQ(reading_fails("\"full\",\n  \"weights\"", "\"round\\n\",\n  \"weights\""),
            "m.json: covariance = \"round\\n\"; must be one of tied_spherical, spherical, tied_diagonal, "
            "VEI, EVI, diagonal, tied, VEE, EVE, VVE, EEV, VEV, EVV, full");
}

TEST(ModelJsonRefuses, ARegCovarThatIsNeitherANumberNorAShare) {
  for (const char* bad : {"\"small\"", "\"relative:2\"", "\"relative:\""}) {
    EXPECT_EQ(reading_fails("\"reg_covar\": 0.0", std::string("\"reg_covar\": ") + bad),
              std::string("m.json: settings.reg_covar = ") + bad +
                  "; must be a number or a share such as \"relative:1e-06\"");
  }
}

TEST(ModelJsonRefuses, FeatureNamesThatAreEqual) {
  EXPECT_EQ(reading_fails("\"waiting\"", "\"eruptions\""),
            "m.json: feature_names has \"eruptions\" twice; names must differ");
}

TEST(ModelJsonRefuses, AFeatureNameTooFew) {
  EXPECT_EQ(reading_fails(", \"waiting\"", ""), "m.json: feature_names has 1 value; must have n_features = 2");
}

class ModelPath : public testing::Test {
 protected:
  ModelPath()
      : path_(std::filesystem::path(testing::TempDir()) / ("mogul_model_" + std::to_string(std::random_device()()))) {
    std::filesystem::create_directory(path_);
  }
  ~ModelPath() override { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

TEST_F(ModelPath, AWrittenFileHoldsTheTextAndReadsBack) {
  const ModelFile model = parse_model(kModelFile, "model.json");
  write_model(file("a.json"), model);
  std::ostringstream bytes;
  bytes << std::ifstream(file("a.json")).rdbuf();
  EXPECT_EQ(bytes.str(), kModelFile);
  EXPECT_EQ(model_json(read_model(file("a.json"))), kModelFile);
}

TEST_F(ModelPath, AMissingFileAndAFolderAreIoErrorsThatNameThePath) {
  for (const std::string& path : {file("missing.json"), file("")}) {
    try {
      read_model(path);
      FAIL() << path;
    } catch (const io_error& error) {
      EXPECT_NE(std::string(error.what()).find(path), std::string::npos) << error.what();
    }
  }
}

TEST_F(ModelPath, AModelThatCannotBeHeldLeavesTheOldFileAsItWas) {
  write_model(file("a.json"), parse_model(kModelFile, "model.json"));
  ModelFile bad = parse_model(kModelFile, "model.json");
  bad.report->aic = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(write_model(file("a.json"), bad), invalid_argument);
  EXPECT_EQ(model_json(read_model(file("a.json"))), kModelFile);
}

}  // namespace
}  // namespace mogul
