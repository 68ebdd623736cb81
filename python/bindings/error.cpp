#include "mogul/error.hpp"
#include "bindings.hpp"
#include "convert/interpreter.hpp"

namespace mogul::python {

namespace nb = nanobind;

// std::invalid_argument is ValueError and std::runtime_error is RuntimeError without anything said here.
void bind_errors(nb::module_& m) {
  nb::exception<invalid_data>(m, "InvalidData", PyExc_ValueError).attr("__doc__") =
      "The data's mistake: a value, row or file content that breaks a rule. Says where, and what to do.";
  nb::exception<fit_error>(m, "FitError", PyExc_RuntimeError).attr("__doc__") =
      "No mixture can be fitted: a component stays empty or its covariance singular. Says what to change.";
  nb::register_exception_translator([](const std::exception_ptr& error, void*) {
    try {
      std::rethrow_exception(error);
    } catch (const interrupted_error&) {
      try {
        raise_interrupt();
      } catch (nb::python_error& raised) {
        raised.restore();
      }
    } catch (const io_error& e) {
      // Paths need not be UTF-8. With a number it becomes FileNotFoundError, ...
      const nb::object message = nb::steal(PyUnicode_DecodeFSDefault(e.what()));
      const nb::object error = e.code() == 0 ? message : nb::make_tuple(e.code(), message);
      PyErr_SetObject(PyExc_OSError, error.ptr());
    }
  });
}

}  // namespace mogul::python
