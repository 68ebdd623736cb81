// Reads JSON files field by field: see the header. Its twin json_text.cpp writes them.
#include "io/json/json_fields.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "io/json/json_text.hpp"
#include "mogul/error.hpp"
#include "mogul/version.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMaxShown = 60;  // characters of a value in a message

using Array = JsonValue::Array;
using Object = JsonValue::Object;

std::string shortened(std::string text, std::size_t size) {
  if (text.size() > size) text.replace(size, std::string::npos, "...");
  return text;
}

std::string_view type_name(const JsonValue& value) { return value.get_if<Array>() != nullptr ? "array" : "object"; }

// In ASCII, whatever a text holds.
void append_shown(std::string& out, const JsonValue& value) {
  if (const std::string* text = value.get_if<std::string>()) {
    out += nlohmann::json(*text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  } else if (value.is_structured()) {
    out += type_name(value);
  } else {
    append_scalar(out, value);
  }
}

bool is_number(const JsonValue& value) {
  return value.get_if<double>() != nullptr || value.get_if<std::uint64_t>() != nullptr ||
         value.get_if<std::int64_t>() != nullptr;
}

double number_in(const JsonValue& value) {
  if (const auto* number = value.get_if<std::uint64_t>()) return static_cast<double>(*number);
  if (const auto* number = value.get_if<std::int64_t>()) return static_cast<double>(*number);
  return *value.get_if<double>();
}

/// The version in "mogul-model/2" if its name is that of `expected`, else 0.
int schema_version(std::string_view schema, std::string_view expected) {
  const std::size_t slash = expected.find('/') + 1;
  if (schema.substr(0, slash) != expected.substr(0, slash) || schema.size() > slash + 6) return 0;
  const std::string_view digits = schema.substr(slash);
  if (!std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) return 0;
  int version = 0;
  for (const char digit : digits) version = 10 * version + (digit - '0');
  return version;
}

}  // namespace

std::string shown(const JsonValue& value) {
  std::string text;
  append_shown(text, value);
  return shortened(std::move(text), kMaxShown);
}

std::string counted(std::size_t n_values) { return fmt::format("{} value{}", n_values, n_values == 1 ? "" : "s"); }

JsonField::JsonField(const JsonValue& value, std::string_view file, std::string place)
    : value_(&value), file_(file), place_(std::move(place)) {}

void JsonField::must_be(std::string_view rule) const {
  const std::string place = place_.empty() ? "the document" : place_;
  const std::string found = value_->is_null()         ? "is null"
                            : value_->is_structured() ? fmt::format("is an {}", type_name(*value_))
                                                      : "= " + shown(*value_);
  throw invalid_data(fmt::format("{}: {} {}; must be {}", file_, place, found, rule));
}

void JsonField::require_schema(std::string_view expected) const {
  if (value_->get_if<Object>() == nullptr) must_be(fmt::format("an object with \"schema\": \"{}\"", expected));
  const JsonField schema = member("schema");
  if (schema.text() == expected) return;
  if (schema_version(schema.text(), expected) > schema_version(expected, expected)) {
    throw invalid_data(fmt::format("{}: schema = {} is newer than this program (mogul {} reads {}); update mogul",
                                   file_, shown(*schema.value_), MOGUL_VERSION, expected));
  }
  schema.must_be(fmt::format("\"{}\"", expected));
}

void JsonField::require_only(const std::vector<std::string_view>& names) const {
  if (value_->get_if<Object>() == nullptr) must_be("an object");
  for (const auto& [name, value] : *value_->get_if<Object>()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string within = place_.empty() ? "" : place_ + ": ";
    throw invalid_data(
        fmt::format("{}: {}unknown field {}; must be one of {}", file_, within, shown(name), fmt::join(names, ", ")));
  }
}

std::vector<std::string> JsonField::others(const std::vector<std::string_view>& names) const {
  if (value_->get_if<Object>() == nullptr) must_be("an object");
  std::vector<std::string> found;
  for (const auto& [name, value] : *value_->get_if<Object>()) {
    if (std::find(names.begin(), names.end(), name) == names.end()) found.push_back(name);
  }
  return found;
}

bool JsonField::has(std::string_view name) const { return value_->find(name) != nullptr; }

JsonField JsonField::member(std::string_view name) const {
  if (value_->get_if<Object>() == nullptr) must_be("an object");
  const std::string place = place_.empty() ? std::string(name) : fmt::format("{}.{}", place_, name);
  const JsonValue* found = value_->find(name);
  if (found == nullptr) throw invalid_data(fmt::format("{}: the field {} is missing", file_, place));
  return {*found, file_, place};
}

const Array& JsonField::array() const {
  const Array* values = value_->get_if<Array>();
  if (values == nullptr) must_be("an array");
  return *values;
}

const Array& JsonField::array(Size size) const {
  if (array().size() != size.value) {
    throw invalid_data(
        fmt::format("{}: {} has {}; must have {} = {}", file_, place_, counted(array().size()), size.name, size.value));
  }
  return array();
}

JsonField JsonField::element(std::size_t index) const {
  return {array()[index], file_, fmt::format("{}[{}]", place_, index)};
}

std::vector<JsonField> JsonField::elements() const {
  std::vector<JsonField> result;
  for (std::size_t i = 0; i < array().size(); ++i) result.push_back(element(i));
  return result;
}

std::vector<JsonField> JsonField::elements(Size size) const {
  array(size);
  return elements();
}

double JsonField::number() const {
  if (!is_number(*value_)) must_be("a number");
  return number_in(*value_);  // finite: JSON has no other, and parse_json refuses overflow
}

std::uint64_t JsonField::integer(std::uint64_t at_least) const {
  const auto* value = value_->get_if<std::uint64_t>();
  if (value == nullptr || *value < at_least) must_be(fmt::format("an integer >= {}", at_least));
  return *value;
}

bool JsonField::boolean() const {
  const bool* value = value_->get_if<bool>();
  if (value == nullptr) must_be("true or false");
  return *value;
}

bool JsonField::is_text() const { return value_->is_string(); }

const std::string& JsonField::text() const {
  if (!value_->is_string()) must_be("a string");
  return *value_->get_if<std::string>();
}

std::size_t JsonField::index_among(const std::vector<std::string_view>& names) const {
  const auto found = std::find(names.begin(), names.end(), text());
  if (found == names.end()) must_be(fmt::format("one of {}", fmt::join(names, ", ")));
  return static_cast<std::size_t>(found - names.begin());
}

std::vector<double> JsonField::numbers() const {
  std::vector<double> result;
  result.reserve(array().size());
  for (const JsonValue& value : array()) {
    if (!is_number(value)) element(result.size()).must_be("a number");
    result.push_back(number_in(value));
  }
  return result;
}

std::vector<double> JsonField::numbers(Size size) const {
  array(size);
  return numbers();
}

Matrix JsonField::matrix(Size rows, Size cols) const {
  std::vector<double> values;
  for (const JsonField& row : elements(rows)) {
    const std::vector<double> numbers = row.numbers(cols);
    values.insert(values.end(), numbers.begin(), numbers.end());
  }
  return {rows.value, cols.value, std::move(values)};
}

}  // namespace mogul
