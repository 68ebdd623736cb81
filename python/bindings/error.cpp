#include "bindings.hpp"

#include "mogul/error.hpp"

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
    } catch (const io_error& e) {
      if (e.code() == 0) {
        PyErr_SetString(PyExc_OSError, e.what());
      } else {
        PyErr_SetObject(PyExc_OSError,
                        nb::make_tuple(e.code(), e.what()).ptr());  // which becomes FileNotFoundError, ...
      }
    }
  });
}

}  // namespace mogul::python
