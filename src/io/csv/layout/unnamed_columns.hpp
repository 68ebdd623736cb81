// Columns of a file with a header that have no name in it: an index, row names, or what stands behind a delimiter at
// the end of the lines. They are left out where they are surely that.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "io/csv/csv_cursor.hpp"
#include "io/csv/layout/first_records.hpp"

namespace mogul {

struct UnnamedColumns {
  std::vector<double> index;  ///< each of the first columns that counts up by one, from here, as far as these rows tell
  bool row_names = false;     ///< column 0 holds text
  std::size_t n_empty_end = 0;  ///< last columns without a field that has anything in it, likewise
};

/// @param rows  the first rows, without the header
UnnamedColumns find_unnamed_columns(const std::vector<CsvRecord>& rows, const CsvDialect& dialect);

}  // namespace mogul
