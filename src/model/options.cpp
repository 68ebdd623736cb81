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

constexpr std::array<InitMethodName, 5> kInitMethods{{{InitMethod::kmeans, "kmeans"},
                                                      {InitMethod::kmeans_plus_plus, "kmeans++"},
                                                      {InitMethod::random_from_data, "random_from_data"},
                                                      {InitMethod::random, "random"},
                                                      {InitMethod::hierarchical, "hierarchical"}}};

constexpr std::string_view kRelative = "relative:";

}  // namespace

std::span<const InitMethodName> init_methods() { return kInitMethods; }

std::string_view to_string(InitMethod method) { return kInitMethods[static_cast<std::size_t>(method)].name; }

std::string_view to_string(Search search) {
  constexpr std::array<std::string_view, 4> kNames{"none", "quick", "default", "thorough"};
  return kNames[static_cast<std::size_t>(search)];
}

Init start_of(const FitOptions& options) {
  const auto* search = std::get_if<Search>(&options.init);
  if (search == nullptr) return options.init;
  const bool rules_it_out = options.n_init > 1 || options.hold.needs_a_start();
  return *search == Search::none || options.max_iter == 0 || (*search == Search::standard && rules_it_out)
             ? Init(InitMethod::kmeans)
             : options.init;
}

std::string_view to_string(const Init& init) {
  if (std::holds_alternative<Search>(init)) return "search";
  if (const auto* method = std::get_if<InitMethod>(&init)) return to_string(*method);
  if (std::holds_alternative<Labels>(init)) return "labels";
  return std::holds_alternative<Responsibilities>(init) ? "responsibilities" : "model";
}

std::string_view to_string(DegeneratePolicy policy) { return policy == DegeneratePolicy::revive ? "revive" : "error"; }

std::string_view to_string(AccelerationMethod method) { return method == AccelerationMethod::none ? "none" : "lbfgs"; }

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
