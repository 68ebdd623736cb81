#include "covariance/registry.hpp"

#include <fmt/format.h>

#include <array>
#include <string>

namespace mogul {
namespace {

using namespace families;

constexpr std::array<const CovarianceFamily*, 14> kFamilies{&eii, &vii, &eei, &vei, &evi, &vvi, &eee,
                                                            &vee, &eve, &vve, &eev, &vev, &evv, &vvv};

struct OtherName {
  std::string_view name;
  const CovarianceFamily* family;
};
// mclust's names for models of one feature, and scikit-learn's.
constexpr std::array<OtherName, 4> kOtherNames{{{"E", &eii}, {"V", &vii}, {"diag", &vvi}, {"tied_diag", &eei}}};

std::string list() {
  std::string text;
  for (const CovarianceFamily* family : kFamilies) {
    if (!text.empty()) text += family == kFamilies.back() ? " or " : ", ";
    text += family->name;
    if (!family->plain.empty()) text += fmt::format(" ({})", family->plain);
  }
  return text;
}

}  // namespace

std::span<const CovarianceFamily* const> covariance_families() { return kFamilies; }

const CovarianceFamily& covariance_family_from(std::string_view name) {
  for (const CovarianceFamily* family : kFamilies) {
    if (name == family->name || (!name.empty() && name == family->plain)) return *family;
  }
  for (const OtherName& other : kOtherNames) {
    if (name == other.name) return *other.family;
  }
  throw invalid_argument(fmt::format("covariance = '{}'; must be one of {}", name, list()));
}

}  // namespace mogul
