// Random mixtures, rows and layouts for the properties; see generators.hpp.
#include "reference/generators.hpp"
#include "plain_families.hpp"

#include <cmath>
#include <limits>
#include <numbers>

namespace oracle {

using mogul::CovarianceFamily;
using mogul::Matrix;
using mogul::Mixture;

namespace {

rc::Gen<CovarianceFamily> any_structure() {
  std::vector<CovarianceFamily> all;
  for (const auto& entry : mogul::test::plain_families()) all.push_back(entry.family);
  return rc::gen::elementOf(all);
}

std::vector<double> random_weights(Dice& dice, std::size_t k) {
  std::vector<double> weights(k);
  double total = 0;
  for (double& weight : weights) total += weight = 0.4 + dice.uniform();
  for (double& weight : weights) weight /= total;
  return weights;
}

// L L^T with a well-conditioned lower triangular L.
std::vector<double> random_matrix(Dice& dice, std::size_t d, double scale) {
  Matrix l(d, d);
  const double off_diagonal = 0.4 / std::sqrt(static_cast<double>(d));
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j < i; ++j) l(i, j) = off_diagonal * dice.normal();
    l(i, i) = 0.6 + dice.uniform();
  }
  std::vector<double> out(d * d, 0);
  for (std::size_t i = 0; i < d; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      for (std::size_t m = 0; m <= j; ++m) out[i * d + j] += l(i, m) * l(j, m) * scale * scale;
      out[j * d + i] = out[i * d + j];
    }
  }
  return out;
}

std::vector<double> random_covariances(Dice& dice, const Shape& shape) {
  const std::size_t size = mogul::covariance_size(shape.structure, shape.k, shape.d);
  std::vector<double> out;
  const bool matrices = shape.structure.layout == mogul::Layout::matrix;
  while (out.size() < size) {
    if (matrices) {
      const std::vector<double> matrix = random_matrix(dice, shape.d, shape.scale);
      out.insert(out.end(), matrix.begin(), matrix.end());
    } else {
      const double sd = shape.scale * (0.6 + dice.uniform());
      out.push_back(sd * sd);
    }
  }
  return out;
}

template <class T>
std::vector<const T*> pointers_to_columns(const std::vector<T>& values, std::size_t n_columns) {
  std::vector<const T*> columns;
  for (std::size_t j = 0; j < n_columns; ++j) columns.push_back(values.data() + j * (values.size() / n_columns));
  return columns;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Shape& shape) {
  return out << "n=" << shape.n << " d=" << shape.d << " k=" << shape.k << ' ' << to_string(shape.structure)
             << " weights=" << static_cast<int>(shape.weights) << " float32=" << shape.float32
             << " padding=" << shape.padding << " columns=" << shape.columns << " offset=" << shape.offset
             << " scale=" << shape.scale << " separation=" << shape.separation << " seed=" << shape.seed;
}

rc::Gen<Shape> any_shape() {
  return rc::gen::exec([] {
    Shape shape;
    shape.n = *rc::gen::inRange<std::size_t>(1, 301);
    shape.d = *rc::gen::weightedOneOf<std::size_t>(
        {{5, rc::gen::inRange<std::size_t>(1, 10)}, {1, rc::gen::inRange<std::size_t>(10, 35)}});
    shape.k = *rc::gen::inRange<std::size_t>(1, 7);
    shape.structure = *any_structure();
    shape.weights = *rc::gen::element(RowWeights::none, RowWeights::random, RowWeights::some_zero);
    shape.float32 = *rc::gen::arbitrary<bool>();
    shape.padding = *rc::gen::inRange<std::size_t>(0, 4);
    shape.offset = *rc::gen::element(0.0, 1.0, 1e3, 1e6, 1e8);
    shape.scale = *rc::gen::element(1.0, 1e-8, 1e-3, 1e3, 1e8);
    shape.separation = *rc::gen::element(2.0, 0.0, 10.0, 1e4);
    shape.seed = *rc::gen::arbitrary<std::uint64_t>();
    shape.columns = *rc::gen::arbitrary<bool>();
    return shape;
  });
}

