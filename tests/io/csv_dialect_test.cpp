// How files write their rows: delimiters, decimal commas, comments, lines to skip, index columns, joined files.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <random>

#include "io/text.hpp"

namespace mogul {
namespace {

using test::matrix_of;
using test::names_of;
using test::text_error;
using Names = std::vector<std::string>;

const Matrix kRows(3, 2, {1.5, 2, 3, 5, 4, 4});

Names notes_of(const std::string& text, const ReadOptions& options = {}) {
  ReadReport report;
  parse_dataset(text, "t.csv", options, &report);
  return report.notes;
}

TEST(CsvDialect, FindsTheDelimiterInSeveralLines) {
  EXPECT_EQ(matrix_of("time, s;length, m\n1.5;2\n3;5\n4;4\n"), kRows);
  EXPECT_EQ(names_of("time, s;length, m\n1.5;2\n3;5\n"), (Names{"time, s", "length, m"}));
  EXPECT_EQ(names_of("mean size\n1.5\n3\n4\n"), Names{"mean size"});
  EXPECT_EQ(names_of("a b,c d\n1.5,2\n3,5\n"), (Names{"a b", "c d"}));
  EXPECT_EQ(matrix_of("x|y\n1.5|2\n3|5\n4|4\n"), kRows);
  EXPECT_EQ(matrix_of("1.5|2\n3|5\n4|4\n"), kRows);
  EXPECT_EQ(matrix_of("1.5 \t2\n3   5\n4\t4\n"), kRows);
  EXPECT_EQ(matrix_of("when,x,y\n2020-01-01 10:00,1.5,2\n2020-01-02 11:00,3,5\n2020-01-02 12:00,4,4\n",
                      {.exclude = {"when"}}),
            kRows);
}

TEST(CsvDialect, ReadsDecimalCommas) {
  const ReadOptions comma{.decimal = ','};
  EXPECT_EQ(matrix_of("x;y\n1,5;2,0\n3;5\n4;4\n", comma), kRows);
  EXPECT_EQ(matrix_of("1,5\t2,0\n3\t5\n4\t4\n", comma), kRows);
  EXPECT_EQ(matrix_of("x y\n1,5 2,0\n3 5\n4 4\n", comma), kRows);
  EXPECT_NE(text_error("x;y\n1.5;2\n", comma).find("decimal"), std::string::npos);
  EXPECT_EQ(matrix_of("x,y\n\"1,5\",2\n3,5\n4,4\n", comma), kRows) << "in quotes, where the comma delimits";
  EXPECT_THROW(test::read_text("1;2\n", {.delimiter = ',', .decimal = ','}), invalid_argument);
  EXPECT_THROW(test::read_text("1,5,2,5\n2,5,3,5\n", {.delimiter = ',', .decimal = ','}), invalid_argument);
  EXPECT_THROW(test::read_text("1;2\n", {.decimal = ';'}), invalid_argument);
}

TEST(CsvDialect, NamesADecimalCommaThatItIsNotAskedToRead) {
  for (const std::string text : {"x;y\n1,5;2,5\n2,5;3,7\n3,1;4,9\n", "1,5;2,5\n2,5;3,7\n3,1;4,9\n",
                                 "x\ty\n1,5\t2,5\n2,5\t3,7\n", "x\n1,5\n2,5\n", "x y\n1,5 2,5\n2,5 3,7\n"}) {
    EXPECT_NE(text_error(text).find("--decimal ,"), std::string::npos) << text_error(text);
  }
}

TEST(CsvDialect, LeavesOutComments) {
  EXPECT_EQ(matrix_of("# made by a logger\nx,y\n1.5,2\n3,5\n4,4\n"), kRows);
  EXPECT_EQ(names_of("# x,y\n1.5,2\n3,5\n4,4\n"), (Names{"x", "y"}));
  EXPECT_EQ(names_of("# ra dec\n1.5e+00 2.0e+00\n3.0e+00 5.0e+00\n"), (Names{"ra", "dec"}));
  EXPECT_EQ(names_of("#\"Step\",\"T (K)\"\n0,298.1\n1,140.2\n2,158.9\n"), (Names{"Step", "T (K)"}));
  EXPECT_EQ(matrix_of("# made by a logger\n1.5,2\n3,5\n4,4\n"), kRows);
  EXPECT_EQ(matrix_of("% title\nx,y\n1.5,2\n% more, or less\n3,5\n\n  %\n4,4\n", {.comment = '%'}), kRows);
  EXPECT_EQ(names_of("% x,y\n1.5,2\n3,5\n", {.comment = '%'}), (Names{"x", "y"}));
  EXPECT_EQ(names_of("# x y\n1.5 2\n3 5\n", {.header = Header::no}), (Names{"x1", "x2"}));
  EXPECT_EQ(notes_of("# x,y\n1.5,2\n3,5\n"), Names{"t.csv: line 1: the names of the columns are those in the comment"});
  EXPECT_NE(text_error("x,y\n1.5,2\n# more\n3,5\n").find("--comment '#'"), std::string::npos);
  EXPECT_NE(text_error("x\n1.5\n# more\n3\n").find("--comment '#'"), std::string::npos);
}

TEST(CsvDialect, TakesNoMissingValueForAComment) {
  EXPECT_NE(text_error("#N/A,5\n1,2\n3,4\n").find("'#N/A' is a missing value"), std::string::npos);
  EXPECT_EQ(names_of("#,x\n0,1.5\n1,2.5\n"), (Names{"#", "x"}));
}

TEST(CsvDialect, SkipsLinesThatItIsToldTo) {
  EXPECT_EQ(matrix_of("Run 7\n\nx,y\n1.5,2\n3,5\n4,4\n", {.skip_lines = 2}), kRows);
  EXPECT_EQ(text_error("Run 7\nx,y\n1.5,2\n3,abc\n4,5\n5,6\n", {.skip_lines = 1}).substr(0, 6), "line 4");
  EXPECT_EQ(text_error("x\n1\n", {.skip_lines = 9}), "no data; must have at least one row");
}

TEST(CsvDialect, ReadsTheDelimiterThatExcelNames) {
  EXPECT_EQ(names_of("sep=;\r\nx;y\r\n1;2\r\n3;5\r\n"), (Names{"x", "y"}));
  EXPECT_EQ(matrix_of("\"sep=|\"\n1.5|2\n3|5\n4|4\n"), kRows);
}

TEST(CsvDialect, LeavesOutAnIndexWithoutAName) {
  for (const std::string text :
       {",x,y\n0,1.5,2\n1,3,5\n2,4,4\n", "\"\",\"x\",\"y\"\n\"1\",1.5,2\n\"2\",3,5\n\"3\",4,4\n",
        "Unnamed: 0,x,y\n7,1.5,2\n8,3,5\n9,4,4\n", "\"x\" \"y\"\n\"1\" 1.5 2\n\"2\" 3 5\n\"3\" 4 4\n",
        "x y\n1 1.5 2\n2 3 5\n3 4 4\n"}) {
    EXPECT_EQ(matrix_of(text), kRows) << text;
    EXPECT_EQ(names_of(text), (Names{"x", "y"})) << text;
    EXPECT_EQ(notes_of(text).size(), 1U) << text;
    EXPECT_EQ(matrix_of(text, {.exclude = {"1"}}), kRows) << text;
    EXPECT_EQ(matrix_of(text, {.columns = {"1", "y"}}).cols(), 2U) << text;
  }
  EXPECT_EQ(notes_of(",x\n0,1\n1,3\n"),
            Names{"t.csv: left out column 1, which has no name and counts the rows from 0: an index"});
}

TEST(CsvDialect, LeavesOutRowNamesThatRWrites) {
  EXPECT_EQ(matrix_of("\"x\" \"y\"\n\"a\" 1.5 2\n\"b c\" 3 5\n\"d\" 4 4\n"), kRows);
  EXPECT_EQ(matrix_of("x,y\na,1.5,2\nb,3,5\nc,4,4\n"), kRows);
}

TEST(CsvDialect, RefusesAFirstColumnWithoutANameThatDoesNotCount) {
  for (const std::string text : {",x\n0,1\n2,3\n", ",x\na,1\nb,3\n", ",x\n0.5,1\n1.5,3\n"}) {
    const std::string message = text_error(text);
    EXPECT_NE(message.find("--exclude 1"), std::string::npos) << message;
    EXPECT_NE(message.find("--columns"), std::string::npos) << message;
    EXPECT_EQ(matrix_of(text, {.exclude = {"1"}}), Matrix(2, 1, {1, 3}));
    EXPECT_EQ(matrix_of(text, {.columns = {"x"}}), Matrix(2, 1, {1, 3}));
  }
  std::string long_text = ",x\n";
  for (int i = 0; i < 1000; ++i) long_text += fmt::format("{},1\n", i == 900 ? 17 : i);
  EXPECT_NE(text_error(long_text).find("line 902: column 1 has no name"), std::string::npos) << text_error(long_text);
  EXPECT_NE(text_error("x,y\n1,2,3\n").find("line 2: 3 fields, but line 1 has 2 names"), std::string::npos);
  EXPECT_NE(text_error("x,y\n1.5,2,3\n2.5,4,7\n").find("3 fields, but line 1 has 2 names"), std::string::npos);
}

TEST(CsvDialect, LetsRealNamesWinOverMadeUpOnes) {
  EXPECT_EQ(matrix_of(",x1,x2\n0,1.5,2\n1,3,5\n2,4,4\n", {.columns = {"x1", "x2"}}), kRows);
  EXPECT_EQ(names_of("x2,,x3\n1,2,3\n4,5,7\n"), (Names{"x2", "x2_", "x3"}));
}

TEST(CsvDialect, LeavesOutAnEmptyColumnAtTheEnd) {
  for (const std::string text : {"x,y,\n1.5,2,\n3,5,\n4,4,\n", "x,y\n1.5,2,\n3,5,\n4,4,\n", "1.5,2,\n3,5,\n4,4,\n"}) {
    EXPECT_EQ(matrix_of(text), kRows) << text;
    EXPECT_EQ(notes_of(text).size(), 1U) << text;
  }
  std::string text;
  for (int i = 0; i < 100; ++i) text += i == 80 ? "1.5,2\n" : "1.5,\n";
  EXPECT_NE(text_error(text).find("line 81: column 2 has no name and was empty so far"), std::string::npos);
}

TEST(CsvDialect, SkipsTheHeaderOfJoinedFiles) {
  EXPECT_EQ(matrix_of("x,y\n1.5,2\n3,5\nx,y\n4,4\n"), kRows);
  EXPECT_EQ(matrix_of("\"2019\",\"2020\"\n1.5,2\n3,5\n\"2019\",\"2020\"\r\n4,4\n"), kRows);
  EXPECT_EQ(notes_of("x\n1\nx\n2\nx\n", {.header = Header::yes}),
            Names{"t.csv: left out 2 lines that repeat the header, the first in line 3"});
  ReadReport report;
  parse_dataset("x\n1\nx\nNA\n3\n", "t.csv", {.header = Header::yes, .missing = Missing::drop}, &report);
  EXPECT_EQ(report.dropped, std::vector<std::size_t>{1});
}

// A line that reads as the header may be a row, where names are numbers or there is one that may be a value.
TEST(CsvDialect, RefusesALineThatMayBeTheHeaderOrARow) {
  const std::string both =
      "the header once more, or a row? Delete the line in the one case, leave the names out in the "
      "other (--skip-lines 1 --no-header)";
  EXPECT_EQ(text_error("2019,2020\n1.5,2\n2019,2020\n3,5\n", {.header = Header::yes}),
            "line 3: reads as line 1, which holds the names: " + both);
  EXPECT_NE(text_error("0,1\n0,1\n1,0\n", {.header = Header::yes}).find(both), std::string::npos);
  EXPECT_NE(text_error("\"0\",\"1\"\n\"1\",\"0\"\n\"0\",\"1\"\n", {.header = Header::yes}).find(both),
            std::string::npos);
  for (const std::string value : {"ND", "Na", "unknown", "x", "2O"}) {
    const std::string message = text_error(value + "\n5\n" + value + "\n6\n7.5\n");
    EXPECT_NE(message.find("may be a header or a row"), std::string::npos) << message;
    std::string long_file = value + "\n";
    for (int i = 0; i < 100; ++i) long_file += "1.5\n";
    EXPECT_NE(text_error(long_file + value + "\n3\n").find(value == "2O" ? "may be a header" : "or a row?"),
              std::string::npos);
  }
}

// What stands below the first line as well is a value: no row of it is lost, and none becomes a name.
TEST(CsvDialect, TakesALineWhoseWordsRecurForARow) {
  const std::string iris = "5.1,3.5,setosa\n4.9,3.0,setosa\n7,3.2,versicolor\n";
  EXPECT_EQ(matrix_of(iris, {.exclude = {"3"}}), Matrix(3, 2, {5.1, 3.5, 4.9, 3, 7, 3.2}));
  EXPECT_NE(text_error("ND,ND\n5,1\nND,2\n3,ND\n").find("'ND' is not a number"), std::string::npos);
  EXPECT_NE(text_error("a,ND\n5,1\n1,2\n3,ND\n").find("'ND' stands below it as well"), std::string::npos);
}

TEST(CsvDialect, LeavesOutEveryIndexAndEveryEmptyEnd) {
  EXPECT_EQ(names_of(",Unnamed: 0,x,y\n0,0,1,2\n1,1,3,4\n2,2,2,7\n"), (Names{"x", "y"}));
  EXPECT_EQ(names_of("Unnamed: 0.1,Unnamed: 0,x,y\n0,5,1,2\n1,6,3,4\n2,7,2,7\n"), (Names{"x", "y"}));
  EXPECT_EQ(names_of("x,y,,\n1,2,,\n3,4,,\n2,7,,\n"), (Names{"x", "y"}));
  EXPECT_NE(text_error("year,y\n2001,2,5\n2002,4,6\n2003,1,8\n").find("3 fields, but line 1 has 2 names"),
            std::string::npos);
  EXPECT_EQ(notes_of("id,x\n0,1.5\n1,4.5\n2,3.5\n"),
            Names{"t.csv: column 1 ('id') counts the rows from 0; leave it out if it is an index (--exclude 1)"});
}

// In one column, an empty line may be a missing value.
TEST(CsvDialect, NotesEmptyLinesBetweenTheRowsOfOneColumn) {
  EXPECT_EQ(notes_of("x\n1.5\n\n3\n \n2\n\n\n"),
            Names{"t.csv: passed over 2 empty lines, the first is line 3; where a value is missing, write NA"});
  EXPECT_EQ(notes_of("x\n1.5\n3\n\n\n"), Names{});
  EXPECT_EQ(notes_of("x,y\n1.5,2\n\n3,5\n"), Names{});
}

// The rows that index columns count do not depend on where the text is split for threads.
TEST(CsvDialect, CountsRowsOfAnIndexBesideRepeatedHeadersInLargeFiles) {
  std::string text = ",a,b\n";
  for (int i = 0; i < 150000; ++i) text += std::to_string(i) + ",1.25,-2.5\n" + (i % 50000 == 7 ? ",a,b\n" : "");
  ASSERT_GT(text.size(), std::size_t{1} << 21);
  EXPECT_EQ(test::read_text(text).rows(), 150000U);
}

TEST(CsvDialect, NamesUnitsTitlesAndOtherHeadersAsWhatTheyAre) {
  EXPECT_NE(text_error("x,y\n(m),(s)\n1,2\n3,5\n4,1\n").find("units below the names"), std::string::npos);
  EXPECT_NE(text_error("Run 7\nx,y\n1,2\n3,5\n4,1\n").find("--skip-lines 1"), std::string::npos);
  EXPECT_NE(text_error("Run 7\nx,y,z\n1,2,3\n3,5,3\n").find("--skip-lines 1"), std::string::npos);
  EXPECT_NE(text_error("x,y\n1,2\n3,5\nu,v\n4,1\n").find("another header"), std::string::npos);
  EXPECT_NE(text_error("x,y\n1,2\n3,5\ny,x\n4,1\n").find("the names in another order"), std::string::npos);
  EXPECT_NE(text_error("x,y\n1,2\n3;5\n4,1\n").find("--delimiter semicolon"), std::string::npos);
  EXPECT_NE(text_error("x,y\n1,2\n3,4\n", {.delimiter = ';'}).find("(--delimiter comma)"), std::string::npos);
  EXPECT_NE(text_error("x;y\n1;2\n3;4\n", {.delimiter = ','}).find("(--delimiter semicolon)"), std::string::npos);
}

TEST(CsvDialect, NamesAllColumnsOfTextAtOnce) {
  EXPECT_NE(text_error("a,b,c,d\n1,x,2,z z\n1,y,2,w\n").find("(--exclude b,d)"), std::string::npos);
  const std::string one_cell = text_error("a,b\n1,2\n1,2x\n1,3\n");
  EXPECT_EQ(one_cell, "line 3, column 'b': '2x' is not a number; correct it, or delete the row");
}

TEST(CsvDialect, ComparesNamesWithoutBlanksAndQuotesAround) {
  for (const std::string name : {"b", " b", "b ", "\"b\"", " \"b\""}) {
    EXPECT_EQ(normal_name(name), "b");
    EXPECT_EQ(names_of("a, b\n1,2\n3,4\n", {.columns = {name}}), Names{"b"});
    EXPECT_EQ(names_of("a,\" b\"\n1,2\n3,4\n", {.columns = {name}}), Names{" b"});
  }
  EXPECT_EQ(names_of("b,\" b\"\n1,2\n3,4\n", {.columns = {" b"}}), Names{" b"});
  EXPECT_EQ(normal_name("a \"b\" c"), "a \"b\" c");
  EXPECT_EQ(normal_name("\""), "\"");
}

}  // namespace
}  // namespace mogul
