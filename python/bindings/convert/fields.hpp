// Structs with a table of fields (mogul/field.hpp) as classes: read-only properties whose docstrings are the meanings.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/vector.h>

#include <cctype>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include "arrays.hpp"
#include "mogul/field.hpp"
#include "names.hpp"
#include "state.hpp"
#include "text.hpp"

namespace mogul::python {

/// As a sentence of a docstring.
template <class Struct, class Value>
std::string sentence(const Field<Struct, Value>& field) {
  std::string text = description(field) + ".";
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
}

template <class Struct, class Value>
void def_field(nb::class_<Struct>& type, const Field<Struct, Value>& field) {
  const std::string name(field.name);
  const std::string doc = sentence(field);
  const auto member = field.member;
  const auto def_as = [&](const char* annotation, auto get) {
    const std::string signature = "def " + name + "(self) -> " + annotation;
    type.def_prop_ro(name.c_str(), get, nb::sig(signature.c_str()), doc.c_str());
  };
  if constexpr (std::is_enum_v<Value> || std::is_same_v<Value, CovarianceFamily>) {
    def_as("str", [member](const Struct& self) { return std::string(to_string(self.*member)); });
  } else if constexpr (std::is_same_v<Value, RegCovar>) {
    def_as("float | str", [member](const Struct& self) { return to_python(self.*member); });
  } else if constexpr (std::is_same_v<Value, Hold>) {
    def_as("dict[str, typing.Any]", [member](const Struct& self) { return to_python(self.*member); });
  } else if constexpr (std::is_same_v<Value, std::optional<Prior>>) {
    def_as("dict[str, typing.Any] | None", [member](const Struct& self) { return to_python(self.*member); });
  } else if constexpr (std::is_same_v<Value, std::vector<double>>) {
    type.def_prop_ro(
        name.c_str(),
        [member](nb::handle_t<Struct> self) { return view_of(nb::cast<const Struct&>(self).*member, self); },
        doc.c_str());
  } else {
    type.def_ro(name.c_str(), member, doc.c_str());
  }
}

/// Properties, equality and pickling of all fields.
template <class Struct>
void def_fields(nb::class_<Struct>& type) {
  const auto each = [&](const auto&... fields) {
    (def_field(type, fields), ...);
    def_value(type, fields.member...);
  };
  std::apply(each, kFields<Struct>);
}

}  // namespace mogul::python
