// mogul/output_file.hpp
#include "mogul/output_file.hpp"

#include <nanobind/nanobind.h>

#include "bindings.hpp"
#include "convert/arguments.hpp"
#include "convert/interpreter.hpp"
#include "convert/text.hpp"

namespace mogul::python {

void bind_output_file(nb::module_& m) {
  m.def(
      "write_text",
      [](const PathLike& path, const std::string& text) {
        const std::string file = path.string();
        const WithoutLock unlocked;
        OutputFile output(file);
        output.stream() << text;
        output.commit();
      },
      nb::arg("path"), nb::arg("text"), "In UTF-8. Appears whole or not at all. Raises OSError.");
}

}  // namespace mogul::python
