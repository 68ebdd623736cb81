// Notes of the library, which never prints, as Python's warnings.
#pragma once

#include <string>
#include <vector>

namespace mogul::python {

/// Each points at the line that called: a function of mogul, or a constructor.
/// @throws  nanobind::python_error where the caller has made warnings errors
void warn(const std::vector<std::string>& notes);

}  // namespace mogul::python
