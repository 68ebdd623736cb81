// Lines above the names or the rows, as reports have them. Part of the second step of reading text, csv_layout.
#pragma once

#include <vector>

#include "io/csv/csv_cursor.hpp"
#include "io/csv/csv_source.hpp"
#include "io/csv/layout/first_records.hpp"

namespace mogul {

/// @throws invalid_data with the number of lines to skip, where the first records do not look like those below
void refuse_titles(const CsvSource& source, const std::vector<CsvRecord>& records, const CsvDialect& dialect);

}  // namespace mogul
