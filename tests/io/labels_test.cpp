#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <random>

#include "io/files.hpp"
#include "io/npy_bytes.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

using test::message_of;
using test::TemporaryFolder;
using test::write_bytes;
using Labels = std::vector<std::int32_t>;

class ReadLabels : public testing::Test {
 protected:
  Labels read(std::string_view text) {
    write_bytes(path, text);
    return read_labels(path);
  }
  std::string error(std::string_view text) {
    const std::string message = message_of<invalid_data>([&] { read(text); });
    EXPECT_TRUE(message.starts_with(path + ": ")) << message;
    return message.substr(std::min(message.size(), path.size() + 2));
  }

  TemporaryFolder folder;
  std::string path = folder / "z.txt";
};

TEST_F(ReadLabels, NumbersDistinctIntegersInAscendingOrder) {
  EXPECT_EQ(read("7\n-3\n7\n100\n"), (Labels{1, 0, 1, 2}));
  EXPECT_EQ(read("9223372036854775807\n-9223372036854775808\n"), (Labels{1, 0}));
}

TEST(NumberLabels, LeavesNumbersOfComponentsAsTheyAre) {
  EXPECT_EQ(number_labels(std::vector<std::int64_t>{2, 0, 2}, 3), (Labels{2, 0, 2}));
  EXPECT_EQ(number_labels(std::vector<std::int64_t>{2, 0, 2}, 9), (Labels{2, 0, 2}));
  EXPECT_EQ(number_labels(std::vector<std::int64_t>{2, 0, 2}, 2), (Labels{1, 0, 1}));
  EXPECT_EQ(number_labels(std::vector<std::int64_t>{}, 0), Labels{});
}

TEST(NumberLabels, RefusesMoreOrFewerOtherNumbersThanComponents) {
  const auto error = [](std::vector<std::int64_t> labels, std::size_t n_components) {
    return message_of<invalid_argument>([&] { number_labels(labels, n_components); });
  };
  EXPECT_EQ(error({7, 8, 9}, 2), "labels hold 3 different numbers; must be n_components = 2, or lie in 0..1");
  EXPECT_EQ(error({7, 7}, 2), "labels hold 1 different number; must be n_components = 2, or lie in 0..1");
  EXPECT_EQ(error({}, 2), "labels hold 0 different numbers; must be n_components = 2, or lie in 0..1");
}

RC_GTEST_PROP(NumberLabels, NumbersOthersAsIfTheyWereAlone, (std::vector<std::int64_t> labels)) {
  RC_PRE(!labels.empty());
  labels.push_back(-1);
  const Labels alone = number_labels(labels);
  RC_ASSERT(number_labels(labels, static_cast<std::size_t>(std::ranges::max(alone)) + 1) == alone);
}

TEST_F(ReadLabels, AllowsAHeaderBlankLinesAndBlanks) {
  EXPECT_EQ(read("class\r\n 2\r\n\r\n1 \r\n2"), (Labels{1, 0, 1}));
  EXPECT_EQ(read("cluster id\n2\n1\n"), (Labels{1, 0}));
  EXPECT_EQ(read("# written by a program\n# label\n2\n1\n"), (Labels{1, 0}));
}

TEST_F(ReadLabels, ReadsEverySpellingOfAnInteger) {
  for (const char* two :
       {"2", "+2", "\"2\"", "\" 2 \"", "2.0", "2.", "+2.0", "20e-1", "2.000000000000000000e+00", "002"}) {
    EXPECT_EQ(read(std::string("3\n") + two + "\n2\n"), (Labels{1, 0, 0})) << two;
    EXPECT_EQ(read(std::string(two) + "\n3\n2\n"), (Labels{0, 1, 0})) << two;
  }
  EXPECT_EQ(read("-0\n0\n-0.0\n+1\n-1\n"), (Labels{1, 1, 1, 2, 0}));
  EXPECT_EQ(read("4294967296\n2147483648\n"), (Labels{1, 0}));
}

TEST_F(ReadLabels, SkipsAByteOrderMark) {
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "5\n7\n5\n"),
            (Labels{0, 1, 0}));
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "class\r\n5\r\n7\r\n"),
            (Labels{0, 1}));
}

