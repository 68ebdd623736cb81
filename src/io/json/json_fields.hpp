// Reads JSON files field by field: text -> parse_json (json_parse.hpp) -> JsonField, which knows where it stands, so
// that every error names the field. For model_json.cpp and stats_json.cpp; its twin json_text.hpp writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "io/json/json_value.hpp"
#include "mogul/matrix.hpp"

namespace mogul {

/// A value as messages show it: one line of printable ASCII, shortened where it is long.
std::string shown(const JsonValue& value);

/// "1 value", "2 values".
std::string counted(std::size_t n_values);

/// How many elements an array must have, and what that number is called in the file: {2, "n_features"}.
struct Size {
  std::size_t value;
  std::string_view name;
};

/// A value in a JSON file and its place there. Borrows both. Every member throws invalid_data, naming file,
/// place, value and rule, if the value is not what was asked for.
class JsonField {
 public:
  /// @param place  "means[2]"; empty for the whole document
  JsonField(const JsonValue& value, std::string_view file, std::string place = "");

  /// Checks that this is an object whose member "schema" is `expected`, like "mogul-model/1".
  void require_schema(std::string_view expected) const;
  /// Checks that this is an object with no members but these.
  void require_only(const std::vector<std::string_view>& names) const;
  /// The members that are none of these, in the file's order.
  std::vector<std::string> others(const std::vector<std::string_view>& names) const;
  bool has(std::string_view name) const;
  /// "means[2]"; empty for the whole document.
  const std::string& place() const { return place_; }
  JsonField member(std::string_view name) const;

  std::vector<JsonField> elements() const;
  std::vector<JsonField> elements(Size size) const;

  /// A finite double.
  double number() const;
  std::uint64_t integer(std::uint64_t at_least = 0) const;
  bool boolean() const;
  bool is_text() const;
  const std::string& text() const;
  std::vector<double> numbers() const;
  std::vector<double> numbers(Size size) const;
  /// The enumerator whose name this is.
  template <class Enum>
  Enum one_of(std::initializer_list<Enum> allowed) const {
    std::vector<std::string_view> names;
    for (const Enum value : allowed) names.push_back(to_string(value));
    return allowed.begin()[index_among(names)];
  }
  /// Which of the names this is.
  std::size_t index_among(const std::vector<std::string_view>& names) const;
  /// An array of rows.
  Matrix matrix(Size rows, Size cols) const;

  /// @throws invalid_data, "<file>: <place> = <value>; must be <rule>"
  [[noreturn]] void must_be(std::string_view rule) const;

 private:
  const JsonValue::Array& array() const;
  const JsonValue::Array& array(Size size) const;
  JsonField element(std::size_t index) const;

  const JsonValue* value_;
  std::string_view file_;
  std::string place_;
};

}  // namespace mogul
