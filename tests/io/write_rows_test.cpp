#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <sstream>

#include "io/files.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

using test::bytes_of;
using test::message_of;
using test::TemporaryFolder;
using Names = std::vector<std::string>;

const Matrix kX(2, 2, {1, -0.1, 1e300, 3});

template <class T, class Bits>
BasicMatrix<T> random_matrix(std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  BasicMatrix<T> x(1 + engine() % 30, 1 + engine() % 5);
  for (std::size_t row = 0; row < x.rows(); ++row) {
    for (T& value : x.row(row)) {
      do value = std::bit_cast<T>(static_cast<Bits>(engine()));
      while (!(std::abs(value) <= kLargestValue));
    }
  }
  return x;
}

template <class T>
bool same_bytes(const BasicMatrix<T>& a, const BasicMatrix<T>& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         std::memcmp(a.data(), b.data(), a.values().size() * sizeof(T)) == 0;
}

TEST(WriteCsv, WritesAHeaderAndTheShortestNumbers) {
  const TemporaryFolder folder;
  write_csv(folder / "t.csv", kX, {"a", "b"});
  EXPECT_EQ(bytes_of(folder / "t.csv"), "a,b\n1,-0.1\n1e+300,3\n");
}

TEST(WriteCsv, WritesTheShortestFloats) {
  const TemporaryFolder folder;
  write_csv(folder / "t.csv", FloatMatrix(1, 2, {0.1F, 16777216}), {"a", "b"});
  EXPECT_EQ(bytes_of(folder / "t.csv"), "a,b\n0.1,16777216\n");
}

TEST(WriteCsv, TakesTheNamesOfTheDataOrNumbersThem) {
  const TemporaryFolder folder;
  write_csv(folder / "t.csv", kX, {});
  EXPECT_TRUE(bytes_of(folder / "t.csv").starts_with("x1,x2\n"));
  const Names names = {"p", "q"};
  write_csv(folder / "t.csv", DataView(kX).with_names(names), {});
  EXPECT_TRUE(bytes_of(folder / "t.csv").starts_with("p,q\n"));
}

TEST(WriteCsv, WritesColumnsAsRows) {
  const TemporaryFolder folder;
  const std::vector<float> a = {0.1F, 3}, b = {2, 4};
  const std::vector<const float*> columns = {a.data(), b.data()};
  write_csv(folder / "t.csv", ColumnsView<const float>(columns, 2), {"a", "b"});
  EXPECT_EQ(bytes_of(folder / "t.csv"), "a,b\n0.1,2\n3,4\n");
}

TEST(WriteCsv, QuotesNamesThatNeedIt) {
  const TemporaryFolder folder;
  const Names names = {"a,b", "c \"d\"", "e\nf", " g", "h i", "", "j;k\tl"};
  write_csv(folder / "t.csv", Matrix(1, 7), names);
  EXPECT_EQ(bytes_of(folder / "t.csv"), "\"a,b\",\"c \"\"d\"\"\",\"e\nf\",\" g\",h i,\"\",\"j;k\tl\"\n0,0,0,0,0,0,0\n");
  Names read = names;
  read[5] = "x6";
  EXPECT_EQ(read_dataset(folder / "t.csv").column_names(), read);
}

TEST(WriteCsv, WritesViewsOfWiderTables) {
  const TemporaryFolder folder;
  write_csv(folder / "t.csv", MatrixView<const double>(kX.data() + 1, 2, 1, 2), {"b"});
  EXPECT_EQ(bytes_of(folder / "t.csv"), "b\n-0.1\n3\n");
}

TEST(WriteCsv, RefusesAWrongNumberOfNamesAndTouchesNothing) {
  const TemporaryFolder folder;
  EXPECT_EQ(message_of<invalid_argument>([&] { write_csv(folder / "t.csv", kX, {"a"}); }),
            "1 column names for 2 columns; must have one per column");
  EXPECT_EQ(folder.n_files(), 0U);
}

TEST(WriteCsv, ReportsAFullDisk) {
  EXPECT_EQ(message_of<io_error>([] { write_csv("/dev/full", kX, {}); }),
            "cannot write '/dev/full': No space left on device");
}

RC_GTEST_PROP(WriteCsv, IsReadBackEqual, (std::uint64_t seed)) {
  const TemporaryFolder folder;
  const auto x = random_matrix<double, std::uint64_t>(seed);
  write_csv(folder / "t.csv", x, {});
  const Dataset read = read_dataset(folder / "t.csv");
  RC_ASSERT(same_bytes(std::get<Matrix>(read.values()), x));
}

