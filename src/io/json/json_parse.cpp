// nlohmann/json's parser, which reports what it finds, and the values that are made of it: see the header.
#include "io/json/json_parse.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "io/json/json_fields.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxDepth = 8;  // the deepest field, covariances[k][i][j], has 4
constexpr std::size_t kMaxNumber = 60;
constexpr std::size_t kMaxSyntaxError = 300;

std::string shortened(std::string_view text, std::size_t size) {
  return text.size() > size ? std::string(text.substr(0, size)) + "..." : std::string(text);
}

// Of "[json.exception.parse_error.101] parse error at line 2, column 5: syntax error ..." what is after `before`, in
// ASCII.
std::string syntax_error(std::string_view what, std::string_view before) {
  const std::size_t at = what.find(before);
  std::string text = shortened(at == std::string_view::npos ? what : what.substr(at + before.size()), kMaxSyntaxError);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return text;
}

// Takes what the parser reports, and refuses what it would take: two equal names, and nesting without limit.
class Builder : public nlohmann::json_sax<json> {
 public:
  /// @param before  what stands before the place of an error in the parser's own message
  Builder(std::string_view file, std::string_view before) : file_(file), before_(before) {}

  JsonValue take() { return std::move(root_); }

  bool null() override { return add({}); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t& /*value*/) override { return false; }  // not in text
  bool start_object(std::size_t /*size*/) override {
    names_.emplace_back();
    return open(JsonValue::object());
  }
  bool end_object() override {
    names_.pop_back();
    open_.pop_back();
    return true;
  }
  bool start_array(std::size_t /*size*/) override { return open(JsonValue::array()); }
  bool end_array() override {
    open_.pop_back();
    return true;
  }
  bool key(string_t& name) override {
    if (!names_.back().insert(name).second) {
      throw invalid_data(fmt::format("{}: two fields {}; remove one", file_, shown(name)));
    }
    name_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/, const json::exception& error) override {
    const std::string_view what = error.what();
    if (dynamic_cast<const json::out_of_range*>(&error) != nullptr) {  // "number overflow parsing '1e999'"
      throw invalid_data(fmt::format("{}: the number {} is beyond the range of double", file_,
                                     shortened(what.substr(std::min(what.find('\''), what.size())), kMaxNumber)));
    }
    throw invalid_data(fmt::format("{}: not valid JSON at {}", file_, syntax_error(what, before_)));
  }

 private:
  JsonValue& put(JsonValue value) {
    if (open_.empty()) return root_ = std::move(value);
    JsonValue& parent = *open_.back();
    if (parent.get_if<JsonValue::Array>() != nullptr) return parent.add(std::move(value));
    return parent.add(std::move(name_), std::move(value));
  }

  bool add(JsonValue value) {
    put(std::move(value));
    return true;
  }

  bool open(JsonValue value) {
    if (open_.size() == kMaxDepth)
      throw invalid_data(fmt::format("{}: nested deeper than {} levels", file_, kMaxDepth));
    open_.push_back(&put(std::move(value)));
    return true;
  }

  std::string_view file_;
  std::string_view before_;
  JsonValue root_;
  std::vector<JsonValue*> open_;              // arrays and objects, the innermost last; none grows but that one
  std::vector<std::set<std::string>> names_;  // of the objects that are open
  std::string name_;                          // of the member that comes next
};

}  // namespace

JsonValue parse_json(std::string_view text, std::string_view file) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    throw invalid_data(fmt::format("{}: the file is empty", file));
  }
  Builder builder(file, "parse error at ");
  json::sax_parse(text, &builder);
  return builder.take();
}

JsonValue parse_json_line(std::string_view line, std::string_view place) {
  Builder builder(place, "parse error at line 1, ");
  json::sax_parse(line, &builder);
  return builder.take();
}

}  // namespace mogul
