// A value of a JSON document in memory, between text and mixtures: parse_json() makes one, json_text() writes one.
// Its destructor allocates nothing, unlike that of nlohmann::json, which ends a process that has no memory left.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
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
  JsonValue(std::int64_t value) : value_(value) {}
  JsonValue(std::string value) : value_(std::make_unique<std::string>(std::move(value))) {}
  JsonValue(std::string_view value) : JsonValue(std::string(value)) {}
  JsonValue(const char* value) : JsonValue(std::string(value)) {}
  JsonValue(const std::vector<double>& values) : JsonValue(Array(values.begin(), values.end())) {}
  JsonValue(const std::vector<std::string>& values) : JsonValue(Array(values.begin(), values.end())) {}

  static JsonValue array() { return JsonValue(Array()); }
  static JsonValue object() { return JsonValue(Object()); }

  /// The member of this name, added at the end where there is none. Of null this makes an object.
  JsonValue& operator[](std::string_view name);
  void push_back(JsonValue element) { elements().push_back(std::move(element)); }

  bool is_null() const { return holds<std::monostate>(); }
  bool is_bool() const { return holds<bool>(); }
  bool is_unsigned() const { return holds<std::uint64_t>(); }
  bool is_integer() const { return holds<std::int64_t>() || is_unsigned(); }
  bool is_number() const { return holds<double>() || is_integer(); }
  bool is_string() const { return holds<Text>(); }
  bool is_array() const { return holds<std::unique_ptr<Array>>(); }
  bool is_object() const { return holds<std::unique_ptr<Object>>(); }
  bool is_structured() const { return is_array() || is_object(); }

  // What it is must have been asked.
  bool as_bool() const { return std::get<bool>(value_); }
  std::uint64_t as_unsigned() const { return std::get<std::uint64_t>(value_); }
  double as_number() const;
  const std::string& as_text() const { return *std::get<Text>(value_); }
  const Array& elements() const { return *std::get<std::unique_ptr<Array>>(value_); }
  Array& elements() { return *std::get<std::unique_ptr<Array>>(value_); }
  const Object& members() const { return *std::get<std::unique_ptr<Object>>(value_); }
  Object& members() { return *std::get<std::unique_ptr<Object>>(value_); }
  const JsonValue* find(std::string_view name) const;  ///< null where there is no such member

  /// A scalar as JSON.
  /// @param ascii  escapes all that is not ASCII, and replaces what is not UTF-8
  /// @throws       invalid_argument for text that is not UTF-8, unless ascii
  std::string scalar_text(bool ascii) const;

 private:
  using Text = std::unique_ptr<std::string>;

  explicit JsonValue(Array value) : value_(std::make_unique<Array>(std::move(value))) {}
  explicit JsonValue(Object value) : value_(std::make_unique<Object>(std::move(value))) {}

  template <class T>
  bool holds() const {
    return std::holds_alternative<T>(value_);
  }

  // What is not small lies apart, so that a number takes 16 bytes.
  std::variant<std::monostate, bool, double, std::int64_t, std::uint64_t, Text, std::unique_ptr<Array>,
               std::unique_ptr<Object>>
      value_;
};

}  // namespace mogul
