#include "io/json/json_value.hpp"

#include <algorithm>
#include <type_traits>

#include <nlohmann/json.hpp>

#include "mogul/error.hpp"

namespace mogul {

static_assert(std::is_nothrow_move_constructible_v<JsonValue> && sizeof(JsonValue) == 16);

JsonValue& JsonValue::operator[](std::string_view name) {
  if (is_null()) value_ = std::make_unique<Object>();
  Object& all = members();
  const auto found = std::ranges::find(all, name, [](const Member& member) { return std::string_view(member.first); });
  if (found != all.end()) return found->second;
  return all.emplace_back(std::string(name), JsonValue()).second;
}

double JsonValue::as_number() const {
  if (const auto* number = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*number);
  if (const auto* number = std::get_if<std::uint64_t>(&value_)) return static_cast<double>(*number);
  return std::get<double>(value_);
}

const JsonValue* JsonValue::find(std::string_view name) const {
  const auto found =
      std::ranges::find(members(), name, [](const Member& member) { return std::string_view(member.first); });
  return found == members().end() ? nullptr : &found->second;
}

// That of a scalar allocates in no destructor.
std::string JsonValue::scalar_text(bool ascii) const {
  using nlohmann::json;
  const auto scalar = std::visit(
      [](const auto& value) -> json {
        using T = std::remove_cvref_t<decltype(value)>;
        if constexpr (std::is_arithmetic_v<T>) return value;
        if constexpr (std::is_same_v<T, Text>) return *value;
        return nullptr;
      },
      value_);
  try {
    return scalar.dump(-1, ' ', ascii, ascii ? json::error_handler_t::replace : json::error_handler_t::strict);
  } catch (const json::type_error&) {
    throw invalid_argument("not UTF-8 text");
  }
}

}  // namespace mogul
