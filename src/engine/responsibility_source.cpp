#include "engine/responsibility_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mogul {

ResponsibilitySource from_responsibilities(MatrixView<const double> r, const Engine& engine, std::size_t n_components) {
  if (r.rows() != engine.n_rows() || r.cols() != n_components) {
    throw invalid_argument(fmt::format("responsibilities have shape ({}, {}); must be (rows, n_components) = ({}, {})",
                                       r.rows(), r.cols(), engine.n_rows(), n_components));
  }
  for (std::size_t i = 0; i < r.rows(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < r.cols(); ++k) {
      if (!(r(i, k) >= 0)) {
        throw invalid_data(fmt::format("responsibilities[{}][{}] = {}; must be >= 0", i, k, r(i, k)));
      }
      sum += r(i, k);
    }
    if (!(std::abs(sum - 1) <= 1e-6)) {
      throw invalid_data(fmt::format("responsibilities[{}] sum to {}; must sum to 1", i, sum));
    }
  }
  return [r](std::size_t first, MatrixView<double> out) {
    for (std::size_t i = 0; i < out.rows(); ++i) std::ranges::copy(r.row(first + i), out.row(i).begin());
  };
}

}  // namespace mogul
