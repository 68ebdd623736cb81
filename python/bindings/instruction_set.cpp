// mogul/instruction_set.hpp
#include "mogul/instruction_set.hpp"

#include <nanobind/nanobind.h>

#include <string>

#include "bindings.hpp"
#include "convert/text.hpp"

namespace mogul::python {

namespace nb = nanobind;

void bind_instruction_set(nb::module_& m) {
  m.def(
      "instruction_set", [] { return std::string(instruction_set()); },
      "The vector instructions that the kernels use on this processor: 'AVX3' (AVX-512), 'AVX2', 'SSE4', ... Results "
      "agree between instruction sets to rounding.");
}

}  // namespace mogul::python
