// One table as JSON, an object per row: the elements of an array, or each on its line (JSON Lines).
#include <cmath>
#include <string>
#include <vector>

#include "base/text_pieces.hpp"
#include "io/json/json_text.hpp"
#include "mogul/table.hpp"

namespace mogul {
namespace {

// A number of a file stands as it is, which keeps identifiers of more digits than a double has.
std::string text_json(const Column& column, const std::string& text) {
  if (!column.is_from_file) return json_string(text);
  if (text.empty()) return "null";
  return is_json_number(text) ? text : json_string(text);
}

void add_row(TextPieces& out, const Table& table, const std::vector<std::string>& keys, std::size_t row) {
  for (std::size_t j = 0; j < keys.size(); ++j) {
    out.add(j == 0 ? "{" : ", ");
    out.add(keys[j]);
    out.add(": ");
    const Column& column = table.columns[j];
    if (column.is_text()) {
      out.add(text_json(column, std::get<1>(column.values)[row]));
    } else if (const double value = std::get<0>(column.values)[row]; std::isfinite(value)) {
      out.add_number(value);
    } else {
      out.add("null");
    }
  }
  out.add('}');
}

std::vector<std::string> keys_of(const Table& table) {
  std::vector<std::string> keys;
  for (const Column& column : table.columns) keys.push_back(json_string(column.name));
  return keys;
}

}  // namespace

void write_json(std::ostream& stream, const Table& table) {
  TextPieces out(stream);
  const std::vector<std::string> keys = keys_of(table);
  const std::size_t n = table.n_rows();
  out.add("[\n");
  for (std::size_t i = 0; i < n; ++i) {
    add_row(out, table, keys, i);
    out.add(i + 1 < n ? ",\n" : "\n");
    out.end_row();
  }
  out.add("]\n");
  out.finish();
}

void write_json_lines(std::ostream& stream, const Table& table) {
  TextPieces out(stream);
  const std::vector<std::string> keys = keys_of(table);
  for (std::size_t i = 0; i < table.n_rows(); ++i) {
    add_row(out, table, keys, i);
    out.add('\n');
    out.end_row();
  }
  out.finish();
}

}  // namespace mogul