rc::Gen<Shape> fit_shape() {
  return rc::gen::exec([] {
    Shape shape;
    shape.d = *rc::gen::inRange<std::size_t>(1, 7);
    shape.k = *rc::gen::inRange<std::size_t>(1, 5);
    shape.n = 12 * (shape.d + 1) * shape.k + *rc::gen::inRange<std::size_t>(0, 101);
    shape.structure = *any_structure();
    shape.weights = *rc::gen::element(RowWeights::none, RowWeights::random, RowWeights::some_zero);
    shape.padding = *rc::gen::inRange<std::size_t>(0, 4);
    shape.offset = *rc::gen::element(0.0, 1.0, 1e3);
    shape.scale = *rc::gen::element(1.0, 1e-3, 1e3);
    shape.separation = *rc::gen::element(2.0, 4.0, 10.0);
    shape.seed = *rc::gen::arbitrary<std::uint64_t>();
    shape.columns = *rc::gen::arbitrary<bool>();
    return shape;
  });
}

double Dice::uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }

double Dice::normal() {
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

std::size_t Dice::index(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }

Mixture random_mixture(Dice& dice, const Shape& shape) {
  std::vector<double> weights = random_weights(dice, shape.k);
  Matrix means(shape.k, shape.d);
  for (std::size_t k = 0; k < shape.k; ++k) {
    for (std::size_t d = 0; d < shape.d; ++d) {
      means(k, d) = (d % 2 == 0 ? 1 : -1) * shape.offset + shape.scale * shape.separation * dice.normal();
    }
  }
  return Mixture(shape.structure, std::move(weights), std::move(means), random_covariances(dice, shape));
}

Mixture neighbour(Dice& dice, const Mixture& mixture, const Shape& shape) {
  std::vector<double> weights = random_weights(dice, shape.k);
  Matrix means = mixture.means();
  for (std::size_t k = 0; k < shape.k; ++k) {
    for (double& value : means.row(k)) value += 0.5 * shape.scale * dice.normal();
  }
  return Mixture(shape.structure, std::move(weights), std::move(means), random_covariances(dice, shape));
}

Matrix draw_rows(Dice& dice, const Mixture& mixture, std::size_t n) {
  const std::size_t n_features = mixture.n_features();
  std::vector<Matrix> factors;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) factors.push_back(mixture.cholesky(k));
  Matrix rows(n, n_features);
  for (std::size_t i = 0; i < n; ++i) {
    double rest = dice.uniform();
    std::size_t k = 0;
    while (k + 1 < mixture.n_components() && rest >= mixture.weights()[k]) rest -= mixture.weights()[k++];
    std::vector<double> noise(n_features);
    for (double& value : noise) value = dice.normal();
    for (std::size_t d = 0; d < n_features; ++d) {
      double sum = 0;
      for (std::size_t j = 0; j <= d; ++j) sum += factors[k](d, j) * noise[j];
      rows(i, d) = mixture.means()(k, d) + sum;
    }
  }
  return rows;
}

Problem::Problem(const Shape& shape)
    : shape_(shape), dice_(shape.seed), truth_(random_mixture(dice_, shape)), model_(neighbour(dice_, truth_, shape)) {
  const Matrix rows = draw_rows(dice_, truth_, shape.n);
  const std::size_t row_stride = shape.columns ? 1 : shape.d + shape.padding;
  const std::size_t column_stride = shape.columns ? shape.n + shape.padding : 1;
  doubles_.assign(shape.columns ? shape.d * column_stride : shape.n * row_stride,
                  std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < shape.n; ++i) {
    for (std::size_t d = 0; d < shape.d; ++d) doubles_[i * row_stride + d * column_stride] = rows(i, d);
  }
  if (shape.float32) floats_.assign(doubles_.begin(), doubles_.end());
  if (shape.columns) {
    double_columns_ = pointers_to_columns(doubles_, shape.d);
    float_columns_ = pointers_to_columns(floats_, shape.d);
  }
  if (shape.weights == RowWeights::none) return;
  for (std::size_t i = 0; i < shape.n; ++i) weights_.push_back(0.1 + 3 * dice_.uniform());
  if (shape.weights == RowWeights::some_zero) {
    for (std::size_t i = 1; i < shape.n; i += 3) weights_[i] = 0;
  }
}

mogul::DataView Problem::view() const {
  if (shape_.columns && shape_.float32) return {mogul::ColumnsView<const float>(float_columns_, shape_.n), weights_};
  if (shape_.columns) return {mogul::ColumnsView<const double>(double_columns_, shape_.n), weights_};
  const std::size_t stride = shape_.d + shape_.padding;
  if (shape_.float32) return {mogul::MatrixView<const float>(floats_.data(), shape_.n, shape_.d, stride), weights_};
  return {mogul::MatrixView<const double>(doubles_.data(), shape_.n, shape_.d, stride), weights_};
}

}  // namespace oracle
