// mogul/fit.hpp
#include "mogul/fit.hpp"

#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "bindings.hpp"
#include "convert/arguments.hpp"
#include "convert/arrays.hpp"
#include "convert/fields.hpp"
#include "convert/interpreter.hpp"
#include "convert/rows.hpp"
#include "convert/text.hpp"
#include "convert/threads.hpp"
#include "fit_arguments.hpp"
#include "fit_result.hpp"
#include "iteration.hpp"
#include "mogul/io.hpp"

namespace mogul::python {
namespace {

class InitLike : public nb::object {
  NB_OBJECT(InitLike, nb::object, "str | Mixture | numpy.typing.ArrayLike | None", is_anything)
};
class OptionalInt : public nb::object {
  NB_OBJECT(OptionalInt, nb::object, "int | None", is_anything)
};
class Callback : public nb::object {
  NB_OBJECT(Callback, nb::object, "collections.abc.Callable[[Iteration], bool | None]", is_anything)
};

const char* const kFitDoc = R"(Maximum-likelihood fit by expectation-maximisation.

Searches for a start, or begins with `init`; alternates E- and M-steps, accelerated, until little is left to gain; and
keeps the best. The result is the same bytes for any n_threads on one instruction set.

Parameters
----------
x : array-like of shape (N, D), or path-like
    Finite, at most 1e100 in magnitude. Rows of float32 or float64 that lie row by row or column by column, or as Arrow
    columns, are not copied. Or a Dataset, or a file that read_dataset() reads. Names of columns are kept.
n_components : int, optional
    K, at most the number of rows of positive weight. Default: that of `init`, else 1.
weights : array-like of shape (N,), optional
    A row of weight 2 counts as two equal rows, one of weight 0 is absent. Of a file: the name of a column.
covariance : str, optional
    One of the fourteen of covariance_families(): 'full', 'tied', 'diagonal', 'tied_diagonal', 'spherical',
    'tied_spherical', 'VEI', 'EVI', 'VEE', 'EVE', 'VVE', 'EEV', 'VEV' or 'EVV'; also 'VVV' for 'full' and so on, 'diag'
    and 'tied_diag'. Default: that of a Mixture given as `init`, else 'full'.
search : str, optional
    How hard the start is searched for: 'none', 'quick', 'default' or 'thorough' (docs/search.md). Default: 'default', or
    'none' with init, n_init or hold.
init : str, Mixture or array-like, optional
    Where EM starts, in place of a search: 'kmeans' (the first restart begins with the best of four short runs of EM),
    'kmeans++', 'random_from_data', 'random' or 'hierarchical' (as hierarchy(), without restarts); the mixture to begin
    with; labels (N,), K different whole numbers, of which component 0 gets the lowest; or responsibilities (N, K) whose
    rows sum to one.
n_init : int, optional
    {n_init}
max_iter : int
    {max_iter}
max_passes : int, optional
    {max_passes}
tol : float, optional
    {tol}
gain : float, optional
    {gain} Default: 0.01.
acceleration : str
    {acceleration}
reg_covar : float or str, optional
    Added to every variance in the M-step: a number in the data's unit squared, as in scikit-learn, or 'relative:1e-6',
    a share of each column's variance (of their mean for spherical families), with which units do not matter: the
    default of the library and the command line. The report warns where it makes up more than 1 % of a variance.
    Default: 1e-6, or 0 with a prior or a max_eigenvalue_ratio.
seed : int
    {seed}
n_threads : int
    0: every processor that this process may use.
hold : iterable of str or dict
    Of 'weights', 'means' and 'covariances', those that stay as they start; {"means": [0, 2]} holds the means of these
    components only.
degenerate : str
    {degenerate}
prior : str or dict, optional
    Conjugate prior of means and covariances: 'default', made of the rows, or some of the fields mean_shrinkage, mean
    (D,), dof and scale (a number, or (D, D)), the rest made of the rows. EM climbs the penalised log-likelihood then,
    which never falls where reg_covar is 0.
weight_concentration : float, optional
    {weight_concentration}
max_eigenvalue_ratio : float, optional
    {max_eigenvalue_ratio}
equal_weights : bool
    Mixing weights are all 1 / K.
callback : callable, optional
    Called with an Iteration after each E-step; returns False to stop, with the best mixture so far.

Returns
-------
FitResult
    Also as a pair: ``mixture, report = mogul.fit(...)``.

Raises
------
TypeError
    For arguments of a wrong type.
ValueError
    For options that break a rule.
InvalidData
    For NaN, infinities or bad weights.
FitError
    If every restart stays degenerate.
KeyboardInterrupt
    Within a tenth of a second of Ctrl-C.)";

// What the tables of fields say goes where the text names the field in braces.
std::string fit_doc() {
  std::string text(kFitDoc);
  const FitOptions defaults;
  visit_fields(defaults, [&](const auto& field, const auto&) {
    const std::string placeholder = fmt::format("{{{}}}", field.name);
    if (const std::size_t at = text.find(placeholder); at != std::string::npos) {
      text.replace(at, placeholder.size(), sentence(field));
    }
  });
  return text;
}

// The callback may keep the view, also where it raises.
struct EndOfView {
  IterationView& view;
  ~EndOfView() { view.end(); }
};

// Asks the callback between E-steps.
class BetweenSteps {
 public:
  /// @throws  TypeError unless it is callable or None
  explicit BetweenSteps(nb::handle callback) : callback_(callback) {
    if (callback.is_none() || PyCallable_Check(callback.ptr()) != 0) return;
    throw nb::type_error(fmt::format("callback = {}; must be callable", shown(callback)).c_str());
  }

