#include "names.hpp"

#include <fmt/format.h>

#include <array>
#include <initializer_list>
#include <utility>

#include "mogul/error.hpp"
#include "text.hpp"

namespace mogul::python {
namespace {

template <class E>
E named(std::string_view name, const char* field, std::initializer_list<E> all) {
  std::string names;
  for (const E value : all) {
    if (to_string(value) == name) return value;
    names += fmt::format("{}'{}'", names.empty() ? "" : ", ", to_string(value));
  }
  throw invalid_argument(fmt::format("{} = '{}'; must be one of {}", field, name, names));
}

constexpr std::array<std::pair<std::string_view, bool Update::*>, 3> kParameters{{
    {"weights", &Update::weights},
    {"means", &Update::means},
    {"covariances", &Update::covariances},
}};

}  // namespace

RegCovar reg_covar_from(const RegCovarLike& value) {
  std::string text;
  if (nb::try_cast(value, text, false)) return mogul::reg_covar_from(text);
  double number = 0;
  if (nb::try_cast(value, number)) return number;
  throw invalid_argument(
      fmt::format("reg_covar = {}; must be a number, or a share of the variance such as "
                  "'relative:1e-6'",
                  nb::repr(value).c_str()));
}

nb::object to_python(const RegCovar& reg_covar) {
  if (reg_covar.relative) return nb::str(to_string(reg_covar).c_str());
  return nb::float_(reg_covar.value);
}

Moments moments_from(std::string_view name) {
  return named(name, "moments",
               {Moments::none, Moments::mean, Moments::spherical, Moments::diagonal, Moments::pooled, Moments::full});
}

TerminationReason termination_reason_from(std::string_view name) {
  return named(name, "reason",
               {TerminationReason::converged, TerminationReason::coincident, TerminationReason::max_iter,
                TerminationReason::cancelled});
}

InitMethod init_method_from(std::string_view name) {
  if (name == "k-means") return InitMethod::kmeans;
  if (name == "k-means++") return InitMethod::kmeans_plus_plus;
  return named(name, "init",
               {InitMethod::kmeans, InitMethod::kmeans_plus_plus, InitMethod::random_from_data, InitMethod::random});
}

DegeneratePolicy degenerate_policy_from(std::string_view name) {
  return named(name, "degenerate", {DegeneratePolicy::revive, DegeneratePolicy::error});
}

Update update_from(const std::vector<std::string>& words) {
  Update update{false, false, false};
  for (const std::string& word : words) {
    bool known = false;
    for (const auto& [name, flag] : kParameters) {
      if (word != name) continue;
      update.*flag = true;
      known = true;
    }
    if (!known) throw invalid_argument(fmt::format("update: '{}'; must be 'weights', 'means' or 'covariances'", word));
  }
  return update;
}

std::vector<std::string> words_of(const Update& update) {
  std::vector<std::string> words;
  for (const auto& [name, flag] : kParameters) {
    if (update.*flag) words.emplace_back(name);
  }
  return words;
}

}  // namespace mogul::python
