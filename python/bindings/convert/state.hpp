// What classes of plain fields have in Python: equality, no hash as they are compared by value, and pickling.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/operators.h>
#include <nanobind/stl/tuple.h>

#include <new>
#include <tuple>
#include <type_traits>

namespace mogul::python {

namespace nb = nanobind;

/// Enumerations are kept as numbers.
template <class Field>
using Stored = std::conditional_t<std::is_enum_v<Field>, int, Field>;

/// As Python has it, a class with equality has no hash unless it defines one afterwards.
template <class T>
void def_equality(nb::class_<T>& type) {
  // NOLINTNEXTLINE(misc-redundant-expression): it is how nanobind writes an operator.
  type.def(nb::self == nb::self, nb::sig("def __eq__(self, other: object, /) -> bool"));
  type.attr("__hash__") = nb::none();
}

/// Equality, and pickling of all fields, given in their order.
template <class T, class... Fields>
void def_value(nb::class_<T>& type, Fields T::*... fields) {
  def_equality(type);
  type.def("__getstate__",
           [=](const T& self) { return std::tuple<Stored<Fields>...>(static_cast<Stored<Fields>>(self.*fields)...); });
  type.def("__setstate__", [=](T& self, const std::tuple<Stored<Fields>...>& state) {
    std::apply([&](const auto&... values) { new (&self) T{static_cast<Fields>(values)...}; }, state);
  });
}

}  // namespace mogul::python
