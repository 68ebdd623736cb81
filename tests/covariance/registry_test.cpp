// The families by name.
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "message_of.hpp"
#include "mogul/covariance_family.hpp"
#include "mogul/mixture.hpp"
#include "plain_families.hpp"

namespace {

using mogul::covariance_families;
using mogul::covariance_family_from;
using mogul::CovarianceFamily;
using testing::HasSubstr;

TEST(Registry, HasFourteenFamiliesWithDifferentNames) {
  std::set<std::string_view> names;
  for (const CovarianceFamily* family : covariance_families()) {
    names.insert(family->name);
    EXPECT_EQ(&covariance_family_from(family->name), family);
  }
  EXPECT_EQ(names.size(), 14U);
}

TEST(Registry, ThePlainWordsSayHowCovariancesAreStored) {
  for (const auto& entry : mogul::test::plain_families()) {
    const CovarianceFamily& family = covariance_family_from(entry.name);
    EXPECT_EQ(family, entry.family);
    EXPECT_EQ(to_string(family), entry.name);
    EXPECT_EQ(to_string(family.layout, family.shared), entry.name);
  }
}

TEST(Registry, NamesOfOtherProgramsAreUnderstood) {
  EXPECT_EQ(covariance_family_from("E").name, "EII");
  EXPECT_EQ(covariance_family_from("V").name, "VII");
  EXPECT_EQ(covariance_family_from("diag").name, "VVI");
  EXPECT_EQ(covariance_family_from("tied_diag").name, "EEI");
}

TEST(Registry, AnUnknownNameIsToldWithAllThatThereAre) {
  for (const char* name : {"", "vvv", "VVX"}) {
    const std::string message = mogul::test::message_of<mogul::invalid_argument>([&] { covariance_family_from(name); });
    EXPECT_THAT(message, HasSubstr(std::string("covariance = '") + name + "'"));
    EXPECT_THAT(message, HasSubstr("EII (tied_spherical)"));
    EXPECT_THAT(message, HasSubstr(" or VVV (full)"));
  }
}

}  // namespace
