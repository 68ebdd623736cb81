// Names of the options' values, and the rules that options keep without knowing the data.

#include "mogul/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "mogul/error.hpp"

namespace mogul {
namespace {

constexpr std::array<InitMethodName, 4> kInitMethods{{{InitMethod::kmeans, "kmeans"},
                                                      {InitMethod::kmeans_plus_plus, "kmeans++"},
                                                      {InitMethod::random_from_data, "random_from_data"},
                                                      {InitMethod::random, "random"}}};

constexpr std::string_view kRelative = "relative:";

}  // namespace

std::span<const InitMethodName> init_methods() { return kInitMethods; }

std::string_view to_string(InitMethod method) { return kInitMethods[static_cast<std::size_t>(method)].name; }

std::string_view to_string(const Init& init) {
  if (const auto* method = std::get_if<InitMethod>(&init)) return to_string(*method);
  if (std::holds_alternative<Labels>(init)) return "labels";
  return std::holds_alternative<Responsibilities>(init) ? "responsibilities" : "model";
}

std::string_view to_string(DegeneratePolicy policy) { return policy == DegeneratePolicy::revive ? "revive" : "error"; }

FitSettings settings_of(const FitOptions& o) {
  return {o.n_components,
          o.covariance,
          std::string(to_string(o.init)),
          o.n_init,
          o.max_iter,
          o.tol,
          o.reg_covar,
          o.seed,
          o.update,
          o.degenerate,
          o.prior,
          o.weight_concentration,
          o.max_eigenvalue_ratio};
}

EmOptions em_options(const FitOptions& o) {
  return {
      o.covariance,          o.max_iter, o.tol, o.reg_covar, o.update, o.degenerate, o.prior, o.weight_concentration,
      o.max_eigenvalue_ratio};
}

std::size_t n_estimated_parameters(const Mixture& mixture, const Update& update) {
  const std::size_t n_weights = mixture.n_components() - 1;
  const std::size_t n_means = mixture.n_components() * mixture.n_features();
  const std::size_t n_updated_means = n_means - update.held_means.size() * mixture.n_features();
  const std::size_t n_covariances = mixture.n_parameters() - n_weights - n_means;
  return (update.estimates_weights() ? n_weights : 0) + (update.means ? n_updated_means : 0) +
         (update.covariances ? n_covariances : 0);
}

bool Update::updates_mean(std::size_t component) const {
  return means && std::ranges::find(held_means, component) == held_means.end();
}

void check_update(const Update& update, std::size_t n_components) {
  if (update.equal_weights && !update.weights) {
    throw invalid_argument("mixing weights cannot be both equal and held; leave one of the two out");
  }
  std::vector<bool> seen(n_components, false);
  for (const std::size_t k : update.held_means) {
    if (k >= n_components) {
      throw invalid_argument(fmt::format("means to hold: component {}; must be < n_components = {}", k, n_components));
    }
    if (seen[k]) throw invalid_argument(fmt::format("means to hold: component {} is given twice", k));
    seen[k] = true;
  }
}

void check_reg_covar(const RegCovar& reg_covar) {
  if (reg_covar.value >= 0 && reg_covar.value <= (reg_covar.relative ? 1 : 1e300)) return;
  throw invalid_argument(fmt::format("reg_covar = {}; must lie in {}", to_string(reg_covar),
                                     reg_covar.relative ? "[relative:0, relative:1]" : "[0, 1e300]"));
}

std::string to_string(const RegCovar& reg_covar) {
  return fmt::format("{}{}", reg_covar.relative ? kRelative : "", reg_covar.value);
}

RegCovar reg_covar_from(std::string_view text) {
  const bool relative = text.starts_with(kRelative);
  const std::string_view number = relative ? text.substr(kRelative.size()) : text;
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (number.empty() || error != std::errc() || end != number.data() + number.size()) {
    throw invalid_argument(fmt::format(
        "reg_covar = {}; must be a number in the data's unit squared, or a share of the variance such as relative:1e-6",
        text));
  }
  const RegCovar reg_covar = relative ? RegCovar::relative_to_variance(value) : RegCovar(value);
  check_reg_covar(reg_covar);
  return reg_covar;
}

}  // namespace mogul
