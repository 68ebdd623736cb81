// Covariances apart from a mixture: they say the same as a mixture that has them.
#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "message_of.hpp"
#include "mogul/covariances.hpp"
#include "mogul/mixture.hpp"

namespace {

using mogul::covariance_family_from;
using mogul::Covariances;
using mogul::Layout;
using mogul::Matrix;
using mogul::Mixture;
using mogul::test::message_of;
using testing::ElementsAre;

constexpr std::size_t kComponents = 2;
constexpr std::size_t kFeatures = 3;

struct Stored {
  Layout layout;
  bool shared;
  std::vector<double> values;
};
const std::vector<double> kFirst = {4, 1, 0.5, 1, 3, 0.25, 0.5, 0.25, 2};
const std::vector<double> kBoth = {4, 1, 0.5, 1, 3, 0.25, 0.5, 0.25, 2, 9, -1, 0, -1, 8, 2, 0, 2, 7};
const std::vector<Stored> kAll = {{Layout::matrix, false, kBoth},
                                  {Layout::matrix, true, kFirst},
                                  {Layout::diagonal, false, {1, 2, 3, 4, 5, 6}},
                                  {Layout::diagonal, true, {1, 2, 3}},
                                  {Layout::spherical, false, {2, 3}},
                                  {Layout::spherical, true, {5}}};

Covariances made(const Stored& stored) { return {stored.layout, stored.shared, kComponents, kFeatures, stored.values}; }
Mixture mixture_with(const Stored& stored) {
  const Matrix means(kComponents, kFeatures);
  return {covariance_family_from(to_string(stored.layout, stored.shared)), {0.25, 0.75}, means, stored.values};
}

TEST(Covariances, AreThoseOfAMixtureThatHasThem) {
  for (const Stored& stored : kAll) {
    const Covariances covariances = made(stored);
    const Mixture mixture = mixture_with(stored);
    EXPECT_EQ(covariances.values(), mixture.covariances().values());
    for (std::size_t k = 0; k < kComponents; ++k) {
      EXPECT_EQ(covariances.matrix(k), mixture.covariance(k));
      EXPECT_EQ(covariances.cholesky(k), mixture.cholesky(k));
      EXPECT_EQ(covariances.log_determinant(k), mixture.log_determinant(k));
      for (std::size_t d = 0; d < kFeatures; ++d) EXPECT_EQ(covariances.variance(k, d), mixture.variance(k, d));
    }
  }
}

TEST(Covariances, OfSomeFeaturesOrInAnotherOrderAreThoseOfTheMixture) {
  const std::array<std::size_t, 2> features = {2, 0};
  const std::array<std::size_t, 2> order = {1, 0};
  for (const Stored& stored : kAll) {
    const Covariances marginal = made(stored).marginal(features);
    EXPECT_EQ(marginal.values(), mixture_with(stored).marginal(features).covariances().values());
    EXPECT_EQ(marginal.n_features(), 2U);
    const Covariances permuted = made(stored).permuted(order);
    EXPECT_EQ(permuted.values(), mixture_with(stored).permuted(order).covariances().values());
    for (std::size_t k = 0; k < kComponents; ++k) EXPECT_EQ(permuted.cholesky(k), made(stored).cholesky(order[k]));
    EXPECT_EQ(permuted.permuted(order), made(stored));
  }
}

TEST(Covariances, HaveTheShapeOfTheirLayout) {
  std::vector<std::vector<std::size_t>> shapes;
  for (const Stored& stored : kAll) {
    shapes.push_back(made(stored).shape());
    std::size_t size = 1;
    for (const std::size_t n : shapes.back()) size *= n;
    EXPECT_EQ(size, stored.values.size());
    EXPECT_EQ(size, covariance_size(stored.layout, stored.shared, kComponents, kFeatures));
  }
  EXPECT_THAT(shapes, ElementsAre(ElementsAre(2, 3, 3), ElementsAre(3, 3), ElementsAre(2, 3), ElementsAre(3),
                                  ElementsAre(2), ElementsAre(1)));
}

TEST(Covariances, AreMadeExactlySymmetric) {
  std::vector<double> values = kBoth;
  values[1] = 1 + 1e-9;
  const Covariances covariances(Layout::matrix, false, kComponents, kFeatures, values);
  EXPECT_EQ(covariances.matrix(0)(0, 1), covariances.matrix(0)(1, 0));
}

TEST(Covariances, AreRefusedWithTheSentencesOfAMixture) {
  for (const Stored& good : kAll) {
    std::vector<std::vector<double>> wrong(4, good.values);
    wrong[0].push_back(1);
    wrong[1].back() = 0;
    wrong[2].back() = 1e301;
    if (good.layout == Layout::matrix) {
      wrong[3][1] = 2;  // not symmetric
      wrong.push_back(good.values);
      wrong[4][1] = wrong[4][3] = 4;  // not positive definite
    } else {
      wrong[3].front() = -1;
    }
    for (const std::vector<double>& values : wrong) {
      const Stored bad{good.layout, good.shared, values};
      EXPECT_EQ(message_of<mogul::invalid_argument>([&] { made(bad); }),
                message_of<mogul::invalid_argument>([&] { mixture_with(bad); }));
    }
  }
}

TEST(Covariances, RefuseFeaturesAndOrdersWithTheSentencesOfAMixture) {
  const std::vector<std::vector<std::size_t>> wrong_features = {{}, {3}, {1, 1}};
  for (const auto& features : wrong_features) {
    EXPECT_EQ(message_of<mogul::invalid_argument>([&] { made(kAll[0]).marginal(features); }),
              message_of<mogul::invalid_argument>([&] { mixture_with(kAll[0]).marginal(features); }));
  }
  const std::vector<std::vector<std::size_t>> wrong_orders = {{}, {0}, {0, 0}, {1, 2}};
  for (const auto& order : wrong_orders) {
    EXPECT_EQ(message_of<mogul::invalid_argument>([&] { made(kAll[1]).permuted(order); }),
              message_of<mogul::invalid_argument>([&] { mixture_with(kAll[1]).permuted(order); }));
  }
}

TEST(Covariances, OfNothingAreRefused) {
  EXPECT_EQ(message_of<mogul::invalid_argument>([] { Covariances(Layout::spherical, true, 0, 1, {1}); }),
            "n_components = 0; must be >= 1");
  EXPECT_EQ(message_of<mogul::invalid_argument>([] { Covariances(Layout::diagonal, true, 1, 0, {}); }),
            "n_features = 0; must be >= 1");
}

}  // namespace