  bool operator()(const Iteration& iteration) const {
    if (callback_.is_none()) return true;
    const WithLock locked;
    raise_pending();
    return ask(iteration);
  }

 private:
  bool ask(const Iteration& iteration) const {
    const nb::object shown = nb::cast(IterationView(iteration));
    const EndOfView end{nb::cast<IterationView&>(shown)};
    const nb::object answer = callback_(shown);
    if (answer.is_none()) return true;
    const int truth = PyObject_IsTrue(answer.ptr());
    if (truth < 0) throw nb::python_error();
    return truth != 0;
  }

  nb::handle callback_;
};

void start_from_labels(const std::vector<std::int64_t>& given, FitOptions& options, bool k_is_known) {
  Labels labels{k_is_known ? number_labels(given, options.n_components) : number_labels(given)};
  if (!k_is_known) {
    options.n_components = given.empty() ? 0 : static_cast<std::size_t>(std::ranges::max(labels.values)) + 1;
  }
  options.init = std::move(labels);
}

// What a mixture was meant to be taken from, a FitResult or an estimator, is not the start itself.
void require_no_holder(nb::handle init) {
  for (const char* attribute : {"mixture", "mixture_"}) {
    if (!nb::hasattr(init.type(), attribute)) continue;
    throw nb::type_error(fmt::format("init = {}; must be a str, a mogul.Mixture, which is its .{}, labels or "
                                     "responsibilities",
                                     shown(init), attribute)
                             .c_str());
  }
}

// The start, and what it tells of K and the covariances, where the caller does not say it. Labels are one number per
// row, responsibilities K.
void set_start(nb::handle init, FitOptions& options, bool k_is_known, bool covariance_is_known) {
  const Mixture* start = nullptr;
  require_no_holder(init);
  if (nb::isinstance<nb::str>(init)) {
    options.init = init_method_from(text_from(init, "init"));
  } else if (nb::try_cast(init, start, false) && start != nullptr) {
    options.init = *start;
    if (!k_is_known) options.n_components = start->n_components();
    if (!covariance_is_known) options.covariance = start->family();
  } else if (const nb::object array = as_numbers(init, "init"); nb::cast<std::size_t>(array.attr("ndim")) == 1) {
    start_from_labels(whole_numbers_from(array, "init"), options, k_is_known);
  } else {
    Responsibilities given{matrix_from(array, "init")};
    if (!k_is_known) options.n_components = given.values.cols();
    options.init = std::move(given);
  }
}

// A search finds the start by itself; where the caller says something of the start, there is none.
void set_search(const std::optional<std::string>& asked, FitOptions& options, bool has_init, bool has_n_init) {
  const bool says = has_init || has_n_init || options.hold.needs_a_start();
  const Search search = asked ? search_from(*asked) : says ? Search::none : Search::standard;
  if (search != Search::none && says) {
    const char* what = has_init ? "init" : has_n_init ? "n_init" : "hold";
    throw invalid_argument(
        fmt::format("search = '{}' does not go with {}: a search finds the start by itself; leave one "
                    "out",
                    to_string(search), what));
  }
  options.init = search;
}

void bind_fit_result(nb::module_& m) {
  nb::class_<NamedFitResult> result(
      m, "FitResult", "A fitted mixture and what its fit tells about itself; unpacks to ``mixture, report``.");
  def_value(result, &NamedFitResult::mixture, &NamedFitResult::report, &NamedFitResult::stats,
            &NamedFitResult::feature_names, &NamedFitResult::settings);
  result.def_ro("mixture", &NamedFitResult::mixture)
      .def_ro("report", &NamedFitResult::report)
      .def_ro("stats", &NamedFitResult::stats, "Of the rows under the mixture: what another M-step would take.")
      .def_ro("feature_names", &NamedFitResult::feature_names, "(D,); 'x1', 'x2', ... where the rows had none.")
      .def_ro("settings", &NamedFitResult::settings, "What was asked for.")
      .def(
          "summary",
          [](const NamedFitResult& self) { return mogul::summary(self.report, self.mixture, self.feature_names); },
          "Several lines on the fit: mogul.summary().")
      .def(
          "__iter__",
          [](const NamedFitResult& self) {
            return nb::object(nb::make_tuple(self.mixture, self.report).attr("__iter__")());
          },
          nb::sig("def __iter__(self) -> collections.abc.Iterator[typing.Any]"))
      .def("__repr__", [](const NamedFitResult& self) { return brief(self.report, self.mixture); });
}

}  // namespace

