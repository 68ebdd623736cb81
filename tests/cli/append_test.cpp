// score and predict with --append: the columns of the input, as they stand in it, before those of the result.
#include <limits>

#include <nlohmann/json.hpp>

#include "cli/process.hpp"
#include "mogul/io.hpp"

namespace mogul::test {
namespace {

using Append = CommandLine;

const std::string kTable =
    "day,waiting,note,eruptions\n"
    "Monday,79,\"windy, wet\",3.6\n"
    "Tuesday,54.0,,1.8\n"
    "Wednesday,,\"a \"\"quoted\"\" word\",2\n"
    "Thursday,80,007,4.5e0\n";

// Line by line: what was there, a comma, what the verb gives without the flag.
TEST_F(Append, ToCsvKeepsEveryByteOfItsLines) {
  const std::string model = write_known_model();
  const std::string rows = write("rows.csv", kTable);
  for (const std::string verb : {"score", "predict"}) {
    const Finished run = mogul({verb, model, rows, "--missing", "drop", "--append", "-q"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    const std::vector<std::string> before = lines_of(kTable);
    const std::vector<std::string> result = lines_of(mogul({verb, model, rows, "--missing", "drop", "-q"}).out);
    ASSERT_EQ(result.size(), before.size());
    EXPECT_EQ(result[3], "NA");
    std::string expected;
    for (std::size_t i = 0; i < before.size(); ++i) expected += before[i] + "," + result[i] + "\n";
    EXPECT_EQ(run.out, expected) << verb;
  }
}

TEST_F(Append, FindsTheSameFieldsWhateverTheDialect) {
  const std::string model = write_known_model();
  const std::string plain = "note,eruptions,waiting\nb,3.6,79\nc,1.8,54\n";
  const std::string expected = mogul({"predict", model, write("plain.csv", plain), "--append"}).out;
  ASSERT_EQ(lines_of(expected).size(), 3u);
  for (const char delimiter : {';', '\t', '|', ' '}) {
    std::string other = plain;
    std::ranges::replace(other, ',', delimiter);
    EXPECT_EQ(mogul({"predict", model, write("other.txt", other), "--append"}).out, expected) << delimiter;
  }
  EXPECT_EQ(mogul({"predict", model, "-", "--append"}, {.input = plain}).out, expected);
  EXPECT_EQ(mogul({"predict", model, write("twice.csv", plain + plain), "--append", "-q"}).out,
            expected + expected.substr(expected.find('\n') + 1))
      << "a repeated header is no row";
  ASSERT_EQ(shell("gzip < '" + path("plain.csv") + "' > '" + path("plain.gz") + "'").exit_code, 0);
  EXPECT_EQ(mogul({"predict", model, path("plain.gz"), "--append"}).out, expected);
}

// The whole reads back under the same flag: it has one decimal point.
TEST_F(Append, WritesTheDecimalPointOfTheInput) {
  const std::string model = write_known_model();
  const std::string rows = write("rows.csv", "note;eruptions;waiting\nb;3,6;79\nc;1,8;54,25\n");
  const std::vector<std::string> scores = lines_of(mogul({"score", model, rows, "--decimal", ","}).out);
  for (const std::string ending : {"csv", "tsv"}) {
    const std::string scored = path("scored." + ending);
    ASSERT_EQ(mogul({"score", model, rows, "--decimal", ",", "--append", "-o", scored}).exit_code, 0);
    const Dataset read = read_dataset(scored, {.columns = {"waiting", "log_density"}, .decimal = ','});
    ASSERT_EQ(read.rows(), 2u);
    for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(read.view().value(i, 1), std::stod(scores.at(i + 1))) << ending;
    EXPECT_EQ(read.view().value(1, 0), 54.25);
  }
}

TEST_F(Append, ToJsonGivesNumbersTextAndNull) {
  const std::string rows = write("rows.csv", kTable);
  const Finished run =
      mogul({"predict", write_known_model(), rows, "--missing", "drop", "--append", "--format", "json"});
  const auto objects = nlohmann::json::parse(run.out);
  ASSERT_EQ(objects.size(), 4u);
  EXPECT_EQ(objects[0].at("day"), "Monday");
  EXPECT_EQ(objects[0].at("waiting"), 79);
  EXPECT_TRUE(objects[1].at("note").is_null());
  EXPECT_TRUE(objects[2].at("label").is_null());
  EXPECT_EQ(objects[2].at("note"), "a \"quoted\" word");
  EXPECT_EQ(objects[3].at("label"), 1);
}

TEST_F(Append, ToTheLowestRowsTakesTheirs) {
  const std::string rows = write("rows.csv", "eruptions,waiting,id\n3.6,79,a\n9,9,b\n1.8,54,c\n30,30,d\n");
  const Finished run = mogul({"score", write_known_model(), rows, "--lowest", "2", "--append"});
  const std::vector<std::string> lines = lines_of(run.out);
  ASSERT_EQ(lines.size(), 3u) << run.err;
  EXPECT_EQ(lines[0], "eruptions,waiting,id,row,log_density");
  EXPECT_TRUE(lines[1].starts_with("30,30,d,4,")) << lines[1];
  EXPECT_TRUE(lines[2].starts_with("9,9,b,2,")) << lines[2];
}

TEST_F(Append, KeepsNamesApartAndRefusesWhatHoldsNoText) {
  const std::string rows = write("rows.csv", "label,eruptions,waiting\nx,3.6,79\n");
  const std::string model = write_known_model();
  EXPECT_EQ(lines_of(mogul({"predict", model, rows, "--append"}).out).at(0), "label,eruptions,waiting,label_");
  EXPECT_EQ(mogul({"predict", model, rows, "--append", "-o", path("labels.npy")}).exit_code, 2);
  EXPECT_EQ(mogul({"score", model, rows, "--append", "--mean"}).exit_code, 2);
  mogul({"sample", model, "-n", "3", "-o", path("rows.npy")});
  const Finished npy = mogul({"predict", model, path("rows.npy"), "--append"});
  EXPECT_EQ(lines_of(npy.out).at(0), "x1,x2,label") << npy.err;
  EXPECT_EQ(lines_of(npy.out).size(), 4u);
}

TEST_F(Append, ToNpyKeepsAllColumnsAndDroppedRows) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  write_npy(path("rows.npy"), Matrix(3, 3, {3.5, 79, 0.25, nan, 54, 1, 1.8, 54, nan}).view());
  const Finished run = mogul(
      {"predict", write_known_model(), path("rows.npy"), "--columns", "1,2", "--missing", "drop", "--append", "-q"});
  EXPECT_EQ(run.out, "x1,x2,x3,label\n3.5,79,0.25,1\n,54,1,NA\n1.8,54,,0\n") << run.err;
}

// The result of line n is about row n, in each format, whichever rows lack a value.
TEST_F(Append, IsNotNeededToFindTheRowOfAResult) {
  const std::string model = write_known_model();
  const std::string whole =
      mogul({"predict", model, "-"}, {.input = "eruptions,waiting\n3.6,79\n1.8,54\n4.5,80\n2,55\n"}).out;
  const std::vector<std::string> labels = lines_of(whole);
  for (unsigned set = 1; set < 15; ++set) {
    std::string rows = "eruptions,waiting\n";
    std::string expected = "label\n";
    const std::vector<std::string> values{"3.6,79", "1.8,54", "4.5,80", "2,55"};
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool lacks = (set >> i & 1U) != 0;
      rows += (lacks ? "NA,1" : values[i]) + std::string("\n");
      expected += (lacks ? "NA" : labels[i + 1]) + "\n";
    }
    write("rows.csv", rows);
    EXPECT_EQ(mogul({"predict", model, path("rows.csv"), "--missing", "drop"}).out, expected);
    mogul({"predict", model, path("rows.csv"), "--missing", "drop", "-o", path("labels.npy")});
    const Dataset npy = read_dataset(path("labels.npy"));
    ASSERT_EQ(npy.rows(), 4u);
    mogul({"score", model, path("rows.csv"), "--missing", "drop", "--format", "jsonl", "-o", path("scores.jsonl")});
    const std::vector<std::string> scores = lines_of(read("scores.jsonl"));
    for (std::size_t i = 0; i < 4; ++i) {
      const bool lacks = (set >> i & 1U) != 0;
      EXPECT_EQ(std::get<MatrixView<const double>>(npy.view().values())(i, 0) == -1, lacks);
      EXPECT_EQ(scores.at(i) == "{\"log_density\": null}", lacks);
    }
  }
}

}  // namespace
}  // namespace mogul::test
