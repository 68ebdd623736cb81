#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "io/files.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

using test::message_of;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::string little_endian(std::size_t value, int n_bytes) {
  std::string bytes;
  for (int i = 0; i < n_bytes; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

std::string npy(int version, const std::string& header, const std::string& data) {
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(version);
  bytes += '\0';
  return bytes + little_endian(header.size(), version == 1 ? 2 : 4) + header + data;
}

std::string header(const std::string& descr, const std::string& shape, const std::string& fortran = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }   \n";
}

// The bytes of the numbers, column after column or row after row.
template <class T>
std::string data_bytes(const Matrix& x, bool fortran = false, bool big_endian = false) {
  std::string bytes;
  for (std::size_t i = 0; i < x.rows() * x.cols(); ++i) {
    const auto value = static_cast<T>(fortran ? x(i % x.rows(), i / x.rows()) : x.values()[i]);
    auto element = std::bit_cast<std::array<char, sizeof(T)>>(value);
    if (big_endian) std::ranges::reverse(element);
    bytes.append(element.data(), element.size());
  }
  return bytes;
}

Dataset read(const std::string& bytes, const ReadOptions& options = {}) {
  return parse_dataset(bytes, "t.npy", options);
}

template <class Error = invalid_data>
std::string error(const std::string& bytes, const ReadOptions& options = {}) {
  const std::string message = message_of<Error>([&] { read(bytes, options); });
  EXPECT_TRUE(message.starts_with("t.npy: ")) << message;
  return message.substr(std::min<std::size_t>(message.size(), 7));
}

const Matrix kX(2, 3, {1, 2, 3, 4, 5, 6});
const std::string kBytes = npy(1, header("<f8", "(2, 3)"), data_bytes<double>(kX));

TEST(Npy, ReadsBothOrdersBothEndsAndAllVersions) {
  for (const int version : {1, 2, 3}) {
    for (const bool fortran : {false, true}) {
      for (const bool big : {false, true}) {
        const std::string descr = big ? ">f" : "<f";
        const std::string order = fortran ? "True" : "False";
        const Dataset doubles =
            read(npy(version, header(descr + "8", "(2, 3)", order), data_bytes<double>(kX, fortran, big)));
        EXPECT_EQ(std::get<Matrix>(doubles.values()), kX) << version << fortran << big;
        const Dataset floats =
            read(npy(version, header(descr + "4", "(2, 3)", order), data_bytes<float>(kX, fortran, big)));
        EXPECT_EQ(std::get<FloatMatrix>(floats.values()), FloatMatrix(2, 3, {1, 2, 3, 4, 5, 6})) << version;
      }
    }
  }
}

TEST(Npy, ReadsAVectorAsOneColumn) {
  const Matrix column(3, 1, {1, 2, 3});
  EXPECT_EQ(std::get<Matrix>(read(npy(1, header("<f8", "(3,)"), data_bytes<double>(column))).values()), column);
}

TEST(Npy, ReadsHeadersAsOtherProgramsWriteThem) {
  for (const std::string dictionary : {
           "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)}",
           "{\"shape\":(2,3),\"fortran_order\":False,\"descr\":\"<f8\"}",
           "  { 'descr' : '=f8' ,'shape': ( 2L , 3L , ), 'fortran_order':False,}\n",
           "{'descr': 'f8', 'fortran_order': False, 'shape': (2, 3), }",
       }) {
    EXPECT_EQ(std::get<Matrix>(read(npy(1, dictionary, data_bytes<double>(kX))).values()), kX) << dictionary;
  }
}

TEST(Npy, ChoosesColumnsByPositionOrByTheirNumberedNames) {
  const Dataset data = read(kBytes, {.columns = {"x3", "1"}, .weights = "x2"});
  EXPECT_EQ(std::get<Matrix>(data.values()), Matrix(2, 2, {3, 1, 6, 4}));
  EXPECT_EQ(data.column_names(), (std::vector<std::string>{"x3", "x1"}));
  EXPECT_EQ(data.weights(), (std::vector<double>{2, 5}));
  EXPECT_EQ(read(kBytes, {.exclude = {"x1"}}).column_names(), (std::vector<std::string>{"x2", "x3"}));
  EXPECT_EQ(error<invalid_argument>(kBytes, {.columns = {"4"}}),
            "columns = '4': no such column; its 3 columns are x1, x2, x3");
}

TEST(Npy, NamesRowAndColumnOfAValueThatIsNotFinite) {
  const auto with_order = [](const Matrix& x, bool fortran) {
    return npy(1, header("<f8", "(2, 3)", fortran ? "True" : "False"), data_bytes<double>(x, fortran));
  };
  const Matrix x(2, 3, {1, 2, 3, 4, kNan, -INFINITY});
  for (const bool fortran : {false, true}) {
    EXPECT_EQ(error(with_order(x, fortran)),
              "row 2, column 'x2': nan; must be finite; drop the row, or leave the column out (--exclude x2)");
    EXPECT_EQ(error(with_order(x, fortran), {.exclude = {"x2"}}),
              "row 2, column 'x3': -inf; must be finite; drop the row, or leave the column out (--exclude x3)");
    EXPECT_EQ(read(with_order(x, fortran), {.columns = {"1"}}).rows(), 2U);
  }
}

TEST(Npy, NamesTheRowOfABadWeight) {
  const auto bytes = [](double weight) {
    return npy(1, header("<f8", "(2, 2)"), data_bytes<double>(Matrix(2, 2, {1, 2, 3, weight})));
  };
  EXPECT_EQ(error(bytes(-1), {.weights = "2"}), "row 2, column 'x2': -1; a weight must be a number >= 0");
  EXPECT_EQ(error(bytes(kNan), {.weights = "x2"}), "row 2, column 'x2': nan; a weight must be a number >= 0");
}

TEST(Npy, ReportsTheFirstBadRowForAnyNumberOfThreads) {
  Matrix x(200000, 2);
  x(150000, 1) = x(150001, 0) = x(199999, 0) = kNan;
  const std::string bytes = npy(1, header("<f8", "(200000, 2)"), data_bytes<double>(x));
  for (const unsigned n_threads : {1U, 2U, 3U, 7U}) {
    EXPECT_TRUE(error(bytes, {.n_threads = n_threads}).starts_with("row 150001, column 'x2': nan")) << n_threads;
  }
}

TEST(NpyMisuse, AFileCutAnywhere) {
  for (std::size_t size = 0; size < kBytes.size(); ++size) {
    const std::string message = message_of<invalid_data>([&] { read(kBytes.substr(0, size)); });
    EXPECT_TRUE(message.starts_with("t.npy: ")) << message;
  }
  EXPECT_EQ(error(kBytes.substr(0, 9)), "NPY header: the file ends early");
  EXPECT_EQ(error(kBytes.substr(0, 40)), "NPY header: the file ends early");
  EXPECT_EQ(error(kBytes.substr(0, kBytes.size() - 1)),
            "truncated: shape (2, 3) of 8-byte numbers, but 47 bytes of them");
}

TEST(NpyMisuse, BytesAfterTheArray) {
  EXPECT_EQ(error(kBytes + "xyz"), "3 bytes after the 48 bytes of the array; must be none");
}

TEST(NpyMisuse, ElementsThatAreNotFloatingPointNumbers) {
  for (const std::string descr : {"<i8", "<f2", "<f16", "|b1", "<c16", "<U5", "", "|f8", "f"}) {
    EXPECT_EQ(error(npy(1, header(descr, "(2, 3)"), data_bytes<double>(kX))),
              "dtype '" + descr + "'; must be f4 or f8; convert with astype('f8')");
  }
}

TEST(NpyMisuse, ShapesThatAreNotATable) {
  const std::string data = data_bytes<double>(kX);
  EXPECT_EQ(error(npy(1, header("<f8", "()"), data)), "an array of 0 dimensions; must have 1 or 2");
  EXPECT_EQ(error(npy(1, header("<f8", "(1, 2, 3)"), data)), "an array of 3 dimensions; must have 1 or 2");
  EXPECT_EQ(error(npy(1, header("<f8", "(0, 3)"), "")), "shape (0, 3); must have at least 1 row and 1 column");
  EXPECT_EQ(error(npy(1, header("<f8", "(3, 0)"), "")), "shape (3, 0); must have at least 1 row and 1 column");
}

TEST(NpyMisuse, ShapesWhoseSizeOverflows) {
  const std::string data = data_bytes<double>(kX);
  for (const std::string shape : {"(4294967296, 4294967296)", "(2305843009213693952, 8)", "(18446744073709551615, 2)",
                                  "(1, 2305843009213693953)"}) {
    EXPECT_EQ(error(npy(1, header("<f8", shape), data)),
              "truncated: shape " + shape + " of 8-byte numbers, but 48 bytes of them");
  }
  EXPECT_TRUE(error(npy(1, header("<f8", "(18446744073709551616, 1)"), data))
                  .starts_with("NPY header: shape has '18446744073709551616, 1), }"));
}

TEST(NpyMisuse, HeadersThatBreakTheGrammar) {
  const auto header_error = [](const std::string& dictionary) { return error(npy(1, dictionary, "")); };
  const std::string start = "NPY header: ";
  EXPECT_EQ(header_error(""), start + "'' where '{' must be");
  EXPECT_EQ(header_error("['descr']"), start + "'['descr']' where '{' must be");
  EXPECT_EQ(header_error("{'descr': '<f8'}"), start + "must have the keys descr, fortran_order and shape");
  EXPECT_EQ(header_error("{'descr': '<f8"), start + "a string is never closed");
  EXPECT_EQ(header_error("{'descr': '<f8', 'descr': '<f8'}"), start + "the key 'descr' is repeated or unknown");
  EXPECT_EQ(header_error("{'dtype': '<f8'}"), start + "the key 'dtype' is repeated or unknown");
  EXPECT_EQ(header_error("{'fortran_order': 0}"), start + "fortran_order is '0}'; must be True or False");
  EXPECT_EQ(header_error("{'shape': (-1, 2)}"), start + "shape has '-1, 2)}'; must be a count that fits in memory");
  EXPECT_EQ(header_error("{'shape': [1, 2]}"), start + "'[1, 2]}' where '(' must be");
  EXPECT_EQ(header_error("{'descr': [('a', '<f8')]}"), start + "'[('a', '<f8')]}' where ''' must be");
  EXPECT_EQ(header_error(header("<f8", "(1,)") + "x"), start + "'x' after the dictionary");
}

TEST(NpyMisuse, VersionsToCome) {
  EXPECT_EQ(error(npy(4, header("<f8", "(2, 3)"), "")), "NPY header: version 4.0; must be 1.0, 2.0 or 3.0");
  std::string bytes = kBytes;
  bytes[7] = 1;
  EXPECT_EQ(error(bytes), "NPY header: version 1.1; must be 1.0, 2.0 or 3.0");
}

TEST(NpyMisuse, OptionsThatAreForText) {
  EXPECT_EQ(error<invalid_argument>(kBytes, {.delimiter = ','}), "delimiter is for text; this is an NPY file");
  EXPECT_EQ(error<invalid_argument>(kBytes, {.header = Header::yes}), "header is for text; this is an NPY file");
}

}  // namespace
}  // namespace mogul