TEST_F(ReadLabels, LeavesOutAColumnThatOnlyNumbersTheRows) {
  EXPECT_EQ(read(",0\n0,5\n1,7\n2,5\n"), (Labels{0, 1, 0}));                      // pandas: series.to_csv
  EXPECT_EQ(read("Unnamed: 0,label\n0,5\n1,7\n"), (Labels{0, 1}));                // the same, read and written again
  EXPECT_EQ(read("\"\",\"x\"\n\"1\",5\n\"2\",7\n\"3\",5\n"), (Labels{0, 1, 0}));  // R: write.csv
  EXPECT_EQ(read("\"x\"\n\"1\" 5\n\"2\" 7\n"), (Labels{0, 1}));                   // R: write.table
  EXPECT_EQ(read("\"x\"\n\"1\"\t5\n\"2\"\t7\n"), (Labels{0, 1}));
}

TEST_F(ReadLabels, RefusesColumnsThatMayMeanSomething) {
  EXPECT_EQ(error("id,label\n1,5\n2,7\n"), "line 2: 2 columns; must be one integer per line");
  EXPECT_EQ(error("1,5\n2,7\n"), "line 1: 2 columns; must be one integer per line");
  EXPECT_EQ(error(",a,b\n0,5,1\n"), "line 2: 3 columns; must be one integer per line");
  EXPECT_EQ(error(",label\n0,5\n2,7\n"),
            "line 3: 2 columns, and the first does not number the rows; must be one integer per line");
  EXPECT_EQ(error("1\n2\n1,2\n"), "line 3: '1,2'; must be one integer of at most 64 bits");
}

TEST_F(ReadLabels, NamesTheLineThatIsNotOneInteger) {
  const std::string rule = "; must be one integer of at most 64 bits";
  EXPECT_EQ(error("class\n1\ntwo\n"), "line 3: 'two'" + rule);
  EXPECT_EQ(error("1\n\n2.5\n"), "line 3: '2.5'" + rule);
  EXPECT_EQ(error("1.5\n2\n"), "line 1: '1.5'" + rule);
  EXPECT_EQ(error("1\n99999999999999999999\n"), "line 2: '99999999999999999999'" + rule);
  EXPECT_EQ(error("1\n9223372036854775808\n"), "line 2: '9223372036854775808'" + rule);
  EXPECT_EQ(error("1\n1e17\n"), "line 2: '1e17'" + rule);
  EXPECT_EQ(error("1\ninf\n"), "line 2: 'inf'" + rule);
  EXPECT_EQ(error("a\nb\n1\n"), "line 2: 'b'" + rule);
}

TEST_F(ReadLabels, NamesTheRowThatHasNone) {
  for (const char* missing : {"NA", "NaN", "nan", "null", "?", "\"\"", "None"}) {
    const std::string message = error(std::string("class\n1\n") + missing + "\n2\n");
    EXPECT_TRUE(message.starts_with("line 3: '")) << message;
    EXPECT_TRUE(message.ends_with("': the row has no label; leave it out here and in the data")) << message;
  }
  EXPECT_TRUE(error("NA\n1\n").starts_with("line 1: 'NA': the row has no label"));
}

TEST_F(ReadLabels, RefusesAFileWithoutLabels) {
  EXPECT_EQ(error(""), "no labels; must have one integer per line");
  EXPECT_EQ(error("class\n"), "no labels; must have one integer per line");
  EXPECT_EQ(error("\xEF\xBB\xBF"), "no labels; must have one integer per line");
}

// Every type of NumPy that can hold them, as one dimension, a column or a row.
TEST_F(ReadLabels, ReadsNpy) {
  const Matrix labels(4, 1, {7, 3, 7, 0});
  for (const char* descr : {"<i1", "|u1", "<i2", ">i4", "<u8", "<i8", ">f8", "<f4", "<f2"}) {
    for (const char* shape : {"(4,)", "(4, 1)", "(1, 4)"}) {
      EXPECT_EQ(parse_labels(test::npy_of(labels, descr, shape), "t.npy"), (Labels{2, 1, 2, 0})) << descr << shape;
    }
  }
  EXPECT_EQ(parse_labels(test::npy_of(Matrix(2, 1, {1, 0}), "|b1", "(2,)"), "t.npy"), (Labels{1, 0}));
}

