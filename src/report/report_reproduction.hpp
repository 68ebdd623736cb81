// What made the page about a fit, and what the model was fitted with.
#pragma once

#include <optional>

#include "mogul/options.hpp"
#include "mogul/page.hpp"
#include "report/document.hpp"

namespace mogul {

/// The section "How to make it again". @param settings  of the model's fit, where they are known
void add_reproduction(Document& document, const ReportPageOptions& options, const std::optional<FitSettings>& settings);

}  // namespace mogul
