// Names and meanings of the fields of options and reports, in a table beside each struct: kFields<FitReport>. Model
// files, Python, the help of the command line and the tests of the pages under docs/ take both from there.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace mogul {

template <class Struct, class Value>
struct Field {
  std::string_view name;
  Value Struct::*member;
  std::string_view meaning;    ///< a phrase, without a capital or a full stop
  std::string_view unit = {};  ///< "nats"; empty where there is none
};
template <class Struct, class Value, class... Texts>
Field(std::string_view, Value Struct::*, Texts...) -> Field<Struct, Value>;

/// The Fields of a struct, all in the order of their declaration, which is that of model files: a tuple.
template <class Struct>
inline constexpr std::tuple<> kFields;

/// Calls visit(field, value of the field) for each field.
template <class Struct>
void visit_fields(Struct& value, auto&& visit) {
  static_assert(std::tuple_size_v<decltype(kFields<std::remove_const_t<Struct>>)> > 0, "the struct has no table");
  const auto each = [&](const auto&... fields) { (visit(fields, value.*fields.member), ...); };
  std::apply(each, kFields<std::remove_const_t<Struct>>);
}

/// The fields that both structs have, of the same name and type.
template <class To, class From>
To common_fields(const From& from) {
  To to;
  visit_fields(to, [&]<class Target>(const auto& target, Target& value) {
    visit_fields(from, [&]<class Source>(const auto& source, const Source& given) {
      if constexpr (std::is_same_v<Target, Source>) {
        if (target.name == source.name) value = given;
      }
    });
  });
  return to;
}

/// What help texts say: the meaning, and the unit.
template <class Struct, class Value>
std::string description(const Field<Struct, Value>& field) {
  std::string text(field.meaning);
  if (!field.unit.empty()) text.append("; in ").append(field.unit);
  return text;
}
/// Of the field that is this member.
template <class Struct, class Value>
std::string description(Value Struct::*member) {
  std::string text;
  const auto look_at = [&]<class Other>(const Field<Struct, Other>& field) {
    if constexpr (std::is_same_v<Other, Value>) {
      if (field.member == member) text = description(field);
    }
  };
  std::apply([&](const auto&... fields) { (look_at(fields), ...); }, kFields<Struct>);
  return text;
}

}  // namespace mogul
