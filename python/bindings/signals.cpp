#include "signals.hpp"

#include <utility>

namespace mogul::python {

Signals::Signals() {
  const nb::object main_thread = nb::module_::import_("threading").attr("main_thread")();
  on_main_thread_ = nb::cast<unsigned long>(main_thread.attr("ident")) == PyThread_get_thread_ident();
}

bool Signals::raised() {
  if (!on_main_thread_) return false;
  const nb::gil_scoped_acquire acquired;
  if (PyErr_CheckSignals() != 0) error_.emplace();
  return error_.has_value();
}

void Signals::rethrow() {
  if (error_) throw *std::exchange(error_, std::nullopt);
}

}  // namespace mogul::python
