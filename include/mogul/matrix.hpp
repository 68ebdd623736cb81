// Matrices: row-major, as a view that borrows and as an owner; borrowed columns, as they are or converted. No others
// are in public headers.
#pragma once

#include <cassert>
#include <cstddef>
#include <initializer_list>
#include <new>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "mogul/error.hpp"

namespace mogul {

/// A row-major matrix owned by someone else. Consecutive rows are `stride` elements apart, so a view
/// can leave columns of a wider table out.
template <class T>
class MatrixView {
 public:
  MatrixView() = default;
  MatrixView(T* data, std::size_t rows, std::size_t cols) : MatrixView(data, rows, cols, cols) {}

  /// @throws invalid_argument if stride < cols, or data is null and the matrix is not empty
  MatrixView(T* data, std::size_t rows, std::size_t cols, std::size_t stride)
      : data_(data), rows_(rows), cols_(cols), stride_(stride) {
    if (stride < cols) throw invalid_argument("MatrixView: stride is smaller than the number of columns");
    if (data == nullptr && rows * cols != 0) throw invalid_argument("MatrixView: data is null");
  }

  /// A view of mutable elements is also a view of constant ones.
  template <class U>
  requires std::is_same_v<T, const U> MatrixView(MatrixView<U> other)
      : MatrixView(other.data(), other.rows(), other.cols(), other.stride()) {}

  T* data() const { return data_; }
  std::size_t rows() const { return rows_; }
  std::size_t cols() const { return cols_; }
  std::size_t stride() const { return stride_; }
  bool empty() const { return rows_ == 0 || cols_ == 0; }

  std::span<T> row(std::size_t i) const {
    assert(i < rows_);
    return {data_ + i * stride_, cols_};
  }
  T& operator()(std::size_t i, std::size_t j) const {
    assert(i < rows_ && j < cols_);
    return data_[i * stride_ + j];
  }

 private:
  T* data_ = nullptr;
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
  std::size_t stride_ = 0;
};

/// A matrix whose columns lie anywhere in memory, each without gaps: an array in Fortran order, a data frame. Borrows
/// the array of pointers as well as the elements.
template <class T>
class ColumnsView {
 public:
  ColumnsView() = default;

  /// @param columns  (cols) pointers to the first of `rows` elements each
  /// @throws         invalid_argument if a pointer is null and there are rows
  ColumnsView(std::span<T* const> columns, std::size_t rows) : columns_(columns), rows_(rows) {
    for (std::size_t j = 0; rows != 0 && j < columns.size(); ++j) {
      if (columns[j] == nullptr) throw invalid_argument("ColumnsView: columns[" + std::to_string(j) + "] is null");
    }
  }

  std::size_t rows() const { return rows_; }
  std::size_t cols() const { return columns_.size(); }

  std::span<T> column(std::size_t j) const {
    assert(j < cols());
    return {columns_[j], rows_};
  }
  T& operator()(std::size_t i, std::size_t j) const {
    assert(i < rows_ && j < cols());
    return columns_[j][i];
  }

 private:
  std::span<T* const> columns_;
  std::size_t rows_ = 0;
};

/// A matrix whose elements are of other types, or lie apart: each is made a double when it is read. Borrows the array
/// of columns as well as the elements.
class ConvertedView {
 public:
  struct Column {
    const std::byte* first;            ///< element of row 0
    std::ptrdiff_t stride;             ///< from one row to the next, in bytes; may be negative
    double (*read)(const std::byte*);  ///< what an element is as a double

    double operator[](std::size_t row) const { return read(first + static_cast<std::ptrdiff_t>(row) * stride); }
  };

  /// @throws  invalid_argument if a pointer is null and there are rows
  ConvertedView(std::span<const Column> columns, std::size_t rows) : columns_(columns), rows_(rows) {
    for (std::size_t j = 0; rows != 0 && j < columns.size(); ++j) {
      const bool null = columns[j].first == nullptr || columns[j].read == nullptr;
      if (null) throw invalid_argument("ConvertedView: columns[" + std::to_string(j) + "] is null");
    }
  }

  std::size_t rows() const { return rows_; }
  std::size_t cols() const { return columns_.size(); }

  const Column& column(std::size_t j) const {
    assert(j < cols());
    return columns_[j];
  }
  double operator()(std::size_t i, std::size_t j) const {
    assert(i < rows_ && j < cols());
    return columns_[j][i];
  }

 private:
  std::span<const Column> columns_;
  std::size_t rows_ = 0;
};

/// An array of zeros.
/// @param sizes  its length, or what the length is the product of
/// @throws       out_of_memory, with the number of bytes that were wanted
template <class T>
std::vector<T> zeros(std::initializer_list<std::size_t> sizes) {
  const std::size_t n = array_size({sizes.begin(), sizes.size()}, sizeof(T));
  try {
    return std::vector<T>(n);
  } catch (const std::bad_alloc&) {
    throw out_of_memory(static_cast<double>(n) * sizeof(T));
  }
}

/// A row-major matrix that owns its elements, without gaps between rows.
template <class T>
class BasicMatrix {
 public:
  BasicMatrix() = default;
  /// @throws out_of_memory
  BasicMatrix(std::size_t rows, std::size_t cols) : rows_(rows), cols_(cols), values_(zeros<T>({rows, cols})) {}

  /// @throws invalid_argument if values.size() != rows * cols
  BasicMatrix(std::size_t rows, std::size_t cols, std::vector<T> values)
      : rows_(rows), cols_(cols), values_(std::move(values)) {
    if (values_.size() != rows * cols) throw invalid_argument("Matrix: number of values != rows * cols");
  }

  std::size_t rows() const { return rows_; }
  std::size_t cols() const { return cols_; }
  bool empty() const { return values_.empty(); }
  const std::vector<T>& values() const { return values_; }
  T* data() { return values_.data(); }
  const T* data() const { return values_.data(); }

  std::span<T> row(std::size_t i) { return {values_.data() + i * cols_, cols_}; }
  std::span<const T> row(std::size_t i) const { return {values_.data() + i * cols_, cols_}; }
  T& operator()(std::size_t i, std::size_t j) { return values_[i * cols_ + j]; }
  const T& operator()(std::size_t i, std::size_t j) const { return values_[i * cols_ + j]; }

  MatrixView<const T> view() const { return {values_.data(), rows_, cols_}; }
  MatrixView<T> view() { return {values_.data(), rows_, cols_}; }

  bool operator==(const BasicMatrix&) const = default;

 private:
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
  std::vector<T> values_;
};

using Matrix = BasicMatrix<double>;
using FloatMatrix = BasicMatrix<float>;

}  // namespace mogul
