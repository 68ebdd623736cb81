// Where rows lie. The engine and the starts ask a source for rows in order, or for chosen ones; they never know whether
// these come from memory, from a file or from elsewhere.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

#include "base/thread_pool.hpp"
#include "data/check_rows.hpp"
#include "mogul/dataset.hpp"

namespace mogul {

/// Consecutive rows of a source: row first + i of the source is row begin + i of `rows`.
struct RowBlock {
  std::size_t first;
  std::size_t n_rows;
  DataView rows;
  std::size_t begin;

  double value(std::size_t i, std::size_t feature) const { return rows.value(begin + i, feature); }
  double weight(std::size_t i) const { return rows.weight(begin + i); }
};

/// Reads rows in order, on one thread.
class RowReader {
 public:
  virtual ~RowReader() = default;
  /// The next n_rows rows, which are there until the next call.
  virtual RowBlock next(std::size_t n_rows) = 0;
};

/// N rows of D features with their weights. May be asked by several threads at a time.
class RowSource {
 public:
  virtual ~RowSource() = default;

  virtual std::size_t n_rows() const = 0;
  virtual std::size_t n_features() const = 0;
  /// Whether the values are floats.
  virtual bool is_float() const = 0;
  /// The check that rows pass before anything is computed from them.
  /// @throws invalid_data as check_rows()
  virtual RowCount check(ThreadPool& pool) const = 0;
  /// Rows first .. last - 1 in order.
  virtual std::unique_ptr<RowReader> read(std::size_t first, std::size_t last) const = 0;
  /// Rows in any order, (indices.size(), D).
  virtual Matrix gather(std::span<const std::size_t> indices) const = 0;
};

/// Shows all rows in order, block by block, on the calling thread, as long as `see` returns true.
/// @throws interrupted_error
void for_each_block(const RowSource& source, const std::function<bool(const RowBlock&)>& see);

}  // namespace mogul
