// mogul evaluate: likelihoods and criteria of a model on given rows.
#include <fmt/format.h>

#include <utility>

#include "flags/general_flags.hpp"
#include "flags/input_flags.hpp"
#include "flags/match_features.hpp"
#include "mogul/io.hpp"
#include "mogul/score.hpp"
#include "print/model_output.hpp"
#include "print/output.hpp"
#include "print/overwrite.hpp"

namespace mogul::cli {

namespace {

constexpr auto kExamples =
    "mogul evaluate model.json data.csv\n"
    "mogul evaluate model.json test.csv --format json -o evaluation.json\n"
    "for k in 1 2 3 4; do mogul fit data.csv -k $k -o m$k.json -q && mogul evaluate m$k.json data.csv; done";

struct EvaluateFlags {
  std::string model;
  InputFlags input;
  OutputFlags output;
  GeneralFlags general;
};

void declare(CommandLine& line, EvaluateFlags& flags) {
  line.describe("mogul evaluate",
                "Log-likelihoods (nats), entropy, AIC, BIC and ICL (lower is better) and N_k of a model on given rows.",
                kExamples);
  add_model_argument(line, flags.model);
  add_input_flags(line, flags.input);
  add_output_flags(line, flags.output, "file for the numbers (default: standard output)",
                   "default table; markdown: the same; csv, tsv, npy: one row");
  add_general_flags(line, flags.general);
}

/// A number with its name in files and what it is.
struct Entry {
  std::string name;
  double value;
  std::string meaning;
};

std::vector<Entry> entries_of(const Evaluation& evaluation) {
  std::vector<Entry> entries{
      {"n_rows", static_cast<double>(evaluation.n_rows), "rows"},
      {"sum_weights", evaluation.sum_weights, "n, sum of the row weights"},
      {"n_parameters", static_cast<double>(evaluation.n_parameters), "p, free parameters that were estimated"},
      {"log_likelihood", evaluation.log_likelihood, "L = Q + H"},
      {"mean_log_likelihood", evaluation.mean_log_likelihood, "L / n"},
      {"expected_complete_log_likelihood", evaluation.expected_complete_log_likelihood, "Q"},
      {"entropy", evaluation.entropy, "H, of the responsibilities"},
      {"aic", evaluation.aic, "-2 L + 2 p, lower is better"},
      {"bic", evaluation.bic, "-2 L + p log n, lower is better"},
      {"icl", evaluation.icl, "-2 C + p log n, C at the most probable labels; lower is better"},
  };
  for (std::size_t k = 0; k < evaluation.component_sizes.size(); ++k) {
    entries.push_back({fmt::format("component_size_{}", k), evaluation.component_sizes[k], "N_k"});
  }
  return entries;
}

// Names down the side, for people.
Table in_lines(std::vector<Entry> entries) {
  std::vector<std::string> names;
  std::vector<double> values;
  std::vector<std::string> meanings;
  for (Entry& entry : entries) {
    names.push_back(std::move(entry.name));
    values.push_back(entry.value);
    meanings.push_back(std::move(entry.meaning));
  }
  return {"evaluation",
          "",
          {{"name", std::move(names)}, {"value", std::move(values), 10}, {"meaning", std::move(meanings)}}};
}

Table in_one_row(std::vector<Entry> entries) {
  Table table{"evaluation", "", {}};
  for (Entry& entry : entries) table.columns.push_back(numbers(std::move(entry.name), {entry.value}));
  return table;
}

}  // namespace

Exit run_evaluate(const Arguments& arguments) {
  CommandLine line;
  EvaluateFlags flags;
  declare(line, flags);
  if (!line.parse(arguments)) return Exit::done;

  refuse_overwriting("-o", flags.output.path, {{"MODEL", {flags.model}}, {"DATA", flags.input.paths}});
  Output output(flags.output, Format::table);
  const ModelRows read = read_model_and_rows(flags.model, flags.input, flags.general);
  // So that the criteria on the rows of the fit are those of its report.
  const Hold hold = read.model.settings ? read.model.settings->hold : Hold();
  const Evaluation evaluation = evaluate(read.model.mixture, read.rows, flags.general.n_threads, hold);
  switch (output.format()) {
    case Format::table:
    case Format::markdown: output.write(in_lines(entries_of(evaluation))); break;
    case Format::json: output.write(evaluation_json(evaluation)); break;
    case Format::jsonl: output.write(json_line(evaluation_json(evaluation))); break;
    case Format::csv:
    case Format::tsv:
    case Format::npy: output.write(in_one_row(entries_of(evaluation))); break;
  }
  output.commit();
  return Exit::done;
}

}  // namespace mogul::cli
