#include "names.hpp"

#include <fmt/format.h>
#include <nanobind/stl/vector.h>

#include <array>
#include <cmath>
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

std::optional<Prior> prior_from(const PriorLike& value) {
  if (value.is_none()) return std::nullopt;
  std::string text;
  if (nb::try_cast(value, text, false)) return mogul::prior_from(text);
  if (!nb::isinstance<nb::dict>(value)) {
    throw invalid_argument(fmt::format(
        "prior = {}; must be a dict such as {{'dof': 6}}, a text such as 'default', or None", nb::repr(value).c_str()));
  }
  Prior prior;
  for (const auto& [key, field] : nb::cast<nb::dict>(value)) {
    const std::string name = nb::str(key).c_str();
    if (name == "mean_shrinkage" || name == "dof") {
      double number = 0;
      if (!nb::try_cast(field, number)) {
        throw invalid_argument(fmt::format("prior: {} = {}; must be a number", name, nb::repr(field).c_str()));
      }
      (name == "dof" ? prior.dof : prior.mean_shrinkage) = number;
    } else if (name == "mean") {
      prior.mean = vector_from(nb::borrow<ArrayLike>(field), "prior: mean");
    } else if (name == "scale") {
      double number = 0;
      if (nb::try_cast(field, number)) {
        prior.scale = std::vector<double>{number};
      } else {
        const Matrix scale = matrix_from(nb::borrow<ArrayLike>(field), "prior: scale");
        prior.scale = scale.values();
      }
    } else {
      throw invalid_argument(
          fmt::format("prior: '{}'; must be some of 'mean_shrinkage', 'mean', 'dof' and 'scale'", name));
    }
  }
  return prior;
}

nb::object to_python(const std::optional<Prior>& prior) {
  if (!prior) return nb::none();
  nb::dict out;
  if (prior->mean_shrinkage) out["mean_shrinkage"] = *prior->mean_shrinkage;
  if (prior->mean) out["mean"] = nb::cast(*prior->mean);
  if (prior->dof) out["dof"] = *prior->dof;
  if (!prior->scale) return out;
  const std::size_t size = prior->scale->size();
  if (size == 1) {
    out["scale"] = prior->scale->front();
    return out;
  }
  const auto d = static_cast<std::ptrdiff_t>(std::lround(std::sqrt(static_cast<double>(size))));
  std::vector<std::vector<double>> rows;
  for (auto at = prior->scale->begin(); at != prior->scale->end(); at += d) rows.emplace_back(at, at + d);
  out["scale"] = nb::cast(rows);
  return out;
}

std::optional<double> number_from(const OptionalNumber& value, const char* name) {
  if (value.is_none()) return std::nullopt;
  double number = 0;
  if (nb::try_cast(value, number)) return number;
  throw invalid_argument(fmt::format("{} = {}; must be a number or None", name, nb::repr(value).c_str()));
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
