// The module mogul._mogul: the library's functions and classes under their own names.
#include "bindings.hpp"
#include "mogul/version.hpp"

NB_MODULE(_mogul, m) {
  m.doc() = "Gaussian mixture models by expectation-maximisation: the C++ library.";
  m.def("version", [] { return MOGUL_VERSION; });
  using namespace mogul::python;
  bind_errors(m);
  bind_dataset(m);
  bind_mixture(m);
  bind_options(m);
  bind_report(m);
  bind_stats(m);
  bind_fit(m);
  bind_score(m);
  bind_sample(m);
  bind_io(m);
}
