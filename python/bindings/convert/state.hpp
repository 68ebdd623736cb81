// What classes of plain fields have in Python: equality, no hash as they are compared by value, and pickling.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/operators.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <new>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "mogul/error.hpp"
#include "names.hpp"
#include "text.hpp"

namespace mogul::python {

namespace nb = nanobind;

/// What a pickle holds of a field: words for enumerations, whose numbers may change.
template <class Field>
auto stored(const Field& field) {
  if constexpr (std::is_same_v<Field, Hold>) {
    return std::tuple(field.weights, field.means, field.covariances, field.means_of, field.equal_weights);
  } else if constexpr (std::is_same_v<Field, std::optional<Prior>>) {
    return field ? std::optional<std::string>(to_string(*field)) : std::nullopt;
  } else if constexpr (std::is_enum_v<Field> || std::is_same_v<Field, CovarianceFamily>) {
    return std::string(to_string(field));
  } else if constexpr (std::is_same_v<Field, RegCovar>) {
    return to_string(field);
  } else {
    return field;
  }
}
template <class Field>
using Stored = decltype(stored(std::declval<const Field&>()));

/// The field of what a pickle holds, which anybody may have written.
/// @throws  invalid_argument for a value of another type, or a word that is not known
template <class Field>
Field restored(nb::handle value, const std::string& where) {
  const bool missing = value.is_none() && !std::is_constructible_v<Field, std::nullopt_t>;
  try {
    if (missing) throw nb::cast_error();
    auto kept = nb::cast<Stored<Field>>(value);
    if constexpr (std::is_same_v<Field, TerminationReason>) {
      return termination_reason_from(kept);
    } else if constexpr (std::is_same_v<Field, CovarianceFamily>) {
      return covariance_family_from(kept);
    } else if constexpr (std::is_same_v<Field, DegeneratePolicy>) {
      return degenerate_policy_from(kept);
    } else if constexpr (std::is_same_v<Field, Search>) {
      return search_from(kept);
    } else if constexpr (std::is_same_v<Field, AccelerationMethod>) {
      return acceleration_from(kept);
    } else if constexpr (std::is_same_v<Field, Hold>) {
      return std::apply([](auto... parts) { return Hold{std::move(parts)...}; }, std::move(kept));
    } else if constexpr (std::is_same_v<Field, std::optional<Prior>>) {
      return kept ? std::optional<Prior>(mogul::prior_from(*kept)) : std::nullopt;
    } else if constexpr (std::is_same_v<Field, RegCovar>) {
      return mogul::reg_covar_from(kept);
    } else {
      return kept;
    }
  } catch (const nb::cast_error&) {
    throw invalid_argument(where + " = " + shown(value) + "; no such value was pickled");
  }
}

/// As Python has it, a class with equality has no hash unless it defines one afterwards.
template <class T>
void def_equality(nb::class_<T>& type) {
  // NOLINTNEXTLINE(misc-redundant-expression): it is how nanobind writes an operator.
  type.def(nb::self == nb::self, nb::sig("def __eq__(self, other: object, /) -> bool"));
  type.attr("__hash__") = nb::none();
}

/// Pickling of all fields, given in their order.
/// @throws  invalid_argument, on reading, for another number of fields or values that none of them can have
template <class T, class... Fields>
void def_pickle(nb::class_<T>& type, Fields T::*... fields) {
  type.def("__getstate__", [=](const T& self) { return std::tuple<Stored<Fields>...>(stored(self.*fields)...); });
  type.def(
      "__setstate__",
      [](T& self, const nb::object& state) {
        const auto where = "pickled " + nb::cast<std::string>(nb::type<T>().attr("__name__")) + ": ";
        if (!nb::isinstance<nb::tuple>(state) || nb::len(state) != sizeof...(Fields)) {
          throw invalid_argument(where + "must be a tuple of " + std::to_string(sizeof...(Fields)) + " values");
        }
        [&]<std::size_t... kAt>(std::index_sequence<kAt...>) {
          new (&self) T{restored<Fields>(nb::object(state[kAt]), where + "value " + std::to_string(kAt))...};
        }
        (std::index_sequence_for<Fields...>());
      },
      nb::arg("state").none());
}

/// Equality, and pickling of all fields, given in their order.
template <class T, class... Fields>
void def_value(nb::class_<T>& type, Fields T::*... fields) {
  def_equality(type);
  def_pickle(type, fields...);
}

}  // namespace mogul::python
