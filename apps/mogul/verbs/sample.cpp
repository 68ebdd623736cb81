// mogul sample: rows drawn from a model, with the component that each came from where asked.
#include "mogul/sample.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "flags/general_flags.hpp"
#include "flags/input_flags.hpp"
#include "print/output.hpp"
#include "print/overwrite.hpp"

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

Table table_of(Sample sample, std::vector<std::string> names, bool with_labels) {
  const std::size_t rows = sample.x.rows();
  const std::size_t features = sample.x.cols();
  if (!with_labels) return {std::move(names), std::move(sample.x)};
  std::string label = "label";
  while (std::ranges::find(names, label) != names.end()) label += '_';  // a feature may be called that
  names.push_back(label);
  Matrix values(rows, features + 1);
  for (std::size_t i = 0; i < rows; ++i) {
    std::copy_n(sample.x.row(i).begin(), features, values.row(i).begin());
    values(i, features) = sample.z[i];
  }
  return {std::move(names), std::move(values)};
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
  const ModelFile model = read_model(flags.model);
  Sample drawn = sample(model.mixture, *flags.n_rows, flags.seed, flags.general.n_threads);
  output.write(table_of(std::move(drawn), model.feature_names, flags.with_labels));
  output.commit();
  return Exit::done;
}

}  // namespace mogul::cli
