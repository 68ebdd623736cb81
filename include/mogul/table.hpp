// A table: named columns of numbers or text, and its writers.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace mogul {

struct Column {
  std::string name;
  std::variant<std::vector<double>, std::vector<std::string>> values;  ///< NaN: there is none
  int digits = 6;           ///< significant digits of its numbers for people; programs get all of them
  bool to_the_left = true;  ///< of text; numbers stand at the right

  std::size_t size() const;
  bool is_text() const { return values.index() == 1; }
  /// For people: NaN is "-", and long text is shortened.
  std::string shown(std::size_t row) const;
};

struct Table {
  std::string name;     ///< its key in JSON
  std::string caption;  ///< above or below it, for people; may be empty
  std::vector<Column> columns;

  std::size_t n_rows() const { return columns.empty() ? 0 : columns.front().size(); }
};

/// For a terminal, columns two blanks apart. Control characters are replaced, names of columns and long cells
/// shortened.
/// @param most_rows  longer tables are cut, which is said; >= 4
std::string text_of(const Table& table, std::size_t most_rows = 20);
/// A table of Markdown: HTML in its cells is escaped, and each stays on its line.
std::string markdown_of(const Table& table);

/// The rows of a table that are shown: all, or the first and the last ones, `most` together.
/// @param most  >= 4
std::vector<std::size_t> rows_to_show(const Table& table, std::size_t most);

/// The number with so many significant digits, as people write it.
std::string number_text(double value, int digits);

}  // namespace mogul
