#include "report/report_reproduction.hpp"

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "mogul/instruction_set.hpp"
#include "mogul/threads.hpp"
#include "mogul/version.hpp"

namespace mogul {
namespace {

void add_run(Document& document, const ReportPageOptions& options) {
  const bool knows_command = !options.command.empty();
  document.blocks.emplace_back(
      Paragraph{fmt::format("This page was made by mogul {}{}", MOGUL_VERSION, knows_command ? " with" : ".")});
  if (knows_command) document.blocks.emplace_back(Command{options.command});
  const unsigned n_threads = options.n_threads == 0 ? available_threads() : options.n_threads;
  document.blocks.emplace_back(Paragraph{
      fmt::format("It ran on {} thread{} (any number gives the same result) with the instruction set {} (others agree "
                  "to rounding).",
                  n_threads, n_threads == 1 ? "" : "s", instruction_set())});
}

template <class T>
requires(!std::is_enum_v<T>) std::string text_of(const T& value) { return fmt::format("{}", value); }
std::string text_of(const CovarianceFamily& value) { return std::string(to_string(value)); }
std::string text_of(const RegCovar& value) { return to_string(value); }
template <class Enum>
requires std::is_enum_v<Enum> std::string text_of(Enum value) { return std::string(to_string(value)); }
std::string text_of(const Hold& value) {
  const std::string equal = value.equal_weights ? "equal weights" : "";
  const std::string held = to_string(value);
  return held + (held.empty() || equal.empty() ? "" : ", ") + equal;
}
std::string text_of(const Prior& value) { return to_string(value); }
template <class T>
std::string text_of(const std::optional<T>& value) {
  return value ? text_of(*value) : "";
}

Table settings_table(const FitSettings& settings) {
  std::vector<std::string> names;
  std::vector<std::string> values;
  visit_fields(settings, [&](const auto& field, const auto& value) {
    const std::string text = text_of(value);
    if (text.empty()) return;  // most fits hold nothing, and have no prior
    names.emplace_back(field.name);
    values.push_back(text);
  });
  return {"settings", "What the model was fitted with", {{"setting", std::move(names)}, {"value", std::move(values)}}};
}

}  // namespace

void add_reproduction(Document& document, const ReportPageOptions& options,
                      const std::optional<FitSettings>& settings) {
  document.blocks.emplace_back(Heading{"How to make it again", "reproduce"});
  add_run(document, options);
  if (settings) {
    document.blocks.emplace_back(settings_table(*settings));
  } else {
    document.blocks.emplace_back(Paragraph{"The model has no record of the settings that it was fitted with."});
  }
}

}  // namespace mogul
