// Rows of numbers under named columns, and how each format writes them. output.hpp says where they go.
#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "mogul/io.hpp"
#include "mogul/matrix.hpp"

namespace mogul::cli {

enum class Format { table, markdown, csv, tsv, json, jsonl, npy };

struct Table {
  std::vector<std::string> names;            ///< (columns)
  Matrix values = {};                        ///< (rows, columns); NaN where there is none
  std::vector<std::string> kept_names = {};  ///< (columns of the input that stand before the values), as --append asks
  std::vector<std::string> kept = {};        ///< (rows, kept columns), as they stand in the input
  char decimal = '.';                        ///< decimal point of the values in csv and tsv: that of what is kept
};

/// NaN is NA in table, markdown, csv and tsv, null in json and jsonl. In json and jsonl a kept field is a number if it
/// reads as one, null if it is empty, else text. npy holds the values only (output.hpp refuses to keep columns there).
void write_table(std::ostream& stream, const Table& table, Format format);

/// 0, 1, ...: the numbers of the rows.
std::vector<std::size_t> all_rows(const Matrix& values);

/// Keeps columns of the input before those of the table. A column of the table that has the name of one of them gets
/// '_' at its end.
/// @param rows     of the input, one per row of the table
/// @param decimal  decimal point of the input's numbers
void keep_columns(Table& table, const TextColumns& input, const std::vector<std::size_t>& rows, char decimal);

/// Rows that were left out of a computation come back as NaN.
/// @param values   (rows, columns)
/// @param dropped  numbers of the rows that are missing, ascending, counted from 0 in the result
Matrix with_dropped_rows(const Matrix& values, const std::vector<std::size_t>& dropped);

/// The fewest digits that read back equal; null where it is not finite.
std::string json_number(double value);
/// A quoted JSON string; bytes that are not UTF-8 are replaced.
std::string json_string(const std::string& text);

}  // namespace mogul::cli
