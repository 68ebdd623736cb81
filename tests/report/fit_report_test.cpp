// The report in words says what the report says in numbers.
#include "mogul/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "message_of.hpp"
#include "mogul/fit.hpp"

namespace mogul {
namespace {

using testing::HasSubstr;
using testing::Not;

Mixture full_2d() { return {families::full, {0.25, 0.75}, Matrix(2, 2, {1, 2, -3, 4.5}), {4, 1, 1, 1, 9, 0, 0, 16}}; }

FitReport report() {
  FitReport r;
  r.termination = {TerminationReason::converged, "converged at iteration 12: because"};
  r.n_rows = 80;
  r.sum_weights = 80;
  r.iterations = 12;
  r.log_likelihood = -160;
  r.mean_log_likelihood = -2;
  r.component_sizes = {20, 60};
  r.n_parameters = 11;
  r.aic = 342;
  r.bic = 368.25;
  r.icl = 370.5;
  r.restarts = {{-160, 12, 0, TerminationReason::converged, false}};
  return r;
}

TEST(BriefReport, IsOneLineWithWhatMattersMost) {
  EXPECT_EQ(brief(report(), full_2d()), "K = 2, full: mean log-likelihood -2, BIC 368.25, 12 iterations, converged");
}

TEST(BriefReport, SaysWhatHadToBeRepaired) {
  FitReport r = report();
  r.n_revived = 1;
  r.n_regularised = 2;
  EXPECT_TRUE(brief(r, full_2d()).ends_with("converged, 1 component revived, 2 components regularised"));
}

TEST(FullReport, HoldsEveryNumber) {
  const std::string text = summary(report(), full_2d());
  for (const char* part : {"K = 2", "full covariance", "80 rows, 2 features", "-160", "mean -2", "342, 368.25, 370.5",
                           "11 free parameters", "iterations      12", "converged at iteration 12: because"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(text, Not(HasSubstr("sum of weights")));
  EXPECT_THAT(text, Not(HasSubstr("restart")));
  EXPECT_THAT(text, Not(HasSubstr("revived")));
}

TEST(FullReport, SaysWhatWasRepairedAndSampled) {
  FitReport r = report();
  r.n_regularised = 1;
  r.n_revived = 3;
  r.n_promoted = 2;
  r.n_seed_rows = 50;
  r.sum_weights = 81.5;
  const std::string text = summary(r, full_2d());
  EXPECT_THAT(text, HasSubstr("1 component whose covariance needs reg_covar"));
  EXPECT_THAT(text, HasSubstr("3 revivals"));
  EXPECT_THAT(text, HasSubstr("2 components computed in double"));
  EXPECT_THAT(text, HasSubstr("a sample of 50 of 80 rows"));
  EXPECT_THAT(text, HasSubstr("sum of weights  81.5"));
}

TEST(FullReport, ShowsEachWarning) {
  FitReport r = report();
  r.warnings = {"look at component 1", "and at the rows"};
  EXPECT_THAT(summary(r, full_2d()),
              HasSubstr("warning         look at component 1\nwarning         and at the rows\n"));
}

TEST(FullReport, ListsRestartsAndWhichWasKept) {
  FitReport r = report();
  r.restarts = {{-170, 5, 0, TerminationReason::max_iter, false},
                {-160, 12, 1, TerminationReason::converged, false},
                {.failed = true}};
  r.best_restart = 1;
  const std::string text = summary(r, full_2d());
  EXPECT_THAT(text, HasSubstr("-170"));
  EXPECT_THAT(text, HasSubstr("converged, kept"));
  EXPECT_THAT(text, HasSubstr("failed: degenerate"));
}

TEST(ComponentTable, HasARowPerComponentWithItsCorrelation) {
  const std::vector<std::string> names{"height", "age"};
  const std::vector<double> sizes{20, 60};
  const std::string text = component_table(full_2d(), sizes, names);
  for (const char* part :
       {"height", "age", "corr(height,age)", "1 (2)", "2 (1)", "-3 (3)", "4.5 (4)", "0.500", "0.25", "60"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(ComponentTable, LeavesOutWhatIsNotThere) {
  const std::string text = component_table(full_2d());
  EXPECT_THAT(text, Not(HasSubstr("N_k")));
  EXPECT_THAT(text, HasSubstr("x1"));
  const Mixture diagonal(families::diagonal, {1}, Matrix(1, 2), {1, 1});
  EXPECT_THAT(component_table(diagonal), Not(HasSubstr("corr")));
}

TEST(ComponentTable, OfManyFeaturesShowsTheFirstAndSaysSo) {
  const Mixture wide(families::spherical, {1}, Matrix(1, 40), {1});
  const std::string text = component_table(wide);
  EXPECT_THAT(text, HasSubstr("the first 6 of 40 features"));
  EXPECT_THAT(text, HasSubstr("x6"));
  EXPECT_THAT(text, Not(HasSubstr("x7")));
}

TEST(ComponentTable, WantsANameForEveryFeatureAndASizeForEveryComponent) {
  const std::vector<std::string> names{"height"};
  const std::vector<double> sizes{1, 2, 3};
  EXPECT_EQ(test::message_of<invalid_argument>([&] { component_table(full_2d(), {}, names); }),
            "1 feature name for 2 features; must have one per feature");
  EXPECT_EQ(test::message_of<invalid_argument>([&] { component_table(full_2d(), sizes); }),
            "3 component sizes for 2 components; must have one per component");
}

}  // namespace
}  // namespace mogul
