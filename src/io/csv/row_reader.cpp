#include "io/csv/row_reader.hpp"

#include <cmath>

#include "io/csv/number_text.hpp"

namespace mogul {

RowReader::RowReader(const CsvSource& source, const CsvLayout& layout, const ColumnSelection& selection,
                     const ReadOptions& options)
    : layout_(layout),
      faults_(source, layout, selection, !options.columns.empty()),
      missing_(options.missing),
      targets_(layout.names.size(), kSkip) {
  for (std::size_t i = 0; i < selection.features.size(); ++i) {
    targets_[selection.features[i]] = static_cast<std::ptrdiff_t>(i);
  }
  if (selection.weights) targets_[*selection.weights] = kWeight;
  for (const std::size_t column : selection.left_out) {
    const ColumnRole role = layout.roles[column];
    targets_[column] = role == ColumnRole::index ? kIndex : role == ColumnRole::empty ? kEmpty : kSkip;
  }
}

LineKind RowReader::read(CsvCursor& cursor, std::size_t number, double* row, double* weight) const {
  const CsvCursor line = cursor;
  if (cursor.skip_line_of(layout_.header)) {
    if (!layout_.header_may_repeat) faults_.fail_header_or_row(line);
    return LineKind::header;
  }
  LineKind kind = LineKind::row;
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    if (i > 0 && !cursor.next_field()) faults_.fail_ragged(line);
    const std::ptrdiff_t target = targets_[i];
    if (target < 0 && target != kWeight) {
      pass_over(cursor, line, number, i);
      continue;
    }
    double& value = target == kWeight ? *weight : row[target];
    if (!cursor.read_number(value) && !read_carefully(cursor, line, i, value)) kind = LineKind::row_with_missing;
    if (target == kWeight && value < 0) faults_.fail_negative_weight(line, i, value);
  }
  if (!cursor.at_line_end()) faults_.fail_ragged(line);
  cursor.skip_line();
  return kind;
}

// A number with quotes, a plus sign or a decimal comma, or too small for a double. False: a missing value that is let
// through.
bool RowReader::read_carefully(CsvCursor& cursor, const CsvCursor& line, std::size_t column, double& value) const {
  const CsvField field = cursor.read_field();
  NumberText number = parse_number(field.text, layout_.dialect.decimal);
  if (std::abs(number.value) > kLargestValue && number.fault == NumberFault::none) {
    number.fault = NumberFault::too_large;
  }
  value = number.value;
  if (field.fault.empty() && number.fault == NumberFault::none) return true;
  if (field.fault.empty() && number.fault == NumberFault::missing && missing_ == Missing::drop) return false;
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
  if (index.fault == NumberFault::none && index.value == layout_.first_index[column] + static_cast<double>(number))
    return;
  faults_.fail_no_index(field, column);
}

}  // namespace mogul
