// Standard errors in model files: what is written reads back equal, and what is not the model's is refused.
#include <algorithm>
#include <cmath>
#include <random>
#include <span>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "message_of.hpp"
#include "mogul/error.hpp"
#include "mogul/io.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using testing::HasSubstr;

StandardErrors any_standard_errors(std::mt19937_64& random, const Mixture& mixture) {
  StandardErrors errors{mixture.family(), static_cast<StandardErrorMethod>(random() % 4), 0.9, random() % 1000 + 5, 5};
  errors.estimate = parameter_values(mixture);
  for (ParameterValues* part : {&errors.standard_error, &errors.lower, &errors.upper}) {
    *part = errors.estimate;
    const auto change = [&](double& value) { value = std::abs(value) * static_cast<double>(random() % 1000); };
    std::ranges::for_each(part->weights, change);
    std::ranges::for_each(std::span(part->means.data(), part->means.values().size()), change);
    std::ranges::for_each(part->covariances, change);
  }
  return errors;
}

TEST(StandardErrorsJson, ReadBackEqualAndAreWrittenTheSame) {
  std::mt19937_64 random(1);
  for (const CovarianceFamily* family : covariance_families()) {
    for (const std::size_t d : {1, 3}) {
      oracle::Dice dice(random());
      const Mixture plain = oracle::random_mixture(dice, {.d = d, .k = 2, .structure = families::eii});
      std::vector<double> covariances(covariance_size(*family, 2, d), 0.0);
      const Layout layout = family->layout;
      for (std::size_t i = 0; i < covariances.size(); ++i) {
        covariances[i] = layout != Layout::matrix || i % (d * d) % (d + 1) == 0 ? 1.5 : 0;
      }
      ModelFile model{{*family, plain.weights(), plain.means(), covariances}, {}};
      model.standard_errors = any_standard_errors(random, model.mixture);
      const std::string text = model_json(model);
      const ModelFile read = parse_model(text, "model.json");
      EXPECT_EQ(read.standard_errors, model.standard_errors) << family->name;
      EXPECT_EQ(model_json(read), text);
    }
  }
}

class Refused : public testing::Test {
 protected:
  std::mt19937_64 random_{3};
  ModelFile model_{{families::spherical, {1.0}, Matrix(1, 1, {2}), {3.0}}, {}};
  StandardErrors good_ = any_standard_errors(random_, model_.mixture);

  std::string message_of_file(const std::string& part, const std::string& other) {
    model_.standard_errors = good_;
    model_.standard_errors->method = StandardErrorMethod::jackknife;
    std::string text = model_json(model_);
    const std::size_t at = text.find(part);
    EXPECT_NE(at, std::string::npos) << part;
    text.replace(at, part.size(), other);
    return test::message_of<invalid_data>([&] { parse_model(text, "model.json"); });
  }
  std::string message_of(const StandardErrors& errors) {
    model_.standard_errors = errors;
    return test::message_of<invalid_argument>([&] { model_json(model_); });
  }
};

TEST_F(Refused, WhenReadTheyNameTheField) {
  EXPECT_THAT(message_of_file("\"jackknife\"", "\"guess\""), HasSubstr("standard_errors.method"));
  EXPECT_THAT(message_of_file("\"level\": 0.9", "\"level\": 1.5"), HasSubstr("standard_errors.level = 1.5"));
  EXPECT_THAT(message_of_file("\"n_failed\": 5", "\"n_failed\": 5000"), HasSubstr("n_failed = 5000"));
  EXPECT_THAT(message_of_file("\"lower\"", "\"lowest\""), HasSubstr("lowest"));
}

TEST_F(Refused, WhenWrittenTheyAreThoseOfTheModel) {
  StandardErrors other = good_;
  other.standard_error.weights = {-1};
  EXPECT_THAT(message_of(other), HasSubstr("standard_errors.standard_error.weights has -1; must be finite and >= 0"));
  other.standard_error.weights = {0, 0};
  EXPECT_THAT(message_of(other), HasSubstr("has 2 values; must have 1"));
  other = good_;
  other.upper.means(0, 0) = INFINITY;
  EXPECT_THAT(message_of(other), HasSubstr("standard_errors.upper.means"));
  other = good_;
  other.estimate.weights = {0.5};
  EXPECT_THAT(message_of(other), HasSubstr("not those of the mixture"));
}

}  // namespace
}  // namespace mogul
