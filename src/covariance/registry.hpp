// The covariance families by name: a line here and in registry.cpp for each, and a file of its own.
#pragma once

#include <span>
#include <string_view>

#include "covariance/family.hpp"

namespace mogul {

namespace families {
extern const CovarianceFamily eii, vii, eei, vei, evi, vvi, eee, vee, eve, vve, eev, vev, evv, vvv;
}

/// All of them, from the most constrained to the freest.
std::span<const CovarianceFamily* const> covariance_families();

/// @param name  a family's name ("VVV"), its plain word ("full"), "E" or "V" of models in one dimension, or "diag" or
///              "tied_diag", as scikit-learn calls two of them
/// @throws      invalid_argument for another name, listing all
const CovarianceFamily& covariance_family_from(std::string_view name);

}  // namespace mogul
