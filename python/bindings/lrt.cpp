// mogul/lrt.hpp
#include "mogul/lrt.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "bindings.hpp"
#include "convert/arguments.hpp"
#include "convert/arrays.hpp"
#include "convert/interpreter.hpp"
#include "convert/names.hpp"
#include "convert/rows.hpp"
#include "convert/text.hpp"
#include "convert/threads.hpp"

namespace mogul::python {
namespace {

class NumbersLike : public nb::object {
  NB_OBJECT(NumbersLike, nb::object, "int | collections.abc.Iterable[int] | None", is_anything)
};

const char* const kDoc = R"(Tests K components against K + 1 by their likelihood ratio, for one K after another.

Its distribution is that of data sets as large as the rows, which are drawn from the fit of K, and to which both models
are fitted as to the rows (the parametric bootstrap). The tests end at the first K that is not rejected.

Parameters
----------
x : array-like of shape (N, D), or path-like
    As of fit().
n_components : int or iterable of int, optional
    Each K to test against K + 1, a range without gaps. Default: range(1, 10).
weights : array-like of shape (N,), optional
    Whole numbers, how often each row was seen: data sets have as many rows as they count.
covariance : str
    The family, as of fit().
n_bootstrap : int
    Data sets that are drawn for a test.
level : float
    K is rejected where the p-value is this or less.
reg_covar : float or str, optional
    As of fit(). Default: 1e-6, or 0 with a max_eigenvalue_ratio.
max_eigenvalue_ratio : float, optional
    As of fit().
init : str, optional
    The one start of the fits of the rows, of init_methods(); those of the data sets then start from their ends.
    Default: seeds, splits of the fit of K, and merges of that of K + 1.
seed : int
    Of the starts and of the data sets.
n_threads : int
    0: every processor that this process may use. The result is the same bytes for any number of threads.

Returns
-------
LrtResult
    With the tests, and n_components, the smallest K that is not rejected.

Raises
------
ValueError
    For options that break a rule, and for weights that are no counts.
InvalidData
    For NaN, infinities or bad weights.
KeyboardInterrupt
    Within a tenth of a second of Ctrl-C.

Notes
-----
The statistic is 2 (L_{K+1} - L_K), at least 0. p is (1 + b) / (n_bootstrap + 1), b of the data sets have a statistic as
large. McLachlan (1987), Applied Statistics 36; docs/method.md.)";

std::vector<std::size_t> numbers_from(const NumbersLike& given) {
  if (given.is_none()) return LrtOptions().n_components;
  if (!nb::hasattr(given, "__iter__")) return {whole_from<std::size_t>(nb::borrow<IntLike>(given), "n_components")};
  std::vector<std::size_t> numbers;
  for (const nb::handle number : nb::iter(given)) {
    numbers.push_back(whole_from<std::size_t>(nb::borrow<IntLike>(number), "n_components"));
  }
  return numbers;
}

void bind_test(nb::module_& m) {
  using Test = LikelihoodRatioTest;
  nb::class_<Test>(m, "LikelihoodRatioTest", "Of K components against K + 1; numbers are nan where there is no test.")
      .def_ro("n_components", &Test::n_components, "K.")
      .def_ro("reason", &Test::reason, "Why there is no test; empty where there is one.")
      .def_ro("log_likelihood", &Test::log_likelihood, "Of the fit of K; in nats.")
      .def_ro("log_likelihood_of_next", &Test::log_likelihood_of_next, "Of the fit of K + 1; in nats.")
      .def_ro("statistic", &Test::statistic, "Twice their difference, at least 0.")
      .def_ro("p_value", &Test::p_value, "Share of the statistics, those of data sets and this one, that are as large.")
      .def_prop_ro(
          "replicates", [](const Test& self) { return to_numpy(self.replicates); }, nb::rv_policy::automatic,
          "(n_drawn - n_failed,), the statistics of the data sets, in their order.")
      .def_prop_ro("n_drawn", &Test::n_drawn, "Data sets that were drawn from the fit of K.")
      .def_ro("n_failed", &Test::n_failed,
              "Data sets without a fit of K, which count as if their statistics were as large.")
      .def_ro("n_failed_of_next", &Test::n_failed_of_next, "Data sets without a fit of K + 1, whose statistic is 0.")
      .def("__repr__", [](const Test& self) {
        if (!self.reason.empty()) {
          return fmt::format("LikelihoodRatioTest(n_components={}, reason='{}')", self.n_components, self.reason);
        }
        return fmt::format("LikelihoodRatioTest(n_components={}, statistic={:.6g}, p_value={:.3g})", self.n_components,
                           self.statistic, self.p_value);
      });
}

void bind_result(nb::module_& m) {
  nb::class_<LrtResult>(m, "LrtResult", "Tests of K components against K + 1, as lrt() makes them.")
      .def_ro("tests", &LrtResult::tests, "By K; the last one is not rejected, or there were no more.")
      .def_ro("n_components", &LrtResult::n_components, "The smallest K that is not rejected; None if all are.")
      .def_prop_ro(
          "covariance", [](const LrtResult& self) { return std::string(to_string(self.covariance)); }, "The family.")
      .def_ro("level", &LrtResult::level, "The p-value at which K is rejected.")
      .def_ro("n_bootstrap", &LrtResult::n_bootstrap, "Data sets for each test.")
      .def(
          "summary", [](const LrtResult& self) { return summary(self); },
          "The table of the tests, and in words what follows from them.")
      .def(
          "json", [](const LrtResult& self) { return lrt_json(self); },
          "What `mogul lrt --format json` prints, with the statistics of all data sets.")
      .def("__repr__", [](const LrtResult& self) {
        std::vector<std::string> p_values;
        for (const LikelihoodRatioTest& test : self.tests) p_values.push_back(fmt::format("{:.3g}", test.p_value));
        const std::string k = self.n_components ? fmt::format("{}", *self.n_components) : "None";
        return fmt::format("LrtResult(n_components={}, level={}, p_values=[{}])", k, self.level,
                           fmt::join(p_values, ", "));
      });
}

}  // namespace

