// Rows that lie in memory, in any layout and of any type that a DataView has.
#pragma once

#include "data/row_source.hpp"

namespace mogul {

/// Borrows the rows; nothing is copied but what gather() is asked for.
class MemoryRows final : public RowSource {
 public:
  explicit MemoryRows(const DataView& data) : data_(data) {}

  std::size_t n_rows() const override { return data_.rows(); }
  std::size_t n_features() const override { return data_.cols(); }
  bool is_float() const override;
  RowCount check(ThreadPool& pool) const override { return check_rows(data_, pool); }
  std::unique_ptr<RowReader> read(std::size_t first, std::size_t last) const override;
  Matrix gather(std::span<const std::size_t> indices) const override;

 private:
  DataView data_;
};

}  // namespace mogul
