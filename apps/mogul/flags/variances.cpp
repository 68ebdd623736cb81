// Variances typed behind a flag, and the family that they are the covariances of.
#include "flags/variances.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "print/counted.hpp"
#include "verbs/verbs.hpp"

namespace mogul::cli {

namespace {

using namespace families;

std::vector<double> joined(const NumberLists& lists) {
  std::vector<double> all;
  for (const std::vector<double>& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

bool are_lists_of(const NumberLists& lists, std::size_t n_lists, std::size_t n_numbers) {
  return lists.size() == n_lists &&
         std::ranges::all_of(lists, [&](const std::vector<double>& list) { return list.size() == n_numbers; });
}

bool has_shape_of(const CovarianceFamily& family, const NumberLists& lists, const MixtureSize& size) {
  const auto [n_components, n_features] = size;
  const bool one_each = are_lists_of(lists, 1, n_components) || are_lists_of(lists, n_components, 1);
  const bool by_feature = family.layout == Layout::diagonal && n_features > 1;
  if (family.layout == Layout::matrix && n_features > 1) return false;
  if (family.shared) return are_lists_of(lists, 1, by_feature ? n_features : 1);
  return by_feature ? are_lists_of(lists, n_components, n_features) : one_each;
}

// Families that differ for this size. With one feature, or one component, several are the same.
std::vector<CovarianceFamily> different_families(const MixtureSize& size) {
  if (size.n_features == 1 && size.n_components == 1) return {full};
  if (size.n_features == 1) return {full, tied};
  if (size.n_components == 1) return {diagonal, spherical};
  return {diagonal, spherical, tied_diagonal, tied_spherical};
}

std::string shape_of(const CovarianceFamily& family, const MixtureSize& size) {
  const bool by_feature = family.layout == Layout::diagonal && size.n_features > 1;
  if (!by_feature) {
    return family.shared ? "1 number for all components"
                         : fmt::format("{}, one per component", counted(size.n_components, "number"));
  }
  const std::string numbers = counted(size.n_features, "number");
  if (family.shared || size.n_components == 1) return fmt::format("{}, one per feature", numbers);
  return fmt::format("{} lists of {}, with ';' between the lists", size.n_components, numbers);
}

std::string shape_of(const NumberLists& lists) {
  const std::string numbers = counted(joined(lists).size(), "number");
  return lists.size() == 1 ? numbers : fmt::format("{} in {} lists", numbers, lists.size());
}

std::string words_of(const MixtureSize& size) {
  return fmt::format("{} of {}", counted(size.n_components, "component"), counted(size.n_features, "feature"));
}

UsageError wrong_shape(const std::string& flag, const NumberLists& lists, const MixtureSize& size) {
  std::vector<std::string> shapes;
  for (const CovarianceFamily family : different_families(size)) {
    const std::string name = size.n_features == 1 ? "" : fmt::format(" ({})", to_string(family));
    shapes.push_back(shape_of(family, size) + name);
  }
  return UsageError(fmt::format("{} has {}; for {} it must have {}", flag, shape_of(lists), words_of(size),
                                fmt::join(shapes, ", or ")));
}

CovarianceFamily family_by_shape(const std::string& flag, const NumberLists& lists, const MixtureSize& size) {
  std::vector<CovarianceFamily> possible = different_families(size);
  std::erase_if(possible, [&](CovarianceFamily family) { return !has_shape_of(family, lists, size); });
  if (possible.empty()) throw wrong_shape(flag, lists, size);
  if (possible.size() == 1) return possible.front();
  throw UsageError(
      fmt::format("{} has {}, for {}; one per component (--covariance {}), or one per feature "
                  "(--covariance {})? Say which",
                  flag, shape_of(lists), words_of(size), to_string(possible[0]), to_string(possible[1])));
}

}  // namespace

KnownCovariances covariances_from_variances(const std::string& flag, const NumberLists& variances,
                                            std::optional<CovarianceFamily> asked, const MixtureSize& size) {
  if (!asked) return {family_by_shape(flag, variances, size), joined(variances)};
  if (asked->layout == Layout::matrix && size.n_features > 1) {
    throw UsageError(fmt::format("{} does not go with --covariance {}, whose matrices come from --covariances FILE",
                                 flag, to_string(*asked)));
  }
  if (has_shape_of(*asked, variances, size)) return {*asked, joined(variances)};
  throw UsageError(fmt::format("{} has {}; --covariance {} of {} needs {}", flag, shape_of(variances),
                               to_string(*asked), words_of(size), shape_of(*asked, size)));
}

}  // namespace mogul::cli
