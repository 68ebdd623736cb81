// mogul/mixture.hpp
#include "mogul/mixture.hpp"

#include <fmt/format.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <cstring>
#include <tuple>
#include <utility>

#include "bindings.hpp"
#include "convert/arguments.hpp"
#include "convert/arrays.hpp"
#include "convert/shapes.hpp"
#include "convert/state.hpp"
#include "convert/text.hpp"
#include "mogul/error.hpp"

namespace mogul::python {
namespace {

using State = std::tuple<std::string, nb::bytes, nb::bytes, nb::bytes, std::size_t>;

Mixture make(const CovarianceFamily& family, nb::handle weights, nb::handle means, nb::handle covariances) {
  std::vector<double> pi = vector_from(weights, "weights");
  Matrix mu = matrix_from(means, "means");
  const auto shape = covariance_shape(family, pi.size(), mu.cols());
  return {family, std::move(pi), std::move(mu), values_from(covariances, "covariances", shape)};
}

nb::bytes to_bytes(const std::vector<double>& values) {
  return nb::bytes(values.data(), values.size() * sizeof(double));
}

std::vector<double> from_bytes(const nb::bytes& bytes) {
  std::vector<double> values(bytes.size() / sizeof(double));
  if (!values.empty()) std::memcpy(values.data(), bytes.c_str(), values.size() * sizeof(double));
  return values;
}

State state_of(const Mixture& m) {
  return {std::string(to_string(m.family())), to_bytes(m.weights()), to_bytes(m.means().values()),
          to_bytes(m.covariances().values()), m.n_features()};
}

void set_state(Mixture& m, const nb::object& pickled) {
  State state;
  if (!nb::try_cast(pickled, state)) {
    throw invalid_argument("pickled Mixture: must be a tuple (structure, weights, means, covariances, n_features)");
  }
  const auto& [family, weights, means, covariances, n_features] = state;
  std::vector<double> pi = from_bytes(weights);
  std::vector<double> values = from_bytes(means);
  if (pi.empty() || n_features != values.size() / pi.size()) {
    throw invalid_argument(fmt::format("pickled Mixture: n_features = {}; not that of its means", n_features));
  }
  Matrix mu(pi.size(), n_features, std::move(values));
  new (&m) Mixture(covariance_family_from(family), std::move(pi), std::move(mu), from_bytes(covariances));
}

std::string text(const Mixture& m) {
  return fmt::format("Mixture(structure='{}', n_components={}, n_features={})", to_string(m.family()), m.n_components(),
                     m.n_features());
}

// An index as Python's sequences check it, but that it does not count from the end.
std::size_t index_of(std::int64_t i, std::size_t size, const char* what) {
  if (i >= 0 && static_cast<std::size_t>(i) < size) return static_cast<std::size_t>(i);
  throw nb::index_error(fmt::format("{} {}; must be 0 to {}", what, i, size - 1).c_str());
}

std::vector<std::size_t> whole_numbers(const ArrayLike& given, const char* name) {
  const std::vector<std::int64_t> values = whole_numbers_from(given, name);
  for (const std::int64_t value : values) {
    if (value < 0) throw invalid_argument(fmt::format("{}: {}; must be at least 0", name, value));
  }
  return {values.begin(), values.end()};
}

std::size_t component_of(const Mixture& m, std::int64_t k) { return index_of(k, m.n_components(), "component"); }
std::size_t feature_of(const Mixture& m, std::int64_t d) { return index_of(d, m.n_features(), "feature"); }

const char* const kMixtureDoc = R"(A Gaussian mixture p(x) = sum_k pi_k N(x | mu_k, Sigma_k), which never changes.

Parameters
----------
structure : str
    One of the fourteen of covariance_families(), by name or plain word.
weights : array-like of shape (K,)
    At least 0; their sum is within 1e-8 of 1.
means : array-like of shape (K, D)
    In the data's unit.
covariances : array-like
    In the data's unit squared: of shape (K, D, D) for 'full', 'VEE', 'EVE', 'VVE', 'EEV', 'VEV' and 'EVV', (D, D) for
    'tied', (K, D) for 'diagonal', 'VEI' and 'EVI', (D,) for 'tied_diagonal', (K,) for 'spherical' and (1,) for
    'tied_spherical'. Symmetric positive definite.

Raises
------
ValueError
    Naming the component, the value and the rule that it breaks.)";

void def_parameters(nb::class_<Mixture>& mixture) {
  mixture
      .def(
          "__init__",
          [](Mixture* self, const nb::args& args, const nb::kwargs& kwargs) {
            const Arguments given("Mixture", {"structure", "weights", "means", "covariances"}, 4, args, kwargs);
            new (self) Mixture(make(family_from(given[0], "structure"), given[1], given[2], given[3]));
          },
          nb::sig("def __init__(self, structure: str, weights: numpy.typing.ArrayLike, means: numpy.typing.ArrayLike, "
                  "covariances: numpy.typing.ArrayLike) -> None"))
      .def_prop_ro("n_components", &Mixture::n_components, "K.")
      .def_prop_ro("n_features", &Mixture::n_features, "D.")
      .def_prop_ro(
          "structure", [](const Mixture& self) { return std::string(to_string(self.family())); },
          "The name of the covariance structure.")
      .def_prop_ro(
          "weights", [](nb::handle_t<Mixture> self) { return view_of(nb::cast<const Mixture&>(self).weights(), self); },
          "(K,), read-only.")
      .def_prop_ro(
          "means", [](nb::handle_t<Mixture> self) { return view_of(nb::cast<const Mixture&>(self).means(), self); },
          "(K, D), read-only; in the data's unit.")
      .def_prop_ro(
          "covariances",
          [](nb::handle_t<Mixture> self) {
            const Covariances& covariances = nb::cast<const Mixture&>(self).covariances();
            return view_of(covariances.values().data(), covariances.shape(), self);
          },
          "Of the structure's shape, read-only; in the data's unit squared.")
      .def_prop_ro("n_parameters", &Mixture::n_parameters, "Number of free parameters.");
}

void def_components(nb::class_<Mixture>& mixture) {
  mixture
      .def(
          "covariance",
          [](const Mixture& self, std::int64_t k) { return to_numpy(self.covariance(component_of(self, k))); },
          nb::arg("component"), "Sigma_k as a (D, D) matrix, whatever the structure.")
      .def(
          "variance",
          [](const Mixture& self, std::int64_t k, std::int64_t d) {
            return self.variance(component_of(self, k), feature_of(self, d));
          },
          nb::arg("component"), nb::arg("feature"), "The variance of a feature under component k.")
      .def(
          "cholesky",
          [](const Mixture& self, std::int64_t k) { return to_numpy(self.cholesky(component_of(self, k))); },
          nb::arg("component"), "Lower (D, D) factor L of Sigma_k = L L^T.")
      .def(
          "log_determinant",
          [](const Mixture& self, std::int64_t k) { return self.log_determinant(component_of(self, k)); },
          nb::arg("component"), "log |Sigma_k|.");
}

void def_whole(nb::class_<Mixture>& mixture) {
  def_equality(mixture);
  mixture
      .def(
          "marginal",
          [](const Mixture& self, const ArrayLike& features) {
            return self.marginal(whole_numbers(features, "features"));
          },
          nb::arg("features"), "The mixture of the chosen features, in the given order. Bishop (2006), eq. 2.98.")
      .def(
          "permuted",
          [](const Mixture& self, const ArrayLike& order) { return self.permuted(whole_numbers(order, "order")); },
          nb::arg("order"), "The same density: new component i is old component order[i].")
      .def("fingerprint", &Mixture::fingerprint, "A number that equal mixtures share, on every machine.")
      .def("__hash__", [](const Mixture& self) { return static_cast<std::int64_t>(self.fingerprint()); })
      .def("__repr__", &text)
      .def("__getstate__", &state_of)
      .def("__setstate__", &set_state, nb::arg("state").none());
}

}  // namespace

