// Delimited text in memory -> Dataset; used by read_dataset.cpp. Its twin for NPY is npy.hpp.
#pragma once

#include <string>
#include <string_view>

#include "mogul/io.hpp"

namespace mogul {

/// @param name  stands for the file in messages
/// @throws      invalid_argument for an unknown column; invalid_data naming file, line, column, value and rule
Dataset parse_csv(std::string_view text, const std::string& name, const ReadOptions& options);

}  // namespace mogul
