#include "mogul/error.hpp"
#include "bindings.hpp"
#include "convert/interpreter.hpp"
#include "convert/text.hpp"

namespace mogul::python {

namespace nb = nanobind;

namespace {

// The module keeps them.
PyObject* invalid_data_type = nullptr;
PyObject* fit_error_type = nullptr;

void raise(PyObject* type, const std::exception& error) { PyErr_SetObject(type, text_to_python(error.what()).ptr()); }

void raise_os_error(const io_error& error) {
  // As Python decodes paths. With a number it becomes FileNotFoundError, ...
  const nb::object message = nb::steal(PyUnicode_DecodeFSDefault(error.what()));
  const nb::object value = error.code() == 0 ? message : nb::make_tuple(error.code(), message);
  PyErr_SetObject(PyExc_OSError, value.ptr());
}

void translate(const std::exception_ptr& error, void* /*payload*/) {
  try {
    try {
      std::rethrow_exception(error);
    } catch (const interrupted_error&) {
      raise_interrupt();
    } catch (const invalid_data& e) {
      raise(invalid_data_type, e);
    } catch (const invalid_argument& e) {
      raise(PyExc_ValueError, e);
    } catch (const fit_error& e) {
      raise(fit_error_type, e);
    } catch (const io_error& e) {
      raise_os_error(e);
    }
  } catch (nb::python_error& raised) {
    raised.restore();
  }
}

}  // namespace

// Errors of the standard library, such as std::runtime_error, are translated without anything said here.
void bind_errors(nb::module_& m) {
  const nb::exception<invalid_data> data(m, "InvalidData", PyExc_ValueError);
  data.attr("__doc__") =
      "The data's mistake: a value, row or file content that breaks a rule. Says where, and what to do.";
  invalid_data_type = data.ptr();
  const nb::exception<fit_error> fit(m, "FitError", PyExc_RuntimeError);
  fit.attr("__doc__") =
      "No mixture can be fitted: a component stays empty or its covariance singular. Says what to change.";
  fit_error_type = fit.ptr();
  nb::register_exception_translator(&translate);
}

}  // namespace mogul::python
