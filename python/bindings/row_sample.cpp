// mogul/row_sample.hpp
#include "mogul/row_sample.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string_view.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "convert/arrays.hpp"
#include "convert/interpreter.hpp"
#include "convert/names.hpp"
#include "convert/rows.hpp"
#include "convert/threads.hpp"

namespace mogul::python {
namespace {

const char* const kDoc = R"(A part of the rows that stands for all of them.

An evenly spread random sample of the rows of positive weight, and with it those that lie outermost: in each column the
least and the largest, and those farthest from the mean of all rows. These stand for themselves only; of the rest, a row
stands for as many as it was drawn from.

Parameters
----------
x : array-like of shape (N, D)
n_rows : int
    How many; all rows of positive weight, with their own weights, if there are no more.
covariance : str
    By that of 'full' and 'tied', or by each column's variance, rows are far.
weights : array-like of shape (N,), optional
seed : int
n_threads : int

Returns
-------
rows : numpy.ndarray of shape (n_rows,)
    Ascending.
weights : numpy.ndarray of shape (n_rows,)
    Of all the rows that each stands for.)";

}  // namespace

void bind_row_sample(nb::module_& m) {
  m.def(
      "sample_rows",
      [](const RowsLike& x, const IntLike& n_rows, std::string_view covariance, const ArrayLike& weights,
         const IntLike& seed, const IntLike& n_threads) {
        const Rows rows(x, weights);
        const CovarianceFamily family = covariance_family_from(covariance);
        const auto count = whole_from<std::size_t>(n_rows, "n_rows");
        const auto seed_value = whole_from<std::uint64_t>(seed, "seed");
        const auto threads = threads_from(n_threads);
        RowSample sample = [&] {
          const WithoutLock unlocked;
          return sample_rows(rows.view(), count, family, seed_value, threads);
        }();
        return std::pair(to_numpy(std::vector<std::int64_t>(sample.rows.begin(), sample.rows.end())),
                         to_numpy(std::move(sample.weights)));
      },
      nb::arg("x"), nb::arg("n_rows"), nb::arg("covariance") = "full", nb::kw_only(), nb::arg("weights") = nb::none(),
      nb::arg("seed") = 0, nb::arg("n_threads") = 0, kDoc);
}

}  // namespace mogul::python
