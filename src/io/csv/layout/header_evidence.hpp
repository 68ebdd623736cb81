// Whether the first line of delimited text holds names or a row: what speaks for either, and a question where both are
// plausible. No row may be lost and no name be read as a row.
#pragma once

#include <string>
#include <vector>

#include "io/csv/csv_cursor.hpp"
#include "io/csv/layout/first_records.hpp"

namespace mogul {

enum class FirstLine { names, row, either };

struct FirstLineReading {
  FirstLine reading = FirstLine::row;
  std::string reason;  ///< where it is either: why, as the end of a sentence
};

/// Reads the evidence: fields that are text, numbers, missing values or damaged numbers; quotes; numbers that count as
/// names do, or that stand apart from the numbers below. docs/formats.md has the rules.
/// @param records  the first line and some below it, at least one
FirstLineReading read_first_line(const std::vector<CsvRecord>& records, const CsvDialect& dialect);

}  // namespace mogul
