// The header of an NPY file: what the bytes after it mean. Read by npy.cpp, written by write_rows.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mogul {

inline constexpr std::string_view kNpyMagic = "\x93NUMPY";

struct NpyHeader {
  std::string descr;                ///< element type, such as "<f8"; empty for a structured one
  std::vector<std::string> fields;  ///< names of the fields of a structured type
  bool fortran_order = false;       ///< true: column after column
  std::vector<std::size_t> shape;   ///< (3,), (3, 4), ...
  std::size_t data_offset = 0;      ///< bytes before the first element
};

/// Reads versions 1.0, 2.0 and 3.0.
/// @throws invalid_data naming the file and the rule that its header breaks
/// @source https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
NpyHeader parse_npy_header(std::string_view bytes, const std::string& name);

/// Magic and header, version 1.0, of a (rows, cols) matrix of doubles in C order.
std::string npy_header(std::size_t rows, std::size_t cols);

}  // namespace mogul
