// The rows of delimited text. Chunks of whole lines are shared out to threads twice: first each chunk counts
// its rows, which says where they stand in the matrix; then each parses them straight into their place.
#include <fmt/format.h>

#include <cassert>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

#include "base/thread_pool.hpp"
#include "io/column_selection.hpp"
#include "io/csv/csv.hpp"
#include "io/csv/csv_cursor.hpp"
#include "io/csv/csv_layout.hpp"
#include "io/csv/number_text.hpp"
#include "io/message.hpp"

namespace mogul {
namespace {

// Reads one row at a time from a cursor into its place.
class RowReader {
 public:
  RowReader(const CsvSource& source, const CsvLayout& layout, const ColumnSelection& selection)
      : source_(source), layout_(layout), targets_(layout.names.size(), kSkip) {
    for (std::size_t i = 0; i < selection.features.size(); ++i) {
      targets_[selection.features[i]] = static_cast<std::ptrdiff_t>(i);
    }
    if (selection.weights) targets_[*selection.weights] = kWeight;
  }

  // @param row     (D), written
  // @param weight  written if the file has a column of weights
  void read(CsvCursor& cursor, double* row, double* weight) const {
    const char* start = cursor.position();
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      if (i > 0 && !cursor.next_field()) fail_ragged(start, i);
      const std::ptrdiff_t target = targets_[i];
      if (target == kSkip) {
        skip_field(cursor, i);
        continue;
      }
      const char* position = cursor.position();
      double& value = target == kWeight ? *weight : row[target];
      if (!cursor.read_number(value)) value = read_carefully(cursor, i);
      if (target == kWeight && value < 0) fail(position, i, fmt::format("weight {}; must be >= 0", value));
    }
    if (!cursor.at_line_end()) {
      std::size_t n_fields = targets_.size();
      for (; cursor.next_field(); ++n_fields) cursor.read_field();
      fail_ragged(start, n_fields);
    }
    cursor.skip_line();
  }

 private:
  static constexpr std::ptrdiff_t kSkip = -1;
  static constexpr std::ptrdiff_t kWeight = -2;

  [[noreturn]] void fail(const char* at, std::size_t column, std::string_view what) const {
    source_.fail(at, layout_.names[column], what);
  }

  [[noreturn]] void fail_ragged(const char* at, std::size_t n_fields) const {
    source_.fail(at, fmt::format("{} field{}; must be {}, as in line {}", n_fields, n_fields == 1 ? "" : "s",
                                 targets_.size(), layout_.first_line));
  }

  void skip_field(CsvCursor& cursor, std::size_t column) const {
    const CsvField field = cursor.read_field();
    if (!field.fault.empty()) fail(field.position, column, field.fault);
  }

  // A number with quotes or a plus sign, or too small for a double; or whatever else stands there: an error.
  double read_carefully(CsvCursor& cursor, std::size_t column) const {
    const CsvField field = cursor.read_field();
    if (!field.fault.empty()) fail(field.position, column, field.fault);
    NumberText number = parse_number(field.text);
    if (std::abs(number.value) > kLargestValue && number.fault == NumberFault::none) {
      number.fault = NumberFault::too_large;
    }
    if (number.fault == NumberFault::none) return number.value;
    fail(field.position, column, describe(number.fault, field.text, column));
  }

  std::string describe(NumberFault fault, std::string_view text, std::size_t column) const {
    const auto with_remedy = [&](std::string_view what, std::string_view remedy) {
      if (targets_[column] == kWeight) return fmt::format("{}; a weight must be a number >= 0", what);
      return fmt::format("{}; {}{}", what, remedy, leave_out(layout_.names[column], column));
    };
    const std::string value = fmt::format("'{}'", printable(text));
    switch (fault) {
      case NumberFault::empty: return with_remedy("the field is empty", "fill it, or drop the row, or ");
      case NumberFault::not_finite: return with_remedy(value + " is not finite", "drop the row, or ");
      case NumberFault::too_large: return with_remedy(value + " is too large (at most 1e100)", "rescale it, or ");
      case NumberFault::not_a_number:
      case NumberFault::none: break;
    }
    return with_remedy(value + " is not a number", "");
  }

