// --covariance: the family of the covariances, by its name here or in other programs.
#include "flags/covariance_flag.hpp"

#include <fmt/format.h>

#include <vector>

namespace mogul::cli {

namespace {

std::vector<std::string> words() {
  std::vector<std::string> words;
  for (const CovarianceFamily* family : covariance_families()) words.emplace_back(family->word());
  return words;
}

// As scikit-learn, mclust and the literature call those that have a plain word.
Aliases aliases() {
  Aliases aliases{{"diag", "diagonal"},       {"tied_diag", "tied_diagonal"}, {"iso", "spherical"},
                  {"isotropic", "spherical"}, {"tied_iso", "tied_spherical"}, {"tied_isotropic", "tied_spherical"},
                  {"V", "spherical"},         {"E", "tied_spherical"}};
  for (const CovarianceFamily* family : covariance_families()) {
    if (!family->plain.empty()) aliases.emplace_back(family->name, family->plain);
  }
  return aliases;
}

// "full (VVV), ..., VEI, ...": the freest first, those with a plain word before the others.
std::string list() {
  std::string plain, rest;
  const auto families = covariance_families();
  for (auto at = families.rbegin(); at != families.rend(); ++at) {
    const CovarianceFamily& family = **at;
    if (family.plain.empty()) {
      rest += fmt::format(", {}", family.name);
    } else {
      plain += fmt::format("{}{} ({})", plain.empty() ? "" : ", ", family.plain, family.name);
    }
  }
  return plain + rest;
}

}  // namespace

const CovarianceFamily& family_of_word(const std::string& word) {
  return *covariance_families()[choose("--covariance", word, words(), aliases())];
}

void add_covariance_flag(FlagGroup& group, std::optional<CovarianceFamily>& family, const std::string& help) {
  const auto set = [&family](const std::string& word) { family = family_of_word(word); };
  group.add_text("--covariance", "FAMILY", set, fmt::format("{}: {}", help, list()));
}

}  // namespace mogul::cli
