#include "report/report_reproduction.hpp"

#include <string>
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

std::string held(const Update& update) {
  std::vector<std::string> names;
  if (!update.weights) names.emplace_back("weights");
  if (!update.means) names.emplace_back("means");
  if (update.means && !update.held_means.empty()) {
    names.emplace_back(fmt::format("means:{}", fmt::join(update.held_means, ",")));
  }
  if (!update.covariances) names.emplace_back("covariances");
  return names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "));
}

Table settings_table(const FitSettings& settings) {
  std::vector<std::pair<std::string, std::string>> facts = {
      {"n_components", fmt::format("{}", settings.n_components)},
      {"covariance", std::string(to_string(settings.covariance))},
      {"init", settings.init},
      {"seed", fmt::format("{}", settings.seed)},
      {"n_init", fmt::format("{}", settings.n_init)},
      {"max_iter", fmt::format("{}", settings.max_iter)},
      {"tol", fmt::format("{}", settings.tol)},
      {"reg_covar", to_string(settings.reg_covar)},
      {"held", held(settings.update)},
      {"degenerate", std::string(to_string(settings.degenerate))},
  };
  if (settings.update.equal_weights) facts.emplace_back("equal_weights", "yes");
  if (settings.prior) facts.emplace_back("prior", to_string(*settings.prior));
  if (settings.weight_concentration) {
    facts.emplace_back("weight_concentration", fmt::format("{}", *settings.weight_concentration));
  }
  if (settings.max_eigenvalue_ratio) {
    facts.emplace_back("max_eigenvalue_ratio", fmt::format("{}", *settings.max_eigenvalue_ratio));
  }
  std::vector<std::string> names;
  std::vector<std::string> values;
  for (const auto& [name, value] : facts) {
    names.push_back(name);
    values.push_back(value);
  }
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
