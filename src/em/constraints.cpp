#include "em/constraints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "covariance/eigenvalue_bound.hpp"
#include "em/objective.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

constexpr double kLargestConstraint = 1e100;
constexpr double kRounding = 1e-9;  // what an eigenvalue may miss the bound by

void check_bound(double ratio, const CovarianceFamily& family, const Hold& hold) {
  if (!(ratio >= 1 && ratio <= kLargestConstraint)) {
    throw invalid_argument(fmt::format("max_eigenvalue_ratio = {}; must lie in [1, 1e100]", ratio));
  }
  if (!has_eigenvalue_bound(family)) {
    throw invalid_argument(fmt::format("max_eigenvalue_ratio with covariance = {}; the families that have it are {}",
                                       to_string(family), families_with_eigenvalue_bound()));
  }
  if (hold.covariances) {
    throw invalid_argument("max_eigenvalue_ratio while covariances are held; leave one of the two out");
  }
}

void check_concentration(double alpha, const Hold& hold) {
  if (!(alpha >= 1 && alpha <= kLargestConstraint)) {
    throw invalid_argument(fmt::format("weight_concentration = {}; must lie in [1, 1e100]", alpha));
  }
  if (!hold.estimates_weights()) {
    throw invalid_argument(
        fmt::format("weight_concentration = {} while mixing weights are {}; leave one of the two out", alpha,
                    hold.weights ? "held" : "equal"));
  }
}

void check_count(std::size_t given, std::size_t n_components, const char* what) {
  if (given != n_components) {
    throw invalid_argument(fmt::format("n_components = {}; must be {}, as in {}", n_components, given, what));
  }
}

void check_start(const FitOptions& options) {
  const Init start = start_of(options);
  if (const auto* search = std::get_if<Search>(&start); search != nullptr && options.hold.needs_a_start()) {
    throw invalid_argument(fmt::format("hold = {} with the search {}; parameters are held as they start: set init",
                                       to_string(options.hold), to_string(*search)));
  }
  const auto* method = std::get_if<InitMethod>(&start);
  const bool draws = method != nullptr && *method != InitMethod::hierarchical;
  if (!draws && options.n_init != 1) {
    throw invalid_argument(fmt::format("n_init = {} with init = {}; must be 1, every restart would be the same",
                                       options.n_init, to_string(options.init)));
  }
  if (const auto* given = std::get_if<Responsibilities>(&options.init)) {
    check_count(given->values.cols(), options.n_components, "the responsibilities of init");
  }
  const auto* mixture = std::get_if<Mixture>(&options.init);
  if (mixture == nullptr) return;
  check_count(mixture->n_components(), options.n_components, "the mixture of init");
  check_family_of_start(*mixture, em_options(options));
  if (options.max_iter > 0) return;
  if (mixture->family() != options.covariance) {
    throw invalid_argument(fmt::format("covariance = {}; must be {}, as in the mixture of init, with max_iter = 0",
                                       to_string(options.covariance), to_string(mixture->family())));
  }
  if (!keeps_bounds(*mixture, em_options(options))) {
    throw invalid_argument(
        "max_iter = 0 only evaluates the mixture of init, which does not keep to equal_weights or "
        "max_eigenvalue_ratio; leave these out, or take a step");
  }
}

}  // namespace

void check_constraints(const CovarianceFamily& family, const MStepOptions& options, std::size_t n_components) {
  check_hold(options.hold, n_components);
  if (options.max_eigenvalue_ratio) check_bound(*options.max_eigenvalue_ratio, family, options.hold);
  if (options.weight_concentration) check_concentration(*options.weight_concentration, options.hold);
  const bool estimates_means = !options.hold.means && options.hold.means_of.size() < n_components;
  if (options.prior && options.hold.covariances && !estimates_means) {
    throw invalid_argument("prior while means and covariances are held; what is held has no prior");
  }
}

void check_rows(const RowFacts& rows, std::size_t n_features) {
  if (!rows.feature_names.empty() && rows.feature_names.size() != n_features) {
    throw invalid_argument(
        fmt::format("rows.feature_names has {} names; must have {}", rows.feature_names.size(), n_features));
  }
  if (rows.n_distinct == 0) throw invalid_argument("rows.n_distinct = 0; must be >= 1");
}

void check_weights_of_start(const Mixture& start, const EmOptions& options) {
  if (!(options.weight_concentration > 1.0) || !options.hold.estimates_weights()) return;
  const auto zero = std::ranges::find(start.weights(), 0.0);
  if (zero == start.weights().end()) return;
  throw invalid_argument(
      fmt::format("weight_concentration = {} with a start whose component {} has the mixing weight "
                  "0, which has the prior density 0; give it a positive weight",
                  *options.weight_concentration, zero - start.weights().begin()));
}

void check_family_of_start(const Mixture& start, const EmOptions& options) {
  if (start.family() == options.covariance || !options.hold.covariances) return;
  throw invalid_argument(
      fmt::format("covariance = {}; must be {}, as in the mixture of init, while covariances are held",
                  to_string(options.covariance), to_string(start.family())));
}

bool keeps_bounds(const Mixture& start, const EmOptions& options) {
  const double equal = 1 / static_cast<double>(start.n_components());
  if (options.hold.equal_weights &&
      std::ranges::any_of(start.weights(), [&](double w) { return std::abs(w - equal) > kRounding * equal; })) {
    return false;
  }
  return !options.max_eigenvalue_ratio ||
         eigenvalue_ratio(start.covariances()) <= *options.max_eigenvalue_ratio * (1 + kRounding);
}

bool keeps_constraints(const Mixture& start, const EmOptions& options) {
  const bool is_member = start.family() == options.covariance && belongs_to(start.covariances(), options.covariance);
  return (is_member || options.hold.covariances) && keeps_bounds(start, options);
}

void check_step_rules(const EmOptions& options) {
  if (options.tol && !(*options.tol >= 0 && std::isfinite(*options.tol))) {
    throw invalid_argument(fmt::format("tol = {}; must be finite and >= 0", *options.tol));
  }
  if (!(options.gain >= 0 && std::isfinite(options.gain))) {
    throw invalid_argument(fmt::format("gain = {}; must be finite and >= 0", options.gain));
  }
  if (options.tol && options.gain != kDefaultGain) {
    throw invalid_argument(fmt::format("tol = {} and gain = {} are two rules for when to stop; leave one of them out",
                                       *options.tol, options.gain));
  }
  check_reg_covar(options.reg_covar);
}

void check(const FitOptions& options) {
  if (options.n_components < 1) throw invalid_argument("n_components = 0; must be >= 1");
  if (options.n_init < 1) throw invalid_argument("n_init = 0; must be >= 1");
  if (options.max_passes == std::size_t{0}) throw invalid_argument("max_passes = 0; must be >= 1");
  check_step_rules(em_options(options));
  check_constraints(options.covariance, m_step_options(em_options(options)), options.n_components);
  check_start(options);
}

}  // namespace mogul
