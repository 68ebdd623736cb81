// What a prior is asked to be, and what is refused; the loop that completes it; files that keep it.
#include "mogul/prior.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "message_of.hpp"
#include "mogul/em_loop.hpp"
#include "mogul/fit.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const Matrix kRows(6, 2, {0, 0, 1, 0, 0, 2, 5, 5, 6, 7, 9, 5});

Prior complete() { return {0.5, std::vector<double>{1, 2}, 5, std::vector<double>{3}}; }

FitOptions with_prior(const CovarianceFamily& family, const Prior& prior) {
  FitOptions options;
  options.n_components = 2;
  options.covariance = family;
  options.init = Labels{{0, 0, 0, 1, 1, 1}};
  options.reg_covar = 0;
  options.prior = prior;
  return options;
}

std::string refusal(const FitOptions& options) {
  return test::message_of<invalid_argument>([&] { fit(kRows, options); });
}

TEST(Prior, TextIsReadAsItIsWritten) {
  EXPECT_EQ(to_string(prior_from("default")), "default");
  const Prior prior = prior_from("mean-shrinkage=0.25,mean=[1;-2],dof=7,scale=[2;1;1;3]");
  EXPECT_EQ(prior.mean_shrinkage, 0.25);
  EXPECT_EQ(prior.mean, (std::vector<double>{1, -2}));
  EXPECT_EQ(prior.dof, 7);
  EXPECT_EQ(prior.scale, (std::vector<double>{2, 1, 1, 3}));
  EXPECT_EQ(prior_from(to_string(prior)), prior);
  EXPECT_EQ(prior_from("scale=2.5").scale, (std::vector<double>{2.5}));
}

TEST(Prior, TextThatIsNotOneIsRefused) {
  for (const auto& [text, words] :
       {std::pair("shrinkage=1", "'shrinkage'; must be default, or some of"), std::pair("", "''; must be default"),
        std::pair("dof", "dof = ; must be a number"), std::pair("dof=x", "dof = x; must be a number"),
        std::pair("dof=0", "dof = 0; must be > 0"), std::pair("scale=-1", "scale = -1; must be > 0"),
        std::pair("scale=nan", "scale = nan; must be > 0"), std::pair("mean=[1;]", "mean = ; must be a number"),
        std::pair("mean-shrinkage=-1", "mean_shrinkage = -1; must be >= 0"),
        std::pair("mean=1,2,3", "'2'; must be default, or some of mean-shrinkage=N, mean=[N;N]"),
        std::pair("mean=1;2;3", "mean = 1;2;3; must be a number, or several as in [1;2;3]"),
        std::pair("dof=6,dof=8", "dof is given twice"), std::pair("scale=1,dof=6,scale=1", "scale is given twice"),
        std::pair("mean=[1;2],mean=[1;2]", "mean is given twice"),
        std::pair("mean-shrinkage=1,mean_shrinkage=1", "mean_shrinkage is given twice")}) {
    const std::string given = text;
    EXPECT_THAT(test::message_of<invalid_argument>([&] { prior_from(given); }), HasSubstr(words)) << given;
  }
}

TEST(Prior, WhatDoesNotFitTheFamilyIsRefused) {
  Prior few = complete();
  few.dof = 1;
  EXPECT_THAT(refusal(with_prior(families::vvv, few)), HasSubstr("dof = 1; must be > 1"));
  EXPECT_GT(fit(kRows, with_prior(families::vvi, few)).report.iterations, 0U);
  Prior wide = complete();
  wide.mean = std::vector<double>{1, 2, 3};
  EXPECT_THAT(refusal(with_prior(families::vvv, wide)), HasSubstr("mean holds 3 values; must hold n_features = 2"));
  Prior matrix = complete();
  matrix.scale = std::vector<double>{2, 1, 1, 3};
  EXPECT_THAT(refusal(with_prior(families::vvi, matrix)), HasSubstr("scale holds 4 values; must be 1"));
  matrix.scale = std::vector<double>{1, 2, 2, 1};
  EXPECT_THAT(refusal(with_prior(families::vvv, matrix)), HasSubstr("not positive definite"));
}

TEST(Prior, CombinationsWithoutMeaningAreRefused) {
  FitOptions held = with_prior(families::vvv, complete());
  held.init = Mixture(families::vvv, {0.5, 0.5}, Matrix(2, 2, {0, 0, 5, 5}), {1, 0, 0, 1, 1, 0, 0, 1});
  held.hold = {.means = true, .covariances = true};
  EXPECT_THAT(refusal(held), HasSubstr("prior while means and covariances are held"));
  FitOptions weights = with_prior(families::vvv, complete());
  weights.weight_concentration = 2;
  weights.hold.equal_weights = true;
  EXPECT_THAT(refusal(weights), HasSubstr("weight_concentration = 2 while mixing weights are equal"));
  weights.hold = {.weights = true};
  EXPECT_THAT(refusal(weights), HasSubstr("while mixing weights are held"));
  weights.weight_concentration = 0.5;
  EXPECT_THAT(refusal(weights), HasSubstr("weight_concentration = 0.5; must lie in [1, 1e100]"));
  weights.weight_concentration.reset();
  weights.hold = {.weights = true, .equal_weights = true};
  EXPECT_THAT(refusal(weights), HasSubstr("hold: mixing weights cannot be both equal and held"));
  FitOptions bound = with_prior(families::vev, complete());
  bound.max_eigenvalue_ratio = 10;
  EXPECT_THAT(refusal(bound), AllOf(HasSubstr("covariance = VEV"), HasSubstr("VII (spherical), VVI (diagonal), VVV")));
  bound.covariance = families::vvv;
  bound.max_eigenvalue_ratio = 0.5;
  EXPECT_THAT(refusal(bound), HasSubstr("max_eigenvalue_ratio = 0.5; must lie in [1, 1e100]"));
  FitOptions means = with_prior(families::vvv, complete());
  means.hold.means_of = {2};
  EXPECT_THAT(refusal(means), HasSubstr("component 2; must be < n_components = 2"));
  means.hold.means_of = {1, 1};
  EXPECT_THAT(refusal(means), HasSubstr("component 1 is given twice"));
}