void bind_covariance_family(nb::module_& m) {
  nb::class_<CovarianceFamily> family(m, "CovarianceFamily",
                                      R"(How the covariances Sigma_k = lambda_k D_k A_k D_k^T are constrained.

The letters of a name tell for volume, shape and orientation whether it is equal in all components (E), varies (V), or
is that of a multiple of the identity (I). Celeux, Govaert (1995).)");
  def_equality(family);
  family
      .def_prop_ro(
          "name", [](const CovarianceFamily& self) { return std::string(self.name); }, "'VVV', ...")
      .def_prop_ro(
          "word", [](const CovarianceFamily& self) { return std::string(self.word()); },
          "The plain word, such as 'full'; the name where there is none.")
      .def_prop_ro(
          "layout",
          [](const CovarianceFamily& self) {
            return self.layout == Layout::matrix     ? "matrix"
                   : self.layout == Layout::diagonal ? "diagonal"
                                                     : "spherical";
          },
          "What is stored of one covariance: 'matrix', 'diagonal' or 'spherical'.")
      .def_ro("is_shared", &CovarianceFamily::shared, "Whether all components have the same covariance.")
      .def(
          "n_parameters",
          [](const CovarianceFamily& self, std::size_t k, std::size_t d) { return self.n_parameters(k, d); },
          nb::arg("n_components"), nb::arg("n_features"), "Free parameters of K covariances in D dimensions.")
      .def("__getstate__", [](const CovarianceFamily& self) { return std::string(self.name); })
      .def("__setstate__",
           [](CovarianceFamily& self, const nb::object& state) {
             new (&self)
                 CovarianceFamily(covariance_family_from(restored<std::string>(state, "pickled CovarianceFamily")));
           })
      .def("__str__", [](const CovarianceFamily& self) { return std::string(self.word()); })
      .def("__repr__", [](const CovarianceFamily& self) { return fmt::format("CovarianceFamily('{}')", self.word()); })
      .def("__hash__", [](const CovarianceFamily& self) { return std::hash<std::string_view>()(self.name); });
}

void bind_mixture(nb::module_& m) {
  bind_covariance_family(m);
  m.def(
      "covariance_families",
      [] {
        std::vector<CovarianceFamily> families;
        for (const CovarianceFamily* family : covariance_families()) families.push_back(*family);
        return families;
      },
      "The fourteen covariance families, from the most constrained to the freest.");

  nb::class_<Mixture> mixture(m, "Mixture", kMixtureDoc);
  def_parameters(mixture);
  def_components(mixture);
  def_whole(mixture);
}

}  // namespace mogul::python
