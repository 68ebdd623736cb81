// mogul score: the log-density of each row under a model, or their weighted mean.
#include "mogul/score.hpp"

#include <fmt/format.h>

#include "flags/general_flags.hpp"
#include "flags/input_flags.hpp"
#include "flags/match_features.hpp"
#include "print/output.hpp"
#include "print/overwrite.hpp"

namespace mogul::cli {

namespace {

constexpr auto kExamples =
    "mogul score model.json data.csv > log_densities.csv\n"
    "mogul score model.json data.csv --mean --format table\n"
    "zcat rows.csv.gz | mogul score model.json - | head";

struct ScoreFlags {
  std::string model;
  InputFlags input;
  OutputFlags output;
  GeneralFlags general;
  bool mean = false;
};

void declare(CommandLine& line, ScoreFlags& flags) {
  line.describe("mogul score", "Log-density of each row under a model: log p(x) = log sum_k pi_k N(x | mu_k, Sigma_k).",
                kExamples);
  add_model_argument(line, flags.model);
  add_input_flags(line, flags.input);
  line.group("Output").add_switch("--mean", flags.mean, "instead of the rows: the weighted mean, and the sum L");
  add_output_flags(line, flags.output, "file for the column log_density, in nats (default: standard output)",
                   "default csv");
  add_general_flags(line, flags.general);
}

Table mean_of(const Mixture& mixture, const DataView& rows, unsigned n_threads) {
  const Evaluation evaluation = evaluate(mixture, rows, n_threads);
  return {{"mean_log_likelihood", "log_likelihood"},
          Matrix(1, 2, {evaluation.mean_log_likelihood, evaluation.log_likelihood})};
}

}  // namespace

Exit run_score(const Arguments& arguments) {
  CommandLine line;
  ScoreFlags flags;
  declare(line, flags);
  if (!line.parse(arguments)) return Exit::done;

  const unsigned n_threads = flags.general.n_threads;
  refuse_overwriting("-o", flags.output.path, {{"MODEL", flags.model}, {"DATA", flags.input.path}});
  Output output(flags.output, Format::csv);
  const ModelRows read = read_model_and_rows(flags.model, flags.input, flags.general);
  const Mixture& mixture = read.model.mixture;
  if (flags.mean) {
    output.write(mean_of(mixture, read.rows, n_threads));
  } else {
    output.write(Table{{"log_density"}, Matrix(read.rows.rows(), 1, log_densities(mixture, read.rows, n_threads))});
  }
  output.commit();
  return Exit::done;
}

}  // namespace mogul::cli
