// Documents as JSON: every number in the fewest digits that read back equal.
#include <cmath>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "io/json/json_text.hpp"
#include "io/json/json_value.hpp"
#include "report/document.hpp"
#include "report/write/formula.hpp"

namespace mogul {
namespace {

JsonValue number_json(double value) { return std::isfinite(value) ? JsonValue(value) : JsonValue(); }

JsonValue column_json(const Column& column) {
  if (column.is_text()) return std::get<1>(column.values);
  JsonValue values = JsonValue::array();
  for (const double value : std::get<0>(column.values)) values.add(number_json(value));
  return values;
}

// A column whose name an earlier one has, as a feature may be called "row", gets '_' at its end: no key comes twice.
JsonValue table_json(const Table& table) {
  JsonValue object = JsonValue::object();
  std::unordered_set<std::string> names;
  for (const Column& column : table.columns) {
    std::string name = column.name;
    while (!names.insert(name).second) name += '_';
    object.add(std::move(name), column_json(column));
  }
  return object;
}

/// Sections as the headings begin them; what stands before the first has none.
class JsonWriter {
 public:
  void operator()(const Heading& heading) {
    end_section();
    section_ = JsonValue::object();
    section_.add("name", heading.name);
    section_.add("title", heading.text);
    open_ = true;
  }
  void operator()(const Paragraph& paragraph) { text_.push_back(paragraph.text); }
  void operator()(const Prose& prose) { text_.push_back(prose_text(prose.text)); }
  void operator()(const Formula& formula) { formulas_.push_back(formula.text); }
  void operator()(const Command& command) { text_.push_back(command.text); }
  void operator()(const Quantity& quantity) { section_.add(quantity.name, number_json(quantity.value)); }
  void operator()(const Table& table) { section_.add(table.name, table_json(table)); }
  void operator()(const Figures&) {}
  void operator()(const Widget&) {}

  JsonValue sections() {
    end_section();
    return std::move(sections_);
  }

 private:
  void end_section() {
    if (!open_) return;
    if (!text_.empty()) section_.add("text", text_);
    if (!formulas_.empty()) section_.add("formulas", formulas_);
    text_.clear();
    formulas_.clear();
    sections_.add(std::move(section_));
    open_ = false;
  }

  JsonValue sections_ = JsonValue::array();
  JsonValue section_;
  std::vector<std::string> text_;
  std::vector<std::string> formulas_;
  bool open_ = false;
};

}  // namespace

std::string json_of(const Document& document) {
  JsonWriter writer;
  for (const Block& block : document.blocks) std::visit(writer, block);
  JsonValue file = JsonValue::object();
  file.add("title", document.title);
  file.add("sections", writer.sections());
  return json_text(file);
}

}  // namespace mogul
