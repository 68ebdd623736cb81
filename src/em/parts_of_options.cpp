// What of the options of a fit a file keeps, and what a run of EM follows.
#include <string>

#include "mogul/options.hpp"

namespace mogul {

FitSettings settings_of(const FitOptions& options) {
  FitSettings settings = common_fields<FitSettings>(options);
  const Init start = start_of(options);
  if (const auto* search = std::get_if<Search>(&start)) settings.search = *search;
  settings.init = to_string(start);
  return settings;
}

EmOptions em_options(const FitOptions& options) { return common_fields<EmOptions>(options); }

}  // namespace mogul
