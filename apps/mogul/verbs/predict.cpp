// mogul predict: the most probable component, or cluster of merged components, of each row, or the probabilities of
// all.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "flags/general_flags.hpp"
#include "flags/input_flags.hpp"
#include "flags/match_features.hpp"
#include "mogul/merge.hpp"
#include "mogul/score.hpp"
#include "print/output.hpp"
#include "print/overwrite.hpp"

namespace mogul::cli {

namespace {

constexpr auto kExamples =
    "mogul predict model.json data.csv > labels.csv\n"
    "mogul predict model.json data.csv --proba -o responsibilities.npy\n"
    "mogul predict model.json table.csv --columns waiting,eruptions\n"
    "mogul predict merged.json data.csv --components";

struct PredictFlags {
  std::string model;
  InputFlags input;
  OutputFlags output;
  GeneralFlags general;
  bool proba = false;
  bool clusters = false;
  bool components = false;
};

void declare(CommandLine& line, PredictFlags& flags) {
  line.describe("mogul predict",
                "Most probable component of each row, or cluster of merged components; with --proba the "
                "probabilities.",
                kExamples);
  add_model_argument(line, flags.model);
  add_input_flags(line, flags.input);
  FlagGroup output = line.group("Output");
  output.add_switch(
      "--proba", flags.proba,
      "columns component_0, component_1, ...: p(component | row), which sum to one over a row; of clusters "
      "cluster_0, cluster_1, ...");
  output.add_switch("--clusters", flags.clusters,
                    "clusters of merged components (default where MODEL has them, as `mogul merge -o` writes it)");
  output.add_switch("--components", flags.components, "components, also where MODEL has clusters");
  line.exclude("--clusters", "--components");
  add_append_flag(line, flags.input);
  add_output_flags(line, flags.output, "file for the column label, 0 to K-1 (default: standard output)", "default csv");
  add_general_flags(line, flags.general);
}

// Labels in NPY are whole numbers, of which none means a missing one: -1 does.
Table table_of_labels(const std::vector<std::int32_t>& labels, const std::vector<std::size_t>& dropped, Format format) {
  std::vector<double> all = with_dropped_rows({labels.begin(), labels.end()}, dropped);
  if (format == Format::npy) {
    std::ranges::replace_if(
        all, [](double label) { return std::isnan(label); }, -1.0);
  }
  return {"labels", "", {numbers("label", std::move(all))}};
}

Table table_of_responsibilities(const Matrix& responsibilities, const char* of_what,
                                const std::vector<std::size_t>& dropped) {
  Table table{"responsibilities", "", {}};
  for (std::size_t k = 0; k < responsibilities.cols(); ++k) {
    table.columns.push_back(
        numbers(fmt::format("{}_{}", of_what, k), with_dropped_rows(column_of(responsibilities, k), dropped)));
  }
  return table;
}

bool wants_clusters(const PredictFlags& flags, const ModelFile& model) {
  if (flags.clusters && model.clusters.empty()) {
    throw UsageError(
        fmt::format("--clusters: MODEL = {} has none; merge its components first: mogul merge {} DATA -o merged.json",
                    flags.model, flags.model));
  }
  return !model.clusters.empty() && !flags.components;
}

Table predict_components(const PredictFlags& flags, const ModelRows& read, Format format) {
  const Mixture& mixture = read.model.mixture;
  const unsigned n_threads = flags.general.n_threads;
  const std::vector<std::size_t>& dropped = read.report.dropped;
  if (flags.proba) {
    return table_of_responsibilities(responsibilities(mixture, read.rows, n_threads), "component", dropped);
  }
  return table_of_labels(labels(mixture, read.rows, n_threads), dropped, format);
}

Table predict_clusters(const PredictFlags& flags, const ModelRows& read, Format format) {
  const ModelFile& model = read.model;
  const unsigned n_threads = flags.general.n_threads;
  const std::vector<std::size_t>& dropped = read.report.dropped;
  if (flags.proba) {
    const Matrix posterior = cluster_responsibilities(model.mixture, read.rows, model.clusters, n_threads);
    return table_of_responsibilities(posterior, "cluster", dropped);
  }
  return table_of_labels(cluster_labels(model.mixture, read.rows, model.clusters, n_threads), dropped, format);
}

}  // namespace

Exit run_predict(const Arguments& arguments) {
  CommandLine line;
  PredictFlags flags;
  declare(line, flags);
  if (!line.parse(arguments)) return Exit::done;

  refuse_overwriting("-o", flags.output.path, {{"MODEL", {flags.model}}, {"DATA", flags.input.paths}});
  Output output(flags.output, Format::csv);
  if (flags.input.append) output.require_text("--append");
  ModelRows read = read_model_and_rows(flags.model, flags.input, flags.general);
  const bool of_clusters = wants_clusters(flags, read.model);
  if (of_clusters && flags.general.verbose) print_note("clusters of merged components; --components gives components");
  Table table =
      of_clusters ? predict_clusters(flags, read, output.format()) : predict_components(flags, read, output.format());
  if (flags.input.append) keep_columns(table, std::move(read.text), all_rows(table.n_rows()));
  output.write(table, flags.input.append ? flags.input.decimal : '.');
  output.commit();
  return Exit::done;
}

}  // namespace mogul::cli
