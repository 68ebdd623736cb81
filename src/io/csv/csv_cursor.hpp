// Walks over delimited text field by field: RFC 4180, or fields between runs of blanks for the delimiter ' '.
// Used by csv_layout.cpp for the first lines and by csv_rows.cpp for all others. Every byte is looked at once and
// before the end of the text, so that text which changes meanwhile is misread, but not read beyond.
#pragma once

#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>

#include "mogul/dataset.hpp"

namespace mogul {

inline constexpr std::string_view kNeverClosed = "the quote is never closed";

/// How a file writes its rows.
struct CsvDialect {
  char delimiter = ',';  ///< ' ' = runs of spaces and tabs
  char decimal = '.';
  char comment = '\0';  ///< begins lines that are no rows; '\0' = none
};

/// A field as it stands in the file.
struct CsvField {
  const char* position;   ///< of its first byte
  std::string_view text;  ///< between the quotes, doubled ones still doubled; else without blanks around
  bool quoted = false;
  std::string_view fault;  ///< what breaks the quoting rules; empty = nothing
};

class CsvCursor {
 public:
  CsvCursor(std::string_view text, const CsvDialect& dialect)
      : next_(text.data()),
        end_(text.data() + text.size()),
        delimiter_(dialect.delimiter),
        comment_(dialect.comment),
        decimal_point_(dialect.decimal == '.') {}

  const char* position() const { return next_; }
  bool at_end() const { return next_ == end_; }
  bool at_line_end() const { return is_line_end(next_); }

  /// Moves past a line that reads so, if it does.
  bool skip_line_of(std::string_view line) {
    if (line.empty() || static_cast<std::size_t>(end_ - next_) < line.size()) return false;
    if (std::memcmp(next_, line.data(), line.size()) != 0 || !is_line_end(next_ + line.size())) return false;
    next_ += line.size();
    skip_line();
    return true;
  }

  /// Moves past lines of nothing but blanks, and lines of comment.
  void skip_to_row() {
    while (next_ != end_) {
      const char* line_end = skip_blanks(next_);
      if (comment_ != '\0' && line_end != end_ && *line_end == comment_) {
        skip_line();
        continue;
      }
      while (line_end != end_ && *line_end == '\r') line_end = skip_blanks(line_end + 1);
      if (line_end != end_ && *line_end != '\n') return;
      next_ = line_end == end_ ? end_ : line_end + 1;
    }
  }

  /// Moves past the next '\n', wherever it is.
  void skip_line() {
    const void* newline = std::memchr(next_, '\n', static_cast<std::size_t>(end_ - next_));
    next_ = newline == nullptr ? end_ : static_cast<const char*>(newline) + 1;
  }

  /// Reads a number that is allowed and fills its field, the fast path of reading; else stays where it is.
  bool read_number(double& value) {
    if (!decimal_point_) return false;
    const char* first = skip_blanks(next_);
    const auto [last, error] = std::from_chars(first, end_, value);
    if (error != std::errc() || !(std::abs(value) <= kLargestValue)) return false;
    const char* after = skip_blanks(last);
    const bool fills = is_line_end(after) || (delimiter_ == ' ' ? after != last : *after == delimiter_);
    if (fills) next_ = after;
    return fills;
  }

  /// Reads any field, and stops at the delimiter or line end after it.
  CsvField read_field() {
    next_ = skip_blanks(next_);
    return next_ != end_ && *next_ == '"' ? read_quoted() : read_bare();
  }

  /// Moves to the line's next field, if there is one.
  bool next_field() {
    if (is_line_end(next_)) return false;
    if (delimiter_ != ' ') ++next_;
    return true;
  }

 private:
  bool is_blank(char c) const { return c == ' ' || (c == '\t' && delimiter_ != '\t'); }
  bool is_line_end(const char* p) const {
    return p == end_ || *p == '\n' || (*p == '\r' && (p + 1 == end_ || p[1] == '\n'));
  }
  bool is_field_end(const char* p) const {
    return is_line_end(p) || *p == delimiter_ || (delimiter_ == ' ' && is_blank(*p));
  }
  const char* skip_blanks(const char* p) const {
    while (p != end_ && is_blank(*p)) ++p;
    return p;
  }

  CsvField read_bare() {
    const char* first = next_;
    while (!is_field_end(next_)) ++next_;
    const char* last = next_;
    while (last != first && is_blank(last[-1])) --last;
    next_ = skip_blanks(next_);
    return {first, {first, static_cast<std::size_t>(last - first)}, false, {}};
  }

  CsvField read_quoted() {
    const char* first = next_++;
    for (; next_ != end_; ++next_) {
      if (*next_ != '"') continue;
      if (next_ + 1 == end_ || next_[1] != '"') break;
      ++next_;
    }
    CsvField field{first, {first + 1, static_cast<std::size_t>(next_ - first - 1)}, true, {}};
    if (next_ == end_) {
      field.fault = kNeverClosed;
      return field;
    }
    ++next_;
    if (!is_field_end(next_) && !is_blank(*next_)) field.fault = "text after the closing quote";
    next_ = skip_blanks(next_);
    if (!is_field_end(next_) && delimiter_ != ' ') field.fault = "text after the closing quote";
    return field;
  }

  const char* next_;
  const char* end_;
  char delimiter_;
  char comment_;
  bool decimal_point_;
};

}  // namespace mogul
