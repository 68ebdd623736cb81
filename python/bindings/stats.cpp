// mogul/stats.hpp
#include "mogul/stats.hpp"

#include <fmt/format.h>
#include <nanobind/operators.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "bindings.hpp"
#include "convert/arguments.hpp"
#include "convert/arrays.hpp"
#include "convert/interpreter.hpp"
#include "convert/names.hpp"
#include "convert/rows.hpp"
#include "convert/state.hpp"
#include "convert/text.hpp"
#include "convert/threads.hpp"
#include "mogul/io.hpp"

namespace mogul::python {
namespace {

// The options that every M-step takes, with their Python names.
struct MStepArguments {
  const std::optional<std::string>& covariance;
  const RegCovarLike& reg_covar;
  const HoldLike& hold;
  const PriorLike& prior;
  const OptionalNumber& weight_concentration;
  const OptionalNumber& max_eigenvalue_ratio;
  bool equal_weights;

  MStepOptions options() const {
    MStepOptions options;
    if (covariance) options.covariance = covariance_family_from(*covariance);
    options.reg_covar = reg_covar_from(reg_covar);
    options.hold = hold_from(hold);
    options.hold.equal_weights = equal_weights;
    options.prior = prior_from(prior);
    options.weight_concentration = number_from(weight_concentration, "weight_concentration");
    options.max_eigenvalue_ratio = number_from(max_eigenvalue_ratio, "max_eigenvalue_ratio");
    return options;
  }
};

void bind_moments(nb::module_& m) {
  m.def(
      "moments_for",
      [](std::string_view family) { return std::string(to_string(covariance_family_from(family).moments())); },
      nb::arg("structure"), "The moments that a structure's M-step needs.");
  m.def(
      "provides",
      [](std::string_view held, std::string_view needed) { return provides(moments_from(held), moments_from(needed)); },
      nb::arg("held"), nb::arg("needed"), "Whether statistics with `held` moments have those that are `needed`.");
}

void set_state(Stats& self, const nb::object& state) {
  new (&self) Stats(parse_stats(restored<std::string>(state, "pickled Stats"), "pickled Stats"));
}

void bind_statistics(nb::module_& m) {
  nb::class_<Stats> stats(m, "Stats",
                          R"(Sufficient statistics of rows under one model; those of other rows can be added.

Parameters
----------
moments : str
    'none', 'mean', 'spherical', 'diagonal', 'pooled' or 'full'.
shift : array-like of shape (K, D)
    What the moments are about: the model's means.)");
  def_equality(stats);
  stats
      .def(
          "__init__",
          [](Stats* self, const nb::args& args, const nb::kwargs& kwargs) {
            const Arguments given("Stats", {"moments", "shift"}, 2, args, kwargs);
            new (self) Stats(moments_from(text_from(given[0], "moments")), matrix_from(given[1], "shift"));
          },
          nb::sig("def __init__(self, moments: str, shift: numpy.typing.ArrayLike) -> None"))
      .def_prop_ro("moments", [](const Stats& self) { return std::string(to_string(self.moments)); })
      .def_ro("model", &Stats::model, "Fingerprint of the model; 0 under given responsibilities.")
      .def_prop_ro(
          "shift", [](nb::handle_t<Stats> self) { return view_of(nb::cast<const Stats&>(self).shift, self); },
          "(K, D), in the data's unit.")
      .def_prop_ro(
          "n", [](nb::handle_t<Stats> self) { return view_of(nb::cast<const Stats&>(self).n, self); },
          "(K,), N_k = sum_n w_n r_nk.")
      .def_prop_ro(
          "first", [](nb::handle_t<Stats> self) { return view_of(nb::cast<const Stats&>(self).first, self); },
          "(K, D), sum_n w_n r_nk (x_n - shift_k); (0, 0) without it.")
      .def_prop_ro(
          "second", [](nb::handle_t<Stats> self) { return view_of(nb::cast<const Stats&>(self).second, self); },
          "(K, 1 | D | D (D + 1) / 2), lower triangle by rows; one row where pooled; (0, 0) without it.")
      .def_ro("sum_weights", &Stats::sum_weights)
      .def_ro("log_likelihood", &Stats::log_likelihood, "L.")
      .def_ro("entropy", &Stats::entropy, "H.")
      .def_ro("map_log_likelihood", &Stats::map_log_likelihood,
              "Complete-data log-likelihood at the most probable labels.")
      .def_prop_ro("n_components", &Stats::n_components)
      .def_prop_ro("n_features", &Stats::n_features)
      .def("expected_complete_log_likelihood", &Stats::expected_complete_log_likelihood, "Q = L - H.")
      .def(nb::self += nb::self, nb::rv_policy::none)
      .def("__add__",
           [](const Stats& self, const Stats& other) {
             Stats sum = self;
             sum += other;
             return sum;
           })
      .def("__repr__",
           [](const Stats& self) {
             return fmt::format("Stats(moments='{}', n_components={}, n_features={}, sum_weights={})",
                                to_string(self.moments), self.n_components(), self.n_features(), self.sum_weights);
           })
      .def("__getstate__", [](const Stats& self) { return stats_json(self); })
      .def("__setstate__", &set_state, nb::arg("state").none());
}

void bind_steps(nb::module_& m) {
  m.def(
      "accumulate",
      [](const Mixture& model, const RowsLike& x, const ArrayLike& weights, const std::optional<std::string>& moments,
         const IntLike& n_threads) {
        const Moments wanted = moments ? moments_from(*moments) : model.family().moments();
        const Rows rows(x, weights);
        const auto threads = threads_from(n_threads);
        const WithoutLock released;
        return accumulate(model, rows.view(), wanted, threads);
      },
      nb::arg("model"), nb::arg("x"), nb::arg("weights") = nb::none(), nb::arg("moments") = nb::none(),
      nb::arg("n_threads") = 0,
      "The E-step and the sums of one pass over the rows. moments: default, those that the model's structure needs.");
  m.def(
      "maximise",
      [](const Stats& stats, const Mixture& current, const std::optional<std::string>& covariance,
         const RegCovarLike& reg_covar, const HoldLike& hold, const PriorLike& prior,
         const OptionalNumber& weight_concentration, const OptionalNumber& max_eigenvalue_ratio, bool equal_weights) {
        const MStepArguments given{covariance,           reg_covar,    hold, prior, weight_concentration,
                                   max_eigenvalue_ratio, equal_weights};
        const MStepOptions options = given.options();
        const WithoutLock released;
        return maximise(stats, current, options);
      },
      nb::arg("stats"), nb::arg("current"), nb::arg("covariance") = nb::none(), nb::arg("reg_covar") = 0.0,
      nb::arg("hold") = nb::tuple(), nb::arg("prior") = nb::none(), nb::arg("weight_concentration") = nb::none(),
      nb::arg("max_eigenvalue_ratio") = nb::none(), nb::arg("equal_weights") = false,
      "The M-step: N_k / n, weighted means and covariances. covariance: default, the structure of `current`. prior: a "
      "complete one, with all its fields.\n\nmaximise(current, x, r, weights=None, ..., n_threads=0) takes it from "
      "given responsibilities r of rows x: (N, K), rows >= 0 that sum to one.");
  m.def(
      "maximise",
      [](const Mixture& current, const RowsLike& x, const ArrayLike& r, const ArrayLike& weights,
         const std::optional<std::string>& covariance, const RegCovarLike& reg_covar, const HoldLike& hold,
         const IntLike& n_threads, const PriorLike& prior, const OptionalNumber& weight_concentration,
         const OptionalNumber& max_eigenvalue_ratio, bool equal_weights) {
        const Rows rows(x, weights);
        const Matrix responsibilities = matrix_from(r, "r");
        const MStepArguments given{covariance,           reg_covar,    hold, prior, weight_concentration,
                                   max_eigenvalue_ratio, equal_weights};
        const MStepOptions options = given.options();
        const auto threads = threads_from(n_threads);
        const WithoutLock released;
        return maximise(current, rows.view(), responsibilities.view(), options, threads);
      },
      nb::arg("current"), nb::arg("x"), nb::arg("r"), nb::arg("weights") = nb::none(),
      nb::arg("covariance") = nb::none(), nb::arg("reg_covar") = 0.0, nb::arg("hold") = nb::tuple(),
      nb::arg("n_threads") = 0, nb::arg("prior") = nb::none(), nb::arg("weight_concentration") = nb::none(),
      nb::arg("max_eigenvalue_ratio") = nb::none(), nb::arg("equal_weights") = false,
      "The M-step from given responsibilities.");
}

}  // namespace

void bind_stats(nb::module_& m) {
  bind_moments(m);
  bind_statistics(m);
  bind_steps(m);
}

}  // namespace mogul::python
