#include "kernel/prepared_model.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/cholesky.hpp"

namespace mogul {
namespace {

void pack_tiles(const Matrix& w, std::vector<double>& out) {
  const std::size_t d = w.rows();
  for (std::size_t first = 0; first < d; first += kTileRows) {
    const std::size_t last = std::min(d, first + kTileRows);
    for (std::size_t col = 0; col < last; ++col) {
      for (std::size_t row = first; row < last; ++row) out.push_back(w(row, col));
    }
  }
}

}  // namespace

PreparedModel::PreparedModel(const Mixture& model)
    : n_components(model.n_components()),
      n_features(model.n_features()),
      triangular(moments_for(model.structure()) == Moments::full),
      means(model.means().data()) {
  const std::size_t n_factors = is_tied(model.structure()) ? 1 : n_components;
  for (std::size_t k = 0; k < n_factors; ++k) {
    if (triangular) {
      pack_tiles(invert_lower(model.cholesky(k).view()), factors);
    } else {
      for (std::size_t d = 0; d < n_features; ++d) factors.push_back(1 / std::sqrt(model.variance(k, d)));
    }
  }
  factor_stride = is_tied(model.structure()) ? 0 : factors.size() / n_components;
  for (std::size_t k = 0; k < n_components; ++k) {
    log_constants.push_back(std::log(model.weights()[k]) + log_normaliser(model, k));
  }
}

double log_normaliser(const Mixture& model, std::size_t component) {
  const auto d = static_cast<double>(model.n_features());
  return -(d * std::log(2 * std::numbers::pi) + model.log_determinant(component)) / 2;
}

}  // namespace mogul
