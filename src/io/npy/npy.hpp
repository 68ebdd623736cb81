// NPY in memory -> Dataset; used by read_dataset.cpp. Its twin for text is csv.hpp.
#pragma once

#include <string>
#include <string_view>

#include "mogul/io.hpp"

namespace mogul {

bool is_npy(std::string_view bytes);

/// A 2-D array of f4 or f8 in either byte and storage order, or a 1-D array as one column. f4 stays float.
/// The columns are called "x1", "x2", ...
/// @param name  stands for the file in messages
/// @throws      invalid_argument for an unknown column or an option of text files; invalid_data naming the file
///              and the rule, and row and column of a value that is not finite
Dataset parse_npy(std::string_view bytes, const std::string& name, const ReadOptions& options);

}  // namespace mogul
