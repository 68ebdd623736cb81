// A JSON document in memory, between text and fields: json_parse.cpp makes it of text, json_text.cpp text of it.
//
// nlohmann/json's own values take memory in their destructor, which ends the process where there is none left. These
// do not, so that reading and writing end as std::bad_alloc.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mogul {

class JsonValue {
 public:
  using Array = std::vector<JsonValue>;
  using Member = std::pair<std::string, JsonValue>;
  using Object = std::vector<Member>;  ///< in the order of the file

  JsonValue() = default;  ///< null
  JsonValue(bool value) : value_(value) {}
  JsonValue(double value) : value_(value) {}
  JsonValue(std::unsigned_integral auto value) : value_(std::uint64_t{value}) {}
  JsonValue(std::signed_integral auto value) : value_(std::int64_t{value}) {}
  JsonValue(std::string value) : value_(std::move(value)) {}
  JsonValue(std::string_view value) : value_(std::string(value)) {}
  JsonValue(const char* value) : value_(std::string(value)) {}
  JsonValue(const std::vector<double>& values) : value_(Array(values.begin(), values.end())) {}
  JsonValue(const std::vector<std::string>& values) : value_(Array(values.begin(), values.end())) {}
  static JsonValue array() { return JsonValue(Array()); }
  static JsonValue object() { return JsonValue(Object()); }

  /// The value if it is of type T: bool, std::uint64_t, std::int64_t, double, std::string, Array or Object; else null.
  /// An integer >= 0 without point or exponent is std::uint64_t.
  template <class T>
  const T* get_if() const {
    return std::get_if<T>(&value_);
  }
  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_string() const { return get_if<std::string>() != nullptr; }
  bool is_structured() const { return get_if<Array>() != nullptr || get_if<Object>() != nullptr; }

  /// The member of that name of an object, or null where there is none.
  const JsonValue* find(std::string_view name) const;
  /// Adds a member to an object, which does not have it yet. Returns its value.
  JsonValue& add(std::string name, JsonValue value);
  /// Adds an element to an array, and returns it.
  JsonValue& add(JsonValue value);

 private:
  explicit JsonValue(Array values) : value_(std::move(values)) {}
  explicit JsonValue(Object members);

  std::variant<std::monostate, bool, std::uint64_t, std::int64_t, double, std::string, Array, Object> value_;
};

inline JsonValue::JsonValue(Object members) : value_(std::move(members)) {}

inline const JsonValue* JsonValue::find(std::string_view name) const {
  const Object* members = get_if<Object>();
  if (members == nullptr) return nullptr;
  for (const auto& [member, value] : *members) {
    if (member == name) return &value;
  }
  return nullptr;
}

inline JsonValue& JsonValue::add(std::string name, JsonValue value) {
  return std::get<Object>(value_).emplace_back(std::move(name), std::move(value)).second;
}

inline JsonValue& JsonValue::add(JsonValue value) { return std::get<Array>(value_).emplace_back(std::move(value)); }

}  // namespace mogul
