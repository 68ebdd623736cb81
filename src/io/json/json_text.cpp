// Writes JSON files: see the header.
#include "io/json/json_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <type_traits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "mogul/error.hpp"
#include "mogul/output_file.hpp"

namespace mogul {
namespace {

/// Where a value stands, put into words only if it is refused.
struct Place {
  const Place* parent;
  std::string_view name;  // in an object; empty for an element of an array
  std::size_t index;

  std::string text() const {
    if (parent == nullptr) return "";
    const std::string before = parent->text();
    if (name.empty()) return fmt::format("{}[{}]", before, index);
    return before.empty() ? std::string(name) : fmt::format("{}.{}", before, name);
  }
};

void append_double(std::string& out, double number) {
  const std::size_t start = out.size();
  fmt::format_to(std::back_inserter(out), "{}", number);
  // Without a point, a reader would take "-0" for the integer 0 and lose its sign.
  if (out.find_first_not_of("-0123456789", start) == std::string::npos) out += ".0";
}

void append_checked(std::string& out, const JsonValue& value, const Place& place) {
  if (const double* number = value.get_if<double>(); number != nullptr && !std::isfinite(*number)) {
    throw invalid_argument(fmt::format("{} = {}; must be finite", place.text(), *number));
  }
  try {
    append_scalar(out, value);
  } catch (const nlohmann::json::type_error&) {
    throw invalid_argument(fmt::format("{} is not UTF-8 text; a JSON file cannot hold it", place.text()));
  }
}

void append(std::string& out, const JsonValue& value, const Place& place, std::size_t depth, bool in_array);

// The elements of an array or the members of an object, each by append_one(element, index).
template <class Elements>
void append_all(std::string& out, const Elements& elements, std::size_t depth, bool in_array, auto&& append_one) {
  const auto is_structured = [](const auto& element) {
    if constexpr (std::is_same_v<Elements, JsonValue::Array>)
      return element.is_structured();
    else
      return element.second.is_structured();
  };
  const bool broken = !in_array && std::any_of(elements.begin(), elements.end(), is_structured);
  std::size_t index = 0;
  for (const auto& element : elements) {
    if (index != 0) out += broken ? "," : ", ";
    if (broken) out.append(1, '\n').append(2 * (depth + 1), ' ');
    append_one(element, index++);
  }
  if (broken) out.append(1, '\n').append(2 * depth, ' ');
}

void append(std::string& out, const JsonValue& value, const Place& place, std::size_t depth, bool in_array) {
  if (const auto* elements = value.get_if<JsonValue::Array>()) {
    out += '[';
    append_all(out, *elements, depth, in_array, [&](const JsonValue& element, std::size_t index) {
      append(out, element, {&place, "", index}, depth + 1, true);
    });
    out += ']';
  } else if (const auto* members = value.get_if<JsonValue::Object>()) {
    out += '{';
    append_all(out, *members, depth, in_array, [&](const JsonValue::Member& member, std::size_t index) {
      const Place here{&place, member.first, index};
      append_checked(out, member.first, here);
      out += ": ";
      append(out, member.second, here, depth + 1, false);
    });
    out += '}';
  } else {
    append_checked(out, value, place);
  }
}

}  // namespace

void append_scalar(std::string& out, const JsonValue& value) {
  if (const auto* number = value.get_if<double>()) {
    append_double(out, *number);
  } else if (const auto* count = value.get_if<std::uint64_t>()) {
    fmt::format_to(std::back_inserter(out), "{}", *count);
  } else if (const auto* integer = value.get_if<std::int64_t>()) {
    fmt::format_to(std::back_inserter(out), "{}", *integer);
  } else if (const auto* truth = value.get_if<bool>()) {
    out += *truth ? "true" : "false";
  } else if (const auto* text = value.get_if<std::string>()) {
    out += nlohmann::json(*text).dump();
  } else {
    out += "null";
  }
}

std::string json_text(const JsonValue& document) {
  std::string out;
  append(out, document, {nullptr, "", 0}, 0, false);
  out += '\n';
  return out;
}

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool is_json_number(std::string_view text) {
  const bool begins_like_one = !text.empty() && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'));
  return begins_like_one && nlohmann::json::accept(text);
}

JsonValue rows_json(MatrixView<const double> rows) {
  JsonValue result = JsonValue::array();
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    JsonValue& row = result.add(JsonValue::array());
    for (const double value : rows.row(i)) row.add(JsonValue(value));
  }
  return result;
}

void write_text(const std::string& path, std::string_view text) {
  OutputFile file(path);
  file.stream() << text;
  file.commit();
}

}  // namespace mogul
