#include "rows.hpp"

#include <fmt/format.h>
#include <nanobind/stl/vector.h>

#include <algorithm>

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

// What a reader of CSV makes of it; numbers as text, nothing for no name.
std::string name_from(nb::handle name) {
  return name.is_none() ? "" : std::string(normal_name(nb::cast<std::string>(nb::str(name))));
}

}  // namespace

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

std::vector<std::string> Rows::column_names() const {
  if (!names_.empty()) return names_;
  std::vector<std::string> names;
  for (std::size_t d = 0; d < view_->cols(); ++d) names.push_back(view_->column_name(d));
  return names;
}

DataView Rows::view() const { return names_.empty() ? *view_ : view_->with_names(names_); }

void Rows::keep_names(const nb::object& names) {
  for (nb::handle name : names) names_.push_back(name_from(name));
  for (std::size_t d = 0; d < names_.size(); ++d) {
    if (!names_[d].empty()) continue;
    std::string made = default_column_name(d);
    while (std::ranges::find(names_, made) != names_.end()) made += '_';  // which no name of the caller's is
    names_[d] = made;
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
