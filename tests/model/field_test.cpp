// The tables of the fields of options and reports.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "mogul/options.hpp"
#include "mogul/report.hpp"

namespace mogul {
namespace {

template <class Struct>
class Fields : public testing::Test {};
using Structs =
    testing::Types<FitOptions, EmOptions, FitSettings, Hold, Prior, Termination, Restart, PhaseSeconds, FitReport>;
TYPED_TEST_SUITE(Fields, Structs);

TYPED_TEST(Fields, HaveDifferentNamesAndPhrasesThatSayWhatTheyAre) {
  std::set<std::string_view> names;
  TypeParam value;
  visit_fields(value, [&](const auto& field, const auto& /*value*/) {
    EXPECT_TRUE(names.insert(field.name).second) << field.name;
    EXPECT_GE(field.meaning.size(), 1U) << field.name;
    EXPECT_FALSE(field.meaning.ends_with('.')) << field.meaning;
    EXPECT_EQ(description(field).find("  "), std::string::npos);
  });
  EXPECT_EQ(names.size(), std::tuple_size_v<decltype(kFields<TypeParam>)>);
}

TEST(Description, HasTheUnit) {
  EXPECT_EQ(description(&FitOptions::tol),
            "in place of gain, change of the mean objective below which EM stops, 0: never; in nats");
  EXPECT_EQ(description(&FitOptions::n_init), "restarts, of which the best is kept");
}

TEST(CommonFields, AreCopiedByNameAndTheRestHasItsDefaults) {
  FitOptions options;
  options.n_components = 7;
  options.tol = 0.25;
  options.hold.means_of = {3};
  options.prior = Prior{.dof = 5.0};
  const auto em = common_fields<EmOptions>(options);
  EXPECT_EQ(em.tol, 0.25);
  EXPECT_EQ(em.hold, options.hold);
  EXPECT_EQ(em.prior, options.prior);
  const auto back = common_fields<FitOptions>(em);
  EXPECT_EQ(back.tol, 0.25);
  EXPECT_EQ(back.n_components, 1U);
}

}  // namespace
}  // namespace mogul
