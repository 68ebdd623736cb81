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

using nlohmann::ordered_json;

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

void append_scalar(std::string& out, const ordered_json& value, const Place& place) {
  if (value.is_number_float()) return append_double(out, value.get<double>(), place);
  try {
    out += value.dump();
  } catch (const ordered_json::type_error&) {
    throw invalid_argument(fmt::format("{} is not UTF-8 text; a JSON file cannot hold it", place.text()));
  }
}

void append(std::string& out, const ordered_json& value, const Place& place, std::size_t depth, bool in_array) {
  if (!value.is_structured()) return append_scalar(out, value, place);
  const bool is_array = value.is_array();
  const bool broken = !in_array && std::any_of(value.begin(), value.end(), [](auto& v) { return v.is_structured(); });
  out += is_array ? '[' : '{';
  std::size_t index = 0;
  for (auto element = value.begin(); element != value.end(); ++element, ++index) {
    if (index != 0) out += broken ? "," : ", ";
    if (broken) out.append(1, '\n').append(2 * (depth + 1), ' ');
    if (!is_array) out += fmt::format("\"{}\": ", element.key());
    const std::string_view name = is_array ? std::string_view() : element.key();
    append(out, *element, {&place, name, index}, depth + 1, is_array);
  }
  if (broken) out.append(1, '\n').append(2 * depth, ' ');
  out += is_array ? ']' : '}';
}

}  // namespace

std::string json_text(const ordered_json& document) {
  std::string out;
  append(out, document, {nullptr, "", 0}, 0, false);
  out += '\n';
  return out;
}

ordered_json rows_json(MatrixView<const double> rows) {
  ordered_json result = ordered_json::array();
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    result.push_back(ordered_json::array_t(rows.row(i).begin(), rows.row(i).end()));
  }
  return result;
}

void write_text(const std::string& path, std::string_view text) {
  OutputFile file(path);
  file.stream() << text;
  file.commit();
}

}  // namespace mogul
