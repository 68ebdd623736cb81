// Writes JSON files: see the header.
#include "io/json/json_text.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <fmt/format.h>

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

void append_double(std::string& out, double number, const Place& place) {
  if (!std::isfinite(number)) throw invalid_argument(fmt::format("{} = {}; must be finite", place.text(), number));
  const std::size_t start = out.size();
  fmt::format_to(std::back_inserter(out), "{}", number);
  // Without a point, a reader would take "-0" for the integer 0 and lose its sign.
  if (out.find_first_not_of("-0123456789", start) == std::string::npos) out += ".0";
}

void append_scalar(std::string& out, const JsonValue& value, const Place& place) {
  if (value.is_number() && !value.is_integer()) return append_double(out, value.as_number(), place);
  try {
    out += value.scalar_text(false);
  } catch (const invalid_argument&) {
    throw invalid_argument(fmt::format("{} is not UTF-8 text; a JSON file cannot hold it", place.text()));
  }
}

/// Puts elements one after another, or each on a line of its own.
class Layout {
 public:
  Layout(std::string& out, bool broken, std::size_t depth) : out_(out), broken_(broken), depth_(depth) {}

  void begin_element() {
    if (!first_) out_ += broken_ ? "," : ", ";
    first_ = false;
    if (broken_) out_.append(1, '\n').append(2 * (depth_ + 1), ' ');
  }
  void end() {
    if (broken_) out_.append(1, '\n').append(2 * depth_, ' ');
  }

 private:
  std::string& out_;
  const bool broken_;
  const std::size_t depth_;
  bool first_ = true;
};

void append(std::string& out, const JsonValue& value, const Place& place, std::size_t depth, bool in_array) {
  if (!value.is_structured()) return append_scalar(out, value, place);
  if (value.is_array()) {
    const JsonValue::Array& all = value.elements();
    Layout layout(out, !in_array && std::ranges::any_of(all, &JsonValue::is_structured), depth);
    out += '[';
    for (std::size_t i = 0; i < all.size(); ++i) {
      layout.begin_element();
      append(out, all[i], {&place, "", i}, depth + 1, true);
    }
    layout.end();
    out += ']';
    return;
  }
  const auto is_structured = [](const JsonValue::Member& member) { return member.second.is_structured(); };
  Layout layout(out, !in_array && std::ranges::any_of(value.members(), is_structured), depth);
  out += '{';
  for (const auto& [name, member] : value.members()) {
    layout.begin_element();
    out += fmt::format("\"{}\": ", name);
    append(out, member, {&place, name, 0}, depth + 1, false);
  }
  layout.end();
  out += '}';
}

}  // namespace

std::string json_text(const JsonValue& document) {
  std::string out;
  append(out, document, {nullptr, "", 0}, 0, false);
  out += '\n';
  return out;
}

JsonValue rows_json(MatrixView<const double> rows) {
  JsonValue result = JsonValue::array();
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    result.push_back(std::vector<double>(rows.row(i).begin(), rows.row(i).end()));
  }
  return result;
}

void write_text(const std::string& path, std::string_view text) {
  OutputFile file(path);
  file.stream() << text;
  file.commit();
}

}  // namespace mogul
