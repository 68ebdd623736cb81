// mogul/dataset.hpp
#include "mogul/dataset.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "arrays.hpp"
#include "bindings.hpp"
#include "rows.hpp"

namespace mogul::python {
namespace {

using Names = std::vector<std::string>;
using FloatArray = nb::ndarray<nb::numpy, const float, nb::ndim<2>>;

// The values as NumPy sees them.
nb::object values_of(nb::handle_t<Dataset> self) {
  const auto& values = nb::cast<const Dataset&>(self).values();
  if (const auto* doubles = std::get_if<Matrix>(&values)) {
    return nb::cast(view_of(*doubles, self));
  }
  const auto& floats = std::get<FloatMatrix>(values);
  return nb::cast(FloatArray(floats.data(), {floats.rows(), floats.cols()}, self));
}

std::optional<ReadOnlyArray> weights_of(nb::handle_t<Dataset> self) {
  const auto& weights = nb::cast<const Dataset&>(self).weights();
  if (weights.empty()) return std::nullopt;
  return view_of(weights, self);
}

// Copies, as a Dataset owns its rows.
Dataset make_dataset(nb::handle x, Names names, nb::handle weights) {
  std::vector<double> w = weights.is_none() ? std::vector<double>() : vector_from(weights, "weights");
  const Rows rows(x, nb::none());
  const DataView view = rows.view();
  const auto copy = [&]<class T>(BasicMatrix<T> out) {
    for (std::size_t i = 0; i < out.rows(); ++i) {
      for (std::size_t j = 0; j < out.cols(); ++j) out(i, j) = static_cast<T>(view.value(i, j));
    }
    return Dataset(std::move(out), std::move(names), std::move(w));
  };
  if (std::string_view(rows.type_name()) == "float32") return copy(FloatMatrix(view.rows(), view.cols()));
  return copy(Matrix(view.rows(), view.cols()));
}

}  // namespace

void bind_dataset(nb::module_& m) {
  nb::class_<Dataset>(m, "Dataset", R"(Rows that it owns, the names of their columns, and weights if there are any.

Parameters
----------
x : array-like of shape (N, D)
    Copied, as float32 where it is, as float64 otherwise.
names : sequence of str
    (D), or empty for "x1", "x2", ...
weights : array-like of shape (N,), optional)")
      .def(
          "__init__",
          [](Dataset* self, const RowsLike& x, Names names, const ArrayLike& weights) {
            new (self) Dataset(make_dataset(x, std::move(names), weights));
          },
          nb::arg("x"), nb::arg("names") = Names(), nb::arg("weights") = nb::none())
      .def_prop_ro("x", &values_of, nb::sig("def x(self) -> numpy.typing.NDArray[numpy.floating]"),
                   "(N, D), read-only.")
      .def_prop_ro("column_names", &Dataset::column_names, "(D,).")
      .def_prop_ro("weights", &weights_of, "(N,), or None.");

  nb::class_<Rows>(m, "Rows", R"(Rows as the library reads them, which every function takes for x.

Arrays of numbers and Arrow columns are borrowed; what is left, such as lists, is copied. Numbers other than float32 and
float64 are converted block by block whenever they are read.

Parameters
----------
x : array-like of shape (N, D)
    Also an object of Arrow columns (__arrow_c_stream__ or __arrow_c_array__), or a Dataset.
weights : array-like of shape (N,), optional)")
      .def(
          "__init__", [](Rows* self, const RowsLike& x, const ArrayLike& weights) { new (self) Rows(x, weights); },
          nb::arg("x"), nb::arg("weights") = nb::none())
      .def_prop_ro(
          "shape", [](const Rows& self) { return nb::make_tuple(self.view().rows(), self.view().cols()); },
          nb::sig("def shape(self) -> tuple[int, int]"), "(N, D).")
      .def_prop_ro(
          "dtype", [](const Rows& self) { return nb::module_::import_("numpy").attr("dtype")(self.type_name()); },
          nb::sig("def dtype(self) -> numpy.dtype"), "float64 or float32.")
      .def_prop_ro("copied", &Rows::copied, "Whether the values had to be copied.")
      .def_prop_ro("source", &Rows::source, nb::sig("def source(self) -> object"), "What they were made of.");
}

}  // namespace mogul::python
