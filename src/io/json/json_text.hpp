// Writes JSON files: JsonValue -> text laid out for readers, in which every double reads back equal.
// For model_json.cpp and stats_json.cpp; its twin json_fields.hpp reads.
#pragma once

#include <string>
#include <string_view>

#include "io/json/json_value.hpp"
#include "mogul/matrix.hpp"

namespace mogul {

/// The text of a document, ending in a newline. An object or array that holds another one has one element per line,
/// except inside an array; doubles are in the shortest form that reads back equal.
/// @throws invalid_argument naming the place of a number that is not finite or a text that is not UTF-8
std::string json_text(const JsonValue& document);

/// Appends null, a truth value, a number or a text.
/// @throws nlohmann::json::type_error for a text that is not UTF-8
void append_scalar(std::string& out, const JsonValue& value);

/// A text in quotes; bytes that are not UTF-8 are replaced.
std::string json_string(std::string_view text);

/// Whether it is a number as JSON writes them: 7 and -1.5e3, but neither 007 nor +7.
bool is_json_number(std::string_view text);

/// An array of rows.
JsonValue rows_json(MatrixView<const double> rows);

/// @throws io_error; the old file is then untouched
void write_text(const std::string& path, std::string_view text);

}  // namespace mogul
