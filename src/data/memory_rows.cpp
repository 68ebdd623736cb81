#include "data/memory_rows.hpp"

#include <utility>
#include <variant>

namespace mogul {
namespace {

class MemoryReader final : public RowReader {
 public:
  MemoryReader(const DataView& data, std::size_t first) : data_(data), next_(first) {}

  RowBlock next(std::size_t n_rows) override {
    const std::size_t first = std::exchange(next_, next_ + n_rows);
    return {first, n_rows, data_, first};
  }

 private:
  const DataView& data_;
  std::size_t next_;
};

}  // namespace

bool MemoryRows::is_float() const {
  const DataView::Values& x = data_.values();
  return std::holds_alternative<MatrixView<const float>>(x) || std::holds_alternative<ColumnsView<const float>>(x);
}

std::unique_ptr<RowReader> MemoryRows::read(std::size_t first, std::size_t) const {
  return std::make_unique<MemoryReader>(data_, first);
}

Matrix MemoryRows::gather(std::span<const std::size_t> indices) const {
  Matrix rows(indices.size(), data_.cols());
  for (std::size_t i = 0; i < indices.size(); ++i) {
    for (std::size_t d = 0; d < data_.cols(); ++d) rows(i, d) = data_.value(indices[i], d);
  }
  return rows;
}

}  // namespace mogul
