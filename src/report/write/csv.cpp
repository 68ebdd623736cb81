// One table as CSV or TSV; its twin src/io/write_rows.cpp writes rows.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/text_pieces.hpp"
#include "mogul/io.hpp"
#include "mogul/table.hpp"

namespace mogul {
namespace {

void add_number(TextPieces& out, double value, char decimal) {
  if (std::isnan(value)) {
    out.add("NA");
  } else if (decimal == '.') {
    out.add_number(value);
  } else {
    std::string text = fmt::format("{}", value);
    std::ranges::replace(text, '.', decimal);
    out.add(csv_field(text));
  }
}

}  // namespace

void write_csv(std::ostream& stream, const Table& table, char delimiter, char decimal) {
  TextPieces out(stream);
  std::vector<std::string> names;
  for (const Column& column : table.columns) names.push_back(column.name);
  out.add(csv_header(names, delimiter));
  out.add('\n');
  for (std::size_t i = 0; i < table.n_rows(); ++i) {
    for (std::size_t j = 0; j < table.columns.size(); ++j) {
      if (j != 0) out.add(delimiter);
      const Column& column = table.columns[j];
      if (column.is_text()) {
        out.add(csv_field(std::get<1>(column.values)[i]));
      } else {
        add_number(out, std::get<0>(column.values)[i], decimal);
      }
    }
    out.add('\n');
    out.end_row();
  }
  out.finish();
}

}  // namespace mogul
