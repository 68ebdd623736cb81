#include "io/csv/row_reader.hpp"

#include <cmath>

#include "io/csv/number_text.hpp"

namespace mogul {

RowReader::RowReader(const CsvSource& source, const CsvLayout& layout, const ColumnSelection& selection,
                     const ReadOptions& options)
    : layout_(layout),
      faults_(source, layout, selection, !options.columns.empty()),
      missing_(options.missing),
      targets_(layout.names.size(), kSkip),
      header_of_numbers_(!layout.header.empty()) {
  for (std::size_t i = 0; i < selection.features.size(); ++i) {
    targets_[selection.features[i]] = static_cast<std::ptrdiff_t>(i);
    const NumberFault fault = parse_number(layout.names[selection.features[i]], layout.dialect.decimal).fault;
    if (fault == NumberFault::not_a_number) header_of_numbers_ = false;
  }
  if (selection.weights) targets_[*selection.weights] = kWeight;
  for (const std::size_t column : selection.left_out) {
    const ColumnRole role = layout.roles[column];
    targets_[column] = role == ColumnRole::index ? kIndex : role == ColumnRole::empty ? kEmpty : kSkip;
  }
}

LineKind RowReader::read(CsvCursor& cursor, std::size_t number, double* row, double* weight) const {
  if (header_of_numbers_ && cursor.skip_line_of(layout_.header)) return LineKind::header;
  return read_fields(cursor, number, row, weight);
}

LineKind RowReader::read_fields(CsvCursor& cursor, std::size_t number, double* row, double* weight) const {
  const CsvCursor line = cursor;
  LineKind kind = LineKind::row;
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    if (i > 0 && !cursor.next_field()) faults_.fail_ragged(line);
    const std::ptrdiff_t target = targets_[i];
    if (target < 0 && target != kWeight) {
      pass_over(cursor, line, number, i);
      continue;
    }
    double& value = target == kWeight ? *weight : row[target];
    if (!cursor.read_number(value)) {
      const Field field = read_carefully(cursor, line, i, kind == LineKind::row, value);
      if (field == Field::header) return LineKind::header;
      if (field == Field::missing) kind = LineKind::row_with_missing;
    }
    if (target == kWeight && value < 0) faults_.fail_negative_weight(line, i, value);
  }
  if (!cursor.at_line_end()) faults_.fail_ragged(line);
  cursor.skip_line();
  return kind;
}

// A number with quotes, a plus sign or a decimal comma, or too small for a double; a missing value that is let through;
// a name in a line that repeats the header; or whatever else stands there: an error.
RowReader::Field RowReader::read_carefully(CsvCursor& cursor, const CsvCursor& line, std::size_t column,
                                           bool may_be_header, double& value) const {
  const CsvField field = cursor.read_field();
  NumberText number = parse_number(field.text, layout_.dialect.decimal);
  if (std::abs(number.value) > kLargestValue && number.fault == NumberFault::none) {
    number.fault = NumberFault::too_large;
  }
  value = number.value;
  if (field.fault.empty() && number.fault == NumberFault::none) return Field::read;
  CsvCursor again = line;
  if (may_be_header && again.skip_line_of(layout_.header)) {
    cursor = again;
    return Field::header;
  }
  if (field.fault.empty() && number.fault == NumberFault::missing && missing_ == Missing::drop) return Field::missing;
  faults_.fail_field(line, field, column, number.fault);
}

// A column that is not used. Its fields must be fields, and count the rows or be empty where that is why they are left
// out.
void RowReader::pass_over(CsvCursor& cursor, const CsvCursor& line, std::size_t number, std::size_t column) const {
  const CsvField field = cursor.read_field();
  if (!field.fault.empty()) faults_.fail_field(line, field, column, NumberFault::none);
  const std::ptrdiff_t target = targets_[column];
  if (target == kEmpty && !field.text.empty()) faults_.fail_not_empty(field, column);
  if (target != kIndex) return;
  const NumberText index = parse_number(field.text, layout_.dialect.decimal);
  if (index.fault == NumberFault::none && index.value == layout_.first_index + static_cast<double>(number)) return;
  CsvCursor again = line;
  if (!again.skip_line_of(layout_.header)) faults_.fail_no_index(field, column);  // else the next field tells
}

}  // namespace mogul
