// The slow oracle's sums, M-step and EM loop; its densities are in oracle.cpp.
#include <cmath>

#include "reference/oracle.hpp"

namespace oracle {

using mogul::CovarianceFamily;

Sums sums(const Data& data, const Table& r, const Table& shift, bool absolute) {
  const std::size_t n_components = shift.size();
  const std::size_t n_features = shift.front().size();
  Sums out{Row(n_components, 0), Table(n_components, Row(n_features, 0)),
           std::vector<Table>(n_components, Table(n_features, Row(n_features, 0)))};
  for (std::size_t n = 0; n < data.x.size(); ++n) {
    for (std::size_t k = 0; k < n_components; ++k) {
      const Real weight = data.w[n] * r[n][k];
      Row centred = data.x[n];
      for (std::size_t d = 0; d < n_features; ++d) {
        centred[d] -= shift[k][d];
        if (absolute) centred[d] = std::abs(centred[d]);
      }
      out.n[k] += weight;
      for (std::size_t i = 0; i < n_features; ++i) {
        out.first[k][i] += weight * centred[i];
        for (std::size_t j = 0; j < n_features; ++j) out.second[k][i][j] += weight * centred[i] * centred[j];
      }
    }
  }
  return out;
}

namespace {

// Keeps of a covariance what the structure can express.
Table restricted(const Table& covariance, CovarianceFamily structure) {
  if (structure == mogul::families::full || structure == mogul::families::tied) return covariance;
  const std::size_t size = covariance.size();
  const bool spherical = structure == mogul::families::spherical || structure == mogul::families::tied_spherical;
  Real trace = 0;
  for (std::size_t d = 0; d < size; ++d) trace += covariance[d][d];
  Table out(size, Row(size, 0));
  for (std::size_t d = 0; d < size; ++d) out[d][d] = spherical ? trace / static_cast<Real>(size) : covariance[d][d];
  return out;
}

bool tied(CovarianceFamily structure) {
  return structure == mogul::families::tied || structure == mogul::families::tied_diagonal ||
         structure == mogul::families::tied_spherical;
}

Table divided(Table scatter, Real by) {
  for (Row& row : scatter) {
    for (Real& value : row) value /= by;
  }
  return scatter;
}

Table added(Table a, const Table& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < a.size(); ++j) a[i][j] += b[i][j];
  }
  return a;
}

}  // namespace

Model m_step(const Model& current, const Data& data, const Table& r, const mogul::MStepOptions& options) {
  const std::size_t n_components = r.front().size();
  const std::size_t n_features = data.x.front().size();
  Model next = current;
  next.structure = options.covariance.value_or(current.structure);

  const Sums raw = sums(data, r, Table(n_components, Row(n_features, 0)));
  if (!options.hold.weights) {
    next.weights.clear();
    for (const Real n : raw.n) next.weights.push_back(n / sum(data.w));
  }
  if (!options.hold.means) {
    next.means = raw.first;
    for (std::size_t k = 0; k < n_components; ++k) {
      for (Real& value : next.means[k]) value /= raw.n[k];
    }
  }
  if (!options.hold.covariances) {
    const Sums centred = sums(data, r, next.means);
    Table pooled = centred.second[0];
    for (std::size_t k = 1; k < n_components; ++k) pooled = added(pooled, centred.second[k]);
    next.covariances.clear();
    for (std::size_t k = 0; k < n_components; ++k) {
      const Table covariance =
          tied(next.structure) ? divided(pooled, sum(raw.n)) : divided(centred.second[k], raw.n[k]);
      next.covariances.push_back(restricted(covariance, next.structure));
      for (std::size_t d = 0; d < n_features; ++d)
        next.covariances[k][d][d] += static_cast<Real>(options.reg_covar.value);
    }
  }
  return next;
}

Trace em(const Model& start, const Data& data, const mogul::MStepOptions& options, std::size_t iterations) {
  Trace trace{start, {log_likelihood(start, data)}};
  for (std::size_t i = 0; i < iterations; ++i) {
    trace.model = m_step(trace.model, data, responsibilities(trace.model, data), options);
    trace.log_likelihoods.push_back(log_likelihood(trace.model, data));
  }
  return trace;
}

Table one_hot(const std::vector<std::int32_t>& z, std::size_t n_components) {
  Table r(z.size(), Row(n_components, 0));
  for (std::size_t n = 0; n < z.size(); ++n) r[n][static_cast<std::size_t>(z[n])] = 1;
  return r;
}

std::size_t n_parameters(const Model& model) {
  const std::size_t k = model.means.size();
  const std::size_t d = model.means.front().size();
  const std::size_t n_stored = model.structure.shared ? 1 : k;
  std::size_t covariance = n_stored;
  if (model.structure.layout == mogul::Layout::diagonal) covariance *= d;
  if (model.structure.layout == mogul::Layout::matrix) covariance *= d * (d + 1) / 2;
  return (k - 1) + k * d + covariance;
}

Model marginal(const Model& model, const std::vector<std::size_t>& features) {
  Model out = model;
  for (std::size_t k = 0; k < model.means.size(); ++k) {
    out.means[k].clear();
    out.covariances[k].clear();
    for (const std::size_t i : features) {
      out.means[k].push_back(model.means[k][i]);
      Row row;
      for (const std::size_t j : features) row.push_back(model.covariances[k][i][j]);
      out.covariances[k].push_back(row);
    }
  }
  return out;
}

Criteria criteria(const Model& model, const Data& data) {
  const Real parameters = static_cast<Real>(n_parameters(model));
  const Real log_n = std::log(sum(data.w));
  const Real at_map = complete_log_likelihood(model, data, labels(model, data));
  return {-2 * log_likelihood(model, data) + 2 * parameters, -2 * log_likelihood(model, data) + parameters * log_n,
          -2 * at_map + parameters * log_n};
}

}  // namespace oracle
