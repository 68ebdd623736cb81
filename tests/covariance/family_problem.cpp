#include "covariance/family_problem.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <utility>

#include "covariance/scatters.hpp"

namespace oracle {

using mogul::CovarianceFamily;
using mogul::Covariances;
using mogul::Layout;
using mogul::Matrix;
using mogul::Scatters;
using Real = long double;

namespace {

Matrix square(std::span<const double> packed, std::size_t d) {
  Matrix out(d, d);
  for (std::size_t i = 0, at = 0; i < d; ++i) {
    for (std::size_t j = 0; j <= i; ++j, ++at) out(i, j) = out(j, i) = packed[at];
  }
  return out;
}

void pack_lower(const Matrix& from, std::span<double> to) {
  for (std::size_t i = 0, at = 0; i < from.rows(); ++i) {
    for (std::size_t j = 0; j <= i; ++j, ++at) to[at] = from(i, j);
  }
}

Matrix product(const Matrix& a, const Matrix& b) {
  Matrix out(a.rows(), b.cols());
  for (std::size_t i = 0; i < a.rows(); ++i) {
    for (std::size_t j = 0; j < b.cols(); ++j) {
      for (std::size_t l = 0; l < a.cols(); ++l) out(i, j) += a(i, l) * b(l, j);
    }
  }
  return out;
}

Matrix transposed(const Matrix& a) {
  Matrix out(a.cols(), a.rows());
  for (std::size_t i = 0; i < a.rows(); ++i) {
    for (std::size_t j = 0; j < a.cols(); ++j) out(j, i) = a(i, j);
  }
  return out;
}

// -(a / 2) log |Sigma| - tr(Sigma^-1 B) / 2, by elimination.
Real term(const Matrix& sigma, const Matrix& scatter, Real count) {
  const std::size_t d = sigma.rows();
  std::vector<std::vector<Real>> a(d, std::vector<Real>(2 * d));
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < d; ++j) {
      a[i][j] = sigma(i, j);
      a[i][d + j] = scatter(i, j);
    }
  }
  Real sum = 0;
  for (std::size_t i = 0; i < d; ++i) {
    sum -= count / 2 * std::log(a[i][i]);
    for (std::size_t r = 0; r < d; ++r) {
      if (r == i) continue;
      const Real factor = a[r][i] / a[i][i];
      for (std::size_t j = i; j < 2 * d; ++j) a[r][j] -= factor * a[i][j];
    }
  }
  for (std::size_t i = 0; i < d; ++i) sum -= a[i][d + i] / a[i][i] / 2;
  return sum;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const MStepShape& shape) {
  return out << shape.family->name << " k=" << shape.k << " d=" << shape.d << " empty=" << shape.empty
             << " seed=" << shape.seed;
}

rc::Gen<MStepShape> any_m_step() {
  const auto all = mogul::covariance_families();
  return rc::gen::build<MStepShape>(
      rc::gen::set(&MStepShape::family,
                   rc::gen::elementOf(std::vector<const mogul::CovarianceFamily*>(all.begin(), all.end()))),
      rc::gen::set(&MStepShape::k, rc::gen::inRange<std::size_t>(1, 6)),
      rc::gen::set(&MStepShape::d, rc::gen::inRange<std::size_t>(1, 7)), rc::gen::set(&MStepShape::empty),
      rc::gen::set(&MStepShape::seed, rc::gen::inRange<std::uint64_t>(0, 1000000)));
}

Matrix random_rotation(Dice& dice, std::size_t d) {
  Matrix out(d, d);
  for (std::size_t i = 0; i < d; ++i) {  // Gram and Schmidt, twice for its rounding
    for (double& value : out.row(i)) value = dice.normal();
    for (int again = 0; again < 2; ++again) {
      for (std::size_t j = 0; j < i; ++j) {
        const double along = std::inner_product(out.row(i).begin(), out.row(i).end(), out.row(j).begin(), 0.0);
        for (std::size_t l = 0; l < d; ++l) out(i, l) -= along * out(j, l);
      }
      const double norm = std::sqrt(std::inner_product(out.row(i).begin(), out.row(i).end(), out.row(i).begin(), 0.0));
      for (double& value : out.row(i)) value /= norm;
    }
  }
  return out;
}

Scatters random_scatters(Dice& dice, const MStepShape& shape) {
  Scatters out{Layout::matrix, shape.d, {}, Matrix(shape.k, shape.d * (shape.d + 1) / 2)};
  for (std::size_t k = 0; k < shape.k; ++k) {
    const bool is_empty = shape.empty && k > 0 && k + 1 == shape.k;
    out.counts.push_back(is_empty ? 0 : 5 + 100 * dice.uniform());
    Matrix root = random_rotation(dice, shape.d);
    const double size = std::exp(dice.normal());
    for (std::size_t i = 0; i < shape.d; ++i) {
      const double deviation = size * std::exp(1.5 * dice.normal()) * std::sqrt(out.counts[k]);
      for (double& value : root.row(i)) value *= deviation;
    }
    pack_lower(product(transposed(root), root), out.second.row(k));
  }
  return out;
}

