// What the first line of delimited text tells: delimiter, header, number and names of the columns.
// Second step of reading text, between file_bytes and csv_rows.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/csv/csv_cursor.hpp"
#include "io/csv/csv_source.hpp"
#include "mogul/io.hpp"

namespace mogul {

struct CsvLayout {
  CsvDialect dialect;
  std::vector<std::string> names;  ///< one per column, "x1", "x2", ... where the file gives none
  std::size_t first_line = 1;      ///< the line that fixed the number of columns
  bool has_header = false;
  std::string_view body;  ///< the lines after the header

  /// @throws invalid_data if nothing follows the header
  void require_rows(const CsvSource& source) const;
  /// @throws invalid_data for a name that is not UTF-8, of the columns that are used
  void require_utf8(const CsvSource& source, std::span<const std::size_t> columns) const;
};

/// @throws invalid_argument for a delimiter that cannot be one; invalid_data for text without rows
CsvLayout find_layout(const CsvSource& source, const ReadOptions& options);

}  // namespace mogul
