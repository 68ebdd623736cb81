// What select() found, for Python's Selection: the fits by criterion, with the names of the features.
#pragma once

#include <nanobind/nanobind.h>

#include <optional>
#include <string>
#include <vector>

#include "fit_result.hpp"
#include "mogul/options.hpp"
#include "mogul/select.hpp"

namespace mogul::python {

struct TableOfFits {
  Selection selection;  ///< with a best cell
  std::vector<std::string> names;
  FitSettings settings;  ///< of all fits, but for K and family

  /// Of each cell; none where there is no fit.
  std::vector<std::optional<NamedFitResult>> fits() const;
};

void bind_table_of_fits(nanobind::module_& m);

}  // namespace mogul::python
