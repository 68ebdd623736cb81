// DataView and Dataset: the rows, weights and column names that every later stage borrows.
#include "mogul/dataset.hpp"

#include <fmt/format.h>

#include <utility>

namespace mogul {
namespace {

void check_shape(std::size_t rows, std::size_t cols, std::size_t n_weights) {
  if (rows == 0) throw invalid_argument("data has 0 rows; must have at least 1");
  if (cols == 0) throw invalid_argument("data has 0 columns; must have at least 1");
  if (n_weights != 0 && n_weights != rows) {
    throw invalid_argument(fmt::format("weights has {} values for {} rows; must have one per row", n_weights, rows));
  }
}

void check_names(std::size_t n_names, std::size_t cols) {
  if (n_names != 0 && n_names != cols) {
    throw invalid_argument(fmt::format("{} column names for {} columns; must have one per column", n_names, cols));
  }
}

std::vector<std::string> names_or_default(std::vector<std::string> names, std::size_t cols) {
  check_names(names.size(), cols);
  for (std::size_t col = names.size(); col < cols; ++col) names.push_back(default_column_name(col));
  return names;
}

}  // namespace

std::string default_column_name(std::size_t col) { return fmt::format("x{}", col + 1); }

DataView::DataView(MatrixView<const double> x, std::span<const double> weights) : x_(x), weights_(weights) {
  check_shape(x.rows(), x.cols(), weights.size());
}

DataView::DataView(MatrixView<const float> x, std::span<const double> weights) : x_(x), weights_(weights) {
  check_shape(x.rows(), x.cols(), weights.size());
}

DataView::DataView(ColumnsView<const double> x, std::span<const double> weights) : x_(x), weights_(weights) {
  check_shape(x.rows(), x.cols(), weights.size());
}

DataView::DataView(ColumnsView<const float> x, std::span<const double> weights) : x_(x), weights_(weights) {
  check_shape(x.rows(), x.cols(), weights.size());
}

DataView::DataView(ConvertedView x, std::span<const double> weights) : x_(x), weights_(weights) {
  check_shape(x.rows(), x.cols(), weights.size());
}

DataView::DataView(const Matrix& x, std::span<const double> weights) : DataView(x.view(), weights) {}

DataView::DataView(const FloatMatrix& x, std::span<const double> weights) : DataView(x.view(), weights) {}

std::size_t DataView::rows() const {
  return std::visit([](const auto& x) { return x.rows(); }, x_);
}

std::size_t DataView::cols() const {
  return std::visit([](const auto& x) { return x.cols(); }, x_);
}

double DataView::value(std::size_t row, std::size_t col) const {
  return std::visit([&](const auto& x) { return static_cast<double>(x(row, col)); }, x_);
}

DataView DataView::with_names(std::span<const std::string> names) const {
  check_names(names.size(), cols());
  DataView named = *this;
  named.names_ = names;
  return named;
}

std::string DataView::column_name(std::size_t col) const {
  return names_.empty() ? default_column_name(col) : names_[col];
}

std::vector<std::string> DataView::column_names() const {
  std::vector<std::string> names;
  for (std::size_t col = 0; col < cols(); ++col) names.push_back(column_name(col));
  return names;
}

Dataset::Dataset(Matrix x, std::vector<std::string> names, std::vector<double> weights)
    : names_(names_or_default(std::move(names), x.cols())), weights_(std::move(weights)) {
  check_shape(x.rows(), x.cols(), weights_.size());
  x_ = std::move(x);
}

Dataset::Dataset(FloatMatrix x, std::vector<std::string> names, std::vector<double> weights)
    : names_(names_or_default(std::move(names), x.cols())), weights_(std::move(weights)) {
  check_shape(x.rows(), x.cols(), weights_.size());
  x_ = std::move(x);
}

DataView Dataset::view() const {
  return std::visit([this](const auto& x) { return DataView(x, weights_); }, x_).with_names(names_);
}

}  // namespace mogul
