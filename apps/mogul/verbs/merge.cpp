// mogul merge: a model and rows in, the merges of its components and the model with its clusters out.
#include "mogul/merge.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "flags/general_flags.hpp"
#include "flags/input_flags.hpp"
#include "flags/match_features.hpp"
#include "print/counted.hpp"
#include "print/model_output.hpp"
#include "print/output.hpp"
#include "print/overwrite.hpp"

namespace mogul::cli {

namespace {

constexpr auto kExamples =
    "mogul merge model.json data.csv\n"
    "mogul merge model.json data.csv -o merged.json && mogul predict merged.json data.csv > clusters.csv\n"
    "mogul merge model.json data.csv -k 4 -o merged.json\n"
    "mogul merge model.json data.csv --format csv > merges.csv";

struct MergeFlags {
  std::string model;
  InputFlags input;
  std::optional<std::size_t> n_clusters;
  OutputFlags output;
  GeneralFlags general;
};

void declare(CommandLine& line, MergeFlags& flags) {
  line.describe("mogul merge", "Merge components of a model into clusters, by the entropy of the clustering of rows.",
                kExamples);
  add_model_argument(line, flags.model);
  add_input_flags(line, flags.input);
  line.group("Clusters")
      .add_number("-k,--n-clusters", flags.n_clusters,
                  "number of clusters, 1 to K (default: the recommended one, at the elbow of the entropies)", 1);
  add_output_flags(
      line, flags.output, "file for the model with its clusters (default: none)",
      "of the merges on standard output: table (default), markdown; csv, tsv, jsonl: a line for each number "
      "of clusters; json: the same with the clusters");
  add_general_flags(line, flags.general);
}

void check(const MergeFlags& flags) {
  if (flags.output.format == Format::npy) throw UsageError("--format npy holds numbers only; choose csv or json");
  refuse_overwriting("-o", flags.output.path, {{"MODEL", {flags.model}}, {"DATA", flags.input.paths}});
}

void check_number(const MergeFlags& flags, const Mixture& mixture) {
  if (!flags.n_clusters || *flags.n_clusters <= mixture.n_components()) return;
  throw UsageError(fmt::format(
      "-k = {}; must lie in 1..{}, as MODEL = {} has {}, and merging only makes fewer clusters", *flags.n_clusters,
      mixture.n_components(), flags.model, counted(mixture.n_components(), "component")));
}

void write_merges(const MergeFlags& flags, const ComponentTree& tree, std::size_t n_clusters) {
  Output output({"", flags.output.format}, Format::table);
  switch (output.format()) {
    case Format::table: output.write(summary(tree, n_clusters)); break;
    case Format::json: output.write(merge_json(tree, n_clusters)); break;
    default: output.write(merge_table(tree)); break;
  }
  output.commit();
}

}  // namespace

Exit run_merge(const Arguments& arguments) {
  CommandLine line;
  MergeFlags flags;
  declare(line, flags);
  if (!line.parse(arguments)) return Exit::done;
  check(flags);

  Output output({flags.output.path, {}}, Format::json);  // --format is that of the merges
  ModelRows read = read_model_and_rows(flags.model, flags.input, flags.general);
  check_number(flags, read.model.mixture);
  const ComponentTree tree = merge(read.model.mixture, read.rows, flags.general.n_threads);
  const std::size_t n_clusters = flags.n_clusters.value_or(tree.recommended);
  write_merges(flags, tree, n_clusters);
  if (!flags.output.to_file()) return Exit::done;
  read.model.clusters = tree.clusters(n_clusters);
  write_model_to(output, read.model, Spread::standard_deviation);
  output.commit();
  if (flags.general.verbosity() != Verbosity::quiet) print_note(fmt::format("wrote {}", flags.output.path));
  return Exit::done;
}

}  // namespace mogul::cli
