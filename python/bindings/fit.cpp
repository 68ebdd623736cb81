// mogul/fit.hpp
#include "mogul/fit.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "bindings.hpp"
#include "convert/arrays.hpp"
#include "convert/names.hpp"
#include "convert/rows.hpp"
#include "convert/state.hpp"
#include "iteration.hpp"
#include "signals.hpp"

namespace mogul::python {
namespace {

class InitLike : public nb::object {
  NB_OBJECT(InitLike, nb::object, "str | Mixture | numpy.typing.ArrayLike", is_anything)
};
class Callback : public nb::object {
  NB_OBJECT(Callback, nb::object, "collections.abc.Callable[[Iteration], bool | None]", is_anything)
};

const char* const kFitDoc = R"(Maximum-likelihood fit by expectation-maximisation.

Starts from `init`, alternates E- and M-steps until the mean log-likelihood changes by less than tol, repeats n_init
times and keeps the best. The result is the same bytes for any n_threads on one instruction set.

Parameters
----------
x : array-like of shape (N, D)
    Finite, at most 1e100 in magnitude. Rows of float32 or float64 that lie row by row or column by column, or as Arrow
    columns, are not copied. Or a Dataset.
n_components : int
    K, at most the number of rows of positive weight.
weights : array-like of shape (N,), optional
    A row of weight 2 counts as two equal rows, one of weight 0 is absent.
covariance : str
    'full', 'tied', 'diagonal', 'tied_diagonal', 'spherical' or 'tied_spherical'.
init : str, Mixture or array-like
    'kmeans', 'kmeans++', 'random_from_data' or 'random'; the mixture to begin with; labels (N,) of 0 to K - 1; or
    responsibilities (N, K) whose rows sum to one.
n_init : int
    Restarts, the best of which is kept.
max_iter : int
    M-steps per restart at most; 0 only evaluates the start.
tol : float
    In nats per row; 0 never stops.
reg_covar : float or str
    Added to every variance in the M-step: a number in the data's unit squared, or 'relative:1e-6', a share of each
    column's variance (of their mean for spherical structures), with which units do not matter. The default is
    scikit-learn's and that of the estimator.
seed : int
n_threads : int
    0: every processor that this process may use.
update : sequence of str
    Which of 'weights', 'means' and 'covariances' the M-step re-estimates.
degenerate : str
    'revive' moves a component that is empty or singular to the worst-explained rows; 'error' raises FitError.
callback : callable, optional
    Called with an Iteration after each E-step; returns False to stop, with the best mixture so far.
final_m_step : bool
    Whether an M-step follows the last E-step, as in scikit-learn: the mixture is then one step beyond the report.
previous_mean_log_likelihood : float
    What that of the start is compared with, where a fit goes on from another.

Returns
-------
FitResult

Raises
------
ValueError
    For options that break a rule.
InvalidData
    For NaN, infinities or bad weights.
FitError
    If every restart stays degenerate.
KeyboardInterrupt
    Within a tenth of a second of Ctrl-C.)";

// The callback may keep the view, also where it raises.
struct EndOfView {
  IterationView& view;
  ~EndOfView() { view.end(); }
};

// Asks the callback between E-steps.
class BetweenSteps {
 public:
  explicit BetweenSteps(nb::handle callback) : callback_(callback) {}

  bool operator()(const Iteration& iteration) const {
    const nb::gil_scoped_acquire acquired;
    const nb::object shown = nb::cast(IterationView(iteration));
    const EndOfView end{nb::cast<IterationView&>(shown)};
    const nb::object answer = callback_(shown);
    if (answer.is_none()) return true;
    const int truth = PyObject_IsTrue(answer.ptr());
    if (truth < 0) throw nb::python_error();
    return truth != 0;
  }

 private:
  nb::handle callback_;
};

// A signal ends the fit, whatever it has come to.
FitResult fit_interruptibly(const DataView& rows, FitOptions options) {
  Signals signals;
  options.interrupted = [&signals] { return signals.raised(); };
  std::optional<FitResult> result;
  try {
    const nb::gil_scoped_release released;
    result = fit(rows, options);
  } catch (const interrupted_error&) {
    signals.rethrow();
    throw;
  }
  signals.rethrow();
  return *std::move(result);
}

// Labels are one number per row, responsibilities K.
Init init_from(nb::handle init) {
  std::string name;
  if (nb::try_cast(init, name, false)) return init_method_from(name);
  const Mixture* start = nullptr;
  if (nb::try_cast(init, start, false) && start != nullptr) return *start;
  const nb::object array = nb::module_::import_("numpy").attr("asarray")(init);
  if (nb::cast<std::size_t>(array.attr("ndim")) == 1) return Labels{labels_from(array, "init")};
  return Responsibilities{matrix_from(array, "init")};
}

}  // namespace

void bind_fit(nb::module_& m) {
  nb::class_<FitResult> result(m, "FitResult", "A fitted mixture and what its fit tells about itself.");
  result.def_ro("mixture", &FitResult::mixture)
      .def_ro("report", &FitResult::report)
      .def("__repr__", [](const FitResult& self) { return brief(self.report, self.mixture); })
      .def("__getstate__", [](const FitResult& self) { return std::tuple(self.mixture, self.report); })
      .def("__setstate__", [](FitResult& self, const std::tuple<Mixture, FitReport>& state) {
        new (&self) FitResult{std::get<0>(state), std::get<1>(state)};
      });
  def_equality(result);

  m.def(
      "fit",
      [](const RowsLike& x, const IntLike& n_components, const ArrayLike& weights, std::string_view covariance,
         const InitLike& init, const IntLike& n_init, const IntLike& max_iter, double tol,
         const RegCovarLike& reg_covar, const IntLike& seed, const IntLike& n_threads, const std::vector<std::string>& update,
         std::string_view degenerate, const Callback& callback, bool final_m_step,
         double previous_mean_log_likelihood) {
        FitOptions options;
        options.n_components = whole_from<std::size_t>(n_components, "n_components");
        options.covariance = covariance_structure_from(covariance);
        options.init = init_from(init);
        options.n_init = whole_from<std::size_t>(n_init, "n_init");
        options.max_iter = whole_from<std::size_t>(max_iter, "max_iter");
        options.tol = tol;
        options.reg_covar = reg_covar_from(reg_covar);
        options.seed = whole_from<std::uint64_t>(seed, "seed");
        options.n_threads = whole_from<unsigned>(n_threads, "n_threads");
        options.update = update_from(update);
        options.degenerate = degenerate_policy_from(degenerate);
        options.final_m_step = final_m_step;
        options.previous_mean_log_likelihood = previous_mean_log_likelihood;
        if (!callback.is_none()) options.callback = BetweenSteps(callback);
        const Rows rows(x, weights);
        return fit_interruptibly(rows.view(), std::move(options));
      },
      nb::arg("x"), nb::arg("n_components") = 1, nb::kw_only(), nb::arg("weights") = nb::none(),
      nb::arg("covariance") = "full", nb::arg("init") = "kmeans", nb::arg("n_init") = 1, nb::arg("max_iter") = 1000,
      nb::arg("tol") = 1e-6, nb::arg("reg_covar") = 1e-6, nb::arg("seed") = 0, nb::arg("n_threads") = 0,
      nb::arg("update") = std::vector<std::string>{"weights", "means", "covariances"}, nb::arg("degenerate") = "revive",
      nb::arg("callback") = nb::none(), nb::arg("final_m_step") = false,
      nb::arg("previous_mean_log_likelihood") = -std::numeric_limits<double>::infinity(), kFitDoc);
}

}  // namespace mogul::python