TEST_F(ReadLabels, ReadsWhatMogulWrote) {
  write_npy(path, Matrix(3, 1, {1, 0, 1}).view());
  EXPECT_EQ(read_labels(path), (Labels{1, 0, 1}));
}

TEST_F(ReadLabels, RefusesNpyThatIsNotOneColumnOfIntegers) {
  const auto refusal = [&](const Matrix& x, const std::string& descr, const std::string& shape) {
    return message_of<invalid_data>([&] { parse_labels(test::npy_of(x, descr, shape), "t.npy"); });
  };
  EXPECT_EQ(refusal(Matrix(2, 1, {1, 2.5}), "<f8", "(2,)"),
            "t.npy: row 2: 2.5; must be one integer of at most 64 bits");
  EXPECT_EQ(refusal(Matrix(2, 1, {1, NAN}), "<f8", "(2,)"),
            "t.npy: row 2: nan; the row has no label; leave it out here and in the data");
  EXPECT_EQ(refusal(Matrix(2, 2, {1, 2, 3, 4}), "<i8", "(2, 2)"), "t.npy: 2 columns; must be one, of integers");
}

TEST_F(ReadLabels, NamesAFileThatCannotBeRead) {
  EXPECT_EQ(message_of<io_error>([&] { read_labels(folder / "none"); }),
            "cannot read '" + (folder / "none") + "': No such file or directory");
}

TEST_F(ReadLabels, KeepsTheSystemsErrorNumber) {
  try {
    read_labels(folder / "none");
    FAIL();
  } catch (const io_error& error) {
    EXPECT_EQ(error.code(), ENOENT);
  }
}

RC_GTEST_FIXTURE_PROP(ReadLabels, KeepsTheOrderOfAnyIntegers, ()) {
  const auto given = *rc::gen::nonEmpty(rc::gen::arbitrary<std::vector<std::int16_t>>());
  std::string text;
  for (const std::int16_t value : given) text += std::to_string(value) + "\n";
  const Labels labels = read(text);
  RC_ASSERT(labels.size() == given.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    RC_ASSERT((labels[i] < labels[0]) == (given[i] < given[0]));
    RC_ASSERT((labels[i] == labels[0]) == (given[i] == given[0]));
  }
  auto distinct = given;
  std::ranges::sort(distinct);
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  RC_ASSERT(static_cast<std::size_t>(*std::ranges::max_element(labels)) + 1 == distinct.size());
}

// Any integers, in any spelling, under any header, in text with and without a mark and in NPY.
RC_GTEST_PROP(LabelSpellings, AreReadInEverySpelling, (std::uint64_t seed)) {
  std::mt19937_64 engine(seed);
  const auto dice = [&](std::size_t n) { return engine() % n; };
  const std::size_t n_bits = 2 + dice(62);
  std::vector<std::int64_t> labels(1 + dice(20));
  for (std::int64_t& label : labels) label = static_cast<std::int64_t>(engine()) >> (64 - n_bits);
  const std::string line_end = dice(2) == 0 ? "\n" : "\r\n";
  const std::string column = std::vector<std::string>{"", ",", ";", "\t"}[dice(4)];  // behind the number of the row
  std::string text = dice(2) == 0 ? "\xEF\xBB\xBF" : "";
  if (!column.empty() || dice(2) == 0) text += column + "label" + line_end;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const bool exact = std::abs(labels[i]) < (std::int64_t{1} << 53);
    std::string label = std::to_string(labels[i]);
    switch (dice(exact ? 6 : 3)) {
      case 0: label = labels[i] > 0 ? "+" + label : label; break;
      case 1: label = "\"" + label + "\""; break;
      case 2: break;
      case 3: label += ".0"; break;
      case 4: label = fmt::format("{:.18e}", static_cast<double>(labels[i])); break;
      default: label = " " + label + " "; break;
    }
    text += (column.empty() ? "" : std::to_string(i) + column) + label + line_end;
  }
  RC_LOG() << text;
  RC_ASSERT(parse_labels(text, "t") == number_labels(labels));
}

}  // namespace
}  // namespace mogul
