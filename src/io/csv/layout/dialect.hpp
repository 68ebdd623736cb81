// How a file writes its rows: the delimiter, found from its first lines, and what is told by the options.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "io/csv/csv_cursor.hpp"
#include "io/csv/csv_source.hpp"
#include "mogul/io.hpp"

namespace mogul {

struct CsvStart {
  CsvDialect dialect;
  std::string_view text;     ///< from the first line that may hold names or a row
  std::string_view comment;  ///< the last line of comment above it, without its sign; empty if there is none
  std::vector<std::string> notes;
};

/// Passes over a byte order mark, the lines to skip, "sep=;" and comments above the first row, and finds the delimiter.
/// @throws invalid_argument for a delimiter, decimal point or comment sign that cannot be one
CsvStart find_start(const CsvSource& source, const ReadOptions& options);

/// The character that splits the first records best: into as many fields each, and these into numbers.
/// @param dialect  its decimal point, which cannot delimit, and its sign of comments
char detect_delimiter(std::string_view text, const CsvDialect& dialect);

}  // namespace mogul
