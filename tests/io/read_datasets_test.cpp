// Several files read as one.
#include <gtest/gtest.h>

#include "io/files.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

using test::message_of;
using test::TemporaryFolder;
using test::write_bytes;

class ReadDatasets : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    write_bytes(folder_ / name, text);
    return folder_ / name;
  }
  std::string error(const std::vector<std::string>& paths) {
    return message_of<invalid_data>([&] { read_datasets(paths); });
  }

 private:
  TemporaryFolder folder_;
};

TEST_F(ReadDatasets, JoinsTheRowsByTheNamesOfTheFirstFile) {
  const std::string a = write("a.csv", "x,y,w\n1.5,2,1\n3,4,1\n");
  const std::string b = write("b.csv", "w;y;x\n2;6;5\n2;8;7.5\n");
  const Dataset both = read_datasets({a, b}, {.weights = "w"});
  EXPECT_EQ(std::get<Matrix>(both.values()), Matrix(4, 2, {1.5, 2, 3, 4, 5, 6, 7.5, 8}));
  EXPECT_EQ(both.column_names(), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(both.weights(), (std::vector<double>{1, 1, 2, 2}));
  EXPECT_EQ(read_datasets({a}, {.weights = "w"}), read_dataset(a, {.weights = "w"}));
}

// A position means a column of the first file, wherever it stands in the others.
TEST_F(ReadDatasets, TakesPositionsFromTheFirstFile) {
  const std::string a = write("a.csv", "a,b,w\n1,2,3\n4,5,6\n");
  const std::string b = write("b.csv", "a,w,b\n1,3,2\n4,6,5\n");
  const Dataset both = read_datasets({a, b}, {.columns = {"a"}, .weights = "3"});
  EXPECT_EQ(both.weights(), (std::vector<double>{3, 6, 3, 6}));
  EXPECT_EQ(std::get<Matrix>(read_datasets({a, b}, {.exclude = {"3"}}).values()),
            Matrix(4, 2, {1, 2, 4, 5, 1, 2, 4, 5}));
  EXPECT_EQ(std::get<Matrix>(read_datasets({a, b}, {.columns = {"2", "1"}}).values()),
            Matrix(4, 2, {2, 1, 5, 4, 2, 1, 5, 4}));
}

TEST_F(ReadDatasets, AreTheSameFromMemory) {
  const std::string a = write("a.csv", "x,y\n1.5,2\nNA,4\n");
  const std::string b = write("b.csv", "y,x\n6,5\n");
  std::vector<FileContent> files;
  for (const std::string& path : {a, b}) files.push_back(read_file(path));
  ReadReport report;
  EXPECT_EQ(parse_datasets(files, {.missing = Missing::drop}, &report),
            read_datasets({a, b}, {.missing = Missing::drop}));
  EXPECT_EQ(report.dropped, std::vector<std::size_t>{1});
  EXPECT_EQ(files[0].name, a);
}

TEST_F(ReadDatasets, JoinsRowsWithoutNamesByPosition) {
  const std::string a = write("a.csv", "1.5,2\n3,4\n");
  const std::string b = write("b.csv", "5.5,6\n");
  EXPECT_EQ(std::get<Matrix>(read_datasets({a, b}).values()), Matrix(3, 2, {1.5, 2, 3, 4, 5.5, 6}));
  EXPECT_NE(error({a, write("c.csv", "1.5\n2.5\n")}).find("c.csv: 1 columns, but "), std::string::npos);
}

TEST_F(ReadDatasets, NumbersDroppedRowsThrough) {
  const std::string a = write("a.csv", "x\nNA\n1.5\n3\n");
  const std::string b = write("b.csv", "x\n5\nNA\n7\n");
  ReadReport report;
  EXPECT_EQ(read_datasets({a, b}, {.missing = Missing::drop}, &report).rows(), 4U);
  EXPECT_EQ(report.dropped, (std::vector<std::size_t>{0, 4}));
  EXPECT_EQ(report.notes.size(), 2U);
}

TEST_F(ReadDatasets, RefusesOtherColumns) {
  const std::string a = write("a.csv", "x,y\n1.5,2\n");
  EXPECT_NE(error({a, write("b.csv", "x,z\n1.5,2\n")}).find("b.csv: no column 'y', which "), std::string::npos);
  EXPECT_NE(error({a, write("b.csv", "x,y,z\n1.5,2,3\n")}).find("b.csv: column 'z' is not in "), std::string::npos);
  EXPECT_NE(error({a, write("b.csv", "1.5,2\n3.5,4\n")}).find("b.csv has no header, but "), std::string::npos);
  EXPECT_THROW(read_datasets({}), invalid_argument);
}

}  // namespace
}  // namespace mogul
