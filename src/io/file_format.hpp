// Formats that mogul does not read, known by their first bytes, so that a message can name them and say what to do.
// Asked after file_bytes and gzip, before the readers of rows, labels, models and statistics.
#pragma once

#include <string>
#include <string_view>

namespace mogul {

/// Text without the mark that some programs write before UTF-8.
std::string_view without_byte_order_mark(std::string_view text);

/// What is left alone: NPY, gzip, JSON, and everything that may be delimited text.
/// @param bytes  the file, or at least its first 4096 bytes
/// @param name   stands for the file in messages
/// @throws       invalid_data naming the file, its format and what to do
void refuse_other_formats(std::string_view bytes, const std::string& name);

/// For the readers of rows and of labels.
/// @throws invalid_data as above, and for JSON, a model file among it
void require_table(std::string_view bytes, const std::string& name);

/// For the readers of models and of statistics.
/// @throws invalid_data as above, and for NPY and for what looks like rows of text
void require_json(std::string_view bytes, const std::string& name);

}  // namespace mogul
