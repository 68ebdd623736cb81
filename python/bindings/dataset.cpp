// mogul/dataset.hpp
#include "mogul/dataset.hpp"

#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <optional>
#include <tuple>
#include <utility>
#include <variant>

#include "bindings.hpp"
#include "convert/arguments.hpp"
#include "convert/arrays.hpp"
#include "convert/interpreter.hpp"
#include "convert/rows.hpp"
#include "convert/state.hpp"
#include "convert/text.hpp"
#include "mogul/error.hpp"

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

// For numpy.asarray(), which then sees the rows.
nb::object array_of(nb::handle_t<Dataset> self, nb::handle dtype, nb::handle copy) {
  return nb::module_::import_("numpy").attr("array")(values_of(self), nb::arg("dtype") = dtype, nb::arg("copy") = copy);
}

std::optional<ReadOnlyArray> weights_of(nb::handle_t<Dataset> self) {
  const auto& weights = nb::cast<const Dataset&>(self).weights();
  if (weights.empty()) return std::nullopt;
  return view_of(weights, self);
}

// Copies, as a Dataset owns its rows.
Dataset make_dataset(nb::handle x, Names names, nb::handle weights) {
  const Rows rows(x, weights);
  const DataView view = rows.view();
  if (names.empty()) names = rows.column_names();
  require_distinct(names, "column_names");
  const WithoutLock unlocked;
  std::vector<double> w(view.weights().begin(), view.weights().end());
  if (rows.is_float()) {
    return Dataset(copy_of<float>(view, view.rows()), std::move(names), std::move(w));
  }
  return Dataset(copy_of<double>(view, view.rows()), std::move(names), std::move(w));
}

const char* type_name(const Rows& rows) { return rows.is_float() ? "float32" : "float64"; }

nb::object take(const Rows& rows, const ArrayLike& indices) {
  const DataView view = rows.view();
  const std::vector<std::size_t> chosen = indices_from(indices, "indices", view.rows());
  const auto row_of = [&](std::size_t i) { return chosen[i]; };
  const auto copy = [&]<class T>(T) {
    const WithoutLock unlocked;
    return copy_of<T>(view, chosen.size(), row_of);
  };
  if (rows.is_float()) return nb::cast(to_numpy(copy(0.0F)));
  return nb::cast(to_numpy(copy(0.0)));
}

void bind_data_set(nb::module_& m) {
  nb::class_<Dataset> dataset(m, "Dataset",
                              R"(Rows that it owns, the names of their columns, and weights if there are any.

Parameters
----------
x : array-like of shape (N, D)
    Copied, as float32 where it is, as float64 otherwise. Names and weights that it brings along are kept.
column_names : sequence of str
    (D), or empty for those that x has, or "x1", "x2", ...
weights : array-like of shape (N,), optional)");
  def_equality(dataset);
  dataset
      .def(
          "__init__",
          [](Dataset* self, const nb::args& args, const nb::kwargs& kwargs) {
            const Arguments given("Dataset", {"x", "column_names", "weights"}, 1, args, kwargs);
            new (self) Dataset(make_dataset(given[0], texts_from(given[1], "column_names"), given[2]));
          },
          nb::sig("def __init__(self, x: numpy.typing.ArrayLike | Rows | Dataset, column_names: "
                  "collections.abc.Sequence[str] = (), weights: numpy.typing.ArrayLike | None = None) -> None"))
      .def_prop_ro("x", &values_of, nb::sig("def x(self) -> numpy.typing.NDArray[numpy.floating]"),
                   "(N, D), read-only.")
      .def_prop_ro("column_names", &Dataset::column_names, "(D,).")
      .def_prop_ro("weights", &weights_of, "(N,), or None.")
      .def("__array__", &array_of, nb::arg("dtype") = nb::none(), nb::arg("copy") = nb::none(),
           nb::sig("def __array__(self, dtype: object = None, copy: bool | None = None) -> "
                   "numpy.typing.NDArray[numpy.floating]"))
      .def("__repr__",
           [](const Dataset& self) {
             return fmt::format("Dataset(shape=({}, {}), column_names={}{})", self.rows(), self.cols(),
                                nb::cast<std::string>(nb::repr(nb::cast(self.column_names()))),
                                self.weights().empty() ? "" : ", weighted");
           })
      .def(
          "__getstate__",
          [](nb::handle_t<Dataset> self) {
            return nb::make_tuple(self.attr("x"), self.attr("column_names"), self.attr("weights"));
          },
          nb::sig("def __getstate__(self) -> tuple[object, list[str], object]"))
      .def(
          "__setstate__",
          [](Dataset& self, const nb::object& state) {
            std::tuple<nb::object, Names, nb::object> parts;
            if (!nb::try_cast(state, parts)) {
              throw invalid_argument("pickled Dataset: must be a tuple (x, column_names, weights)");
            }
            auto& [x, names, weights] = parts;
            if (is_path(x)) throw invalid_argument("pickled Dataset: x must be an array");  // which reads no file
            new (&self) Dataset(make_dataset(x, std::move(names), weights));
          },
          nb::arg("state").none());
}

void bind_rows(nb::module_& m) {
  nb::class_<Rows>(m, "Rows", R"(Rows as the library reads them, which every function takes for x.

Arrays of numbers and Arrow columns are borrowed; what is left, such as lists, is copied. Numbers other than float32 and
float64 are converted block by block whenever they are read.

Parameters
----------
x : array-like of shape (N, D)
    Also an object of Arrow columns (__arrow_c_stream__ or __arrow_c_array__), or a Dataset.
weights : array-like of shape (N,), optional)")
      .def(
          "__init__",
          [](Rows* self, const nb::args& args, const nb::kwargs& kwargs) {
            const Arguments given("Rows", {"x", "weights"}, 1, args, kwargs);
            new (self) Rows(given[0], given[1]);
          },
          nb::sig("def __init__(self, x: numpy.typing.ArrayLike | Rows | Dataset, weights: numpy.typing.ArrayLike | "
                  "None = None) -> None"))
      .def_prop_ro(
          "shape", [](const Rows& self) { return nb::make_tuple(self.view().rows(), self.view().cols()); },
          nb::sig("def shape(self) -> tuple[int, int]"), "(N, D).")
      .def_prop_ro(
          "dtype", [](const Rows& self) { return nb::module_::import_("numpy").attr("dtype")(type_name(self)); },
          nb::sig("def dtype(self) -> numpy.dtype"), "float64 or float32.")
      .def_prop_ro("copied", &Rows::copied, "Whether the values had to be copied.")
      .def_prop_ro("column_names", &Rows::column_names, "(D,); 'x1', 'x2', ... where there are none.")
      .def_prop_ro("source", &Rows::source, nb::sig("def source(self) -> object"), "What they were made of.")
      .def("take", &take, nb::arg("indices"),
           nb::sig("def take(self, indices: numpy.typing.ArrayLike) -> numpy.typing.NDArray[numpy.floating]"),
           "A copy of the chosen rows, whole numbers of 0 to N - 1: (n, D).")
      .def("__repr__", [](const Rows& self) {
        return fmt::format("Rows(shape=({}, {}), dtype={}{})", self.view().rows(), self.view().cols(), type_name(self),
                           self.copied() ? ", copied" : "");
      });
}

}  // namespace

void bind_dataset(nb::module_& m) {
  bind_data_set(m);
  bind_rows(m);
}

}  // namespace mogul::python
