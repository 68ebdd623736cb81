// The names of the columns, as the header gives them and as they are made up where it gives none.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "io/csv/csv_cursor.hpp"

namespace mogul {

struct ColumnNames {
  std::vector<std::string> names;  ///< one per column; a made-up one is no other column's name
  std::vector<bool> given;         ///< whether the file gives it
};

/// A field as it is meant: the doubled quotes of a quoted one are single.
std::string unquote(const CsvField& field);

/// Whether a name is none: empty, or "Unnamed: 0", as pandas calls an index that it wrote without a name.
bool is_unnamed(std::string_view name);

/// Names of columns: those of the fields, "x1", "x2", ... by position for the unnamed.
ColumnNames name_columns(std::span<const CsvField> header);
/// "x1", "x2", ... for all.
ColumnNames make_up_names(std::size_t n_columns);

}  // namespace mogul
