// Reads JSON files field by field: see the header. Its twin json_text.cpp writes them.
#include "io/json/json_fields.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "mogul/error.hpp"
#include "mogul/version.hpp"

namespace mogul {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxDepth = 8;   // the deepest field, covariances[k][i][j], has 4
constexpr std::size_t kMaxShown = 60;  // characters of a value in a message
constexpr std::size_t kMaxSyntaxError = 300;

std::string shortened(std::string text, std::size_t size) {
  if (text.size() > size) text.replace(size, std::string::npos, "...");
  return text;
}

/// "[json.exception.parse_error.101] parse error at line 2, column 5: syntax error ..." from "line" on, in ASCII.
std::string syntax_error(const std::string& what) {
  const std::string_view before = "parse error at ";
  const std::size_t at = what.find(before);
  std::string text = shortened(at == std::string::npos ? what : what.substr(at + before.size()), kMaxSyntaxError);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
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

/// What nlohmann's parser tells of a text becomes a JsonValue, but for what the parser would take: the last of two
/// equal names, and nesting without limit.
class Builder {
 public:
  explicit Builder(std::string_view file) : file_(file) {}

  JsonValue take() { return std::move(root_); }

  bool null() { return add({}); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(std::int64_t value) { return add(value); }
  bool number_unsigned(std::uint64_t value) { return add(value); }
  bool number_float(double value, const std::string& /*text*/) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(json::binary_t& /*value*/) { return false; }  // not in text
  bool start_object(std::size_t /*size*/) { return open(JsonValue::object()); }
  bool start_array(std::size_t /*size*/) { return open(JsonValue::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool key(std::string& name) {
    if (!open_.back().names.insert(name).second) {
      throw invalid_data(fmt::format("{}: two fields {}; remove one", file_, shown(name)));
    }
    open_.back().value->members().emplace_back(std::move(name), JsonValue());
    return true;
  }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/, const json::exception& error) {
    const std::string_view what = error.what();
    if (dynamic_cast<const json::out_of_range*>(&error) == nullptr) {
      throw invalid_data(fmt::format("{}: not valid JSON at {}", file_, syntax_error(std::string(what))));
    }
    // "number overflow parsing '1e999'", the only other error of the parser
    const std::string number = shortened(std::string(what.substr(std::min(what.find('\''), what.size()))), kMaxShown);
    throw invalid_data(fmt::format("{}: the number {} is beyond the range of double", file_, number));
  }

 private:
  struct Open {
    JsonValue* value;  // an object or array; stays where it is as long as it is open
    std::set<std::string> names;
  };

  JsonValue& place(JsonValue value) {
    if (open_.size() > kMaxDepth) throw invalid_data(fmt::format("{}: nested deeper than {} levels", file_, kMaxDepth));
    if (open_.empty()) return root_ = std::move(value);
    JsonValue& parent = *open_.back().value;
    if (parent.is_object()) return parent.members().back().second = std::move(value);
    return parent.elements().emplace_back(std::move(value));
  }
  bool add(JsonValue value) {
    place(std::move(value));
    return true;
  }
  bool open(JsonValue value) {
    JsonValue& placed = place(std::move(value));
    open_.push_back({&placed, {}});
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  std::string_view file_;
  JsonValue root_;
  std::vector<Open> open_;
};

}  // namespace

std::string shown(const JsonValue& value) { return shortened(value.scalar_text(true), kMaxShown); }

std::string counted(std::size_t n_values) { return fmt::format("{} value{}", n_values, n_values == 1 ? "" : "s"); }

JsonValue parse_json(std::string_view text, std::string_view file) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    throw invalid_data(fmt::format("{}: the file is empty", file));
  }
  Builder builder(file);
  json::sax_parse(text, &builder);
  return builder.take();
}

JsonField::JsonField(const JsonValue& value, std::string_view file, std::string place)
    : value_(&value), file_(file), place_(std::move(place)) {}

void JsonField::must_be(std::string_view rule) const {
  const std::string place = place_.empty() ? "the document" : place_;
  const std::string found = value_->is_null()         ? "is null"
                            : value_->is_structured() ? value_->is_array() ? "is an array" : "is an object"
                                                      : "= " + shown(*value_);
  throw invalid_data(fmt::format("{}: {} {}; must be {}", file_, place, found, rule));
}

void JsonField::require_schema(std::string_view expected) const {
  if (!value_->is_object()) must_be(fmt::format("an object with \"schema\": \"{}\"", expected));
  const JsonField schema = member("schema");
  if (schema.text() == expected) return;
  if (schema_version(schema.text(), expected) > schema_version(expected, expected)) {
    throw invalid_data(fmt::format("{}: schema = {} is newer than this program (mogul {} reads {}); update mogul",
                                   file_, shown(*schema.value_), MOGUL_VERSION, expected));
  }
  schema.must_be(fmt::format("\"{}\"", expected));
}

void JsonField::require_only(const std::vector<std::string_view>& names) const {
  if (!value_->is_object()) must_be("an object");
  for (const auto& [name, value] : value_->members()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string within = place_.empty() ? "" : place_ + ": ";
    throw invalid_data(
        fmt::format("{}: {}unknown field {}; must be one of {}", file_, within, shown(name), fmt::join(names, ", ")));
  }
}

bool JsonField::has(std::string_view name) const { return value_->is_object() && value_->find(name) != nullptr; }

JsonField JsonField::member(std::string_view name) const {
  if (!value_->is_object()) must_be("an object");
  const std::string place = place_.empty() ? std::string(name) : fmt::format("{}.{}", place_, name);
  const JsonValue* found = value_->find(name);
  if (found == nullptr) throw invalid_data(fmt::format("{}: the field {} is missing", file_, place));
  return {*found, file_, place};
}

const JsonValue::Array& JsonField::array() const {
  if (!value_->is_array()) must_be("an array");
  return value_->elements();
}

const JsonValue::Array& JsonField::array(Size size) const {
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
  if (!value_->is_number()) must_be("a number");
  return value_->as_number();  // finite: JSON has no other, and parse_json refuses overflow
}

std::uint64_t JsonField::integer(std::uint64_t at_least) const {
  if (!value_->is_unsigned() || value_->as_unsigned() < at_least) {
    must_be(fmt::format("an integer >= {}", at_least));
  }
  return value_->as_unsigned();
}

bool JsonField::boolean() const {
  if (!value_->is_bool()) must_be("true or false");
  return value_->as_bool();
}

const std::string& JsonField::text() const {
  if (!value_->is_string()) must_be("a string");
  return value_->as_text();
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
    if (!value.is_number()) element(result.size()).must_be("a number");
    result.push_back(value.as_number());
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