void bind_lrt(nb::module_& m) {
  bind_test(m);
  bind_result(m);
  m.def(
      "lrt",
      [](const RowsLike& x, const NumbersLike& n_components, const ArrayLike& weights, std::string_view covariance,
         const IntLike& n_bootstrap, double level, const RegCovarLike& reg_covar,
         const OptionalNumber& max_eigenvalue_ratio, std::optional<std::string_view> init, const IntLike& seed,
         const IntLike& n_threads) {
        LrtOptions options;
        options.n_components = numbers_from(n_components);
        options.n_bootstrap = whole_from<std::size_t>(n_bootstrap, "n_bootstrap");
        options.level = level;
        options.fit.covariance = covariance_family_from(covariance);
        options.fit.max_eigenvalue_ratio = number_from(max_eigenvalue_ratio, "max_eigenvalue_ratio");
        options.fit.reg_covar =
            reg_covar.is_none() ? RegCovar(options.fit.max_eigenvalue_ratio ? 0 : 1e-6) : reg_covar_from(reg_covar);
        if (init) options.init = init_method_from(*init);
        options.fit.seed = whole_from<std::uint64_t>(seed, "seed");
        options.fit.n_threads = threads_from(n_threads);
        const Rows rows(x, weights);
        LrtResult result = without_lock([&] { return lrt(rows.view(), options); });
        raise_interrupt();  // the tests so far came back
        return result;
      },
      nb::arg("x"), nb::arg("n_components") = nb::none(), nb::kw_only(), nb::arg("weights") = nb::none(),
      nb::arg("covariance") = "full", nb::arg("n_bootstrap") = 999, nb::arg("level") = 0.05,
      nb::arg("reg_covar") = nb::none(), nb::arg("max_eigenvalue_ratio") = nb::none(), nb::arg("init") = nb::none(),
      nb::arg("seed") = 0, nb::arg("n_threads") = 0, kDoc);
}

}  // namespace mogul::python
