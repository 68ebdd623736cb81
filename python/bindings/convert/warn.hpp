// Notes of the library, which never prints, as Python's warnings.
#pragma once

#include <nanobind/nanobind.h>

#include <string>
#include <vector>

namespace mogul::python {

/// @throws  nanobind::python_error where the caller has made warnings errors
inline void warn(const std::vector<std::string>& notes) {
  constexpr int kCaller = 2;  // of the function of Python that called
  for (const std::string& note : notes) {
    if (PyErr_WarnEx(PyExc_UserWarning, note.c_str(), kCaller) != 0) throw nanobind::python_error();
  }
}

}  // namespace mogul::python
