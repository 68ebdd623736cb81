// The six structures: names there and back, sizes, and which of them are shared.
#include <gtest/gtest.h>

#include <set>

#include "message_of.hpp"
#include "mogul/mixture.hpp"

namespace mogul {
namespace {

using enum CovarianceStructure;

TEST(CovarianceStructure, NamesReadBack) {
  std::set<std::string_view> names;
  for (const auto& [structure, name] : covariance_structures()) {
    EXPECT_EQ(to_string(structure), name);
    EXPECT_EQ(covariance_structure_from(name), structure);
    names.insert(name);
  }
  EXPECT_EQ(names,
            (std::set<std::string_view>{"full", "tied", "diagonal", "tied_diagonal", "spherical", "tied_spherical"}));
}

TEST(CovarianceStructure, NamesOfScikitLearnAreTaken) {
  EXPECT_EQ(covariance_structure_from("diag"), CovarianceStructure::diagonal);
  EXPECT_EQ(covariance_structure_from("tied_diag"), CovarianceStructure::tied_diagonal);
}

TEST(CovarianceStructure, AnUnknownNameIsAnErrorThatListsThem) {
  for (const std::string name : {"", "Full", "full ", "tied_dia"}) {
    const std::string message = test::message_of<invalid_argument>([&] { covariance_structure_from(name); });
    EXPECT_THAT(message, testing::HasSubstr("covariance = '" + name + "'"));
    for (const auto& entry : covariance_structures()) EXPECT_THAT(message, testing::HasSubstr(std::string(entry.name)));
  }
}

TEST(CovarianceStructure, SizesAreThoseOfTheShapes) {
  const std::size_t k = 5;
  const std::size_t d = 3;
  EXPECT_EQ(covariance_size(full, k, d), k * d * d);
  EXPECT_EQ(covariance_size(tied, k, d), d * d);
  EXPECT_EQ(covariance_size(diagonal, k, d), k * d);
  EXPECT_EQ(covariance_size(tied_diagonal, k, d), d);
  EXPECT_EQ(covariance_size(spherical, k, d), k);
  EXPECT_EQ(covariance_size(tied_spherical, k, d), 1U);
}

TEST(CovarianceStructure, TheTiedOnesAreThree) {
  for (const auto& [structure, name] : covariance_structures()) {
    EXPECT_EQ(is_tied(structure), name.starts_with("tied")) << name;
  }
}

}  // namespace
}  // namespace mogul
