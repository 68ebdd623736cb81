#include "names.hpp"

#include <fmt/format.h>

#include <array>
#include <initializer_list>
#include <utility>

#include "mogul/error.hpp"

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

Moments moments_from(std::string_view name) {
  return named(name, "moments",
               {Moments::none, Moments::mean, Moments::spherical, Moments::diagonal, Moments::pooled, Moments::full});
}

InitMethod init_method_from(std::string_view name) {
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
