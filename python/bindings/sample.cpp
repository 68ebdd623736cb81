// mogul/sample.hpp
#include "mogul/sample.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/pair.h>

#include <utility>

#include "bindings.hpp"
#include "convert/arrays.hpp"
#include "convert/interpreter.hpp"
#include "convert/threads.hpp"

namespace mogul::python {

void bind_sample(nb::module_& m) {
  m.def(
      "sample",
      [](const Mixture& model, const IntLike& n, const IntLike& seed, const IntLike& n_threads) {
        const auto count = whole_from<std::uint64_t>(n, "n");
        const auto seed_value = whole_from<std::uint64_t>(seed, "seed");
        const auto threads = threads_from(n_threads);
        Sample drawn = [&] {
          const WithoutLock released;
          return sample(model, count, seed_value, threads);
        }();
        return std::pair(to_numpy(std::move(drawn.x)), to_numpy(drawn.z));
      },
      nb::arg("model"), nb::arg("n"), nb::arg("seed") = 0, nb::arg("n_threads") = 0,
      "x (n, D) and the component z (n,) that each row came from, in random order. Row i depends on (seed, i) only.");
}

}  // namespace mogul::python
