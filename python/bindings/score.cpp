// mogul/score.hpp
#include "mogul/score.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>

#include <fmt/format.h>

#include "bindings.hpp"
#include "convert/arrays.hpp"
#include "convert/interpreter.hpp"
#include "convert/names.hpp"
#include "convert/rows.hpp"
#include "convert/state.hpp"
#include "convert/text.hpp"
#include "convert/threads.hpp"

namespace mogul::python {
namespace {

// Defines name(model, x, weights=None, n_threads=0), which works on the rows without the interpreter lock.
template <class Result>
void def_of_rows(nb::module_& m, const char* name, Result (*function)(const Mixture&, const DataView&, unsigned),
                 const char* doc) {
  m.def(
      name,
      [function](const Mixture& model, const RowsLike& x, const ArrayLike& weights, const IntLike& n_threads) {
        const Rows rows(x, weights);
        const auto threads = threads_from(n_threads);
        return [&] {
          const WithoutLock released;
          return function(model, rows.view(), threads);
        }();
      },
      nb::arg("model"), nb::arg("x"), nb::arg("weights") = nb::none(), nb::arg("n_threads") = 0, doc);
}

// The same for values per row, which weights do not change.
template <class Result>
void def_per_row(nb::module_& m, const char* name, Result (*function)(const Mixture&, const DataView&, unsigned),
                 const char* doc) {
  m.def(
      name,
      [function](const Mixture& model, const RowsLike& x, const IntLike& n_threads) {
        const Rows rows(x, nb::none());
        const auto threads = threads_from(n_threads);
        return to_numpy([&] {
          const WithoutLock released;
          return function(model, rows.view(), threads);
        }());
      },
      nb::arg("model"), nb::arg("x"), nb::arg("n_threads") = 0, doc);
}

void bind_evaluation(nb::module_& m) {
  nb::class_<Evaluation> evaluation(m, "Evaluation", "Criteria of a model on given rows; n is the sum of the weights.");
  def_value(evaluation, &Evaluation::n_rows, &Evaluation::sum_weights, &Evaluation::n_parameters,
            &Evaluation::log_likelihood, &Evaluation::mean_log_likelihood,
            &Evaluation::expected_complete_log_likelihood, &Evaluation::entropy, &Evaluation::aic, &Evaluation::bic,
            &Evaluation::icl, &Evaluation::component_sizes);
  evaluation.def_ro("n_rows", &Evaluation::n_rows)
      .def_ro("sum_weights", &Evaluation::sum_weights)
      .def_ro("n_parameters", &Evaluation::n_parameters)
      .def_ro("log_likelihood", &Evaluation::log_likelihood, "L.")
      .def_ro("mean_log_likelihood", &Evaluation::mean_log_likelihood, "L / n.")
      .def_ro("expected_complete_log_likelihood", &Evaluation::expected_complete_log_likelihood, "Q.")
      .def_ro("entropy", &Evaluation::entropy, "H.")
      .def_ro("aic", &Evaluation::aic, "-2 L + 2 p.")
      .def_ro("bic", &Evaluation::bic, "-2 L + p log n (Schwarz 1978).")
      .def_ro("icl", &Evaluation::icl, "BIC with the complete-data likelihood (Biernacki, Celeux, Govaert 2000).")
      .def_prop_ro(
          "component_sizes",
          [](nb::handle_t<Evaluation> self) {
            return view_of(nb::cast<const Evaluation&>(self).component_sizes, self);
          },
          "N_k: (K,).")
      .def("__repr__", [](const Evaluation& self) {
        return fmt::format("Evaluation(log_likelihood={:.10g}, aic={:.10g}, bic={:.10g}, icl={:.10g})",
                           self.log_likelihood, self.aic, self.bic, self.icl);
      });
}

void bind_evaluate(nb::module_& m) {
  m.def(
      "evaluate",
      [](const Mixture& model, const RowsLike& x, const ArrayLike& weights, const IntLike& n_threads,
         const HoldLike& hold, bool equal_weights) {
        const Rows rows(x, weights);
        const auto threads = threads_from(n_threads);
        Hold held = hold_from(hold);
        held.equal_weights = equal_weights;
        const WithoutLock released;
        return evaluate(model, rows.view(), threads, held);
      },
      nb::arg("model"), nb::arg("x"), nb::arg("weights") = nb::none(), nb::arg("n_threads") = 0, nb::kw_only(),
      nb::arg("hold") = nb::tuple(), nb::arg("equal_weights") = false,
      "Likelihoods and criteria of a model on rows. hold, equal_weights: as the fit had them; n_parameters does not "
      "count what it held.");
}

}  // namespace

void bind_score(nb::module_& m) {
  def_per_row(m, "component_log_densities", &component_log_densities,
              "log N(x_n | mu_k, Sigma_k): (N, K). Bishop (2006), eq. 2.43.");
  def_per_row(m, "log_joint", &log_joint, "log pi_k + log N(x_n | mu_k, Sigma_k): (N, K); -inf where pi_k = 0.");
  def_per_row(m, "log_densities", &log_densities, "The marginal log p(x_n): (N,). Bishop (2006), eq. 9.7.");
  def_per_row(m, "responsibilities", &responsibilities,
              "The posterior p(z_n = k | x_n): (N, K), rows sum to one. Bishop (2006), eq. 9.13.");
  def_per_row(m, "labels", &labels, "The most probable component of each row, the lowest of equals: (N,).");
  def_per_row(m, "squared_mahalanobis", &squared_mahalanobis,
              "(x_n - mu_k)^T Sigma_k^-1 (x_n - mu_k): (N, K), capped at 1e300.");

  def_of_rows(m, "log_likelihood", &log_likelihood, "L = sum_n w_n log p(x_n). Bishop (2006), eq. 9.14.");
  def_of_rows(m, "entropy", &entropy, "H = -sum_n w_n sum_k r_nk log r_nk at the model's own responsibilities r.");

  m.def(
      "complete_log_likelihood",
      [](const Mixture& model, const RowsLike& x, const ArrayLike& z, const ArrayLike& weights,
         const IntLike& n_threads) {
        const Rows rows(x, weights);
        const std::vector<std::int32_t> given = labels_from(z, "z");
        const auto threads = threads_from(n_threads);
        const WithoutLock released;
        return complete_log_likelihood(model, rows.view(), given, threads);
      },
      nb::arg("model"), nb::arg("x"), nb::arg("z"), nb::arg("weights") = nb::none(), nb::arg("n_threads") = 0,
      "sum_n w_n [log pi_z + log N(x_n | mu_z, Sigma_z)] for labels z (N,). Bishop (2006), eq. 9.36.");
  m.def(
      "expected_complete_log_likelihood",
      [](const Mixture& model, const RowsLike& x, const ArrayLike& r, const ArrayLike& weights,
         const IntLike& n_threads) {
        const Rows rows(x, weights);
        const Matrix given = r.is_none() ? Matrix() : matrix_from(r, "r");
        const bool own = r.is_none();
        const auto threads = threads_from(n_threads);
        const WithoutLock released;
        return own ? expected_complete_log_likelihood(model, rows.view(), threads)
                   : expected_complete_log_likelihood(model, rows.view(), given.view(), threads);
      },
      nb::arg("model"), nb::arg("x"), nb::arg("r") = nb::none(), nb::arg("weights") = nb::none(),
      nb::arg("n_threads") = 0,
      "Q = sum_n w_n sum_k r_nk [log pi_k + log N(x_n | mu_k, Sigma_k)] for given responsibilities r (N, K), or at the "
      "model's own, where L = Q + H. Bishop (2006), eq. 9.40.");

  bind_evaluation(m);
  bind_evaluate(m);
}

}  // namespace mogul::python
