#include "io/csv/layout/csv_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/message.hpp"
#include "io/csv/layout/column_names.hpp"
#include "io/csv/layout/dialect.hpp"
#include "io/csv/layout/first_records.hpp"
#include "io/csv/layout/header_evidence.hpp"
#include "io/csv/layout/titles.hpp"
#include "io/csv/layout/unnamed_columns.hpp"
#include "io/csv/number_text.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

// UTF-8 as far as a damaged or Latin-1 file needs: every lead byte has its continuation bytes.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t size = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
    if (size == 0 || i + size > text.size()) return false;
    const std::string_view rest = text.substr(i + 1, size - 1);
    if (!std::ranges::all_of(rest, [](char c) { return (c & 0xC0) == 0x80; })) return false;
    i += size;
  }
  return true;
}

// An object, as a model file is; no line of names or numbers begins so.
bool is_json(std::string_view text) {
  if (!text.starts_with('{')) return false;
  const std::size_t next = text.find_first_not_of(" \t\r\n", 1);
  return next != std::string_view::npos && (text[next] == '"' || text[next] == '}');
}

bool is_text(std::string_view field, char decimal) {
  return parse_number(field, decimal).fault == NumberFault::not_a_number;
}

std::string_view from(std::string_view text, const char* position) {
  return text.substr(static_cast<std::size_t>(position - text.data()));
}

void check_first_record(const CsvSource& source, std::string_view text, const CsvRecord& record) {
  if (is_json(from(text, record.position))) {
    source.fail(record.position, "JSON, as in a model file; rows must be CSV, TSV or NPY");
  }
  for (const CsvField& field : record.fields) {
    if (!field.fault.empty()) source.fail(field.position, field.fault);
    if (field.text.find('\r') != std::string_view::npos && field.text.find('\n') == std::string_view::npos) {
      source.fail(record.position, "a carriage return inside the line; lines must end with a line feed");
    }
  }
}

bool holds_all(const CsvRecord& record, const std::vector<std::string>& expected) {
  std::unordered_map<std::string, std::size_t> counts;
  for (const CsvField& field : record.fields) ++counts[std::string(normal_name(unquote(field)))];
  return !expected.empty() && std::ranges::all_of(expected, [&](const std::string& name) {
    const auto found = counts.find(std::string(normal_name(name)));
    return found != counts.end() && found->second == 1;
  });
}

// The names in a comment above rows of as many fields, as numpy.savetxt writes them: "# ra dec".
std::vector<CsvField> names_in_comment(const CsvStart& start, std::size_t width) {
  if (start.comment.empty()) return {};
  const std::vector<CsvRecord> records =
      first_records(start.comment, {start.dialect.delimiter, start.dialect.decimal, '\0'});
  if (records.size() != 1 || records[0].fields.size() != width) return {};
  for (const CsvField& field : records[0].fields) {
    if (!field.fault.empty() || !is_text(field.text, start.dialect.decimal)) return {};
    if (std::ranges::count(records[0].fields, field.text, &CsvField::text) > 1) return {};  // words, not names
  }
  return records[0].fields;
}

[[noreturn]] void ask(const CsvSource& source, const CsvRecord& record, const std::string& reason) {
  const std::string first = printable(unquote(record.fields.front()));
  source.fail(record.position,
              fmt::format("may be a header or a row, as {}; a header that calls the first column '{}' (--header), or "
                          "the first row of the data (--no-header)? Say which",
                          reason, first));
}

// Whether a line that reads as the header is no row: it has a name of text, or one in quotes above rows without. If it
// has no other, that it is a name must have been told.
bool may_repeat(const std::vector<CsvField>& header, const std::vector<CsvRecord>& rows, const CsvDialect& dialect,
                const ReadOptions& options) {
  const bool rows_have_quotes = std::ranges::any_of(rows, [&](const CsvRecord& row) {
    return std::ranges::any_of(row.fields, &CsvField::quoted) && !read_alike(row.fields, header);
  });
  const auto is_name = [&](const CsvField& field) {
    return is_text(field.text, dialect.decimal) || (field.quoted && !rows_have_quotes);
  };
  const bool told = options.header == Header::yes || holds_all({nullptr, header}, options.expected_names);
  return (header.size() > 1 || told) && std::ranges::any_of(header, is_name);
}

enum class HeaderPlace { nowhere, first_line, comment };

HeaderPlace find_header(const CsvSource& source, const std::vector<CsvRecord>& records, const CsvDialect& dialect,
                        const ReadOptions& options, bool comment_fits) {
  if (options.header == Header::no) return HeaderPlace::nowhere;
  const FirstLineReading evidence = read_first_line(records, dialect);
  if (options.header == Header::yes || holds_all(records.front(), options.expected_names)) {
    return HeaderPlace::first_line;
  }
  if (comment_fits && evidence.reading != FirstLine::names) return HeaderPlace::comment;
  if (evidence.reading == FirstLine::either) ask(source, records.front(), evidence.reason);
  return evidence.reading == FirstLine::names ? HeaderPlace::first_line : HeaderPlace::nowhere;
}

