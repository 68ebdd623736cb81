#include "arrays.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "mogul/error.hpp"
#include "text.hpp"

namespace mogul::python {
namespace {

const char* const kRealNumbers = "real numbers";

// str(array.name)
std::string text_of(nb::handle array, const char* name) {
  return nb::cast<std::string>(nb::str(nb::object(array.attr(name))));
}

// What NumPy cannot make of the values is the caller's mistake, whatever the type of its exception.
nb::object convert(const char* function, nb::handle values, const char* name, const char* wanted, auto... dtype) {
  try {
    return nb::module_::import_("numpy").attr(function)(values, dtype...);
  } catch (const nb::python_error& error) {
    if (!error.matches(PyExc_TypeError) && !error.matches(PyExc_ValueError)) throw;
    throw invalid_argument(
        fmt::format("{}: must be {}; {}", name, wanted, nb::cast<std::string>(nb::str(error.value()))));
  }
}

nb::object as_array(nb::handle values, const char* name, std::string_view kinds, const char* wanted) {
  nb::object array = convert("asarray", values, name, wanted);
  const auto kind = nb::cast<std::string>(array.attr("dtype").attr("kind"));
  if (kinds.find(kind) == std::string_view::npos) {
    throw invalid_argument(fmt::format("{}: values of dtype {}; must be {}", name, text_of(array, "dtype"), wanted));
  }
  return array;
}

void require_dimensions(const nb::object& array, const char* name, std::size_t n_dims) {
  if (nb::cast<std::size_t>(array.attr("ndim")) == n_dims) return;
  throw invalid_argument(fmt::format("{}: shape {}; must have {} dimension{}", name, text_of(array, "shape"), n_dims,
                                     n_dims == 1 ? "" : "s"));
}

template <class T, std::size_t kDims>
InputArray<T, kDims> cast_to(const nb::object& array, const char* name) {
  require_dimensions(array, name, kDims);
  return nb::cast<InputArray<T, kDims>>(array);
}

// Doubles hold every whole number up to here.
constexpr double kLargestWhole = 9007199254740992;  // 2^53

[[noreturn]] void throw_not_whole(const char* name, const std::string& value, std::size_t at) {
  throw invalid_argument(fmt::format("{}: {} at {}; must be a whole number", name, value, at));
}

// A number without a fraction, of those that doubles tell apart.
std::int64_t whole_double_from(double value, const char* name, std::size_t at) {
  if (std::trunc(value) != value) throw_not_whole(name, fmt::format("{}", value), at);
  if (std::abs(value) <= kLargestWhole) return static_cast<std::int64_t>(value);
  throw invalid_argument(
      fmt::format("{}: {} at {}; must be a whole number of at most 2^53, beyond which floats skip some: give integers",
                  name, value, at));
}

// Whole numbers of Python, or numbers without a fraction: each as it is, as doubles do not hold those beyond 2^53.
std::int64_t whole_object_from(nb::handle value, const char* name, std::size_t at) {
  const nb::object whole = nb::steal(PyNumber_Index(value.ptr()));
  if (whole.is_valid()) {
    const std::int64_t number = PyLong_AsLongLong(whole.ptr());
    if (PyErr_Occurred() == nullptr) return number;
    PyErr_Clear();
    throw_not_whole(name, "a number beyond 2^63", at);
  }
  PyErr_Clear();
  const double number = PyFloat_AsDouble(value.ptr());
  if (PyErr_Occurred() == nullptr) return whole_double_from(number, name, at);
  PyErr_Clear();
  throw_not_whole(name, shown(value), at);
}

std::vector<std::int64_t> whole_objects_from(const nb::object& array, const char* name) {
  require_dimensions(array, name, 1);
  std::vector<std::int64_t> numbers;
  for (nb::handle value : nb::object(array.attr("tolist")()))
    numbers.push_back(whole_object_from(value, name, numbers.size()));
  return numbers;
}

// Hands a vector over to NumPy, which deletes it.
template <class T>
nb::capsule keep(std::vector<T>* values) {
  return nb::capsule(values, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
}

}  // namespace

std::string shown(nb::handle value) {
  auto text = nb::cast<std::string>(nb::repr(nb::borrow(value)));
  constexpr std::size_t kMost = 60;
  if (text.size() <= kMost && text.find('\n') == std::string::npos) return text;
  return nb::cast<std::string>(value.type().attr("__name__"));
}

template <class T>
T whole_from(const IntLike& value, const char* name) {
  const nb::object whole = nb::steal(PyNumber_Index(value.ptr()));
  if (!whole.is_valid()) {
    PyErr_Clear();
    throw nb::type_error(fmt::format("{} = {}; must be a whole number", name, shown(value)).c_str());
  }
  const unsigned long long n = PyLong_AsUnsignedLongLong(whole.ptr());
  const bool outside = PyErr_Occurred() != nullptr;
  PyErr_Clear();
  constexpr T kMost = std::numeric_limits<T>::max();
  if (outside || n > kMost) {
    throw invalid_argument(
        fmt::format("{} = {}; must be a whole number of 0 to {}", name, nb::cast<std::string>(nb::str(whole)), kMost));
  }
  return static_cast<T>(n);
}
template unsigned whole_from(const IntLike&, const char*);
template std::uint64_t whole_from(const IntLike&, const char*);

nb::object as_numbers(nb::handle values, const char* name) { return as_array(values, name, "fiubO", kRealNumbers); }

nb::object as_doubles(nb::handle values, const char* name) {
  return convert("ascontiguousarray", as_numbers(values, name), name, kRealNumbers, "float64");
}

std::vector<double> vector_from(nb::handle values, const char* name) {
  const auto array = cast_to<double, 1>(as_doubles(values, name), name);
  return {array.data(), array.data() + array.size()};
}

Matrix matrix_from(nb::handle values, const char* name) {
  const auto array = cast_to<double, 2>(as_doubles(values, name), name);
  return {array.shape(0), array.shape(1), {array.data(), array.data() + array.size()}};
}

std::vector<double> values_from(nb::handle values, const char* name, const std::vector<std::size_t>& shape) {
  const nb::object doubles = as_doubles(values, name);
  const auto array = nb::cast<nb::ndarray<const double, nb::c_contig, nb::device::cpu>>(doubles);
  bool same = array.ndim() == shape.size();
  for (std::size_t i = 0; same && i < shape.size(); ++i) same = array.shape(i) == shape[i];
  if (!same) {
    throw invalid_argument(fmt::format("{}: shape {}; must be ({}{})", name, text_of(doubles, "shape"),
                                       fmt::join(shape, ", "), shape.size() == 1 ? "," : ""));
  }
  return {array.data(), array.data() + array.size()};
}

std::vector<std::int64_t> whole_numbers_from(nb::handle values, const char* name) {
  const nb::object array = as_array(values, name, "iubfO", "whole numbers");
  const auto kind = nb::cast<std::string>(array.attr("dtype").attr("kind"));
  if (kind == "O") return whole_objects_from(array, name);
  if (kind == "f") {
    const std::vector<double> doubles = vector_from(array, name);
    std::vector<std::int64_t> numbers;
    numbers.reserve(doubles.size());
    for (const double value : doubles) numbers.push_back(whole_double_from(value, name, numbers.size()));
    return numbers;
  }
  const auto whole = cast_to<std::int64_t, 1>(array.attr("astype")("int64", "C"), name);
  for (std::size_t i = 0; kind == "u" && i < whole.size();
       ++i) {  // beyond what is there, they come as negative numbers
    if (whole.data()[i] < 0) throw_not_whole(name, "a number beyond 2^63", i);
  }
  return {whole.data(), whole.data() + whole.size()};
}

std::vector<std::int32_t> labels_from(nb::handle values, const char* name) {
  const std::vector<std::int64_t> whole = whole_numbers_from(values, name);
  std::vector<std::int32_t> labels(whole.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::int64_t label = whole[i];
    if (label < 0 || label > std::numeric_limits<std::int32_t>::max()) {
      throw invalid_argument(fmt::format("{}: {} at {}; must be 0, 1, ..., K - 1", name, label, i));
    }
    labels[i] = static_cast<std::int32_t>(label);
  }
  return labels;
}

std::vector<std::size_t> indices_from(nb::handle values, const char* name, std::size_t size) {
  const std::vector<std::int64_t> whole = whole_numbers_from(values, name);
  std::vector<std::size_t> indices(whole.size());
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const std::int64_t index = whole[i];
    if (index < 0 || static_cast<std::size_t>(index) >= size) {
      throw invalid_argument(fmt::format("{}: {} at {}; must be 0 to {}", name, index, i, size - 1));
    }
    indices[i] = static_cast<std::size_t>(index);
  }
  return indices;
}

OutputArray<double, 1> to_numpy(std::vector<double> values) {
  auto* kept = new std::vector<double>(std::move(values));
  return {kept->data(), {kept->size()}, keep(kept)};
}

LabelArray to_numpy(const std::vector<std::int32_t>& labels) {
  return to_numpy(std::vector<std::int64_t>(labels.begin(), labels.end()));
}

LabelArray to_numpy(std::vector<std::int64_t> numbers) {
  auto* kept = new std::vector<std::int64_t>(std::move(numbers));
  const nb::object array = nb::cast(OutputArray<std::int64_t, 1>(kept->data(), {kept->size()}, keep(kept)));
  // Of two types of 64 bits that C has, NumPy's default is not the one that it sees here.
  return nb::borrow<LabelArray>(array.attr("view")("int64"));
}

template <class T>
OutputArray<T, 2> to_numpy(BasicMatrix<T> values) {
  auto* kept = new BasicMatrix<T>(std::move(values));
  return {kept->data(), {kept->rows(), kept->cols()}, nb::capsule(kept, [](void* p) noexcept {
            delete static_cast<BasicMatrix<T>*>(p);
          })};
}
template OutputArray<double, 2> to_numpy(BasicMatrix<double>);
template OutputArray<float, 2> to_numpy(BasicMatrix<float>);

ReadOnlyArray view_of(const double* values, const std::vector<std::size_t>& shape, nb::handle owner) {
  return {values, shape.size(), shape.data(), owner};
}

ReadOnlyArray view_of(const std::vector<double>& values, nb::handle owner) {
  return view_of(values.data(), {values.size()}, owner);
}

ReadOnlyArray view_of(const Matrix& values, nb::handle owner) {
  return view_of(values.data(), {values.rows(), values.cols()}, owner);
}

}  // namespace mogul::python
