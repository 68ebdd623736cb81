// A table: named columns of numbers or text. Its writers are text.cpp, csv.cpp, json.cpp, markdown.cpp and html.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace mogul {

struct Column {
  std::string name;
  std::variant<std::vector<double>, std::vector<std::string>> values;  ///< NaN: there is none
  int digits = 6;  ///< significant digits of its numbers for people; programs get all of them

  std::size_t size() const;
  bool is_text() const { return values.index() == 1; }
  /// For people: NaN is "-".
  std::string shown(std::size_t row) const;
};

struct Table {
  std::string name;     ///< its key in JSON
  std::string caption;  ///< above or below it, for people; may be empty
  std::vector<Column> columns;

  std::size_t n_rows() const { return columns.empty() ? 0 : columns.front().size(); }
};

/// The rows of a table that are shown: all, or the first and the last ones, `most` together.
/// @param most  >= 4
std::vector<std::size_t> rows_to_show(const Table& table, std::size_t most);

/// The number with so many significant digits, as people write it.
std::string number_text(double value, int digits);

}  // namespace mogul
