// What the CSV reader refuses: every message names file, line, column, value and rule.
#include <gtest/gtest.h>

#include "io/text.hpp"

namespace mogul {
namespace {

using test::text_error;

TEST(CsvMisuse, TextInANumberColumn) {
  EXPECT_EQ(text_error("sepal,class\n5.1,setosa\n"),
            "line 2, column 'class': 'setosa' is not a number; leave the column out (--exclude class)");
  EXPECT_EQ(text_error("1.0,2\n3,4x\n"), "line 2, column 'x2': '4x' is not a number; correct it, or delete the row");
  for (const std::string text : {"0x10", "1e", "1.2.3", "--1", "+-1", "++1", "1 2", "+", "1_000"}) {
    EXPECT_EQ(text_error("a,b\n0,0\n1," + text + "\n"),
              "line 3, column 'b': '" + text + "' is not a number; correct it, or delete the row");
  }
}

TEST(CsvMisuse, LongAndUnprintableTextIsShownInPart) {
  EXPECT_EQ(text_error("a\n1\n" + std::string(1000, 'y') + "\n"),
            "line 3, column 'a': '" + std::string(40, 'y') + "...' is not a number; correct it, or delete the row");
  EXPECT_EQ(text_error("a\n1\n\"x\n\ty\"\n"),
            "line 3, column 'a': 'x??y' is not a number; correct it, or delete the row");
  const std::string accents = "y" + std::string(39, 'y');
  EXPECT_EQ(text_error("a\n1\n" + accents.substr(1) + "\xC3\xA9\xC3\xA9\n"),
            "line 3, column 'a': '" + accents.substr(1) + "...' is not a number; correct it, or delete the row");
}

TEST(CsvMisuse, ValuesThatAreNotFinite) {
  for (const std::string text : {"inf", "-inf", "+Inf", "infinity"}) {
    EXPECT_EQ(text_error("a,b\n1,2\n" + text + ",2\n"),
              "line 3, column 'a': '" + text + "' is not finite; correct it, or delete the row");
  }
  EXPECT_EQ(text_error("1,nan\n3,4\n"),  // a row, not a header
            "line 1, column 'x2': 'nan' is a missing value; fill it in, or drop such rows (--missing drop)");
}

TEST(CsvMisuse, ValuesTooLargeForADouble) {
  for (const std::string text : {"1e309", "-1e309", "+1.8e308", "1e99999999999999999999", "0.001e400"}) {
    EXPECT_EQ(text_error("a,b\n1," + text + "\n"),
              "line 2, column 'b': '" + text + "' is too large (at most 1e100); rescale the column");
  }
  EXPECT_TRUE(text_error("1" + std::string(400, '0') + "\n")
                  .ends_with("...' is too large (at most 1e100); rescale the column"));
}

TEST(CsvMisuse, AdviceNamesAColumnByPositionWhereItsNameWouldHaveToBeQuoted) {
  for (const std::string& name : std::vector<std::string>{"\"b,c\"", "b c", "#b", "-b", "b;c", std::string(41, 'y')}) {
    EXPECT_TRUE(text_error("a," + name + "\n1,x\n").ends_with("leave the column out (--exclude 2)")) << name;
  }
}

TEST(CsvMisuse, RaggedRows) {
  EXPECT_EQ(text_error("a,b\n1,2\n\n3\n5,6\n"), "line 4: 1 field; must be 2, as in line 1");
  EXPECT_EQ(text_error("a,b\n1,2\n3\n"),
            "line 3: 1 field; must be 2, as in line 1; it is the last line: is the file complete?");
  EXPECT_EQ(text_error("a,b\n1,2,3,4\n"),
            "line 2: 4 fields; must be 2, as in line 1; are its commas decimal (--decimal ,)?");
  EXPECT_EQ(text_error("\n1.0 2 3\n4 5\n7 8 9\n"),
            "line 3: 2 fields; must be 3, as in line 2; where a value is missing, write NA for it");
  EXPECT_EQ(text_error("1.0 2\n3 4 5\n"), "line 2: 3 fields; must be 2, as in line 1");
  EXPECT_EQ(text_error("a,b\n1,2\n1,2,\n3,4\n"), "line 3: 3 fields; must be 2, as in line 1; it ends with a delimiter");
  EXPECT_EQ(text_error("a,b\n1,2\nx,2,3\n3,4\n"), "line 3: 3 fields; must be 2, as in line 1");
}

TEST(CsvMisuse, Titles) {
  const std::string rows = "a;b;c\n1.5;2;3\n3;5;3\n4;4;8\n";
  EXPECT_EQ(text_error("Times, places, people\n" + rows),
            "line 1: 1 field, but the lines from line 2 on have 3; where it is no row and no names, skip it "
            "(--skip-lines 1)");
  EXPECT_EQ(text_error("Times, places, people\n\n2024\n" + rows),
            "line 1: 1 field, but the lines from line 4 on have 3; where the lines above are no row and no names, skip "
            "them (--skip-lines 3)");
  EXPECT_EQ(text_error("a,b\n1,5,2,5\n2,5,3,5\n"),
            "line 2: 4 fields; must be 2, as in line 1; are its commas decimal (--decimal ,)?");
  EXPECT_NE(text_error("Times\na\n1.5\n2\n").find("names below a title?"), std::string::npos);
}

TEST(CsvMisuse, TitlesPaddedWithDelimiters) {
  EXPECT_EQ(
      text_error("Survey 2023,,\nOffice,,\n,,\nx,y,z\n1,2,3\n3,4,5\n"),
      "line 1: only the first of 3 fields has anything in it; where the lines above are no row and no names, skip "
      "them (--skip-lines 3)");
  EXPECT_NE(text_error("Survey,\nx,y\n1,2\n3,4\n").find("(--skip-lines 1)"), std::string::npos);
  EXPECT_EQ(test::read_text("x,\n1,\n2,\n").cols(), 1U) << "lines that end with a delimiter";
}

TEST(CsvMisuse, NumbersWithSeparatorsOfThousands) {
  for (const std::string text : {"1,234.5", "1'234", "12 345", "1.234.567", "-1,234,567",
                                 "1\xC2\xA0"
                                 "234",
                                 "1.234,5"}) {
    const std::string message = text_error("a;b\n1;2\n3;\"" + text + "\"\n4;5\n");
    EXPECT_NE(message.find("separators of thousands"), std::string::npos) << message;
  }
  EXPECT_NE(text_error("\"a\",\"b\"\n\"1,234\",\"2,567\"\n\"3,456\",\"4,500\"\n").find("or separators of thousands?"),
            std::string::npos);
  EXPECT_NE(text_error("\"17,075.00\",\"6,894.00\"\n\"18,075.00\",\"7,894.00\"\n", {.header = Header::no})
                .find("separators of thousands"),
            std::string::npos);
  EXPECT_NE(text_error("a,b\n1,2\n3,\xE2\x88\x92"
                       "0.5\n")
                .find("a dash for the minus sign"),
            std::string::npos);
}

TEST(CsvMisuse, ManyShortRowsUnderAWideFirstLineTakeNoMemory) {
  std::string text = "1";
  for (int i = 0; i < 100000; ++i) text += ",1";
  text += "\n";
  for (int i = 0; i < 1000000; ++i) text += "1\n";  // 800 GB if every row were as wide
  EXPECT_EQ(text_error(text), "line 2: 1 field; must be 100001, as in line 1");
}

TEST(CsvMisuse, BrokenQuotes) {
  EXPECT_EQ(text_error("a,b\n1,2\n3,\"4\n5,6\n"), "line 3, column 'b': the quote is never closed");
  EXPECT_EQ(text_error("a,b\n1,\"2\"3\n"), "line 2, column 'b': text after the closing quote");
  EXPECT_EQ(text_error("a,b\n\"x\" y,1\n", {.exclude = {"a"}, .delimiter = ','}),
            "line 2, column 'a': text after the closing quote");
  EXPECT_EQ(text_error("\"a,b\n1,2\n"), "line 1: the quote is never closed");
}

TEST(CsvMisuse, AFileWithoutRows) {
  for (const std::string text : {"", "\n", " \r\n\n", "\xEF\xBB\xBF"}) {
    EXPECT_EQ(text_error(text), "no data; must have at least one row");
  }
  const std::string rule = "line 1: a header, but no row follows; must have at least one row";
  EXPECT_EQ(text_error("a,b"), rule);
  EXPECT_EQ(text_error("a,b\r\n\r\n"), rule);
  EXPECT_EQ(text_error("1,2\n", {.header = Header::yes}), rule);
}

TEST(CsvMisuse, WeightsThatAreNegativeOrNoNumbers) {
  const ReadOptions weighted{.weights = "w"};
  EXPECT_EQ(text_error("a,w\n1,2\n1,-0.5\n", weighted), "line 3, column 'w': weight -0.5; must be >= 0");
  EXPECT_EQ(text_error("a,w\n1,x\n", weighted),
            "line 2, column 'w': 'x' is not a number; a weight must be a number >= 0");
  EXPECT_EQ(text_error("a,w\n1,inf\n", weighted),
            "line 2, column 'w': 'inf' is not finite; a weight must be a number >= 0");
  EXPECT_EQ(text_error("a,w\n1,\n", weighted),
            "line 2, column 'w': the field is empty; fill it in, or drop such rows (--missing drop)");
}

TEST(CsvMisuse, WeightsThatSumToNothingOrTooMuch) {
  const ReadOptions weighted{.weights = "w"};
  EXPECT_EQ(text_error("a,w\n1,0\n2,0\n", weighted), "column 'w': weights are all zero; at least one must be positive");
  EXPECT_EQ(text_error("a,w\n1,1e100\n2,1e100\n", weighted),
            "column 'w': weights sum to 2e+100; must lie between 1e-100 and 1e100; rescale them");
}

TEST(CsvMisuse, LinesAndNamesInAnotherEncoding) {
  EXPECT_EQ(text_error("a,b\r1,2\r3,4\r"),
            "line 1: a carriage return inside the line; lines must end with a line feed");
  EXPECT_EQ(text_error("a,gr\xF6\xDF"
                       "e\n1,2\n"),
            "line 1: the name of column 2 is not UTF-8; convert the file");
  EXPECT_EQ(test::names_of("a,gr\xF6\n1,2\n", {.columns = {"1"}}), std::vector<std::string>{"a"});
}

TEST(CsvMisuse, DelimitersThatCannotBeOne) {
  for (const char delimiter : {'"', 'e', '1', '.', '-', '+', '\n', '\r'}) {
    const std::string message =
        test::message_of<invalid_argument>([&] { test::read_text("1,2\n", {.delimiter = delimiter}); });
    EXPECT_TRUE(message.starts_with("delimiter = '")) << message;
  }
}

TEST(CsvMisuse, TheFirstOfManyErrorsIsReportedForAnyNumberOfThreads) {
  std::string text = "a,b\n";
  for (int line = 2; line <= 400000; ++line) text += line == 150000 || line % 200000 == 0 ? "1,2,3\n" : "1.25,-2.5\n";
  text += "x,y\n";
  ASSERT_GT(text.size(), std::size_t{3} << 20);  // errors in several chunks
  for (const unsigned n_threads : {1U, 2U, 3U, 7U}) {
    EXPECT_EQ(text_error(text, {.n_threads = n_threads}), "line 150000: 3 fields; must be 2, as in line 1");
  }
}

}  // namespace
}  // namespace mogul
