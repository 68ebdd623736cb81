// --format table|markdown|csv|tsv|json|jsonl|npy, and the format that an output's ending means.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/process.hpp"
#include "mogul/io.hpp"

namespace mogul::test {
namespace {

using Formats = CommandLine;
using nlohmann::json;

std::vector<std::string> header_of(const std::string& text) { return {lines_of(text).front()}; }

TEST_F(Formats, OfSampleHoldTheSameNumbers) {
  const std::string model = write_known_model();
  const auto in_format = [&](const std::string& format) {
    const Finished run = mogul({"sample", model, "-n", "20", "--with-labels", "--format", format});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return run.out;
  };
  const std::string csv = in_format("csv");
  const auto rows = numbers_of(csv);
  ASSERT_EQ(rows.size(), 20u);
  EXPECT_EQ(mogul({"sample", model, "-n", "20", "--with-labels"}).out, csv) << "csv is the default";

  std::string tsv = in_format("tsv");
  std::replace(tsv.begin(), tsv.end(), '\t', ',');
  EXPECT_EQ(tsv, csv);

  json lines = json::array();
  for (const std::string& line : lines_of(in_format("jsonl"))) lines.push_back(json::parse(line));
  EXPECT_EQ(json::parse(in_format("json")), lines);
  ASSERT_EQ(lines.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(lines[i], (json{{"eruptions", rows[i][0]}, {"waiting", rows[i][1]}, {"label", rows[i][2]}}));
  }

  const Dataset npy = parse_dataset(in_format("npy"), "npy");
  ASSERT_EQ(npy.rows(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t d = 0; d < 3; ++d) EXPECT_EQ(npy.view().value(i, d), rows[i][d]);
  }
}

TEST_F(Formats, TableAlignsSixSignificantDigits) {
  const Finished run = mogul({"sample", write_known_model(), "-n", "50", "--format", "table"});
  const std::vector<std::string> lines = lines_of(run.out);
  ASSERT_EQ(lines.size(), 51u);
  for (const std::string& line : lines) EXPECT_EQ(line.size(), lines[0].size());
  const auto rows = numbers_of(mogul({"sample", path("known.json"), "-n", "50"}).out);
  double eruptions = 0;
  ASSERT_EQ(std::sscanf(lines[1].c_str(), "%lf", &eruptions), 1);
  EXPECT_NEAR(eruptions, rows[0][0], 5e-6 * std::abs(rows[0][0]));
}

TEST_F(Formats, OfEvaluateAreOneObjectOrOneRow) {
  const std::string model = write_known_model();
  const auto in_format = [&](const std::string& format) {
    const Finished run = mogul({"evaluate", model, faithful(), "--format", format});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return run.out;
  };
  const json object = json::parse(in_format("json"));
  EXPECT_EQ(json::parse(in_format("jsonl")), object);
  EXPECT_EQ(lines_of(in_format("jsonl")).size(), 1u);
  const std::string csv = in_format("csv");
  EXPECT_EQ(header_of(csv).front(),
            "n_rows,sum_weights,n_parameters,log_likelihood,mean_log_likelihood,expected_complete_log_likelihood,"
            "entropy,aic,bic,icl,component_size_0,component_size_1");
  ASSERT_EQ(numbers_of(csv).size(), 1u);
  EXPECT_EQ(numbers_of(csv)[0][3], object.at("log_likelihood"));
  EXPECT_EQ(numbers_of(csv)[0][11], object.at("component_sizes")[1]);
  EXPECT_EQ(parse_dataset(in_format("npy"), "npy").cols(), 12u);
  EXPECT_EQ(in_format("table"), mogul({"evaluate", model, faithful()}).out) << "table is the default";
  EXPECT_NE(in_format("table").find("bic  "), std::string::npos);
  EXPECT_NE(in_format("table").find("  component_size_1  "), std::string::npos) << "one name for a number";
}

// The distinct values of the last column of a table for people.
std::set<std::string> last_column(const std::string& table) {
  std::set<std::string> values;
  for (const std::string& line : lines_of(table)) values.insert(line.substr(line.find_last_of(' ') + 1));
  return values;
}

TEST_F(Formats, ForPeopleShowDifferencesFarFromZero) {
  const std::string far = path("far.json");
  mogul({"model", "--means", "1000000000", "--variances", "4", "-o", far});
  for (const std::string format : {"table", "markdown"}) {
    const std::string rows = mogul({"sample", far, "-n", "9", "--format", format}).out;
    EXPECT_NE(rows.find("1000000000."), std::string::npos) << rows;
  }
  EXPECT_EQ(last_column(mogul({"sample", far, "-n", "9", "--format", "table"}).out).size(), 10u) << "and the name";
  // Log-densities of -5e15 that differ by 1e7.
  const std::string data = write("rows.csv", "x1\n1\n2\n3\n4\n");
  const std::string narrow = path("narrow.json");
  mogul({"model", "--means", "1000000000", "--variances", "1e2", "-o", narrow});
  EXPECT_EQ(last_column(mogul({"score", narrow, data, "--format", "table"}).out).size(), 5u);
}

TEST_F(Formats, ForPeopleShowWholeRowNumbers) {
  std::string rows = "x1\n";
  for (int i = 1; i < 1234567; ++i) rows += "0\n";
  const std::string data = write("rows.csv", rows + "9\n");
  const std::string model = path("model.json");
  mogul({"model", "--means", "0", "--variances", "1", "-o", model});
  EXPECT_NE(mogul({"score", model, data, "--lowest", "1", "--format", "table"}).out.find("  1234567  "),
            std::string::npos);
}

TEST_F(Formats, OfFitAndInspectAreTheReportTheModelFileOrARowPerComponent) {
  mogul({"fit", faithful(), "-k", "2", "-o", path("model.json")});
  const std::string model = path("model.json");
  const json file = json::parse(read("model.json"));
  EXPECT_EQ(json::parse(mogul({"inspect", model, "--format", "json"}).out), file);
  const std::string line = mogul({"inspect", model, "--format", "jsonl"}).out;
  EXPECT_EQ(lines_of(line).size(), 1u);
  EXPECT_EQ(json::parse(line), file);

  const std::string csv = mogul({"inspect", model, "--format", "csv"}).out;
  EXPECT_EQ(header_of(csv).front(),
            "component,weight,size,mean_eruptions,mean_waiting,standard_deviation_eruptions,"
            "standard_deviation_waiting");
  EXPECT_EQ(numbers_of(csv)[1][1], file.at("weights")[1]);
  EXPECT_EQ(numbers_of(csv)[1][4], file.at("means")[1][1]);
  EXPECT_EQ(numbers_of(csv)[1][6], std::sqrt(file.at("covariances")[1][1][1].get<double>()));
  EXPECT_EQ(mogul({"fit", faithful(), "-k", "2", "--format", "csv"}).out, csv);
  EXPECT_EQ(parse_dataset(mogul({"inspect", model, "--format", "npy"}).out, "npy").rows(), 2u);
}

TEST_F(Formats, TheEndingOfTheOutputDecidesUnlessFormatIsGiven) {
  const std::string model = write_known_model();
  const auto sampled = [&](const std::string& name, const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"sample", model, "-n", "3", "-o", path(name)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Finished run = mogul(arguments);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.out, "");
    return read(name);
  };
  const std::string csv = sampled("rows.csv", {});
  EXPECT_EQ(sampled("rows.dat", {}), csv) << "an unknown ending means the default";
  EXPECT_EQ(sampled("rows.tsv", {}).find(','), std::string::npos);
  EXPECT_TRUE(sampled("rows.npy", {}).starts_with("\x93NUMPY"));
  EXPECT_EQ(json::parse(sampled("rows.json", {})).size(), 3u);
  EXPECT_EQ(lines_of(sampled("rows.jsonl", {})).size(), 3u);
  EXPECT_EQ(sampled("text.json", {"--format", "csv"}), csv);
  EXPECT_EQ(mogul({"sample", model, "-n", "3", "-o", path("rows.csv.gz")}).exit_code, 2) << "not compressed";
}

TEST_F(Formats, NamesAreQuotedInCsvAndEscapedInJson) {
  const Mixture mixture(families::spherical, {1}, Matrix(1, 2, {0, 0}), {1});
  write_model(path("model.json"), {mixture, {"height, cm", "the \"b\""}, {}, {}});
  const std::string csv = mogul({"sample", path("model.json"), "-n", "2"}).out;
  EXPECT_EQ(lines_of(csv)[0], "\"height, cm\",\"the \"\"b\"\"\"");
  EXPECT_EQ(mogul({"score", path("model.json"), "-"}, {.input = csv}).exit_code, 0);
  const json rows = json::parse(mogul({"sample", path("model.json"), "-n", "2", "--format", "json"}).out);
  EXPECT_TRUE(rows[0].contains("the \"b\""));
}

TEST_F(Formats, MarkdownIsATableOfWhatCsvHasWithFewerDigits) {
  const std::string model = write_known_model();
  for (const std::string verb : {"inspect", "evaluate", "predict", "score"}) {
    std::vector<std::string> arguments = {verb, model};
    if (verb != "inspect") arguments.push_back(faithful());
    arguments.insert(arguments.end(), {"--format", "markdown"});
    const Finished run = mogul(arguments);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    const std::vector<std::string> lines = lines_of(run.out);
    ASSERT_GE(lines.size(), 3u) << verb;
    const auto bars = std::ranges::count(lines[0], '|');
    for (const std::string& line : lines) EXPECT_EQ(std::ranges::count(line, '|'), bars) << line;
    EXPECT_TRUE(lines[1].starts_with("| ---")) << lines[1];
    arguments.back() = "md";
    EXPECT_EQ(mogul(arguments).out, run.out);
    arguments.erase(arguments.end() - 2, arguments.end());
    arguments.insert(arguments.end(), {"-o", path("t.md")});
    EXPECT_EQ(mogul(arguments).exit_code, 0);
    EXPECT_EQ(read("t.md"), run.out) << verb;
  }
}

}  // namespace
}  // namespace mogul::test
