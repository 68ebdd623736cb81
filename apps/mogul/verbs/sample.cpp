// mogul sample: rows drawn from a model, with the component that each came from where asked.
#include "mogul/sample.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "flags/general_flags.hpp"
#include "flags/input_flags.hpp"
#include "mogul/report.hpp"
#include "print/output.hpp"
#include "print/overwrite.hpp"
#include "print/read_model.hpp"

namespace mogul::cli {

namespace {

constexpr auto kExamples =
    "mogul sample model.json -n 1000 --seed 7 > rows.csv\n"
    "mogul sample model.json -n 1000000 -o rows.npy\n"
    "mogul sample model.json -n 10 --with-labels --format table";

struct SampleFlags {
  std::string model;
  OutputFlags output;
  std::uint64_t seed = 0;
  GeneralFlags general;
  std::optional<std::size_t> n_rows;
  bool with_labels = false;
};

void declare(CommandLine& line, SampleFlags& flags) {
  line.describe("mogul sample", "Rows drawn from a model: first the component, then the point.", kExamples);
  add_model_argument(line, flags.model);
  FlagGroup sample = line.group("Sample");
  sample.add_number("-n,--n-rows", flags.n_rows, "rows to draw (required)");
  sample.add_switch("--with-labels", flags.with_labels,
                    "add a last column, label: the component of each row, 0 to K-1");
  add_output_flags(line, flags.output, "file for the rows (default: standard output)", "default csv");
  add_seed_flag(line, flags.seed);
  add_general_flags(line, flags.general);
}

Table table_of(const Sample& drawn, const ModelFile& model, bool with_labels) {
  Table table{"sample", "", {}};
  for (std::size_t d = 0; d < drawn.x.cols(); ++d) {
    table.columns.push_back(
        numbers(model.feature_names[d], column_of(drawn.x, d), largest_standard_deviation(model.mixture, d)));
  }
  if (!with_labels) return table;
  std::string label = "label";
  while (std::ranges::find(model.feature_names, label) != model.feature_names.end()) {
    label += '_';  // a feature may be called that
  }
  table.columns.push_back(numbers(std::move(label), {drawn.z.begin(), drawn.z.end()}));
  return table;
}

}  // namespace

Exit run_sample(const Arguments& arguments) {
  CommandLine line;
  SampleFlags flags;
  declare(line, flags);
  if (!line.parse(arguments)) return Exit::done;
  if (!flags.n_rows) throw UsageError("-n is missing; how many rows?");

  refuse_overwriting("-o", flags.output.path, {{"MODEL", {flags.model}}});
  Output output(flags.output, Format::csv);
  const ModelFile model = read_model_with_notes(flags.model);
  output.write(
      table_of(sample(model.mixture, *flags.n_rows, flags.seed, flags.general.n_threads), model, flags.with_labels));
  output.commit();
  return Exit::done;
}

}  // namespace mogul::cli
