// Columns of a file with a header that have no name in it: an index, row names, or what stands behind a delimiter at
// the end of the lines. They are left out where they are surely that.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "io/csv/csv_cursor.hpp"
#include "io/csv/first_records.hpp"

namespace mogul {

struct UnnamedColumns {
  std::optional<double> index;  ///< column 0 counts up by one from here, as far as the first rows tell
  bool row_names = false;       ///< column 0 holds text
  bool empty_end = false;       ///< the last column has no field with anything in it, likewise
};

/// @param rows  the first rows, without the header
UnnamedColumns find_unnamed_columns(const std::vector<CsvRecord>& rows, const CsvDialect& dialect);

}  // namespace mogul
