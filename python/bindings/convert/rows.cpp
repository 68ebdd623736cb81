#include "rows.hpp"

#include <fmt/format.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "arguments.hpp"
#include "elements.hpp"
#include "interpreter.hpp"
#include "mogul/error.hpp"
#include "mogul/io.hpp"
#include "text.hpp"
#include "threads.hpp"
#include "warn.hpp"

namespace mogul::python {

namespace {

// Of pandas, whose columns NumPy sees as they are.
bool is_frame(nb::handle x) { return nb::hasattr(x, "iloc") && nb::hasattr(x, "columns"); }

bool shares_memory(nb::handle array, nb::handle frame) {
  if (nb::len(nb::object(frame.attr("columns"))) == 0) return false;
  const nb::module_ numpy = nb::module_::import_("numpy");
  const nb::object first = frame.attr("iloc")[nb::make_tuple(nb::slice(nb::none(), nb::none(), nb::none()), 0)];
  return nb::cast<bool>(numpy.attr("may_share_memory")(array, numpy.attr("asarray")(first)));
}

Dataset read(nb::handle path, const std::string& weights) {
  ReadOptions options;
  options.weights = weights;
  options.n_threads = default_threads();
  const std::string file = path_from(path, "x");
  ReadReport report;
  Dataset dataset = [&] {
    const WithoutLock unlocked;
    return read_dataset(file, options, &report);
  }();
  warn(report.notes);
  return dataset;
}

// As they come from frames other than those of pandas: of polars and the like, or of pyarrow.
nb::object names_of(nb::handle x) {
  if (is_frame(x)) return x.attr("columns");
  if (nb::hasattr(x, "column_names")) return x.attr("column_names");
  return nb::hasattr(x, "columns") ? nb::object(x.attr("columns")) : nb::none();
}

// Whether it stands for no name: None, or NaN and its like, which do not equal themselves.
bool is_missing(nb::handle name) {
  if (name.is_none()) return true;
  const nb::object equal = nb::steal(PyObject_RichCompare(name.ptr(), name.ptr(), Py_EQ));
  const int truth = equal.is_valid() ? PyObject_IsTrue(equal.ptr()) : -1;
  PyErr_Clear();  // of pandas' NA, which is neither
  return truth != 1;
}

// What a reader of CSV makes of it; numbers as text, nothing for no name.
std::string name_from(nb::handle name) {
  return is_missing(name) ? "" : std::string(normal_name(nb::cast<std::string>(nb::str(name))));
}

bool is_list_of_paths(nb::handle x) {
  return (nb::isinstance<nb::list>(x) || nb::isinstance<nb::tuple>(x)) && nb::len(x) > 0 &&
         std::all_of(x.begin(), x.end(), &is_path);
}

}  // namespace

void require_distinct(const std::vector<std::string>& names, const char* argument) {
  std::unordered_map<std::string_view, std::size_t> column_of;
  for (std::size_t d = 0; d < names.size(); ++d) {
    const auto [first, is_new] = column_of.emplace(names[d], d);
    if (is_new || names[d].empty()) continue;
    throw invalid_argument(fmt::format("{}: columns {} and {} are both named '{}'; names must differ", argument,
                                       first->second + 1, d + 1, names[d]));
  }
}

Rows::Rows(nb::handle x, nb::handle weights) : source_(nb::borrow(x)) {
  const Dataset* dataset = nullptr;
  if (is_path(x)) {
    const bool named = nb::isinstance<nb::str>(weights);
    owner_ = nb::cast(read(x, named ? nb::cast<std::string>(weights) : ""));
    view_ = nb::cast<const Dataset&>(owner_).view();
    if (named) return;
  } else if (nb::try_cast(x, dataset, false) && dataset != nullptr) {
    owner_ = nb::borrow(x);
    view_ = dataset->view();
  } else if (const Rows* rows = nullptr; nb::try_cast(x, rows, false) && rows != nullptr) {
    owner_ = nb::borrow(x);
    view_ = rows->view();
  } else if (is_list_of_paths(x)) {
    throw invalid_argument("x is a list of paths; mogul.read_datasets() reads several files as one");
  } else if (!try_array(x)) {
    if (!is_frame(x) && ArrowTable::is_offered_by(x)) table_ = ArrowTable::from(x);
    const bool in_place =
        table_ && (try_columns<double>(*table_) || try_columns<float>(*table_) || try_converted_columns(*table_));
    if (!in_place) {
      table_.reset();
      take_array(x);
    }
  }
  if (weights.is_none()) return;
  if (view_->weighted()) throw invalid_argument("weights: the data set has weights of its own");
  weights_ = vector_from(weights, "weights");
  names_ = column_names();
  view_ = std::visit([&](const auto& values) { return DataView(values, weights_); }, view_->values());
}

bool Rows::is_float() const {
  return std::holds_alternative<MatrixView<const float>>(view_->values()) ||
         std::holds_alternative<ColumnsView<const float>>(view_->values());
}

std::vector<std::string> Rows::column_names() const { return names_.empty() ? view_->column_names() : names_; }

DataView Rows::view() const { return names_.empty() ? *view_ : view_->with_names(names_); }

void Rows::keep_names(const nb::object& names) {
  for (nb::handle name : names) names_.push_back(name_from(name));
  require_distinct(names_, "x");
  const std::unordered_set<std::string> given(names_.begin(), names_.end());
  for (std::size_t d = 0; d < names_.size(); ++d) {
    if (!names_[d].empty()) continue;
    names_[d] = default_column_name(d);
    while (given.contains(names_[d])) names_[d] += '_';  // which no name of the caller's is
  }
}

void Rows::take_array(nb::handle x) {
  owner_ = as_numbers(x, "x");
  copied_ = !is_frame(x) || !shares_memory(owner_, x);
  if (const nb::object names = names_of(x); !names.is_none()) keep_names(names);
  if (try_array(owner_)) return;
  owner_ = as_doubles(owner_, "x");
  copied_ = true;
  if (!try_array(owner_)) {
    const auto n_dims = nb::cast<std::size_t>(owner_.attr("ndim"));
    throw invalid_argument(
        fmt::format("x has {} dimension{}; must have 2: rows and columns", n_dims, n_dims == 1 ? "" : "s"));
  }
}

bool Rows::try_array(nb::handle x) {
  if (!nb::try_cast(x, array_, false) || array_.ndim() != 2) return false;
  return try_array_of<double>() || try_array_of<float>() || try_converted_array();
}

template <class T>
bool Rows::try_array_of() {
  if (array_.dtype() != nb::dtype<T>() || !is_aligned<T>(array_.data())) return false;
  const auto* data = static_cast<const T*>(array_.data());
  const std::size_t n_rows = array_.shape(0);
  const std::size_t n_cols = array_.shape(1);
  const std::int64_t row_stride = array_.stride(0);
  const std::int64_t col_stride = array_.stride(1);
  if ((col_stride == 1 || n_cols <= 1) && (row_stride >= static_cast<std::int64_t>(n_cols) || n_rows <= 1)) {
    const std::size_t stride = n_rows <= 1 ? n_cols : static_cast<std::size_t>(row_stride);
    view_.emplace(MatrixView<const T>(data, n_rows, n_cols, stride));
    return true;
  }
  if (row_stride != 1 && n_rows > 1) return false;
  std::vector<const T*> columns(n_cols);
  for (std::size_t d = 0; d < n_cols; ++d) columns[d] = data + static_cast<std::int64_t>(d) * col_stride;
  columns_ = std::move(columns);
  view_.emplace(ColumnsView<const T>(std::get<std::vector<const T*>>(columns_), n_rows));
  return true;
}

bool Rows::try_converted_array() {
  const ReadElement read = reader_of(array_.dtype());
  if (read == nullptr) return false;
  const auto size = static_cast<std::int64_t>(array_.itemsize());
  const auto* data = static_cast<const std::byte*>(array_.data());
  std::vector<ConvertedView::Column> columns;
  for (std::size_t d = 0; d < array_.shape(1); ++d) {
    columns.push_back({data + static_cast<std::int64_t>(d) * array_.stride(1) * size, array_.stride(0) * size, read});
  }
  columns_ = std::move(columns);
  view_.emplace(ConvertedView(std::get<std::vector<ConvertedView::Column>>(columns_), array_.shape(0)));
  return true;
}

template <class T>
bool Rows::try_columns(const ArrowTable& table) {
  const auto columns = table.columns<T>();
  if (!columns) return false;
  columns_ = *columns;
  keep_names(nb::cast(table.names()));
  view_.emplace(ColumnsView<const T>(std::get<std::vector<const T*>>(columns_), table.n_rows()));
  return true;
}

bool Rows::try_converted_columns(const ArrowTable& table) {
  const auto columns = table.converted_columns();
  if (!columns) return false;
  columns_ = *columns;
  keep_names(nb::cast(table.names()));
  view_.emplace(ConvertedView(std::get<std::vector<ConvertedView::Column>>(columns_), table.n_rows()));
  return true;
}

}  // namespace mogul::python
