// The families that have a plain word, for tests of what all six have in common.
#pragma once

#include <string_view>
#include <vector>

#include "mogul/covariance_family.hpp"

namespace mogul::test {

struct PlainFamily {
  CovarianceFamily family;
  std::string_view name;
};

inline std::vector<PlainFamily> plain_families() {
  return {{families::full, "full"},           {families::tied, "tied"},
          {families::diagonal, "diagonal"},   {families::tied_diagonal, "tied_diagonal"},
          {families::spherical, "spherical"}, {families::tied_spherical, "tied_spherical"}};
}

}  // namespace mogul::test
