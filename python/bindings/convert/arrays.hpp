// NumPy arrays in and out: copies of what the library keeps, and results that NumPy owns without a copy.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "mogul/matrix.hpp"

namespace mogul::python {

namespace nb = nanobind;

inline bool is_anything(nb::handle) { return true; }

/// What numpy.asarray() makes an array of; it is the judge.
class ArrayLike : public nb::object {
  NB_OBJECT(ArrayLike, nb::object, "numpy.typing.ArrayLike", is_anything)
};

/// A whole number, of NumPy's types too.
class IntLike : public nb::object {
  NB_OBJECT(IntLike, nb::object, "int", is_anything)
};

class LabelArray : public nb::object {
  NB_OBJECT(LabelArray, nb::object, "numpy.typing.NDArray[numpy.int64]", is_anything)
};

template <class T, std::size_t kDims>
using InputArray = nb::ndarray<const T, nb::ndim<kDims>, nb::c_contig, nb::device::cpu>;
template <class T, std::size_t kDims>
using OutputArray = nb::ndarray<nb::numpy, T, nb::ndim<kDims>>;
using ReadOnlyArray = nb::ndarray<nb::numpy, const double>;

/// A value as messages show it: as Python prints it, or the name of its type where that is long.
std::string shown(nb::handle value);

/// @param name  of the argument, for messages
/// @throws      TypeError for what is not a whole number; invalid_argument if T does not hold it
template <class T>
T whole_from(const IntLike& value, const char* name);

/// numpy.asarray(values).
/// @param name  of the argument, for messages
/// @throws      invalid_argument if the values are not real numbers
nb::object as_numbers(nb::handle values, const char* name);
/// An array of doubles in row-major order: the caller's own if it is one. All below: @throws as before, and
/// invalid_argument if the shape is another.
nb::object as_doubles(nb::handle values, const char* name);
std::vector<double> vector_from(nb::handle values, const char* name);
Matrix matrix_from(nb::handle values, const char* name);
/// All values in row-major order, of the given shape.
std::vector<double> values_from(nb::handle values, const char* name, const std::vector<std::size_t>& shape);
/// Integers of any type, or floating-point numbers without a fraction.
/// @throws  invalid_argument for other numbers, or those that have no room in 64 bits
std::vector<std::int64_t> whole_numbers_from(nb::handle values, const char* name);
/// The same for the numbers of components.
/// @throws  invalid_argument for numbers below 0, or those that have no room in 32 bits
std::vector<std::int32_t> labels_from(nb::handle values, const char* name);

/// The same for positions.
/// @throws  invalid_argument for numbers that are not in [0, size)
std::vector<std::size_t> indices_from(nb::handle values, const char* name, std::size_t size);

OutputArray<double, 1> to_numpy(std::vector<double> values);
LabelArray to_numpy(const std::vector<std::int32_t>& labels);
LabelArray to_numpy(std::vector<std::int64_t> numbers);
template <class T>
OutputArray<T, 2> to_numpy(BasicMatrix<T> values);

/// A read-only view of memory that `owner` keeps.
ReadOnlyArray view_of(const double* values, const std::vector<std::size_t>& shape, nb::handle owner);
ReadOnlyArray view_of(const std::vector<double>& values, nb::handle owner);
ReadOnlyArray view_of(const Matrix& values, nb::handle owner);

}  // namespace mogul::python
