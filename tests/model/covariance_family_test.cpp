// The six structures: names there and back, sizes, and which of them are shared.
#include <gtest/gtest.h>

#include <set>

#include "message_of.hpp"
#include "mogul/mixture.hpp"
#include "plain_families.hpp"

namespace mogul {
namespace {

using namespace families;

TEST(CovarianceFamily, NamesReadBack) {
  std::set<std::string_view> names;
  for (const auto& [structure, name] : test::plain_families()) {
    EXPECT_EQ(to_string(structure), name);
    EXPECT_EQ(covariance_family_from(name), structure);
    names.insert(name);
  }
  EXPECT_EQ(names,
            (std::set<std::string_view>{"full", "tied", "diagonal", "tied_diagonal", "spherical", "tied_spherical"}));
}

TEST(CovarianceFamily, NamesOfScikitLearnAreTaken) {
  EXPECT_EQ(covariance_family_from("diag"), families::diagonal);
  EXPECT_EQ(covariance_family_from("tied_diag"), families::tied_diagonal);
}

TEST(CovarianceFamily, AnUnknownNameIsAnErrorThatListsThem) {
  for (const std::string name : {"", "Full", "full ", "tied_dia"}) {
    const std::string message = test::message_of<invalid_argument>([&] { covariance_family_from(name); });
    EXPECT_THAT(message, testing::HasSubstr("covariance = '" + name + "'"));
    for (const auto& entry : test::plain_families()) EXPECT_THAT(message, testing::HasSubstr(std::string(entry.name)));
  }
}

TEST(CovarianceFamily, SizesAreThoseOfTheShapes) {
  const std::size_t k = 5;
  const std::size_t d = 3;
  EXPECT_EQ(covariance_size(full, k, d), k * d * d);
  EXPECT_EQ(covariance_size(tied, k, d), d * d);
  EXPECT_EQ(covariance_size(diagonal, k, d), k * d);
  EXPECT_EQ(covariance_size(tied_diagonal, k, d), d);
  EXPECT_EQ(covariance_size(spherical, k, d), k);
  EXPECT_EQ(covariance_size(tied_spherical, k, d), 1U);
}

TEST(CovarianceFamily, TheTiedOnesAreThree) {
  for (const auto& [structure, name] : test::plain_families()) {
    EXPECT_EQ(structure.shared, name.starts_with("tied")) << name;
  }
}

}  // namespace
}  // namespace mogul
