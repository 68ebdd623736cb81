// mogul inspect: what a model file holds.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "flags/general_flags.hpp"
#include "flags/input_flags.hpp"
#include "mogul/merge.hpp"
#include "print/counted.hpp"
#include "print/model_output.hpp"
#include "print/output.hpp"
#include "print/overwrite.hpp"
#include "print/read_model.hpp"

namespace mogul::cli {

namespace {

constexpr auto kExamples =
    "mogul inspect model.json\n"
    "mogul inspect model.json --format csv > components.csv\n"
    "mogul fit data.csv -k 3 --format json | mogul inspect -";

struct InspectFlags {
  std::string model;
  OutputFlags output;
  Spread spread = Spread::standard_deviation;
  GeneralFlags general;
};

void declare(CommandLine& line, InspectFlags& flags) {
  line.describe("mogul inspect", "What a model file holds: parameters, and how they were fitted.", kExamples);
  add_model_argument(line, flags.model);
  add_output_flags(line, flags.output, "file for what is printed (default: standard output)",
                   "default table; json, jsonl: the model file; markdown, csv, tsv, npy: a row per component");
  add_spread_flag(line, flags.spread);
  add_general_flags(line, flags.general);
}

// Options that most fits do without.
std::string constraints(const FitSettings& fit) {
  const std::string held = to_string(fit.hold);
  std::string text = held.empty() ? "" : fmt::format(", hold {}", held);
  if (fit.hold.equal_weights) text += ", equal weights";
  if (fit.max_passes) text += fmt::format(", max_passes {}", *fit.max_passes);
  if (fit.prior) text += fmt::format(", prior {}", to_string(*fit.prior));
  if (fit.weight_concentration) text += fmt::format(", weight_concentration {}", *fit.weight_concentration);
  if (fit.max_eigenvalue_ratio) text += fmt::format(", max_eigenvalue_ratio {}", *fit.max_eigenvalue_ratio);
  return text;
}

// "2 clusters of components: {0 2}, {1}".
std::string clusters_line(const std::vector<std::int32_t>& clusters) {
  std::vector<std::vector<std::size_t>> components(count_clusters(clusters, clusters.size()));
  for (std::size_t k = 0; k < clusters.size(); ++k) components[static_cast<std::size_t>(clusters[k])].push_back(k);
  std::vector<std::string> names;
  names.reserve(components.size());
  for (const std::vector<std::size_t>& each : components) names.push_back(fmt::format("{{{}}}", fmt::join(each, " ")));
  return fmt::format("{} of components: {}\n", counted(components.size(), "cluster"), fmt::join(names, ", "));
}

std::string heading(const ModelFile& model) {
  const Mixture& mixture = model.mixture;
  const std::size_t n_estimated =
      model.settings ? n_estimated_parameters(mixture, model.settings->hold) : mixture.n_parameters();
  const std::string of_them =
      n_estimated < mixture.n_parameters() ? fmt::format(", {} of them estimated", n_estimated) : "";
  std::string text =
      fmt::format("{}, {} ({}), {} covariance, {}{}\n", counted(mixture.n_components(), "component"),
                  counted(mixture.n_features(), "feature"), fmt::join(short_names(model.feature_names), ", "),
                  to_string(mixture.family()), counted(mixture.n_parameters(), "free parameter"), of_them);
  if (!model.clusters.empty()) text += clusters_line(model.clusters);
  if (model.settings) {
    const FitSettings& fit = *model.settings;
    const std::string start =
        fit.search == Search::none ? "init " + fit.init : fmt::format("search {}", to_string(fit.search));
    const std::string rule = fit.tol ? fmt::format("tol {}", *fit.tol) : fmt::format("gain {}", fit.gain);
    text += fmt::format(
        "fitted with {}, n_init {}, max_iter {}, {}, acceleration {}, reg_covar {}, seed {}, degenerate {}{}\n", start,
        fit.n_init, fit.max_iter, rule, to_string(fit.acceleration), to_string(fit.reg_covar), fit.seed,
        to_string(fit.degenerate), constraints(fit));
  }
  return text + "\n";
}

}  // namespace

Exit run_inspect(const Arguments& arguments) {
  CommandLine line;
  InspectFlags flags;
  declare(line, flags);
  if (!line.parse(arguments)) return Exit::done;

  refuse_overwriting("-o", flags.output.path, {{"MODEL", {flags.model}}});
  Output output(flags.output, Format::table);
  const ModelFile model = read_model_with_notes(flags.model);
  if (output.format() == Format::table) output.write(heading(model));
  write_model_to(output, model, flags.spread);
  output.commit();
  return Exit::done;
}

}  // namespace mogul::cli