  const CsvSource& source_;
  const CsvLayout& layout_;
  std::vector<std::ptrdiff_t> targets_;  // per column: its feature, kSkip or kWeight
};

struct Rows {
  std::vector<double> x;        // (N, D)
  std::vector<double> weights;  // (N), or empty
};

std::vector<std::string_view> split_into_chunks(std::string_view body) {
  constexpr std::size_t kChunkBytes = 1 << 20;
  std::vector<std::string_view> chunks;
  while (!body.empty()) {
    const std::size_t newline = body.find('\n', std::min(kChunkBytes, body.size()) - 1);
    chunks.push_back(body.substr(0, newline == std::string_view::npos ? newline : newline + 1));
    body.remove_prefix(chunks.back().size());
  }
  return chunks;
}

struct ChunkCount {
  std::size_t n_rows = 0;       // were every line a row
  bool may_span_lines = false;  // a quoted field is still open where its line ends
};

// A quote inside a bare field opens nothing, so that fields are read, not quotes counted.
bool leaves_quote_open(CsvCursor line) {
  do {
    if (line.read_field().fault == kNeverClosed) return true;
  } while (line.next_field());
  return false;
}

ChunkCount count_rows(std::string_view chunk, char delimiter) {
  const bool any_quote = chunk.find('"') != std::string_view::npos;
  CsvCursor cursor(chunk, delimiter);
  ChunkCount count;
  for (cursor.skip_blank_lines(); !cursor.at_end(); cursor.skip_blank_lines()) {
    const char* line = cursor.position();
    ++count.n_rows;
    cursor.skip_line();
    const std::string_view text(line, static_cast<std::size_t>(cursor.position() - line));
    if (!any_quote || text.find('"') == std::string_view::npos) continue;
    count.may_span_lines |= leaves_quote_open(CsvCursor(text, delimiter));
  }
  return count;
}

// For text whose rows cannot be counted by its lines.
Rows read_one_after_another(const RowReader& reader, CsvCursor cursor, std::size_t n_features, bool weighted) {
  Rows rows;
  double weight = 0;
  for (cursor.skip_blank_lines(); !cursor.at_end(); cursor.skip_blank_lines()) {
    rows.x.resize(rows.x.size() + n_features);
    reader.read(cursor, rows.x.data() + rows.x.size() - n_features, &weight);
    if (weighted) rows.weights.push_back(weight);
  }
  return rows;
}

Rows read_rows(const RowReader& reader, const CsvLayout& layout, std::size_t n_features, bool weighted,
               unsigned n_threads) {
  const std::vector<std::string_view> chunks = split_into_chunks(layout.body);
  ThreadPool pool(n_threads);
  std::vector<std::size_t> n_rows(chunks.size());
  std::vector<char> may_span_lines(chunks.size());
  pool.run(chunks.size(), [&](std::size_t i) {
    const ChunkCount count = count_rows(chunks[i], layout.delimiter);
    n_rows[i] = count.n_rows;
    may_span_lines[i] = count.may_span_lines;
  });
  const std::size_t n = std::reduce(n_rows.begin(), n_rows.end());

  // A quoted field may hold line ends. And rows of fewer bytes than features hold an error, which is found
  // before memory is taken for all of them.
  const bool any_spans = std::find(may_span_lines.begin(), may_span_lines.end(), 1) != may_span_lines.end();
  if (any_spans || n > layout.body.size() / n_features) {
    return read_one_after_another(reader, CsvCursor(layout.body, layout.delimiter), n_features, weighted);
  }

  Rows rows{std::vector<double>(n * n_features), std::vector<double>(weighted ? n : 0)};
  std::vector<std::size_t> first_row(chunks.size());
  std::exclusive_scan(n_rows.begin(), n_rows.end(), first_row.begin(), std::size_t{0});
  pool.run(chunks.size(), [&](std::size_t i) {
    CsvCursor cursor(chunks[i], layout.delimiter);
    double* row = rows.x.data() + first_row[i] * n_features;
    double* weight = rows.weights.data() + (weighted ? first_row[i] : 0);
    for (cursor.skip_blank_lines(); !cursor.at_end(); cursor.skip_blank_lines()) {
      reader.read(cursor, row, weight);
      row += n_features;
      weight += weighted ? 1 : 0;
    }
    assert(row == rows.x.data() + (first_row[i] + n_rows[i]) * n_features);
  });
  return rows;
}

}  // namespace

Dataset parse_csv(std::string_view text, const std::string& name, const ReadOptions& options) {
  const CsvSource source{text, name};
  const CsvLayout layout = find_layout(source, options);
  layout.require_rows(source);
  ColumnSelection selection = select_columns(layout.names, options, name);
  layout.require_utf8(source, selection.features);
  const std::size_t n_features = selection.features.size();
  Rows rows = read_rows(RowReader(source, layout, selection), layout, n_features, selection.weights.has_value(),
                        options.n_threads);
  const std::size_t n = rows.x.size() / n_features;
  return Dataset(Matrix(n, n_features, std::move(rows.x)), std::move(selection.names), std::move(rows.weights));
}

std::optional<std::vector<std::string>> parse_csv_names(std::string_view text, const std::string& name,
                                                        const ReadOptions& options) {
  CsvLayout layout = find_layout({text, name}, options);
  return layout.has_header ? std::optional(std::move(layout.names)) : std::nullopt;
}

}  // namespace mogul
