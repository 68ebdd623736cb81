// Names, sizes and shapes of the six covariance structures.

#include <fmt/format.h>

#include <array>

#include "mogul/mixture.hpp"

namespace mogul {
namespace {

using enum CovarianceStructure;

constexpr std::array<CovarianceStructureName, 6> kStructures{{{full, "full"},
                                                              {tied, "tied"},
                                                              {diagonal, "diagonal"},
                                                              {tied_diagonal, "tied_diagonal"},
                                                              {spherical, "spherical"},
                                                              {tied_spherical, "tied_spherical"}}};

// As scikit-learn calls them.
constexpr std::array<CovarianceStructureName, 2> kOtherNames{{{diagonal, "diag"}, {tied_diagonal, "tied_diag"}}};

}  // namespace

std::span<const CovarianceStructureName> covariance_structures() { return kStructures; }

std::string_view to_string(CovarianceStructure structure) {
  return kStructures[static_cast<std::size_t>(structure)].name;
}

CovarianceStructure covariance_structure_from(std::string_view name) {
  for (const auto& entry : kStructures) {
    if (entry.name == name) return entry.structure;
  }
  for (const auto& entry : kOtherNames) {
    if (entry.name == name) return entry.structure;
  }
  throw invalid_argument(
      fmt::format("covariance = '{}'; must be full, tied, diagonal, tied_diagonal, spherical or tied_spherical", name));
}

bool is_tied(CovarianceStructure structure) {
  return structure == tied || structure == tied_diagonal || structure == tied_spherical;
}

Layout layout_of(CovarianceStructure structure) {
  switch (structure) {
    case full:
    case tied: return Layout::matrix;
    case diagonal:
    case tied_diagonal: return Layout::diagonal;
    case spherical:
    case tied_spherical: return Layout::spherical;
  }
  return Layout::matrix;
}

std::size_t covariance_size(CovarianceStructure structure, std::size_t n_components, std::size_t n_features) {
  return covariance_size(layout_of(structure), is_tied(structure), n_components, n_features);
}

}  // namespace mogul
