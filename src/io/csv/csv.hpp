// Delimited text in memory -> Dataset; used by read_dataset.cpp. Its twin for NPY is npy.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mogul/io.hpp"

namespace mogul {

/// @param name    stands for the file in messages
/// @param report  notes and dropped rows are appended to it
/// @throws        invalid_argument for an unknown column; invalid_data naming file, line, column, value and rule
Dataset parse_csv(std::string_view text, const std::string& name, const ReadOptions& options, ReadReport& report);

/// All fields, unquoted, of text that parse_csv() reads with these options.
TextColumns parse_csv_text(std::string_view text, const std::string& name, const ReadOptions& options);

/// The names in the header, one per column, or nothing where there is none; likewise.
std::optional<std::vector<std::string>> parse_csv_names(std::string_view text, const std::string& name,
                                                        const ReadOptions& options);

}  // namespace mogul
