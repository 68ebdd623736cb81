// The arguments of constructors, bound as Python binds those of its own functions: what a call lacks is said in a
// sentence. (Functions and methods are Python's own, _python_functions.py; a constructor of nanobind can only be called
// directly.)
#pragma once

#include <nanobind/nanobind.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "arrays.hpp"

namespace mogul::python {

namespace nb = nanobind;

class Arguments {
 public:
  /// @param names       of the parameters, of which the first n_required must be given
  /// @throws            TypeError for an argument that is missing, given twice, or not among them
  Arguments(const char* type, std::initializer_list<const char*> names, std::size_t n_required, const nb::args& args,
            const nb::kwargs& kwargs);

  /// The value of a parameter; None where it was not given.
  nb::handle operator[](std::size_t parameter) const { return values_[parameter]; }

 private:
  std::vector<nb::object> values_;
};

/// @param name  of the argument, for messages
/// @throws      TypeError for what is not a str
std::string text_from(nb::handle value, const char* name);
/// @throws      TypeError for what is neither Python's nor NumPy's True or False
bool boolean_from(nb::handle value, const char* name);
/// A sequence of str; none for None.
/// @throws      TypeError for anything else, a str alone as well
std::vector<std::string> texts_from(nb::handle value, const char* name);

/// Whether it is a str or an os.PathLike.
bool is_path(nb::handle value);
/// In the bytes of the file system.
/// @throws  TypeError for what is not a path
std::string path_from(nb::handle value, const char* name);

/// What functions take for the path of a file, as stubs show it.
class PathLike : public nb::object {
  NB_OBJECT(PathLike, nb::object, "str | os.PathLike[str]", is_anything)

 public:
  std::string string() const { return path_from(*this, "path"); }
};

}  // namespace mogul::python
