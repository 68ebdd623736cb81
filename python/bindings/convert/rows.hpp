// Rows from Python: whatever has two dimensions becomes a DataView. Arrays of numbers and Arrow columns are read where
// they lie; what is left, such as lists, is copied.
#pragma once

#include <nanobind/nanobind.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "arrays.hpp"
#include "arrow.hpp"
#include "mogul/dataset.hpp"

namespace mogul::python {

/// What functions take for rows, as stubs show it.
class RowsLike : public nb::object {
  NB_OBJECT(RowsLike, nb::object, "numpy.typing.ArrayLike | Rows | Dataset | os.PathLike[str]", is_anything)
};

/// @param argument  that the names came with, for messages; "" is no name
/// @throws          invalid_argument if two columns have the same name
void require_distinct(const std::vector<std::string>& names, const char* argument);

/// Keeps what its view borrows, and the names of columns where there are any. Made, and destroyed, while the
/// interpreter lock is held.
class Rows {
 public:
  /// @param x        (N, D): an array, an object of Arrow columns (__arrow_c_stream__ or __arrow_c_array__), a data
  ///                 frame, a sequence of rows, a Dataset, or the path of a file, as read_dataset() takes it
  /// @param weights  (N), or None; of a file also the name of a column
  /// @throws         invalid_argument for another number of dimensions, values that are not numbers, a list of paths,
  ///                 or two columns of one name
  Rows(nb::handle x, nb::handle weights);

  DataView view() const;
  std::vector<std::string> column_names() const;
  bool is_float() const;
  bool copied() const { return copied_; }
  nb::object source() const { return source_; }

 private:
  void keep_names(const nb::object& names);
  void take_array(nb::handle array);
  bool try_array(nb::handle array);
  template <class T>
  bool try_array_of();
  bool try_converted_array();
  template <class T>
  bool try_columns(const ArrowTable& table);
  bool try_converted_columns(const ArrowTable& table);

  nb::object source_;
  nb::object owner_;
  nb::ndarray<nb::ro, nb::device::cpu> array_;
  std::optional<ArrowTable> table_;
  std::variant<std::vector<const double*>, std::vector<const float*>, std::vector<ConvertedView::Column>> columns_;
  std::vector<std::string> names_;
  std::vector<double> weights_;
  std::optional<DataView> view_;
  bool copied_ = false;
};

/// Row i of the copy is row row_of(i).
template <class T, class RowOf = std::identity>
BasicMatrix<T> copy_of(const DataView& rows, std::size_t n_rows, const RowOf& row_of = {}) {
  BasicMatrix<T> copy(n_rows, rows.cols());
  for (std::size_t i = 0; i < n_rows; ++i) {
    for (std::size_t j = 0; j < copy.cols(); ++j) copy(i, j) = static_cast<T>(rows.value(row_of(i), j));
  }
  return copy;
}

}  // namespace mogul::python
