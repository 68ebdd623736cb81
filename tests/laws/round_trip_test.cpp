// Saved and loaded again, models and statistics are the same to the last bit, and so are their files.
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "mogul/io.hpp"
#include "mogul/score.hpp"
#include "mogul/stats.hpp"
#include "reference/generators.hpp"

namespace {

using mogul::CovarianceFamily;
using mogul::Matrix;
using mogul::Mixture;
using mogul::ModelFile;
using oracle::Problem;

// A path of this process's own, removed at the end.
class TemporaryPath {
 public:
  explicit TemporaryPath(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / ("mogul_laws_" + std::to_string(getpid()) + "_" + name)) {}
  TemporaryPath(const TemporaryPath&) = delete;
  TemporaryPath& operator=(const TemporaryPath&) = delete;
  ~TemporaryPath() { std::filesystem::remove(path_); }

  std::string string() const { return path_.string(); }
  std::string content() const {
    std::ostringstream out;
    out << std::ifstream(path_).rdbuf();
    return out.str();
  }

 private:
  std::filesystem::path path_;
};

std::vector<std::string> feature_names(std::size_t n) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < n; ++i) names.push_back("a \"name\", with\ttrouble " + std::to_string(i));
  return names;
}

RC_GTEST_PROP(RoundTrip, AModelIsTheSameAfterSavingAndLoading, ()) {
  const Problem problem(*oracle::any_shape());
  const ModelFile model{problem.model(), feature_names(problem.shape().d), {}, {}};
  const std::string text = model_json(model);
  const ModelFile loaded = mogul::parse_model(text, "model.json");
  RC_ASSERT(loaded.mixture == model.mixture);
  RC_ASSERT(loaded.feature_names == model.feature_names);
  RC_ASSERT(!loaded.settings && !loaded.report);
  RC_ASSERT(model_json(loaded) == text);
  RC_ASSERT(log_densities(loaded.mixture, problem.view()) == log_densities(model.mixture, problem.view()));
}

RC_GTEST_PROP(RoundTrip, AFittedModelKeepsItsSettingsAndReport, ()) {
  const Problem problem(*oracle::fit_shape());
  mogul::FitOptions options;
  options.n_components = problem.shape().k;
  options.covariance = problem.shape().structure;
  options.n_init = 2;
  options.max_iter = 5;
  options.seed = problem.shape().seed;
  options.reg_covar = 1e-4 * problem.shape().scale * problem.shape().scale;
  options.hold.weights = *rc::gen::arbitrary<bool>();
  const mogul::FitResult result = fit(problem.view(), options);
  const ModelFile model{result.mixture, feature_names(problem.shape().d), settings_of(options), result.report};
  const std::string text = model_json(model);
  const ModelFile loaded = mogul::parse_model(text, "model.json");
  RC_ASSERT(loaded.mixture == model.mixture);
  RC_ASSERT(loaded.settings == model.settings);
  RC_ASSERT(loaded.report == model.report);
  RC_ASSERT(model_json(loaded) == text);
}

TEST(RoundTrip, AModelFileHoldsTheSameBytesAfterLoadingAndSavingAgain) {
  const Problem problem({.n = 10, .d = 3, .k = 2, .offset = 1e8, .seed = 1});
  const ModelFile model{problem.model(), feature_names(3), {}, {}};
  const TemporaryPath first("first.json"), second("second.json");
  mogul::write_model(first.string(), model);
  EXPECT_EQ(first.content(), model_json(model));
  mogul::write_model(second.string(), mogul::read_model(first.string()));
  EXPECT_EQ(first.content(), second.content());
}

TEST(RoundTrip, TheExtremesOfDoubleSurvive) {
  const double denormal = 5e-324;
  const Mixture mixture(mogul::families::diagonal, {1, denormal, 0},
                        Matrix(3, 2, {1e100, -1e100, denormal, -0.0, 0.1, 1.0 / 3}),
                        {1e-300, 1e300, 0.1, 1.0 / 3, 2.2250738585072014e-308 * 1e10, 1});
  const ModelFile loaded = mogul::parse_model(mogul::model_json({mixture, {"a", "b"}, {}, {}}), "model.json");
  EXPECT_TRUE(loaded.mixture == mixture);
  EXPECT_TRUE(std::signbit(loaded.mixture.means()(1, 1))) << "the sign of -0";
}

RC_GTEST_PROP(RoundTrip, StatisticsAreTheSameAfterSavingAndLoading, ()) {
  const Problem problem(*oracle::any_shape());
  const mogul::Moments moments =
      *rc::gen::element(mogul::Moments::none, mogul::Moments::mean, mogul::Moments::spherical, mogul::Moments::diagonal,
                        mogul::Moments::full);
  const mogul::Stats stats = accumulate(problem.model(), problem.view(), moments);
  const TemporaryPath first("first_stats.json"), second("second_stats.json");
  mogul::write_stats(first.string(), stats);
  const mogul::Stats loaded = mogul::read_stats(first.string());
  RC_ASSERT(loaded == stats);
  RC_ASSERT(mogul::parse_stats(first.content(), "stats.json") == stats);
  mogul::write_stats(second.string(), loaded);
  RC_ASSERT(first.content() == second.content());
}

// What files are exchanged for: parts accumulated elsewhere, saved, loaded and added give the M-step of the sum.
RC_GTEST_PROP(RoundTrip, LoadedStatisticsAddUpLikeTheirOriginals, ()) {
  const Problem problem(*oracle::fit_shape());
  const mogul::Stats stats = accumulate(problem.model(), problem.view());
  const TemporaryPath path("part_stats.json");
  mogul::write_stats(path.string(), stats);
  mogul::Stats loaded = mogul::read_stats(path.string());
  mogul::Stats twice = stats;
  twice += stats;
  loaded += stats;
  RC_ASSERT(loaded == twice);
}

RC_GTEST_PROP(RoundTrip, RowsAreTheSameAfterWritingAndReadingThem, ()) {
  oracle::Shape shape = *oracle::any_shape();
  shape.weights = oracle::RowWeights::none;
  const Problem problem(shape);
  const mogul::Dataset original = [&] {
    Matrix x(shape.n, shape.d);
    for (std::size_t n = 0; n < shape.n; ++n) {
      for (std::size_t d = 0; d < shape.d; ++d) x(n, d) = problem.view().value(n, d);
    }
    return mogul::Dataset(std::move(x));
  }();
  const TemporaryPath csv("rows.csv"), npy("rows.npy");
  mogul::write_csv(csv.string(), original, original.column_names());
  mogul::write_npy(npy.string(), std::get<Matrix>(original.values()).view());
  for (const mogul::Dataset& loaded : {mogul::read_dataset(csv.string()), mogul::read_dataset(npy.string())}) {
    RC_ASSERT(std::get<Matrix>(loaded.values()) == std::get<Matrix>(original.values()));
    RC_ASSERT(loaded.column_names() == original.column_names());
  }
}

}  // namespace
