// What the first lines of delimited text tell: dialect, header, number and names of the columns, and which of them are
// no data. Second step of reading text, between file_bytes and csv_rows.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/csv/csv_cursor.hpp"
#include "io/csv/csv_source.hpp"
#include "mogul/io.hpp"

namespace mogul {

/// What a column that the file gives no name may be.
enum class ColumnRole {
  data,       ///< all that have a name, and those in the middle that have none
  index,      ///< the first, and it counts the rows; more beside it, as where an index was saved twice
  row_names,  ///< the first, above which the header has no field
  empty,      ///< at the end, with nothing in it
  unclear,    ///< the first, and none of these
};

struct CsvLayout {
  CsvDialect dialect;
  std::vector<std::string> names;   ///< one per column; "x1", "x2", ... where the file gives none
  std::vector<bool> named;          ///< one per column: whether the file gives the name
  std::vector<ColumnRole> roles;    ///< one per column
  std::vector<double> first_index;  ///< in the first row, of each column that is an index
  std::size_t first_line = 1;       ///< the line that fixed the number of columns
  bool has_header = false;
  std::string_view header;  ///< its line as it stands, empty where there is none or it is a comment
  /// Whether a line that reads as the header is the header once more, as where files have been joined. It may be a row
  /// where all names are numbers, and where the one name of a file may be a value.
  bool header_may_repeat = false;
  std::string_view body;  ///< the lines after the header
  std::vector<std::string> notes;

  /// The columns that are left out unless they are asked for.
  std::vector<std::size_t> left_out() const;
  /// @throws invalid_data if nothing follows the header
  void require_rows(const CsvSource& source) const;
  /// @throws invalid_data for a name that is not UTF-8, of the columns that are used
  void require_utf8(const CsvSource& source, std::span<const std::size_t> columns) const;
};

/// @throws invalid_argument for options that contradict; invalid_data for text without rows, and where the first line
///         may be a header or a row
CsvLayout find_layout(const CsvSource& source, const ReadOptions& options);

}  // namespace mogul