void bind_fit(nb::module_& m) {
  bind_fit_result(m);

  m.def(
      "fit",
      [](const RowsLike& x, const IntLike& n_components, const ArrayLike& weights,
         const std::optional<std::string>& covariance, const std::optional<std::string>& search, const InitLike& init,
         const OptionalInt& n_init, const IntLike& max_iter, const OptionalInt& max_passes, const OptionalNumber& tol,
         const OptionalNumber& gain, std::string_view acceleration, const RegCovarLike& reg_covar, const IntLike& seed,
         const IntLike& n_threads, const HoldLike& hold, std::string_view degenerate, const PriorLike& prior,
         const OptionalNumber& weight_concentration, const OptionalNumber& max_eigenvalue_ratio, bool equal_weights,
         const Callback& callback) {
        const BetweenSteps between_steps(callback);
        FitOptions options;
        if (!n_components.is_none()) options.n_components = whole_from<std::size_t>(n_components, "n_components");
        if (covariance) options.covariance = covariance_family_from(*covariance);
        options.hold = hold_from(hold);
        set_constraints(options, reg_covar, prior, weight_concentration, max_eigenvalue_ratio, equal_weights);
        set_search(search, options, !init.is_none(), !n_init.is_none());
        if (!init.is_none()) set_start(init, options, !n_components.is_none(), covariance.has_value());
        if (!n_init.is_none()) options.n_init = whole_from<std::size_t>(nb::borrow<IntLike>(n_init), "n_init");
        set_ends(options, max_iter, tol, gain);
        if (!max_passes.is_none()) {
          options.max_passes = whole_from<std::size_t>(nb::borrow<IntLike>(max_passes), "max_passes");
        }
        options.acceleration = acceleration_from(acceleration);
        options.seed = whole_from<std::uint64_t>(seed, "seed");
        options.n_threads = threads_from(n_threads);
        options.degenerate = degenerate_policy_from(degenerate);
        options.callback = [&](const Iteration& iteration) { return between_steps(iteration); };
        const Rows rows(x, weights);
        FitResult result = [&] {
          const WithoutLock unlocked;
          return fit(rows.view(), options);
        }();
        raise_interrupt();  // the best mixture so far came back
        return NamedFitResult{std::move(result.mixture), std::move(result.report), std::move(result.stats),
                              rows.column_names(), settings_of(options)};
      },
      nb::arg("x"), nb::arg("n_components") = nb::none(), nb::kw_only(), nb::arg("weights") = nb::none(),
      nb::arg("covariance") = nb::none(), nb::arg("search") = nb::none(), nb::arg("init") = nb::none(),
      nb::arg("n_init") = nb::none(), nb::arg("max_iter") = 1000, nb::arg("max_passes") = nb::none(),
      nb::arg("tol") = nb::none(), nb::arg("gain") = nb::none(), nb::arg("acceleration") = "lbfgs",
      nb::arg("reg_covar") = nb::none(), nb::arg("seed") = 0, nb::arg("n_threads") = 0, nb::arg("hold") = nb::tuple(),
      nb::arg("degenerate") = "revive", nb::arg("prior") = nb::none(), nb::arg("weight_concentration") = nb::none(),
      nb::arg("max_eigenvalue_ratio") = nb::none(), nb::arg("equal_weights") = false, nb::arg("callback") = nb::none(),
      fit_doc().c_str());
}

}  // namespace mogul::python
