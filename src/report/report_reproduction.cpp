// What made the page about a fit, and what the model was fitted with.
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "mogul/instruction_set.hpp"
#include "mogul/threads.hpp"
#include "mogul/version.hpp"
#include "report/report_sections.hpp"

namespace mogul {
namespace {

/// A table of names and values that grows row by row.
class Facts {
 public:
  void add(std::string name, std::string value) {
    names_.push_back(std::move(name));
    values_.push_back(std::move(value));
  }
  Table table(std::string name, std::string caption) && {
    return {std::move(name), std::move(caption), {{"what", std::move(names_)}, {"value", std::move(values_)}}};
  }

 private:
  std::vector<std::string> names_;
  std::vector<std::string> values_;
};

Table run_table(const ReportPageOptions& options) {
  Facts facts;
  if (!options.command.empty()) facts.add("command", options.command);
  facts.add("mogul", MOGUL_VERSION);
  facts.add("instruction set", std::string(instruction_set()));
  facts.add("threads", fmt::format("{} (any number gives the same result)",
                                   options.n_threads == 0 ? available_threads() : options.n_threads));
  return std::move(facts).table("run", "What made this page");
}

std::string held(const Update& update) {
  std::vector<std::string> names;
  if (!update.weights) names.emplace_back("weights");
  if (!update.means) names.emplace_back("means");
  if (!update.covariances) names.emplace_back("covariances");
  return names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "));
}

Table settings_table(const FitSettings& settings) {
  Facts facts;
  facts.add("n_components", fmt::format("{}", settings.n_components));
  facts.add("covariance", std::string(to_string(settings.covariance)));
  facts.add("init", settings.init);
  facts.add("seed", fmt::format("{}", settings.seed));
  facts.add("n_init", fmt::format("{}", settings.n_init));
  facts.add("max_iter", fmt::format("{}", settings.max_iter));
  facts.add("tol", fmt::format("{}", settings.tol));
  facts.add("reg_covar", to_string(settings.reg_covar));
  facts.add("held", held(settings.update));
  facts.add("degenerate", std::string(to_string(settings.degenerate)));
  return std::move(facts).table("settings", "What the model was fitted with");
}

}  // namespace

void add_reproduction(Document& document, const ReportSubject& subject) {
  document.blocks.emplace_back(Heading{"How to make it again", "reproduce"});
  document.blocks.emplace_back(run_table(subject.options));
  if (subject.model.settings) {
    document.blocks.emplace_back(settings_table(*subject.model.settings));
  } else {
    document.blocks.emplace_back(Paragraph{"The model has no record of the settings that it was fitted with."});
  }
}

}  // namespace mogul
