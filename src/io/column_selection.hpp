// Which columns of a file become features, and which one the weights. Used by the CSV and NPY readers.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mogul/io.hpp"

namespace mogul {

struct ColumnSelection {
  std::vector<std::size_t> features;   ///< (D), the file's column of each feature, from 0
  std::vector<std::string> names;      ///< (D)
  std::optional<std::size_t> weights;  ///< the file's column of the row weights
  std::vector<std::size_t> left_out;   ///< columns that no option mentions and that are no data
};

/// Applies columns, exclude and weights of the options.
/// @param names    one per column of the file
/// @param file     how messages call the file
/// @param no_data  columns that are features only if they are asked for
/// @throws       invalid_argument for an unknown or ambiguous column, contradicting options, or no column left;
///               invalid_data if two features have the same name
ColumnSelection select_columns(const std::vector<std::string>& names, const ReadOptions& options,
                               const std::string& file, std::span<const std::size_t> no_data = {});

/// The column that a name or a position means, from 0. A name wins over a position.
/// @param option  what asks for it, as messages call it
/// @throws        invalid_argument for an unknown or ambiguous column
std::size_t find_column(const std::vector<std::string>& names, std::string_view option, std::string_view wanted,
                        const std::string& file);

}  // namespace mogul
