// The flags of `mogul model`: the parameters of a mixture, as they are typed.
#include "flags/model_flags.hpp"

#include <utility>

#include "flags/covariance_flag.hpp"
#include "print/model_output.hpp"
#include "print/overwrite.hpp"

namespace mogul::cli {

namespace {

constexpr auto kExamples =
    "mogul model --weights 1/3,1/3,1/3 --means -4,0,8 --variances 1,0.2,3 -o start.json\n"
    "mogul model --weights 0.5,0.2,0.3 --means -2,1,4 --variances 0.5,2,1 | mogul inspect -\n"
    "mogul model --means '0,0;3,3' --variances '1,2;0.5,1' -o start.json\n"
    "mogul model --means '0,0;3,3' --variances 1,2 --covariance spherical -o start.json\n"
    "mogul model --means '0,0;3,3' --covariances matrices.csv --features height,weight -o start.json\n"
    "mogul model --means -4,0,8 --standard-deviations 1 | mogul sample - -n 1000 > rows.csv";

void add_mixture_flags(CommandLine& line, ModelFlags& flags) {
  FlagGroup mixture = line.group("Mixture");
  mixture.add_text(
      "--means", "LIST", [&flags](const std::string& text) { flags.means = number_lists("--means", text); },
      "with one feature, a mean per component: -4,0,8; with several, a list per component, ';' between the lists and "
      "quotes around the whole: \"0,0;3,3\" (required)");
  mixture.add_text(
      "--weights", "LIST", [&flags](const std::string& text) { flags.weights = number_list("--weights", text); },
      "mixing weights, one per component, which sum to 1: 1/3,2/3 (default: all equal); in other verbs --weights names "
      "a "
      "column of row weights");
  mixture.add_text(
      "--variances", "LIST", [&flags](const std::string& text) { flags.variances = number_lists("--variances", text); },
      "one per component, or one for all; with several features also a list per component, \"1,2;0.5,1\" (diagonal), "
      "or "
      "one list for all, 1,2 (tied_diagonal)");
  mixture.add_text(
      "--standard-deviations", "LIST",
      [&flags](const std::string& text) { flags.standard_deviations = number_lists("--standard-deviations", text); },
      "in place of --variances, which are their squares");
  mixture.add_text(
      "--covariances", "FILE", flags.covariances,
      "CSV, TSV or NPY file with a matrix per component, one below the other (full), or one for all (tied): K D or D "
      "rows of D numbers, with or without a first line of names; - reads standard input");
  add_covariance_flag(mixture, flags.covariance,
                      "structure of the covariances (default: the one that needs as many numbers as are given)");
  mixture.add_names("--features", flags.features,
                    "names of the features (default: those of --covariances, or x1, x2, ...)");
  for (const auto& [one, other] :
       {std::pair{"--variances", "--standard-deviations"}, std::pair{"--variances", "--covariances"},
        std::pair{"--standard-deviations", "--covariances"}}) {
    line.exclude(one, other);
  }
}

}  // namespace

void declare(CommandLine& line, ModelFlags& flags) {
  line.describe("mogul model", "A model file from known parameters: a start for `mogul fit --from`, or a density.",
                kExamples);
  add_mixture_flags(line, flags);
  add_output_flags(line, flags.output, "file for the model (default: standard output)",
                   "default json: the model file; jsonl: the same on one line; table: what it holds; markdown, csv, "
                   "tsv, npy: a row per component");
  add_spread_flag(line, flags.spread);
  add_general_flags(line, flags.general);
}

void check(const ModelFlags& flags) {
  if (flags.means.empty()) throw UsageError("--means is missing; where are the components?");
  if (flags.variances.empty() && flags.standard_deviations.empty() && flags.covariances.empty()) {
    throw UsageError(
        "--variances is missing (or --standard-deviations, or --covariances); how wide are the components? A list "
        "with ';' needs quotes, as ';' ends a command");
  }
  refuse_overwriting("-o", flags.output.path, {{"--covariances", {flags.covariances}}});
}

}  // namespace mogul::cli
