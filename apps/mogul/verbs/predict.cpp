// mogul predict: the most probable component of each row, or the probabilities of all.
#include <fmt/format.h>

#include <cmath>

#include "flags/general_flags.hpp"
#include "flags/input_flags.hpp"
#include "flags/match_features.hpp"
#include "mogul/score.hpp"
#include "print/output.hpp"
#include "print/overwrite.hpp"

namespace mogul::cli {

namespace {

constexpr auto kExamples =
    "mogul predict model.json data.csv > labels.csv\n"
    "mogul predict model.json data.csv --proba -o responsibilities.npy\n"
    "mogul predict model.json table.csv --columns waiting,eruptions";

struct PredictFlags {
  std::string model;
  InputFlags input;
  OutputFlags output;
  GeneralFlags general;
  bool proba = false;
};

void declare(CommandLine& line, PredictFlags& flags) {
  line.describe("mogul predict",
                "Most probable component of each row, 0 to K-1, or with --proba the responsibilities of all K.",
                kExamples);
  add_model_argument(line, flags.model);
  add_input_flags(line, flags.input);
  line.group("Output").add_switch(
      "--proba", flags.proba, "columns component_0, component_1, ...: p(component | row), which sum to one over a row");
  add_append_flag(line, flags.input);
  add_output_flags(line, flags.output, "file for the column label, 0 to K-1 (default: standard output)", "default csv");
  add_general_flags(line, flags.general);
}

Table table_of_labels(const std::vector<std::int32_t>& labels) {
  return {{"label"}, Matrix(labels.size(), 1, std::vector<double>(labels.begin(), labels.end())), {}};
}

Table table_of_responsibilities(Matrix responsibilities) {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < responsibilities.cols(); ++k) names.push_back(fmt::format("component_{}", k));
  return {std::move(names), std::move(responsibilities), {}};
}

// Labels in NPY are whole numbers, of which none means a missing one: -1 does.
void mark_missing_labels(Matrix& labels) {
  for (std::size_t i = 0; i < labels.rows(); ++i) labels(i, 0) = std::isnan(labels(i, 0)) ? -1 : labels(i, 0);
}

}  // namespace

Exit run_predict(const Arguments& arguments) {
  CommandLine line;
  PredictFlags flags;
  declare(line, flags);
  if (!line.parse(arguments)) return Exit::done;

  const unsigned n_threads = flags.general.n_threads;
  refuse_overwriting("-o", flags.output.path, {{"MODEL", {flags.model}}, {"DATA", flags.input.paths}});
  Output output(flags.output, Format::csv);
  if (flags.input.append) output.require_text("--append");
  const ModelRows read = read_model_and_rows(flags.model, flags.input, flags.general);
  const Mixture& mixture = read.model.mixture;
  Table table = flags.proba ? table_of_responsibilities(responsibilities(mixture, read.rows, n_threads))
                            : table_of_labels(labels(mixture, read.rows, n_threads));
  table.values = with_dropped_rows(table.values, read.report.dropped);
  if (!flags.proba && output.format() == Format::npy) mark_missing_labels(table.values);
  if (flags.input.append) keep_columns(table, read.text, all_rows(table.values), flags.input.decimal);
  output.write(table);
  output.commit();
  return Exit::done;
}

}  // namespace mogul::cli
