#include "arguments.hpp"

#include <fmt/format.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <filesystem>

#include "arrays.hpp"
#include "text.hpp"

namespace mogul::python {
namespace {

[[noreturn]] void throw_type_error(const std::string& message) { throw nb::type_error(message.c_str()); }

}  // namespace

Arguments::Arguments(const char* type, std::initializer_list<const char*> names, std::size_t n_required,
                     const nb::args& args, const nb::kwargs& kwargs)
    : values_(names.size()) {
  if (args.size() > names.size()) {
    throw_type_error(
        fmt::format("{}() takes at most {} positional arguments, {} were given", type, names.size(), args.size()));
  }
  for (std::size_t i = 0; i < args.size(); ++i) values_[i] = nb::borrow(args[i]);
  for (const auto& [key, value] : kwargs) {
    const auto name = nb::cast<std::string>(key);
    const auto* found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      throw_type_error(fmt::format("{}() got an unexpected keyword argument '{}'; its parameters are {}", type, name,
                                   fmt::join(names, ", ")));
    }
    nb::object& place = values_[static_cast<std::size_t>(found - names.begin())];
    if (place.is_valid()) throw_type_error(fmt::format("{}() got two values for '{}'", type, name));
    place = nb::borrow(value);
  }
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (values_[i].is_valid()) continue;
    if (i < n_required) throw_type_error(fmt::format("{}() lacks the argument '{}'", type, names.begin()[i]));
    values_[i] = nb::none();
  }
}

std::string text_from(nb::handle value, const char* name) {
  std::string text;
  if (!nb::try_cast(value, text, false)) throw_type_error(fmt::format("{} = {}; must be a str", name, shown(value)));
  return text;
}

bool boolean_from(nb::handle value, const char* name) {
  if (!PyBool_Check(value.ptr()) && !nb::isinstance(value, nb::module_::import_("numpy").attr("bool_"))) {
    throw_type_error(fmt::format("{} = {}; must be True or False", name, shown(value)));
  }
  return PyObject_IsTrue(value.ptr()) == 1;
}

std::vector<std::string> texts_from(nb::handle value, const char* name) {
  std::vector<std::string> texts;
  if (value.is_none()) return texts;
  if (nb::isinstance<nb::str>(value) || !nb::try_cast(value, texts)) {
    throw_type_error(fmt::format("{} = {}; must be a sequence of str, as ['a', 'b']", name, shown(value)));
  }
  return texts;
}

bool is_path(nb::handle value) { return nb::isinstance<nb::str>(value) || nb::hasattr(value, "__fspath__"); }

std::string path_from(nb::handle value, const char* name) {
  std::filesystem::path path;
  if (!is_path(value) || !nb::try_cast(value, path)) {
    const bool several = nb::isinstance<nb::list>(value) || nb::isinstance<nb::tuple>(value);
    throw_type_error(fmt::format("{} = {}; must be a str or an os.PathLike{}", name, shown(value),
                                 several ? "; mogul.read_datasets() takes several" : ""));
  }
  return path.string();
}

}  // namespace mogul::python
