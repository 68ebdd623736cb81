// Every option's rule and the words of its refusal; the names of the options' values.
#include "mogul/options.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "message_of.hpp"

namespace mogul {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StrEq;

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::string refusal(const FitOptions& options) {
  return test::message_of<invalid_argument>([&] { check(options); });
}

const Mixture kTwo(families::spherical, {0.5, 0.5}, Matrix(2, 1), {1, 1});

TEST(Options, DefaultsAreValid) {
  EXPECT_NO_THROW(check({}));
  EXPECT_NO_THROW(check({.n_components = 100, .n_init = 5, .max_iter = 0, .tol = 0, .reg_covar = 0}));
}

TEST(Options, CountsAreAtLeastOne) {
  EXPECT_THAT(refusal({.n_components = 0}), StrEq("n_components = 0; must be >= 1"));
  EXPECT_THAT(refusal({.n_init = 0}), StrEq("n_init = 0; must be >= 1"));
}

TEST(Options, TolIsFiniteAndNotNegative) {
  for (const auto& [bad, text] : {std::pair{-1e-6, "-1e-06"}, {kInf, "inf"}, {kNan, "nan"}}) {
    EXPECT_THAT(refusal({.tol = bad}), StrEq("tol = " + std::string(text) + "; must be finite and >= 0"));
  }
}

TEST(Options, RegCovarIsARepresentableVarianceOrZero) {
  EXPECT_NO_THROW(check({.reg_covar = 1e300}));
  EXPECT_NO_THROW(check({.reg_covar = RegCovar::relative_to_variance(1)}));
  EXPECT_THAT(refusal({.reg_covar = RegCovar::relative_to_variance(1.5)}),
              StrEq("reg_covar = relative:1.5; must lie in [relative:0, relative:1]"));
  for (const auto& [bad, text] : {std::pair{-1e-9, "-1e-09"}, {1.1e300, "1.1e+300"}, {kInf, "inf"}, {kNan, "nan"}}) {
    EXPECT_THAT(refusal({.reg_covar = bad}), StrEq("reg_covar = " + std::string(text) + "; must lie in [0, 1e300]"));
  }
}

TEST(Options, AFixedStartIsNotRestarted) {
  for (const Init& init :
       {Init(Labels{{0, 1}}), Init(Responsibilities{Matrix(2, 2)}), Init(kTwo), Init(InitMethod::hierarchical)}) {
    const FitOptions options{.n_components = 2, .covariance = families::spherical, .init = init, .n_init = 3};
    EXPECT_THAT(refusal(options),
                AllOf(HasSubstr("n_init = 3 with init = " + std::string(to_string(init))), HasSubstr("must be 1")));
  }
}

TEST(Options, AStartHasTheNumberOfComponentsAskedFor) {
  EXPECT_THAT(refusal({.n_components = 3, .init = Responsibilities{Matrix(5, 2)}}),
              HasSubstr("n_components = 3; must be 2, as in the responsibilities of init"));
  EXPECT_THAT(refusal({.n_components = 1, .init = kTwo}),
              HasSubstr("n_components = 1; must be 2, as in the mixture of init"));
  EXPECT_NO_THROW(check({.n_components = 2, .init = Responsibilities{Matrix(5, 2)}}));
}

TEST(Options, HeldCovariancesKeepTheirStructure) {
  FitOptions options{.n_components = 2, .covariance = families::full, .init = kTwo};
  EXPECT_NO_THROW(check(options));
  options.hold.covariances = true;
  EXPECT_THAT(refusal(options), AllOf(HasSubstr("covariance = full; must be spherical"), HasSubstr("held")));
  options.covariance = families::spherical;
  EXPECT_NO_THROW(check(options));
  options = {.n_components = 2, .covariance = families::full, .init = kTwo, .max_iter = 0};
  EXPECT_THAT(refusal(options), AllOf(HasSubstr("covariance = full; must be spherical"), HasSubstr("max_iter = 0")));
}

TEST(Options, NamesOfValues) {
  std::vector<std::string> names;
  for (const auto& [method, name] : init_methods()) {
    EXPECT_EQ(to_string(method), name);
    EXPECT_EQ(to_string(Init(method)), name);
    names.emplace_back(name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"kmeans", "kmeans++", "random_from_data", "random", "hierarchical"}));
  EXPECT_EQ(to_string(Init(Labels{})), "labels");
  EXPECT_EQ(to_string(Init(Responsibilities{})), "responsibilities");
  EXPECT_EQ(to_string(Init(kTwo)), "model");
  EXPECT_EQ(to_string(DegeneratePolicy::revive), "revive");
  EXPECT_EQ(to_string(DegeneratePolicy::error), "error");
}

TEST(Options, SettingsKeepWhatWasAsked) {
  const FitOptions options{.n_components = 2,
                           .covariance = families::tied,
                           .init = kTwo,
                           .n_init = 1,
                           .max_iter = 7,
                           .tol = 0.5,
                           .reg_covar = 0.25,
                           .seed = 99,
                           .hold = {.means = true},
                           .degenerate = DegeneratePolicy::error};
  EXPECT_EQ(settings_of(options), (FitSettings{.n_components = 2,
                                               .covariance = families::tied,
                                               .search = Search::none,
                                               .init = "model",
                                               .n_init = 1,
                                               .max_iter = 7,
                                               .tol = 0.5,
                                               .acceleration = AccelerationMethod::lbfgs,
                                               .reg_covar = 0.25,
                                               .seed = 99,
                                               .hold = {.means = true},
                                               .degenerate = DegeneratePolicy::error}));
}

TEST(RegCovar, IsWrittenAndReadAsText) {
  for (const auto& [text, value] : std::vector<std::pair<std::string, RegCovar>>{
           {"1e-06", 1e-6}, {"0", 0}, {"0.25", 0.25}, {"relative:1e-06", RegCovar::relative_to_variance(1e-6)}}) {
    EXPECT_EQ(to_string(value), text);
    EXPECT_EQ(reg_covar_from(text), value);
  }
  EXPECT_EQ(FitOptions().reg_covar, reg_covar_from("relative:1e-6")) << "the default";
}

TEST(RegCovar, OtherTextsAreRefusedWithWhatIsMeant) {
  for (const char* text :
       {"", "small", "1e-6x", "relative:", "relative:-1", "relative:2", "rel:1e-6", "-1", "nan", "1e999"}) {
    EXPECT_THAT(test::message_of<invalid_argument>([&] { reg_covar_from(text); }), HasSubstr("reg_covar = ")) << text;
  }
  EXPECT_THAT(test::message_of<invalid_argument>([] { reg_covar_from("small"); }), HasSubstr("such as relative:1e-6"));
}

}  // namespace
}  // namespace mogul
