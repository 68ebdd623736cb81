#include "em/constraints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "covariance/eigenvalue_bound.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

constexpr double kLargestConstraint = 1e100;
constexpr double kRounding = 1e-9;  // what an eigenvalue may miss the bound by

void check_bound(double ratio, const CovarianceFamily& family, const Update& update) {
  if (!(ratio >= 1 && ratio <= kLargestConstraint)) {
    throw invalid_argument(fmt::format("max_eigenvalue_ratio = {}; must lie in [1, 1e100]", ratio));
  }
  if (!has_eigenvalue_bound(family)) {
    throw invalid_argument(fmt::format("max_eigenvalue_ratio with covariance = {}; the families that have it are {}",
                                       to_string(family), families_with_eigenvalue_bound()));
  }
  if (!update.covariances) {
    throw invalid_argument("max_eigenvalue_ratio while covariances are held; leave one of the two out");
  }
}

void check_concentration(double alpha, const Update& update) {
  if (!(alpha >= 1 && alpha <= kLargestConstraint)) {
    throw invalid_argument(fmt::format("weight_concentration = {}; must lie in [1, 1e100]", alpha));
  }
  if (!update.estimates_weights()) {
    throw invalid_argument(
        fmt::format("weight_concentration = {} while mixing weights are {}; leave one of the two out", alpha,
                    update.weights ? "equal" : "held"));
  }
}

}  // namespace

void check_constraints(const CovarianceFamily& family, const MStepOptions& options, std::size_t n_components) {
  check_update(options.update, n_components);
  if (options.max_eigenvalue_ratio) check_bound(*options.max_eigenvalue_ratio, family, options.update);
  if (options.weight_concentration) check_concentration(*options.weight_concentration, options.update);
  const bool estimates_means = options.update.means && options.update.held_means.size() < n_components;
  if (options.prior && !options.update.covariances && !estimates_means) {
    throw invalid_argument("prior while means and covariances are held; what is held has no prior");
  }
}

bool keeps_constraints(const Mixture& start, const EmOptions& options) {
  const double equal = 1 / static_cast<double>(start.n_components());
  if (options.update.equal_weights &&
      std::ranges::any_of(start.weights(), [&](double w) { return std::abs(w - equal) > kRounding * equal; })) {
    return false;
  }
  if (options.prior && options.update.covariances && start.family() != options.covariance) return false;
  return !options.max_eigenvalue_ratio ||
         eigenvalue_ratio(start.covariances()) <= *options.max_eigenvalue_ratio * (1 + kRounding);
}

}  // namespace mogul
