// --covariance: the family of the covariances, by its name here or in other programs.
#include "flags/covariance_flag.hpp"

namespace mogul::cli {

namespace {

Choices<CovarianceFamily> covariance_choices() {
  Choices<CovarianceFamily> choices;
  for (const CovarianceFamily* family : covariance_families()) choices.emplace_back(family->word(), *family);
  return choices;
}

// As scikit-learn, mclust (of whose models mogul has these six) and the literature call them.
const Aliases& covariance_aliases() {
  static const Aliases aliases{{"diag", "diagonal"},
                               {"tied_diag", "tied_diagonal"},
                               {"iso", "spherical"},
                               {"isotropic", "spherical"},
                               {"tied_iso", "tied_spherical"},
                               {"tied_isotropic", "tied_spherical"},
                               {"VVV", "full"},
                               {"EEE", "tied"},
                               {"VVI", "diagonal"},
                               {"EEI", "tied_diagonal"},
                               {"VII", "spherical"},
                               {"EII", "tied_spherical"},
                               {"V", "full"},
                               {"E", "tied"}};
  return aliases;
}

}  // namespace

void add_covariance_flag(FlagGroup& group, std::optional<CovarianceFamily>& family, const std::string& help) {
  group.add_choice("--covariance", covariance_choices(), family, help, covariance_aliases());
}

}  // namespace mogul::cli
