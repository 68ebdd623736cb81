// What mogul.fit() returns: the library's FitResult, with the names of the features and what was asked for.
#pragma once

#include <string>
#include <vector>

#include "mogul/fit.hpp"
#include "mogul/io.hpp"

namespace mogul::python {

struct NamedFitResult {
  Mixture mixture;
  FitReport report;
  Stats stats;
  std::vector<std::string> feature_names;
  FitSettings settings;

  bool operator==(const NamedFitResult&) const = default;

  ModelFile file() const { return {mixture, feature_names, settings, report}; }
};

}  // namespace mogul::python