RC_GTEST_PROP(WriteCsv, IsReadBackEqualForFloats, (std::uint64_t seed)) {
  const TemporaryFolder folder;
  const auto x = random_matrix<float, std::uint32_t>(seed);
  write_csv(folder / "t.csv", x, {});
  const Dataset read = read_dataset(folder / "t.csv");
  for (std::size_t row = 0; row < x.rows(); ++row) {
    for (std::size_t col = 0; col < x.cols(); ++col) {
      RC_ASSERT(static_cast<float>(read.view().value(row, col)) == x(row, col));
    }
  }
}

TEST(WriteNpy, WritesVersionOneAlignedTo64Bytes) {
  const TemporaryFolder folder;
  write_npy(folder / "t.npy", kX.view());
  const std::string bytes = bytes_of(folder / "t.npy");
  ASSERT_EQ(bytes.size(), 128U + 4 * sizeof(double));
  EXPECT_EQ(bytes.substr(0, 10), std::string("\x93NUMPY\x01\x00\x76\x00", 10));
  EXPECT_EQ(bytes.substr(10, 61), "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }  ");
  EXPECT_EQ(bytes[127], '\n');
  EXPECT_EQ(std::memcmp(bytes.data() + 128, kX.data(), 4 * sizeof(double)), 0);
}

TEST(WriteNpy, WritesViewsOfWiderTables) {
  const TemporaryFolder folder;
  write_npy(folder / "t.npy", MatrixView<const double>(kX.data() + 1, 2, 1, 2));
  EXPECT_EQ(std::get<Matrix>(read_dataset(folder / "t.npy").values()), Matrix(2, 1, {-0.1, 3}));
}

RC_GTEST_PROP(WriteNpy, IsReadBackEqual, (std::uint64_t seed)) {
  const TemporaryFolder folder;
  const auto x = random_matrix<double, std::uint64_t>(seed);
  write_npy(folder / "t.npy", x.view());
  const Dataset read = read_dataset(folder / "t.npy");
  RC_ASSERT(same_bytes(std::get<Matrix>(read.values()), x));
}

TEST(WriteRows, ToAStreamAreThoseOfTheFile) {
  const TemporaryFolder folder;
  write_csv(folder / "t.csv", kX, {"a", "b;c"});
  write_npy(folder / "t.npy", kX.view());
  std::ostringstream csv;
  std::ostringstream npy;
  write_csv(csv, kX.view(), {"a", "b;c"});
  write_npy(npy, kX.view());
  EXPECT_EQ(csv.str(), bytes_of(folder / "t.csv"));
  EXPECT_EQ(npy.str(), bytes_of(folder / "t.npy"));

  std::ostringstream tsv;
  write_csv(tsv, Matrix(1, 2, {1, 2.5}).view(), {"a", "b"}, '\t');
  write_csv(tsv, Matrix(0, 1).view(), {"last"});
  EXPECT_EQ(tsv.str(), "a\tb\n1\t2.5\nlast\n");
  EXPECT_THROW(write_csv(tsv, kX.view(), {"a"}), invalid_argument);
}

// Whatever the names are: numbers, missing values, comments, blanks, quotes.
TEST(WriteCsv, NamesReadBackAsNames) {
  const std::vector<std::string> words{"0",   "1",   "2.5",        "NA",    "#id", "# id",
                                       "a b", "x,y", "say \"so\"", "plain", "-",   "1e3"};
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (std::size_t j = 0; j < words.size(); ++j) {
      if (i == j || (words[i] + words[j] == "NA-") || (words[i] + words[j] == "-NA"))
        continue;  // a row of missing values
      const std::vector<std::string> names{words[i], words[j]};
      for (const Matrix& x : {Matrix(3, 2, {0, 1, 1, 0, 2, 2}), Matrix(2, 2, {1.5, 2.5, 3.5, 4.5})}) {
        std::ostringstream stream;
        write_csv(stream, x.view(), names);
        const Dataset again = parse_dataset(stream.str(), "t.csv");
        EXPECT_EQ(again.column_names(), names) << stream.str();
        EXPECT_EQ(std::get<Matrix>(again.values()), x);
      }
    }
  }
}

}  // namespace
}  // namespace mogul
