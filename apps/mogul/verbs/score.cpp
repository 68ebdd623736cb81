// mogul score: the log-density of each row under a model, or their weighted mean.
#include "mogul/score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "flags/general_flags.hpp"
#include "flags/input_flags.hpp"
#include "flags/match_features.hpp"
#include "print/output.hpp"
#include "print/overwrite.hpp"

namespace mogul::cli {

namespace {

constexpr auto kExamples =
    "mogul score model.json data.csv > log_densities.csv\n"
    "mogul score model.json data.csv --lowest 10\n"
    "mogul score model.json data.csv --lowest 0.1% --append -o outliers.csv\n"
    "mogul score model.json data.csv --mean --format table\n"
    "zcat rows.csv.gz | mogul score model.json - --mean";

/// How many rows --lowest shows.
struct Lowest {
  double amount;
  bool percent;
};

struct ScoreFlags {
  std::string model;
  InputFlags input;
  OutputFlags output;
  GeneralFlags general;
  bool mean = false;
  std::optional<Lowest> lowest;
};

Lowest lowest_from(const std::string& text) {
  if (!text.ends_with('%')) {
    if (text.find('.') != std::string::npos) {
      throw UsageError(fmt::format("--lowest = {}; must be a whole number of rows, or a percentage: {}%", text, text));
    }
    return {static_cast<double>(whole_number("--lowest", text, 1)), false};
  }
  double percent = 0;
  const char* end = text.data() + text.size() - 1;
  const auto [last, error] = std::from_chars(text.data(), end, percent);
  if (error == std::errc() && last == end && percent > 0 && percent <= 100) return {percent, true};
  throw UsageError(fmt::format("--lowest = {}; must be more than 0% and at most 100%", text));
}

void declare(CommandLine& line, ScoreFlags& flags) {
  line.describe("mogul score", "Log-density of each row under a model: log p(x) = log sum_k pi_k N(x | mu_k, Sigma_k).",
                kExamples);
  add_model_argument(line, flags.model);
  add_input_flags(line, flags.input);
  FlagGroup output = line.group("Output");
  output.add_switch("--mean", flags.mean, "instead of the rows: the weighted mean, and the sum L");
  output.add_text(
      "--lowest", "N|P%", [&flags](const std::string& text) { flags.lowest = lowest_from(text); },
      "only the N rows, or P percent of the rows, of lowest log-density, lowest first, with the column row: 1, 2, ... "
      "as the rows stand in DATA");
  line.exclude("--mean", "--lowest");
  add_append_flag(line, flags.input);
  line.exclude("--mean", "--append");
  add_output_flags(line, flags.output, "file for the column log_density, in nats (default: standard output)",
                   "default csv");
  add_general_flags(line, flags.general);
}

Table mean_of(const Mixture& mixture, const DataView& rows, unsigned n_threads) {
  const Evaluation evaluation = evaluate(mixture, rows, n_threads);
  return {"log_likelihood",
          "",
          {numbers("mean_log_likelihood", {evaluation.mean_log_likelihood}),
           numbers("log_likelihood", {evaluation.log_likelihood})}};
}

// The rows of lowest log-density, lowest first, the earlier one of equals. Rows without a value are not among them.
std::vector<std::size_t> lowest_rows(const std::vector<double>& scores, const Lowest& lowest) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (!std::isnan(scores[i])) rows.push_back(i);
  }
  const auto all = static_cast<double>(rows.size());
  constexpr double kRounding = 1e-12;  // so that 7% of 100 rows are 7, whatever the product is rounded to
  const double wanted = lowest.percent ? std::ceil(lowest.amount * all / 100 * (1 - kRounding)) : lowest.amount;
  const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(std::min(wanted, all));
  const auto order = [&](std::size_t i) { return std::pair(scores[i], i); };
  std::ranges::partial_sort(rows, middle, {}, order);
  rows.erase(middle, rows.end());
  return rows;
}

Table table_of_lowest(const std::vector<double>& scores, const std::vector<std::size_t>& rows) {
  constexpr int kAllDigits = 15;
  Column numbers_of_rows = numbers("row", {});
  numbers_of_rows.digits = kAllDigits;
  std::vector<double> lowest;
  for (const std::size_t row : rows) {
    std::get<0>(numbers_of_rows.values).push_back(static_cast<double>(row + 1));
    lowest.push_back(scores[row]);
  }
  const double spread = spread_of(lowest);
  return {"scores", "", {std::move(numbers_of_rows), numbers("log_density", std::move(lowest), spread)}};
}

Table table_of(std::vector<double> scores) {
  const double spread = spread_of(scores);
  return {"scores", "", {numbers("log_density", std::move(scores), spread)}};
}

}  // namespace

Exit run_score(const Arguments& arguments) {
  CommandLine line;
  ScoreFlags flags;
  declare(line, flags);
  if (!line.parse(arguments)) return Exit::done;

  const unsigned n_threads = flags.general.n_threads;
  refuse_overwriting("-o", flags.output.path, {{"MODEL", {flags.model}}, {"DATA", flags.input.paths}});
  Output output(flags.output, Format::csv);
  if (flags.input.append) output.require_text("--append");
  ModelRows read = read_model_and_rows(flags.model, flags.input, flags.general);
  const Mixture& mixture = read.model.mixture;
  if (flags.mean) {
    output.write(mean_of(mixture, read.rows, n_threads));
  } else {
    std::vector<double> scores = with_dropped_rows(log_densities(mixture, read.rows, n_threads), read.report.dropped);
    const std::vector<std::size_t> rows = flags.lowest ? lowest_rows(scores, *flags.lowest) : all_rows(scores.size());
    Table table = flags.lowest ? table_of_lowest(scores, rows) : table_of(std::move(scores));
    if (flags.input.append) keep_columns(table, std::move(read.text), rows);
    output.write(table, flags.input.append ? flags.input.decimal : '.');
  }
  output.commit();
  return Exit::done;
}

}  // namespace mogul::cli