Scatters coarsened(const Scatters& full, Layout layout) {
  const std::size_t d = full.n_features;
  Scatters out{layout, d, full.counts, Matrix(full.second.rows(), mogul::packed_size(layout, d))};
  for (std::size_t k = 0; k < full.second.rows(); ++k) {
    const Matrix from = square(full.second.row(k), d);
    if (layout == Layout::matrix) pack_lower(from, out.second.row(k));
    for (std::size_t i = 0; layout != Layout::matrix && i < d; ++i) {
      out.second(k, layout == Layout::diagonal ? i : 0) += from(i, i);
    }
  }
  return out;
}

Scatters transformed(const Scatters& full, const Matrix& map) {
  Scatters out = full;
  for (std::size_t k = 0; k < full.second.rows(); ++k) {
    pack_lower(product(product(map, square(full.second.row(k), full.n_features)), transposed(map)), out.second.row(k));
  }
  return out;
}

Matrix in_axes(const Matrix& axes, std::span<const double> packed) {
  return product(product(axes, square(packed, axes.rows())), transposed(axes));
}

MStepProblem::MStepProblem(const MStepShape& shape) : shape_(shape), dice_(shape.seed) {
  scatters_ = random_scatters(dice_, shape);
  MStepShape other = shape;
  other.empty = false;
  current_ = answer(family(), random_scatters(dice_, other), nullptr, {});
}

Covariances answer(const mogul::CovarianceFamily& family, const Scatters& full, const Covariances* current,
                   mogul::InnerLoop inner) {
  std::vector<double> values = maximise(family, coarsened(full, family.layout), current, inner);
  return {family.layout, family.shared, full.counts.size(), full.n_features, std::move(values)};
}

mogul::InnerLoop to_the_end(bool thorough) { return {1e-15, 20000, thorough}; }

double objective(const Scatters& full, const Covariances& covariances) {
  Real sum = 0;
  Real total = 0;
  for (std::size_t k = 0; k < full.counts.size(); ++k) {
    if (full.counts[k] == 0) continue;
    sum += term(covariances.matrix(k), square(full.second.row(k), full.n_features), full.counts[k]);
    total += full.counts[k];
  }
  return static_cast<double>(sum / (total * static_cast<Real>(full.n_features) / 2));
}

double commutator(const Matrix& a, const Matrix& b) {
  double worst = 0;
  double largest = 0;
  for (std::size_t i = 0; i < a.rows(); ++i) {
    for (std::size_t j = 0; j < a.rows(); ++j) {
      double sum = 0;
      double terms = 0;
      for (std::size_t l = 0; l < a.rows(); ++l) {
        sum += a(i, l) * b(l, j) - b(i, l) * a(l, j);
        terms += std::abs(a(i, l) * b(l, j)) + std::abs(b(i, l) * a(l, j));
      }
      worst = std::max(worst, std::abs(sum));
      largest = std::max(largest, terms);
    }
  }
  return worst / largest;
}

namespace {

// tr(Sigma) and tr(Sigma^2) in the unit of the volume: equal shapes have equal ones.
std::pair<double, double> invariants(const Covariances& covariances, std::size_t k) {
  const Matrix m = covariances.matrix(k);
  const double volume = std::exp(covariances.log_determinant(k) / static_cast<double>(m.rows()));
  double trace = 0, squares = 0;
  for (std::size_t i = 0; i < m.rows(); ++i) {
    trace += m(i, i) / volume;
    for (std::size_t j = 0; j < m.rows(); ++j) squares += m(i, j) / volume * (m(j, i) / volume);
  }
  return {trace, squares};
}

}  // namespace

double worst_unequal_part(const CovarianceFamily& family, const Covariances& covariances) {
  const std::string_view letters = family.name;
  const auto [trace, squares] = invariants(covariances, 0);
  double worst = 0;
  for (std::size_t k = 1; k < covariances.n_components(); ++k) {
    if (letters[0] == 'E') {
      worst = std::max(worst, std::abs(covariances.log_determinant(k) - covariances.log_determinant(0)));
    }
    if (letters[1] == 'E') {
      const auto [own_trace, own_squares] = invariants(covariances, k);
      worst = std::max({worst, std::abs(own_trace / trace - 1), std::abs(own_squares / squares - 1)});
    }
    if (letters[2] == 'E') worst = std::max(worst, 1e5 * commutator(covariances.matrix(k), covariances.matrix(0)));
  }
  return worst;
}

bool is_within(const CovarianceFamily& inner, const CovarianceFamily& outer) {
  const auto rank = [](char letter) { return letter == 'I' ? 0 : letter == 'E' ? 1 : 2; };
  bool within = true;
  for (std::size_t i = 0; i < 3; ++i) within = within && rank(inner.name[i]) <= rank(outer.name[i]);
  return within;
}

double distance(const Covariances& a, const Covariances& b) {
  double worst = 0;
  for (std::size_t k = 0; k < a.n_components(); ++k) {
    const Matrix left = a.matrix(k);
    const Matrix right = b.matrix(k);
    for (std::size_t i = 0; i < left.rows(); ++i) {
      for (std::size_t j = 0; j < left.rows(); ++j) {
        const double scale = std::sqrt(left(i, i) * left(j, j));
        worst = std::max(worst, std::abs(left(i, j) - right(i, j)) / scale);
      }
    }
  }
  return worst;
}

}  // namespace oracle
