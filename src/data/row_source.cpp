#include "data/row_source.hpp"

#include <algorithm>

#include "base/check_interrupted.hpp"

namespace mogul {

void for_each_block(const RowSource& source, const std::function<bool(const RowBlock&)>& see) {
  const auto reader = source.read(0, source.n_rows());
  for (std::size_t first = 0; first < source.n_rows(); first += kRowsPerCheck) {
    check_interrupted();
    if (!see(reader->next(std::min(kRowsPerCheck, source.n_rows() - first)))) return;
  }
}

}  // namespace mogul
