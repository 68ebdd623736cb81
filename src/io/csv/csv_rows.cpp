// The rows of delimited text. Chunks of whole lines are shared out to threads twice: first each chunk counts
// its rows, which says where they stand in the matrix; then each parses them straight into their place.
#include "io/csv/csv_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <utility>
#include <vector>

#include "base/thread_pool.hpp"
#include "io/csv/csv_cursor.hpp"
#include "io/csv/row_reader.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

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
  std::size_t n_rows = 0;       // were every line a row, but for repeated headers
  bool may_span_lines = false;  // a quoted field is still open where its line ends
};

// A quote inside a bare field opens nothing, so that fields are read, not quotes counted.
bool leaves_quote_open(CsvCursor line) {
  do {
    if (line.read_field().fault == kNeverClosed) return true;
  } while (line.next_field());
  return false;
}

ChunkCount count_rows(std::string_view chunk, const CsvLayout& layout) {
  const bool any_quote = chunk.find('"') != std::string_view::npos;
  CsvCursor cursor(chunk, layout.dialect);
  ChunkCount count;
  for (cursor.skip_to_row(); !cursor.at_end(); cursor.skip_to_row()) {
    if (cursor.skip_line_of(layout.header)) continue;
    const char* line = cursor.position();
    ++count.n_rows;
    cursor.skip_line();
    const std::string_view text(line, static_cast<std::size_t>(cursor.position() - line));
    if (!any_quote || text.find('"') == std::string_view::npos) continue;
    count.may_span_lines |= leaves_quote_open(CsvCursor(text, layout.dialect));
  }
  return count;
}

// Reads the rows of one file; all that its passes share.
class RowsReader {
 public:
  RowsReader(const CsvSource& source, const CsvLayout& layout, const ColumnSelection& selection,
             const ReadOptions& options)
      : source_(source),
        layout_(layout),
        reader_(source, layout, selection, options),
        n_features_(selection.features.size()),
        weighted_(selection.weights.has_value()),
        pool_(options.n_threads) {}

  CsvRows read() {
    const std::vector<std::string_view> chunks = split_into_chunks(layout_.body);
    std::vector<ChunkCount> counts(chunks.size());
    pool_.run(chunks.size(), [&](std::size_t i) { counts[i] = count_rows(chunks[i], layout_); });
    std::size_t n = 0;
    bool any_spans = false;
    for (const ChunkCount& count : counts) {
      n += count.n_rows;
      any_spans |= count.may_span_lines;
    }
    // A quoted field may hold line ends. And rows of fewer bytes than features hold an error, which is found
    // before memory is taken for all of them.
    if (any_spans || n > layout_.body.size() / n_features_) return read_one_after_another();
    return read_side_by_side(chunks, counts, n);
  }

 private:
  // What a chunk's lines came to. Of the matrix, only rows that are kept take a place.
  struct ChunkRows {
    std::size_t n_kept = 0;
    std::vector<std::size_t> dropped;  // counted from the chunk's first row
    const char* first_dropped = nullptr;
    std::vector<const char*> headers;

    std::size_t n_rows() const { return n_kept + dropped.size(); }
    void add(LineKind kind, const char* line) {
      if (kind == LineKind::header) {
        headers.push_back(line);
      } else if (kind == LineKind::row) {
        ++n_kept;
      } else {
        if (dropped.empty()) first_dropped = line;
        dropped.push_back(n_rows());
      }
    }
  };

  // The text has other rows than were counted a moment ago.
  [[noreturn]] void fail_changed() const {
    throw io_error(fmt::format("{}: the file changed while it was read; try again once it is complete", source_.name));
  }

  CsvRows read_side_by_side(const std::vector<std::string_view>& chunks, const std::vector<ChunkCount>& counts,
                            std::size_t n) {
    CsvRows rows{std::vector<double>(n * n_features_), std::vector<double>(weighted_ ? n : 0), {}, nullptr, {}};
    std::vector<std::size_t> first_row;
    for (std::size_t begin = 0; const ChunkCount& count : counts) {
      first_row.push_back(begin);
      begin += count.n_rows;
    }
    std::vector<ChunkRows> read(chunks.size());
    pool_.run(chunks.size(), [&](std::size_t i) {
      double* weights = weighted_ ? rows.weights.data() + first_row[i] : nullptr;
      read[i] =
          read_chunk(chunks[i], counts[i].n_rows, first_row[i], rows.x.data() + first_row[i] * n_features_, weights);
    });
    close_gaps(read, first_row, rows);
    return rows;
  }

