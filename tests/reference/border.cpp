// Conversions between mogul's public value types and the slow oracle's, and errors in units of eps.
#include "reference/border.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace oracle {

using mogul::CovarianceFamily;

Data from(const mogul::DataView& data) {
  Data out;
  for (std::size_t n = 0; n < data.rows(); ++n) {
    Row row;
    for (std::size_t d = 0; d < data.cols(); ++d) row.push_back(data.value(n, d));
    out.x.push_back(row);
    out.w.push_back(data.weight(n));
  }
  return out;
}

Table from(const mogul::Matrix& matrix) {
  Table out;
  for (std::size_t n = 0; n < matrix.rows(); ++n) out.emplace_back(matrix.row(n).begin(), matrix.row(n).end());
  return out;
}

Model from(const mogul::Mixture& mixture) {
  const std::size_t k = mixture.n_components();
  const std::size_t d = mixture.n_features();
  const std::vector<double>& stored = mixture.covariances().values();
  Model model;
  model.structure = mixture.family();
  model.weights.assign(mixture.weights().begin(), mixture.weights().end());
  model.means = from(mixture.means());
  for (std::size_t c = 0; c < k; ++c) {
    Table covariance(d, Row(d, 0));
    for (std::size_t i = 0; i < d; ++i) {
      const std::size_t first = mixture.family().shared ? 0 : c;
      switch (mixture.family().layout) {
        case mogul::Layout::matrix:
          for (std::size_t j = 0; j < d; ++j) covariance[i][j] = stored[(first * d + i) * d + j];
          break;
        case mogul::Layout::diagonal: covariance[i][i] = stored[first * d + i]; break;
        case mogul::Layout::spherical: covariance[i][i] = stored[first]; break;
      }
    }
    model.covariances.push_back(covariance);
  }
  return model;
}

mogul::Matrix to_matrix(const Table& table) {
  mogul::Matrix out(table.size(), table.front().size());
  for (std::size_t n = 0; n < table.size(); ++n) std::copy(table[n].begin(), table[n].end(), out.row(n).begin());
  return out;
}

mogul::Mixture to_mixture(const Model& model) {
  std::vector<double> covariances;
  for (std::size_t k = 0; k < (model.structure.shared ? 1 : model.means.size()); ++k) {
    const Table& covariance = model.covariances[k];
    for (std::size_t i = 0; i < covariance.size(); ++i) {
      switch (model.structure.layout) {
        case mogul::Layout::matrix:
          for (const Real value : covariance[i]) covariances.push_back(static_cast<double>(value));
          break;
        case mogul::Layout::diagonal: covariances.push_back(static_cast<double>(covariance[i][i])); break;
        case mogul::Layout::spherical:
          if (i == 0) covariances.push_back(static_cast<double>(covariance[0][0]));
          break;
      }
    }
  }
  return mogul::Mixture(model.structure, std::vector<double>(model.weights.begin(), model.weights.end()),
                        to_matrix(model.means), covariances);
}

double in_eps(double actual, Real expected, Real scale) {
  if (actual == expected) return 0;
  const double ratio =
      static_cast<double>(std::abs(actual - expected) / scale) / std::numeric_limits<double>::epsilon();
  return std::isnan(ratio) ? std::numeric_limits<double>::infinity() : ratio;
}

double worst_in_eps(const mogul::Matrix& actual, const Table& expected, const Scale& scale) {
  double worst = 0;
  if (actual.rows() != expected.size()) return std::numeric_limits<double>::infinity();
  for (std::size_t n = 0; n < expected.size(); ++n) {
    worst = std::max(worst,
                     worst_in_eps(actual.row(n), expected[n], [&](std::size_t, std::size_t k) { return scale(n, k); }));
  }
  return worst;
}

double worst_in_eps(std::span<const double> actual, const Row& expected, const Scale& scale) {
  double worst = 0;
  if (actual.size() != expected.size()) return std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < expected.size(); ++k) {
    worst = std::max(worst, in_eps(actual[k], expected[k], scale(0, k)));
  }
  return worst;
}

double worst_parameter_in_eps(const mogul::Mixture& actual, const Model& expected) {
  const Model model = from(actual);
  if (model.structure != expected.structure || model.means.size() != expected.means.size()) {
    return std::numeric_limits<double>::infinity();
  }
  double worst = 0;
  for (std::size_t k = 0; k < model.means.size(); ++k) {
    const Table& covariance = expected.covariances[k];
    Row sd;
    for (std::size_t d = 0; d < covariance.size(); ++d) sd.push_back(std::sqrt(covariance[d][d]));
    worst = std::max(worst, in_eps(actual.weights()[k], expected.weights[k], 1));
    for (std::size_t i = 0; i < sd.size(); ++i) {
      const Real mean = expected.means[k][i];
      worst = std::max(worst, in_eps(actual.means()(k, i), mean, sd[i] + std::abs(mean)));
      for (std::size_t j = 0; j < sd.size(); ++j) {
        const double value = static_cast<double>(model.covariances[k][i][j]);
        worst = std::max(worst, in_eps(value, covariance[i][j], sd[i] * sd[j]));
      }
    }
  }
  return worst;
}

}  // namespace oracle
