#include "io/csv/row_reader.hpp"

#include <fmt/format.h>

#include <cmath>

#include "io/message.hpp"

namespace mogul {

RowReader::RowReader(const CsvSource& source, const CsvLayout& layout, const ColumnSelection& selection,
                     Missing missing)
    : source_(source), layout_(layout), missing_(missing), targets_(layout.names.size(), kSkip) {
  for (std::size_t i = 0; i < selection.features.size(); ++i) {
    targets_[selection.features[i]] = static_cast<std::ptrdiff_t>(i);
  }
  if (selection.weights) targets_[*selection.weights] = kWeight;
}

LineKind RowReader::read(CsvCursor& cursor, double* row, double* weight) const {
  const char* start = cursor.position();
  LineKind kind = LineKind::row;
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    if (i > 0 && !cursor.next_field()) fail_ragged(start, i);
    const std::ptrdiff_t target = targets_[i];
    if (target == kSkip) {
      skip_field(cursor, i);
      continue;
    }
    const char* position = cursor.position();
    double& value = target == kWeight ? *weight : row[target];
    if (!cursor.read_number(value) && !read_carefully(cursor, i, value)) {
      kind = LineKind::row_with_missing;
      continue;
    }
    if (target == kWeight && value < 0) fail(position, i, fmt::format("weight {}; must be >= 0", value));
  }
  if (!cursor.at_line_end()) {
    std::size_t n_fields = targets_.size();
    for (; cursor.next_field(); ++n_fields) cursor.read_field();
    fail_ragged(start, n_fields);
  }
  cursor.skip_line();
  return kind;
}

// A number with quotes, a plus sign or a decimal comma, or too small for a double; false for a missing value that is
// let through; or whatever else stands there: an error.
bool RowReader::read_carefully(CsvCursor& cursor, std::size_t column, double& value) const {
  const CsvField field = cursor.read_field();
  if (!field.fault.empty()) fail(field.position, column, field.fault);
  NumberText number = parse_number(field.text, layout_.dialect.decimal);
  if (std::abs(number.value) > kLargestValue && number.fault == NumberFault::none) {
    number.fault = NumberFault::too_large;
  }
  value = number.value;
  if (number.fault == NumberFault::none) return true;
  if (number.fault == NumberFault::missing && missing_ == Missing::drop) return false;
  fail(field.position, column, describe(number.fault, field.text, column));
}

void RowReader::skip_field(CsvCursor& cursor, std::size_t column) const {
  const CsvField field = cursor.read_field();
  if (!field.fault.empty()) fail(field.position, column, field.fault);
}

void RowReader::fail(const char* at, std::size_t column, std::string_view what) const {
  source_.fail(at, layout_.names[column], what);
}

void RowReader::fail_ragged(const char* at, std::size_t n_fields) const {
  source_.fail(at, fmt::format("{} field{}; must be {}, as in line {}", n_fields, n_fields == 1 ? "" : "s",
                               targets_.size(), layout_.first_line));
}

std::string RowReader::describe(NumberFault fault, std::string_view text, std::size_t column) const {
  const std::string value = fmt::format("'{}'", printable(text));
  if (fault == NumberFault::missing) {
    return fmt::format("{}; fill it in, or drop such rows (--missing drop)",
                       text.empty() ? "the field is empty" : value + " is a missing value");
  }
  const auto with_remedy = [&](std::string_view what, std::string_view remedy) {
    if (targets_[column] == kWeight) return fmt::format("{}; a weight must be a number >= 0", what);
    return fmt::format("{}; {}{}", what, remedy, leave_out(layout_.names[column], column));
  };
  if (fault == NumberFault::not_finite) return with_remedy(value + " is not finite", "delete the row, or ");
  if (fault == NumberFault::too_large) return with_remedy(value + " is too large (at most 1e100)", "rescale it, or ");
  return with_remedy(value + " is not a number", "");
}

}  // namespace mogul
