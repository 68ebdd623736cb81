#include "names.hpp"

#include <fmt/format.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <utility>

#include "arguments.hpp"
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

constexpr std::array<std::pair<std::string_view, bool Hold::*>, 3> kParameters{{
    {"weights", &Hold::weights},
    {"means", &Hold::means},
    {"covariances", &Hold::covariances},
}};

bool Hold::*parameter_from(const std::string& name) {
  for (const auto& [known, parameter] : kParameters) {
    if (name == known) return parameter;
  }
  throw invalid_argument(fmt::format("hold: '{}'; must be 'weights', 'means' or 'covariances'", name));
}

// What can be iterated over, as a list; nothing for another value.
std::optional<nb::list> listed(nb::handle value) {
  nb::object list = nb::steal(PySequence_List(value.ptr()));
  if (list.is_valid()) return nb::list(list);
  PyErr_Clear();
  return std::nullopt;
}

// A whole number that is no truth value, as a mask would hold.
std::optional<std::size_t> component_from(nb::handle value) {
  if (PyBool_Check(value.ptr()) || !PyIndex_Check(value.ptr())) return std::nullopt;
  const Py_ssize_t component = PyNumber_AsSsize_t(value.ptr(), nullptr);
  if (component >= 0) return static_cast<std::size_t>(component);
  PyErr_Clear();
  return std::nullopt;
}

std::vector<std::size_t> components_from(nb::handle value) {
  std::vector<std::size_t> components;
  const auto list = listed(value);
  for (const nb::handle item : list.value_or(nb::list())) {
    const auto component = component_from(item);
    if (component) components.push_back(*component);
  }
  if (list && components.size() == nb::len(*list)) return components;
  throw invalid_argument(
      fmt::format("hold: 'means': {}; must be True, or the components that keep their mean, whole "
                  "numbers from 0",
                  nb::repr(value).c_str()));
}

// True, False, or, for means, the components that keep theirs.
void hold_some(Hold& hold, const std::string& name, nb::handle which) {
  const auto parameter = parameter_from(name);
  bool all = false;
  if (nb::try_cast(which, all, false)) {
    hold.*parameter = all;
  } else if (name != "means") {
    throw invalid_argument(
        fmt::format("hold: '{}': {}; must be True, only means are held by component", name, nb::repr(which).c_str()));
  } else {
    hold.means_of = components_from(which);
  }
}

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
                TerminationReason::cancelled, TerminationReason::max_passes, TerminationReason::dropped});
}

InitMethod init_method_from(std::string_view name) {
  if (name == "k-means") return InitMethod::kmeans;
  if (name == "k-means++") return InitMethod::kmeans_plus_plus;
  return named(name, "init",
               {InitMethod::kmeans, InitMethod::kmeans_plus_plus, InitMethod::random_from_data, InitMethod::random,
                InitMethod::hierarchical});
}

MergeCost merge_cost_from(std::string_view name) {
  return named(name, "cost", {MergeCost::eii, MergeCost::vii, MergeCost::eee, MergeCost::vvv});
}

HierarchyTransform hierarchy_transform_from(std::string_view name) {
  return named(name, "transform", {HierarchyTransform::standardised, HierarchyTransform::svd});
}

Search search_from(std::string_view name) {
  return named(name, "search", {Search::none, Search::quick, Search::standard, Search::thorough});
}

AccelerationMethod acceleration_from(std::string_view name) {
  return named(name, "acceleration", {AccelerationMethod::none, AccelerationMethod::lbfgs});
}

DegeneratePolicy degenerate_policy_from(std::string_view name) {
  return named(name, "degenerate", {DegeneratePolicy::revive, DegeneratePolicy::error});
}

Criterion criterion_from(std::string_view word) {
  const auto words = criterion_words();
  const auto found = std::ranges::find(words, word);
  if (found != words.end()) return static_cast<Criterion>(found - words.begin());
  throw invalid_argument(fmt::format("criterion = '{}'; must be one of '{}'", word, fmt::join(words, "', '")));
}

CovarianceFamily family_from(nb::handle value, const char* name) {
  CovarianceFamily family = families::full;
  if (nb::try_cast(value, family, false)) return family;
  return covariance_family_from(text_from(value, name));
}

Hold hold_from(const HoldLike& value) {
  Hold hold;
  if (nb::isinstance<nb::dict>(value)) {
    for (const auto& [name, which] : nb::cast<nb::dict>(value)) hold_some(hold, nb::str(name).c_str(), which);
    return hold;
  }
  std::vector<std::string> names;
  const auto list = nb::isinstance<nb::str>(value) ? std::nullopt : listed(value);
  if (!list || !nb::try_cast(*list, names)) {
    throw invalid_argument(fmt::format("hold = {}; must be names, as ['weights'], or a dict, as {{'means': [0, 2]}}",
                                       nb::repr(value).c_str()));
  }
  for (const std::string& name : names) hold.*parameter_from(name) = true;
  return hold;
}

nb::object to_python(const Hold& hold) {
  nb::dict out;
  for (const auto& [name, parameter] : kParameters) {
    if (hold.*parameter) out[nb::str(name.data(), name.size())] = true;
  }
  if (!hold.means && !hold.means_of.empty()) out["means"] = nb::cast(hold.means_of);
  return out;
}

}  // namespace mogul::python