  // @param n_rows     counted in the chunk
  // @param first_row  number of the chunk's first row in the file
  // @param row        (n_rows, D), of which as many are written as are kept
  // @param weight     (n_rows), or null
  ChunkRows read_chunk(std::string_view chunk, std::size_t n_rows, std::size_t first_row, double* row,
                       double* weight) const {
    CsvCursor cursor(chunk, layout_.dialect);
    ChunkRows read;
    for (cursor.skip_to_row(); !cursor.at_end(); cursor.skip_to_row()) {
      if (read.n_rows() == n_rows && !CsvCursor(cursor).skip_line_of(layout_.header)) fail_changed();
      const char* line = cursor.position();
      const LineKind kind = reader_.read(cursor, first_row + read.n_rows(), row, weight);
      read.add(kind, line);
      if (kind != LineKind::row) continue;
      row += n_features_;
      if (weighted_) ++weight;
    }
    if (read.n_rows() != n_rows) fail_changed();
    return read;
  }

  // Moves the kept rows of all chunks together, and collects the numbers of the others.
  void close_gaps(const std::vector<ChunkRows>& read, const std::vector<std::size_t>& first_row, CsvRows& rows) const {
    std::size_t n_kept = 0;
    std::size_t n_rows = 0;
    for (std::size_t i = 0; i < read.size(); ++i) {
      if (n_kept != first_row[i]) {
        const auto move_rows = [&](std::vector<double>& values, std::size_t width) {
          const auto begin = values.begin() + static_cast<std::ptrdiff_t>(first_row[i] * width);
          std::move(begin, begin + static_cast<std::ptrdiff_t>(read[i].n_kept * width),
                    values.begin() + static_cast<std::ptrdiff_t>(n_kept * width));
        };
        move_rows(rows.x, n_features_);
        if (weighted_) move_rows(rows.weights, 1);
      }
      n_kept += read[i].n_kept;
      collect(read[i], n_rows, rows);
      n_rows += read[i].n_rows();
    }
    rows.x.resize(n_kept * n_features_);
    if (weighted_) rows.weights.resize(n_kept);
  }

  // Dropped rows and repeated headers.
  static void collect(const ChunkRows& read, std::size_t first_row, CsvRows& rows) {
    if (rows.dropped.empty()) rows.first_dropped = read.first_dropped;
    for (const std::size_t number : read.dropped) rows.dropped.push_back(first_row + number);
    rows.headers.insert(rows.headers.end(), read.headers.begin(), read.headers.end());
  }

  // For text whose rows cannot be counted by its lines.
  CsvRows read_one_after_another() const {
    CsvRows rows;
    ChunkRows read;
    CsvCursor cursor(layout_.body, layout_.dialect);
    std::vector<double> row(n_features_);
    double weight = 0;
    for (cursor.skip_to_row(); !cursor.at_end(); cursor.skip_to_row()) {
      const char* line = cursor.position();
      const LineKind kind = reader_.read(cursor, read.n_rows(), row.data(), &weight);
      read.add(kind, line);
      if (kind != LineKind::row) continue;
      rows.x.insert(rows.x.end(), row.begin(), row.end());
      if (weighted_) rows.weights.push_back(weight);
    }
    collect(read, 0, rows);
    return rows;
  }

  const CsvSource& source_;
  const CsvLayout& layout_;
  const RowReader reader_;
  const std::size_t n_features_;
  const bool weighted_;
  ThreadPool pool_;
};

}  // namespace

CsvRows read_rows(const CsvSource& source, const CsvLayout& layout, const ColumnSelection& selection,
                  const ReadOptions& options) {
  return RowsReader(source, layout, selection, options).read();
}

}  // namespace mogul
