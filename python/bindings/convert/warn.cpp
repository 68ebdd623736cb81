#include "warn.hpp"

#include <nanobind/nanobind.h>

#include "text.hpp"

namespace mogul::python {
namespace {

namespace nb = nanobind;

// Whether Python's innermost function is one of the package, as those that stand for functions of this module.
bool is_called_by_mogul() {
  PyObject* frame_globals = PyEval_GetGlobals();
  if (frame_globals == nullptr) return false;
  PyObject* name = PyDict_GetItemString(frame_globals, "__name__");
  return name != nullptr && PyUnicode_Check(name) && nb::cast<std::string>(nb::handle(name)).starts_with("mogul.");
}

}  // namespace

void warn(const std::vector<std::string>& notes) {
  if (notes.empty()) return;
  const nb::object warn_of = nb::module_::import_("warnings").attr("warn");
  const int caller = is_called_by_mogul() ? 2 : 1;
  for (const std::string& note : notes) warn_of(text_to_python(note), nb::handle(PyExc_UserWarning), caller);
}

}  // namespace mogul::python
