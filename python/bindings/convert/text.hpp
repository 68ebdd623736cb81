// Text between the library and Python. Names of columns, paths and the cells that messages quote are bytes, which need
// not be UTF-8: other bytes become lone surrogates, as in Python's own names of files, and come back as they were.
#pragma once

#include <nanobind/nanobind.h>

#include <string>
#include <string_view>

namespace mogul::python {

inline nanobind::object text_to_python(std::string_view text) {
  PyObject* decoded = PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogateescape");
  if (decoded == nullptr) throw nanobind::python_error();
  return nanobind::steal(decoded);
}

}  // namespace mogul::python

// In place of nanobind/stl/string.h, which raises UnicodeDecodeError, and takes no str with surrogates.
template <>
struct nanobind::detail::type_caster<std::string> {
  NB_TYPE_CASTER(std::string, const_name("str"))

  bool from_python(handle src, std::uint32_t /*flags*/, cleanup_list* /*cleanup*/) noexcept {
    if (!PyUnicode_Check(src.ptr())) return false;
    const object encoded = steal(PyUnicode_AsEncodedString(src.ptr(), "utf-8", "surrogateescape"));
    char* data = nullptr;
    Py_ssize_t size = 0;
    if (!encoded.is_valid() || PyBytes_AsStringAndSize(encoded.ptr(), &data, &size) != 0) {
      PyErr_Clear();
      return false;
    }
    value.assign(data, static_cast<std::size_t>(size));
    return true;
  }

  static handle from_cpp(const std::string& value, rv_policy /*policy*/, cleanup_list* /*cleanup*/) noexcept {
    return PyUnicode_DecodeUTF8(value.data(), static_cast<Py_ssize_t>(value.size()), "surrogateescape");
  }
};
