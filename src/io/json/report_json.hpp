// What model files tell about the fit: its settings and its report, as JSON and back. For model_json.cpp and
// checkpoint_json.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "io/json/json_fields.hpp"
#include "mogul/mixture.hpp"
#include "mogul/options.hpp"
#include "mogul/report.hpp"

namespace mogul {

JsonValue settings_json(const FitSettings& settings);
JsonValue report_json(const FitReport& report);
JsonValue termination_json(const Termination& termination);

/// @throws invalid_data naming the field
CovarianceFamily read_family(const JsonField& field);
Termination read_termination(const JsonField& field);
/// Of files of other versions: what they have more is left out, with a note; nothing is taken where they lack what the
/// rest needs.
/// @param notes  a sentence for each field that is not known or lacking
/// @throws       invalid_data naming the field
std::optional<FitSettings> read_settings(const JsonField& field, std::vector<std::string>& notes);
std::optional<FitReport> read_report(const JsonField& field, std::vector<std::string>& notes);

/// The rules of fit()'s options, and what they share with the mixture; when writing as when reading.
/// @param report  of the fit, if there is one
/// @throws        invalid_argument naming the field
void check_settings(const FitSettings& settings, const Mixture& mixture, const std::optional<FitReport>& report);
/// What must agree in a report and with the mixture, likewise.
void check_report(const FitReport& report, const Mixture& mixture);

}  // namespace mogul