// One component: the mode is in every textbook.
TEST(Prior, OneComponentHasTheModeOfTheNormalInverseWishart) {
  const Prior prior{2, std::vector<double>{1, -1}, 6, std::vector<double>{2, 0.5, 0.5, 1}};
  FitOptions options = with_prior(families::vvv, prior);
  options.n_components = 1;
  options.init = Labels{std::vector<std::int32_t>(6, 0)};
  const Mixture made = fit(kRows, options).mixture;
  const double mean[] = {21.0 / 6, 19.0 / 6};
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(made.means()(0, i), (6 * mean[i] + 2 * (*prior.mean)[i]) / 8, 1e-12);
    for (std::size_t j = 0; j < 2; ++j) {
      double scatter = (*prior.scale)[2 * i + j];
      for (std::size_t n = 0; n < 6; ++n) scatter += (kRows(n, i) - mean[i]) * (kRows(n, j) - mean[j]);
      scatter += 6 * 2.0 / 8 * (mean[i] - (*prior.mean)[i]) * (mean[j] - (*prior.mean)[j]);
      EXPECT_NEAR(made.covariance(0)(i, j), scatter / (6 + 6 + 2 + 2), 1e-12);
    }
  }
}

TEST(Prior, OfWeightsAddsRowsToEveryComponent) {
  FitOptions options = with_prior(families::vvv, complete());
  options.weight_concentration = 3;
  options.tol = 1e-12;
  const FitResult result = fit(kRows, options);
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_NEAR(result.mixture.weights()[k], (result.report.component_sizes[k] + 2) / (6 + 2 * 2), 1e-6);
  }
}

TEST(Prior, ALoopDrivenByHandNeedsACompleteOneOrTheFactsOfTheRows) {
  const Mixture start(families::vvv, {1}, Matrix(1, 2), {1, 0, 0, 1});
  const EmOptions options{.covariance = families::vvv, .reg_covar = 0, .prior = Prior()};
  EXPECT_THAT(test::message_of<invalid_argument>([&] { const EmLoop loop(start, options); }),
              HasSubstr("which are not known here; give both"));
  const EmLoop told(start, options, {.mean = {1, 2}, .covariance = Matrix(2, 2, {4, 1, 1, 3})});
  EXPECT_EQ(told.prior()->scale, (std::vector<double>{4, 1, 1, 3}));
  EXPECT_EQ(told.prior()->mean, (std::vector<double>{1, 2}));
  EXPECT_EQ(told.prior()->dof, 4);
  EmOptions given = options;
  given.prior = complete();
  EXPECT_EQ(EmLoop(start, given).prior(), complete());
}

TEST(Prior, AnMStepNeedsACompleteOne) {
  const Mixture start(families::vvv, {1}, Matrix(1, 2), {1, 0, 0, 1});
  const Stats stats = accumulate(start, kRows);
  EXPECT_THAT(test::message_of<invalid_argument>([&] { maximise(stats, start, {.prior = Prior()}); }),
              HasSubstr("needs a complete one"));
}

TEST(Prior, IsSharedByRestartsAndKeptByModelFiles) {
  FitOptions options = with_prior(families::vvv, {.dof = 9});
  options.init = InitMethod::random;
  options.n_init = 3;
  options.weight_concentration = 1.5;
  options.hold.means_of = {1};
  const FitResult result = fit(kRows, options);
  const FitReport& report = result.report;
  for (const Restart& restart : report.restarts) {
    EXPECT_LE(*restart.penalised_log_likelihood, *report.penalised_log_likelihood);
  }
  EXPECT_EQ(report.prior->dof, 9);
  EXPECT_TRUE(is_complete(*report.prior));
  const ModelFile file{result.mixture, {}, settings_of(options), report};
  const ModelFile read = parse_model(model_json(file), "m.json");
  EXPECT_EQ(*read.settings, *file.settings);
  EXPECT_EQ(*read.report, report);
  EXPECT_EQ(read.settings->prior, options.prior);
  EXPECT_THAT(summary(report, result.mixture),
              AllOf(HasSubstr("penalised"), HasSubstr("prior           mean shrinkage 0.01, dof 9, scale a matrix")));
  EXPECT_THAT(brief(report, result.mixture), HasSubstr("(penalised "));
}

TEST(Prior, WithoutOneFilesSayNothingOfIt) {
  FitOptions options = with_prior(families::vvv, {});
  options.prior.reset();
  options.reg_covar = 0.1;
  const FitResult result = fit(kRows, options);
  const std::string text = model_json({result.mixture, {}, settings_of(options), result.report});
  for (const char* word : {"penalised", "prior", "concentration", "eigenvalue", "equal_weights", "hold"}) {
    EXPECT_EQ(text.find(word), std::string::npos) << word;
  }
}

TEST(HeldMeans, AreNotCounted) {
  const Mixture mixture(families::vvi, {0.2, 0.3, 0.5}, Matrix(3, 2), {1, 1, 1, 1, 1, 1});
  EXPECT_EQ(n_estimated_parameters(mixture, {.means_of = {0, 2}}), mixture.n_parameters() - 4);
  EXPECT_EQ(n_estimated_parameters(mixture, {.equal_weights = true}), mixture.n_parameters() - 2);
}

}  // namespace
}  // namespace mogul
