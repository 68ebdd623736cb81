// mogul/gradient.hpp
#include "mogul/gradient.hpp"

#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/vector.h>

#include <tuple>
#include <utility>

#include "bindings.hpp"
#include "convert/arrays.hpp"
#include "convert/interpreter.hpp"
#include "convert/rows.hpp"
#include "convert/shapes.hpp"
#include "convert/state.hpp"
#include "convert/text.hpp"
#include "convert/threads.hpp"
#include "mogul/error.hpp"

namespace mogul::python {
namespace {

using Gradient = LogLikelihoodGradient;
using Numbers = std::vector<double>;
using State = std::tuple<std::string, Numbers, double, Numbers, Numbers, double>;

State state_of(const Gradient& self) {
  return {std::string(to_string(self.family)),
          self.weights,
          self.multiplier,
          self.means.values(),
          self.covariances,
          self.largest_scaled};
}

void set_state(Gradient& self, const nb::object& pickled) {
  State state;
  if (!nb::try_cast(pickled, state)) {
    throw invalid_argument(
        "pickled LogLikelihoodGradient: must be a tuple (structure, weights, multiplier, means, covariances, "
        "largest_scaled)");
  }
  auto& [name, weights, multiplier, means, covariances, largest_scaled] = state;
  const CovarianceFamily family = covariance_family_from(name);
  const std::size_t k = weights.size();
  const std::size_t d = k == 0 ? 0 : means.size() / k;
  if (d == 0 || means.size() != k * d || covariances.size() != covariance_size(family, k, d)) {
    throw invalid_argument(
        fmt::format("pickled LogLikelihoodGradient: {} weights, {} means and {} covariances; not those of a {} mixture",
                    k, means.size(), covariances.size(), name));
  }
  new (&self) Gradient{
      family, std::move(weights), multiplier, Matrix(k, d, std::move(means)), std::move(covariances), largest_scaled};
}

void bind_values(nb::module_& m) {
  nb::class_<Gradient> gradient(m, "LogLikelihoodGradient",
                                "Derivatives of L = sum_n w_n log p(x_n) by the parameters of a mixture.");
  def_equality(gradient);
  gradient
      .def_prop_ro(
          "structure", [](const Gradient& self) { return std::string(to_string(self.family)); },
          "The mixture's covariance structure.")
      .def_prop_ro(
          "weights", [](nb::handle_t<Gradient> self) { return view_of(nb::cast<const Gradient&>(self).weights, self); },
          "(K,), dL/dpi_k = sum_n w_n N(x_n | mu_k, Sigma_k) / p(x_n), the weights taken as free.")
      .def_ro("multiplier", &Gradient::multiplier,
              "lambda of the Lagrangian L + lambda (sum_k pi_k - 1): minus the sum of the row weights. Weights are "
              "stationary where dL/dpi_k + lambda = 0 for every k.")
      .def_prop_ro(
          "means", [](nb::handle_t<Gradient> self) { return view_of(nb::cast<const Gradient&>(self).means, self); },
          "(K, D), Sigma_k^-1 sum_n w_n r_nk (x_n - mu_k).")
      .def_prop_ro(
          "covariances",
          [](nb::handle_t<Gradient> self) {
            const auto& of = nb::cast<const Gradient&>(self);
            return view_of(of.covariances.data(), covariance_shape(of.family, of.weights.size(), of.means.cols()),
                           self);
          },
          "Of the structure's shape. Of a matrix the symmetric G with dL = sum_ij G_ij dSigma_ij for symmetric "
          "changes dSigma: moving both Sigma_ij and Sigma_ji by h changes L by 2 h G_ij.")
      .def_ro("largest_scaled", &Gradient::largest_scaled,
              "The largest relative move that the next M-step would make, to first order: without unit, 0 at a "
              "stationary point.")
      .def("__repr__",
           [](const Gradient& self) {
             return fmt::format(
                 "LogLikelihoodGradient(structure='{}', n_components={}, n_features={}, largest_scaled={:.4g})",
                 to_string(self.family), self.weights.size(), self.means.cols(), self.largest_scaled);
           })
      .def("__getstate__", &state_of)
      .def("__setstate__", &set_state, nb::arg("state").none());
}

}  // namespace

void bind_gradient(nb::module_& m) {
  bind_values(m);
  m.def(
      "log_likelihood_gradient",
      [](const Mixture& model, const RowsLike& x, const ArrayLike& weights, const IntLike& n_threads) {
        const Rows rows(x, weights);
        const auto threads = threads_from(n_threads);
        const WithoutLock released;
        return log_likelihood_gradient(model, rows.view(), threads);
      },
      nb::arg("model"), nb::arg("x"), nb::arg("weights") = nb::none(), nb::arg("n_threads") = 0,
      R"(The gradient of the log-likelihood L by weights, means and covariances, in double whatever the type of the rows.

Under the constraint on the weights it vanishes where EM has come to rest, for 'full', 'tied', 'diagonal',
'tied_diagonal', 'spherical' and 'tied_spherical' without a prior, a bound or held parameters and with reg_covar = 0.
Elsewhere it need not vanish at the constrained or penalised maximum.
Bishop (2006), section 9.2.2; Deisenroth, Faisal, Ong (2020), section 11.2.

Parameters
----------
model : Mixture
x : array-like of shape (N, D)
weights : array-like of shape (N,), optional
    Of the rows.
n_threads : int

Returns
-------
LogLikelihoodGradient

Raises
------
ValueError
    If a derivative exceeds the range of float64.)");
}

}  // namespace mogul::python