// One name less than fields: R's write.table names no row names; or lines end with a delimiter.
void add_missing_name(const CsvSource& source, const std::vector<CsvRecord>& rows, const UnnamedColumns& unnamed,
                      std::vector<CsvField>& header, CsvLayout& layout) {
  const std::size_t n = header.size();
  const char* at = header.front().position;
  const auto refuse = [&](std::string_view why) {
    source.fail(
        rows.front().position,
        fmt::format("{} fields, but line {} has {} name{}{}; name every column, or skip line {} (--skip-lines {} "
                    "--no-header)",
                    n + 1, layout.first_line, n, n == 1 ? "" : "s", why, layout.first_line, layout.first_line));
  };
  const bool names_below = std::ranges::all_of(
      rows.front().fields, [&](const CsvField& field) { return is_text(field.text, layout.dialect.decimal); });
  if (names_below && rows.size() > 1) {
    source.fail(at, fmt::format("{} name{} above {} fields; if it is a title, skip it (--skip-lines {})", n,
                                n == 1 ? "" : "s", n + 1, layout.first_line));
  }
  if (unnamed.n_empty_end > 0) {
    header.push_back({at, {}, false, {}});
    layout.roles.back() = ColumnRole::empty;
    return;
  }
  if (n == 1 && layout.dialect.delimiter == ',' && !unnamed.row_names) {
    refuse(": row names and a column, or numbers with a decimal comma (--decimal ,)");
  }
  // Others than 0, 1, ... and 1, 2, ... may be years below their name.
  const bool counts = !unnamed.index.empty() && (unnamed.index[0] == 0 || unnamed.index[0] == 1) &&
                      (rows.size() > 1 || unnamed.row_names);
  if (!unnamed.row_names && !counts) refuse(", and the first field counts no rows");
  header.insert(header.begin(), {at, {}, false, {}});
  layout.roles.front() = counts ? ColumnRole::index : ColumnRole::row_names;
}

void find_roles(const CsvSource& source, const std::vector<CsvRecord>& rows, std::vector<CsvField>& header,
                CsvLayout& layout) {
  const std::size_t width = rows.empty() ? header.size() : header.empty() ? rows[0].fields.size() : usual_width(rows);
  const bool even = std::ranges::all_of(rows, [&](const CsvRecord& row) { return row.fields.size() == width; });
  const UnnamedColumns unnamed = find_unnamed_columns(rows, layout.dialect);
  layout.roles.assign(header.empty() ? width : header.size(), ColumnRole::data);
  layout.first_index = unnamed.index;
  if (rows.empty() || !even) return;
  if (!header.empty() && header.size() + 1 == width) {
    layout.roles.resize(width, ColumnRole::data);
    return add_missing_name(source, rows, unnamed, header, layout);
  }
  if (!header.empty() && header.size() != width) return;
  for (std::size_t i = 0; i < header.size() && is_unnamed(unquote(header[i])); ++i) {
    if (i >= unnamed.index.size()) {
      if (i == 0) layout.roles[i] = ColumnRole::unclear;
      break;
    }
    layout.roles[i] = ColumnRole::index;
  }
  for (std::size_t i = layout.roles.size(); i > layout.roles.size() - unnamed.n_empty_end; --i) {
    const bool is_last_unnamed = header.empty() ? rows.size() > 1 : is_unnamed(unquote(header[i - 1]));
    if (!is_last_unnamed) break;
    layout.roles[i - 1] = ColumnRole::empty;
  }
}

}  // namespace

CsvLayout find_layout(const CsvSource& source, const ReadOptions& options) {
  CsvStart start = find_start(source, options);
  std::vector<CsvRecord> records = first_records(start.text, start.dialect);
  if (records.empty()) {
    throw invalid_data(fmt::format("{}: no data{}; must have at least one row", source.name,
                                   start.comment.empty() ? "" : " but comments, which begin with '#'"));
  }
  check_first_record(source, start.text, records.front());
  refuse_titles(source, records, start.dialect);

  CsvLayout layout;
  layout.dialect = start.dialect;
  layout.first_line = source.line(records.front().position);
  std::vector<CsvField> header = names_in_comment(start, records.front().fields.size());
  const HeaderPlace place = find_header(source, records, start.dialect, options, !header.empty());
  layout.has_header = place != HeaderPlace::nowhere;
  if (place == HeaderPlace::first_line) {
    header = records.front().fields;
    layout.header = from(start.text, records.front().position);
    layout.header = layout.header.substr(
        0, layout.header.find_first_of(
               "\r\n",
               static_cast<std::size_t>(header.back().text.data() + header.back().text.size() - layout.header.data())));
    records.erase(records.begin());
    layout.header_may_repeat = may_repeat(header, records, start.dialect, options);
    if (layout.header_may_repeat) {
      std::erase_if(records, [&](const CsvRecord& record) { return read_alike(record.fields, header); });
    }
  } else if (place == HeaderPlace::comment) {
    layout.notes.push_back(fmt::format("{}: line {}: the names of the columns are those in the comment", source.name,
                                       source.line(header.front().position)));
  } else {
    header.clear();
  }
  layout.body = records.empty() ? std::string_view() : from(start.text, records.front().position);
  find_roles(source, records, header, layout);
  ColumnNames names = layout.has_header ? name_columns(header) : make_up_names(layout.roles.size());
  layout.names = std::move(names.names);
  layout.named = std::move(names.given);
  if (place != HeaderPlace::comment) layout.notes.insert(layout.notes.begin(), start.notes.begin(), start.notes.end());
  return layout;
}

std::vector<std::size_t> CsvLayout::left_out() const {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < roles.size(); ++i) {
    if (roles[i] != ColumnRole::data && roles[i] != ColumnRole::unclear) columns.push_back(i);
  }
  return columns;
}

void CsvLayout::require_rows(const CsvSource& source) const {
  if (!body.empty()) return;
  throw invalid_data(
      fmt::format("{}: line {}: a header, but no row follows; must have at least one row", source.name, first_line));
}

void CsvLayout::require_utf8(const CsvSource& source, std::span<const std::size_t> columns) const {
  for (const std::size_t column : columns) {
    if (is_utf8(names[column])) continue;
    throw invalid_data(fmt::format("{}: line {}: the name of column {} is not UTF-8; convert the file", source.name,
                                   first_line, column + 1));
  }
}

}  // namespace mogul
