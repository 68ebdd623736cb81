// NPY in memory -> Dataset; used by read_dataset.cpp. Its twin for text is csv.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mogul/io.hpp"

namespace mogul {

bool is_npy(std::string_view bytes);

/// A 2-D array of numbers in either byte and storage order, or a 1-D array as one column. f4 stays float, all others
/// become the nearest double, truth values 0 and 1. The columns are called "x1", "x2", ...
/// @param name    stands for the file in messages
/// @param report  rows that are left out for missing values (NaN) are appended to it
/// @throws        invalid_argument for an unknown column or an option of text files; invalid_data naming the file
///                and the rule, and row and column of a value that is not finite
Dataset parse_npy(std::string_view bytes, const std::string& name, const ReadOptions& options, ReadReport& report);

/// The integers of a 1-D array, or of a 2-D one of one column; real numbers that are whole are integers too.
/// @param dropped  numbers of rows that are left out, ascending, whatever they hold
/// @throws invalid_data naming the file and the rule, and the row of a value that is not an integer of 64 bits
std::vector<std::int64_t> parse_npy_integers(std::string_view bytes, const std::string& name,
                                             std::span<const std::size_t> dropped);

/// All columns and rows, in the fewest digits that read back equal; "" for NaN.
/// @throws invalid_data naming the file and the rule
TextColumns parse_npy_text(std::string_view bytes, const std::string& name);

}  // namespace mogul
