// The densities, posteriors and likelihoods of the slow oracle; its M-step and EM loop are in oracle_em.cpp.
#include "reference/oracle.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace oracle {

Table cholesky(const Table& a) {
  const std::size_t size = a.size();
  Table l(size, Row(size, 0));
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      Real rest = a[i][j];
      for (std::size_t m = 0; m < j; ++m) rest -= l[i][m] * l[j][m];
      if (i == j && !(rest > 0)) throw std::domain_error("oracle: matrix is not positive definite");
      l[i][j] = i == j ? std::sqrt(rest) : rest / l[j][j];
    }
  }
  return l;
}

Row solve_lower(const Table& l, const Row& b) {
  Row y(b.size());
  for (std::size_t i = 0; i < b.size(); ++i) {
    Real rest = b[i];
    for (std::size_t j = 0; j < i; ++j) rest -= l[i][j] * y[j];
    y[i] = rest / l[i][i];
  }
  return y;
}

Real log_determinant(const Table& a) {
  const Table l = cholesky(a);
  Real result = 0;
  for (std::size_t i = 0; i < l.size(); ++i) result += 2 * std::log(l[i][i]);
  return result;
}

Real log_sum_exp(const Row& values) {
  const Real largest = *std::max_element(values.begin(), values.end());
  if (!std::isfinite(largest)) return largest;
  Real total = 0;
  for (const Real value : values) total += std::exp(value - largest);
  return largest + std::log(total);
}

Real sum(const Row& values) {
  Real total = 0;
  for (const Real value : values) total += value;
  return total;
}

Table squared_mahalanobis(const Model& model, const Data& data) {
  const std::size_t n_components = model.means.size();
  Table out(data.x.size(), Row(n_components));
  for (std::size_t k = 0; k < n_components; ++k) {
    const Table l = cholesky(model.covariances[k]);
    for (std::size_t n = 0; n < data.x.size(); ++n) {
      Row centred = data.x[n];
      for (std::size_t d = 0; d < centred.size(); ++d) centred[d] -= model.means[k][d];
      for (const Real y : solve_lower(l, centred)) out[n][k] += y * y;
    }
  }
  return out;
}

Table component_log_densities(const Model& model, const Data& data) {
  Table out = squared_mahalanobis(model, data);
  for (std::size_t k = 0; k < model.means.size(); ++k) {
    const Real n_features = static_cast<Real>(model.means[k].size());
    const Real constant = n_features * std::log(2 * std::numbers::pi_v<Real>) + log_determinant(model.covariances[k]);
    for (Row& row : out) row[k] = -(constant + row[k]) / 2;
  }
  return out;
}

Table log_joint(const Model& model, const Data& data) {
  Table out = component_log_densities(model, data);
  for (Row& row : out) {
    for (std::size_t k = 0; k < row.size(); ++k) row[k] += std::log(model.weights[k]);
  }
  return out;
}

Row log_densities(const Model& model, const Data& data) {
  Row out;
  for (const Row& joint : log_joint(model, data)) out.push_back(log_sum_exp(joint));
  return out;
}

Table responsibilities(const Model& model, const Data& data) {
  Table out = log_joint(model, data);
  for (Row& row : out) {
    const Real log_density = log_sum_exp(row);
    for (Real& value : row) value = std::exp(value - log_density);
  }
  return out;
}

std::vector<std::int32_t> labels(const Model& model, const Data& data) {
  std::vector<std::int32_t> out;
  for (const Row& joint : log_joint(model, data)) {
    out.push_back(static_cast<std::int32_t>(std::max_element(joint.begin(), joint.end()) - joint.begin()));
  }
  return out;
}

Real log_likelihood(const Model& model, const Data& data) {
  const Row log_density = log_densities(model, data);
  Real total = 0;
  for (std::size_t n = 0; n < data.x.size(); ++n) total += data.w[n] * log_density[n];
  return total;
}

Real complete_log_likelihood(const Model& model, const Data& data, const std::vector<std::int32_t>& z) {
  const Table joint = log_joint(model, data);
  Real total = 0;
  for (std::size_t n = 0; n < data.x.size(); ++n) total += data.w[n] * joint[n][static_cast<std::size_t>(z[n])];
  return total;
}

Real expected_complete_log_likelihood(const Model& model, const Data& data, const Table& r) {
  const Table joint = log_joint(model, data);
  Real total = 0;
  for (std::size_t n = 0; n < data.x.size(); ++n) {
    for (std::size_t k = 0; k < r[n].size(); ++k) {
      if (r[n][k] > 0) total += data.w[n] * r[n][k] * joint[n][k];
    }
  }
  return total;
}

Real entropy(const Data& data, const Table& r) {
  Real total = 0;
  for (std::size_t n = 0; n < data.x.size(); ++n) {
    for (const Real value : r[n]) {
      if (value > 0) total -= data.w[n] * value * std::log(value);
    }
  }
  return total;
}

Real pooled_scale(const Data& data, const Table& means) {
  Real sum = 0;
  for (std::size_t n = 0; n < data.x.size(); ++n) {
    Real farthest = 0;
    for (const Row& mean : means) {
      Real distance = 0;
      for (std::size_t d = 0; d < mean.size(); ++d) distance += std::pow(data.x[n][d] - mean[d], 2);
      farthest = std::max(farthest, distance);
    }
    sum += data.w[n] * farthest * 2.25L;
  }
  return sum;
}

}  // namespace oracle
