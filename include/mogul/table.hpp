// A table: named columns of numbers or text, and its writers.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <variant>
#include <vector>

namespace mogul {

struct Column {
  std::string name;
  std::variant<std::vector<double>, std::vector<std::string>> values;  ///< NaN: there is none
  int digits = 6;           ///< significant digits of its numbers for people; programs get all of them
  bool to_the_left = true;  ///< of text; numbers stand at the right
  double unit = 0;          ///< a difference between its numbers that must show; as in number_text()
  /// For people, where the name is a key for programs; empty: the name. Formulas between dollar signs are set as
  /// mathematics in pages: "prior $pi_k$"; `$$` is a dollar sign.
  std::string heading = {};
  std::string missing = "-";  ///< what people see where a number is NaN
  bool is_from_file = false;  ///< of text: fields as they stand in a file, of which some may be numbers

  std::size_t size() const;
  bool is_text() const { return values.index() == 1; }
  /// For people: long text is shortened.
  std::string shown(std::size_t row) const;
};

struct Table {
  std::string name;     ///< its key in JSON
  std::string caption;  ///< above or below it, for people; may be empty
  std::vector<Column> columns;
  std::string label = {};  ///< what it has in it, for people who hear a page, where there is no caption

  std::size_t n_rows() const { return columns.empty() ? 0 : columns.front().size(); }
};

/// For a terminal, columns two blanks apart. Control characters are replaced, names of columns and long cells
/// shortened.
/// @param most_rows  longer tables are cut, which is said; >= 4
std::string text_of(const Table& table, std::size_t most_rows = 20);
/// A table of Markdown: HTML in its cells is escaped, and each stays on its line.
std::string markdown_of(const Table& table);

/// CSV, or TSV with a tab: RFC 4180 with a header line (csv_header() in io.hpp). Numbers are in the fewest digits that
/// read back equal; NaN is NA. Written in pieces to a stream, which remembers its errors.
/// @param decimal  decimal point of its numbers: '.' or ','
/// @throws         interrupted_error if the caller interrupts
void write_csv(std::ostream& stream, const Table& table, char delimiter = ',', char decimal = '.');

/// An array of objects, one per row, whose keys are the names of the columns, which must differ. Numbers are in the
/// fewest digits that read back equal, null where they are not finite. Text of a file (Column::is_from_file) is a
/// number where it reads as one in JSON and null where it is empty; bytes that are not UTF-8 are replaced. Written in
/// pieces, as by write_csv().
void write_json(std::ostream& stream, const Table& table);
/// The same objects without the array, each on its line.
void write_json_lines(std::ostream& stream, const Table& table);

/// The rows of a table that are shown: all, or the first and the last ones, `most` together.
/// @param most  >= 4
std::vector<std::size_t> rows_to_show(const Table& table, std::size_t most);

/// The number with so many significant digits, as people write it. Where it is larger than `unit`, as times and
/// positions are larger than their standard deviation, it has more of them, up to 17: four of `unit`, and no exponent
/// below 1e15.
/// @param unit  a difference that must show, in the same unit as the value; 0 for none
std::string number_text(double value, int digits, double unit = 0);

}  // namespace mogul
