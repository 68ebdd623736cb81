// The first records of delimited text, split into fields: from which delimiter, header and index columns are told.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "io/csv/csv_cursor.hpp"

namespace mogul {

struct CsvRecord {
  const char* position = nullptr;  ///< of its first byte
  std::vector<CsvField> fields;
};

/// As many records as tell a layout: some dozens, fewer where they are long, but two where there are two.
/// A record may be broken: its last field then has a fault.
std::vector<CsvRecord> first_records(std::string_view text, const CsvDialect& dialect);

/// Whether two records have the same fields, with and without the same quotes.
bool read_alike(const std::vector<CsvField>& a, const std::vector<CsvField>& b);

/// The most frequent number of fields of the records after the first, or of the first where it is alone.
std::size_t usual_width(const std::vector<CsvRecord>& records);

/// How many records stand before those that all have `width` fields, if these are two or more and at least half of all.
std::optional<std::size_t> n_before_even_rows(const std::vector<CsvRecord>& records, std::size_t width);

}  // namespace mogul
