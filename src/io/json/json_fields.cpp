// Reads JSON files field by field: see the header. Its twin json_text.cpp writes them.
#include "io/json/json_fields.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "mogul/error.hpp"
#include "mogul/version.hpp"

namespace mogul {
namespace {

using nlohmann::json;

constexpr int kMaxDepth = 8;           // the deepest field, covariances[k][i][j], has 4
constexpr std::size_t kMaxShown = 60;  // characters of a value in a message
constexpr std::size_t kMaxSyntaxError = 300;

std::string shortened(std::string text, std::size_t size) {
  if (text.size() > size) text.replace(size, std::string::npos, "...");
  return text;
}

/// Refuses what nlohmann/json would take: the last of two equal names, and nesting without limit (its recursive
/// functions would run out of stack).
class ParseGuard {
 public:
  explicit ParseGuard(std::string_view file) : file_(file) {}

  bool operator()(int depth, json::parse_event_t event, json& parsed) {
    if (depth > kMaxDepth) throw invalid_data(fmt::format("{}: nested deeper than {} levels", file_, kMaxDepth));
    if (event == json::parse_event_t::object_start) names_.emplace_back();
    if (event == json::parse_event_t::object_end) names_.pop_back();
    if (event == json::parse_event_t::key && !names_.back().insert(parsed.get<std::string>()).second) {
      throw invalid_data(fmt::format("{}: two fields {}; remove one", file_, shown(parsed)));
    }
    return true;
  }

 private:
  std::string_view file_;
  std::vector<std::set<std::string>> names_;  // of the objects that are open
};

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

}  // namespace

std::string shown(const json& value) {
  return shortened(value.dump(-1, ' ', true, json::error_handler_t::replace), kMaxShown);
}

std::string counted(std::size_t n_values) { return fmt::format("{} value{}", n_values, n_values == 1 ? "" : "s"); }

json parse_json(std::string_view text, std::string_view file) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    throw invalid_data(fmt::format("{}: the file is empty", file));
  }
  try {
    return json::parse(text, ParseGuard(file));
  } catch (const json::parse_error& error) {
    throw invalid_data(fmt::format("{}: not valid JSON at {}", file, syntax_error(error.what())));
  } catch (const json::out_of_range& error) {  // the only other one of the parser: "number overflow parsing '1e999'"
    const std::string_view what = error.what();
    const std::string number = shortened(std::string(what.substr(std::min(what.find('\''), what.size()))), kMaxShown);
    throw invalid_data(fmt::format("{}: the number {} is beyond the range of double", file, number));
  }
}

JsonField::JsonField(const json& value, std::string_view file, std::string place)
    : value_(&value), file_(file), place_(std::move(place)) {}

void JsonField::must_be(std::string_view rule) const {
  const std::string place = place_.empty() ? "the document" : place_;
  const std::string found = value_->is_null()         ? "is null"
                            : value_->is_structured() ? fmt::format("is an {}", value_->type_name())
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
  for (const auto& [name, value] : value_->items()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string within = place_.empty() ? "" : place_ + ": ";
    throw invalid_data(
        fmt::format("{}: {}unknown field {}; must be one of {}", file_, within, shown(name), fmt::join(names, ", ")));
  }
}

bool JsonField::has(std::string_view name) const { return value_->contains(name); }

JsonField JsonField::member(std::string_view name) const {
  if (!value_->is_object()) must_be("an object");
  const std::string place = place_.empty() ? std::string(name) : fmt::format("{}.{}", place_, name);
  const auto found = value_->find(name);
  if (found == value_->end()) throw invalid_data(fmt::format("{}: the field {} is missing", file_, place));
  return {*found, file_, place};
}

const json& JsonField::array() const {
  if (!value_->is_array()) must_be("an array");
  return *value_;
}

const json& JsonField::array(Size size) const {
  if (array().size() != size.value) {
    throw invalid_data(
        fmt::format("{}: {} has {}; must have {} = {}", file_, place_, counted(value_->size()), size.name, size.value));
  }
  return *value_;
}

JsonField JsonField::element(std::size_t index) const {
  return {(*value_)[index], file_, fmt::format("{}[{}]", place_, index)};
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
  return value_->get<double>();  // finite: JSON has no other, and parse_json refuses overflow
}

std::uint64_t JsonField::integer(std::uint64_t at_least) const {
  if (!value_->is_number_unsigned() || value_->get<std::uint64_t>() < at_least) {
    must_be(fmt::format("an integer >= {}", at_least));
  }
  return value_->get<std::uint64_t>();
}

bool JsonField::boolean() const {
  if (!value_->is_boolean()) must_be("true or false");
  return value_->get<bool>();
}

const std::string& JsonField::text() const {
  if (!value_->is_string()) must_be("a string");
  return value_->get_ref<const std::string&>();
}

std::size_t JsonField::index_among(const std::vector<std::string_view>& names) const {
  const auto found = std::find(names.begin(), names.end(), text());
  if (found == names.end()) must_be(fmt::format("one of {}", fmt::join(names, ", ")));
  return static_cast<std::size_t>(found - names.begin());
}

std::vector<double> JsonField::numbers() const {
  std::vector<double> result;
  result.reserve(array().size());
  for (const json& value : array()) {
    if (!value.is_number()) element(result.size()).must_be("a number");
    result.push_back(value.get<double>());
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
