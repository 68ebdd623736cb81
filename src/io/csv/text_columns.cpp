// All fields of delimited text as they stand in the file: the twin of csv.cpp for read_text_columns.cpp.
#include <utility>

#include "io/csv/csv.hpp"
#include "io/csv/csv_cursor.hpp"
#include "io/csv/layout/column_names.hpp"
#include "io/csv/layout/csv_layout.hpp"

namespace mogul {

TextColumns parse_csv_text(std::string_view text, const std::string& name, const ReadOptions& options) {
  CsvLayout layout = find_layout({text, name}, options);
  const std::size_t width = layout.names.size();
  for (std::size_t i = 0; i < width && layout.has_header; ++i) {
    if (!layout.named[i]) layout.names[i].clear();
  }
  TextColumns columns{std::move(layout.names), {}};
  CsvCursor cursor(layout.body, layout.dialect);
  for (cursor.skip_to_row(); !cursor.at_end(); cursor.skip_to_row()) {
    if (cursor.skip_line_of(layout.header)) continue;
    const std::size_t first = columns.fields.size();
    do {
      columns.fields.push_back(unquote(cursor.read_field()));
    } while (cursor.next_field());
    cursor.skip_line();
    columns.fields.resize(first + width);  // a row of another width has been refused as the numbers were read
  }
  return columns;
}

}  // namespace mogul
