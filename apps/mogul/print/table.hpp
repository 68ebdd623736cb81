// Columns of what a verb prints, and the writer of each format. output.hpp says where they go.
#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "mogul/io.hpp"
#include "mogul/matrix.hpp"
#include "mogul/table.hpp"

namespace mogul::cli {

enum class Format { table, markdown, csv, tsv, json, jsonl, npy };

/// npy holds the numbers only (output.hpp refuses to keep columns of the input there).
/// @param decimal  decimal point of the numbers in csv and tsv
void write_table(std::ostream& stream, const Table& table, Format format, char decimal = '.');

/// Numbers of which some may be missing: NA in table and markdown, as in csv and tsv.
/// @param unit  a difference that people must see (Column::unit); 0 for none
Column numbers(std::string name, std::vector<double> values, double unit = 0);

/// The standard deviation of the values that are finite; 0 if there are none.
double spread_of(const std::vector<double>& values);

/// Column `col` of a matrix.
std::vector<double> column_of(const Matrix& values, std::size_t col);

/// Rows that were left out of a computation come back as NaN.
/// @param dropped  numbers of the rows that are missing, ascending, counted from 0 in the result
std::vector<double> with_dropped_rows(std::vector<double> values, const std::vector<std::size_t>& dropped);

/// 0, 1, ..., n - 1.
std::vector<std::size_t> all_rows(std::size_t n);

/// Puts columns of the input before those of the table. A column of the table that has the name of one of them gets '_'
/// at its end.
/// @param rows  of the input, one per row of the table, all different
void keep_columns(Table& table, TextColumns input, const std::vector<std::size_t>& rows);

}  // namespace mogul::cli
