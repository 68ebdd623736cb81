#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "io/files.hpp"
#include "io/npy_bytes.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

using test::data_bytes;
using test::header;
using test::message_of;
using test::npy;
using test::npy_of;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

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

// What each type holds is the same numbers, whatever the order of bytes and of elements.
RC_GTEST_PROP(Npy, ReadsTheSameNumbersFromEveryType, ()) {
  const auto rows = *rc::gen::inRange<std::size_t>(1, 8);
  const auto cols = *rc::gen::inRange<std::size_t>(1, 5);
  const std::string type =
      *rc::gen::element<std::string>("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8");
  const int low = type[0] == 'u' ? 0 : -128;
  Matrix x(rows, cols);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < cols; ++j) x(i, j) = *rc::gen::inRange(low, 128);
  }
  const bool fortran = *rc::gen::arbitrary<bool>();
  const std::string order = *rc::gen::element<std::string>("<", ">");
  const std::string shape = "(" + std::to_string(rows) + ", " + std::to_string(cols) + ")";
  const Dataset data = read(npy_of(x, order + type, shape, fortran));
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < cols; ++j) RC_ASSERT(data.view().value(i, j) == x(i, j));
  }
  RC_ASSERT(std::holds_alternative<FloatMatrix>(data.values()) == (type == "f4"));
}

TEST(Npy, ReadsEveryFiniteHalf) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const std::string file = npy(1, header("<f2", "(1,)"), test::little_endian(bits, 2));
    const int exponent = static_cast<int>(bits >> 10 & 31);
    if (exponent == 31) {
      EXPECT_THROW(read(file), invalid_data);
      continue;
    }
    const double fraction = bits & 1023;
    const double size =
        exponent == 0 ? fraction * std::pow(2, -24) : (1 + fraction / 1024) * std::pow(2, exponent - 15);
    const double value = read(file).view().value(0, 0);
    ASSERT_EQ(value, bits >= 0x8000 ? -size : size) << bits;
    ASSERT_EQ(std::signbit(value), bits >= 0x8000) << bits;
  }
}

TEST(Npy, ReadsTheLargestIntegersAsTheNearestDouble) {
  const auto value_of = [](const std::string& descr, const std::string& bytes) {
    return read(npy(1, header(descr, "(1,)"), bytes)).view().value(0, 0);
  };
  EXPECT_EQ(value_of("<i8", std::string(7, '\xFF') + '\x7F'), 9223372036854775808.0);
  EXPECT_EQ(value_of("<i8", std::string(7, '\0') + '\x80'), -9223372036854775808.0);
  EXPECT_EQ(value_of("<u8", std::string(8, '\xFF')), 18446744073709551616.0);
  EXPECT_EQ(value_of("|b1", "\x01"), 1.0);
  EXPECT_EQ(value_of("|b1", "\x07"), 1.0);  // NumPy writes no such truth value, but C calls it true
}

TEST(Npy, LeavesOutRowsThatLackAValueWhenAskedTo) {
  const Matrix x(4, 2, {1, 2, kNan, 4, 5, kNan, 7, 8});
  for (const char* type : {"<f8", ">f8", "<f4", "<f2"}) {
    for (const bool fortran : {false, true}) {
      const std::string bytes = npy_of(x, type, "(4, 2)", fortran);
      ReadReport report;
      const Dataset data = parse_dataset(bytes, "t.npy", {.missing = Missing::drop}, &report);
      EXPECT_EQ(report.dropped, (std::vector<std::size_t>{1, 2})) << type;
      ASSERT_EQ(data.rows(), 2U) << type;
      EXPECT_EQ(data.view().value(1, 0), 7) << type;
      ReadReport of_first;
      parse_dataset(bytes, "t.npy", {.columns = {"x1"}, .missing = Missing::drop}, &of_first);
      EXPECT_EQ(of_first.dropped, (std::vector<std::size_t>{1})) << type;
      const Dataset weighted = read(bytes, {.weights = "x2", .missing = Missing::drop});
      EXPECT_EQ(weighted.weights(), (std::vector<double>{2, 8})) << type;
    }
  }
  EXPECT_EQ(error(npy_of(Matrix(2, 1, {kNan, kNan}), "<f8", "(2, 1)"), {.missing = Missing::drop}),
            "every row has a missing value");
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
              "row 2, column 'x2': nan; is a missing value; fill it in, or drop such rows (--missing drop)");
    EXPECT_EQ(error(with_order(x, fortran), {.exclude = {"x2"}}),
              "row 2, column 'x3': -inf; must be finite; correct it, or delete the row");
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

TEST(NpyMisuse, ElementsThatAreNoRealNumbersAreNamed) {
  const auto type_error = [](const std::string& descr) {
    return error(npy(1, header(descr, "(2, 3)"), data_bytes<double>(kX)));
  };
  const std::string convert = "; convert it with astype('f8')";
  EXPECT_EQ(type_error("|O"), "an array of Python objects (dtype '|O')" + convert);
  EXPECT_EQ(type_error("<U5"), "texts (dtype '<U5')" + convert);
  EXPECT_EQ(type_error("|S3"), "texts (dtype '|S3')" + convert);
  EXPECT_EQ(type_error("<f16"), "real numbers of another size (dtype '<f16')" + convert);
  EXPECT_EQ(type_error("<c16"),
            "complex numbers (dtype '<c16'); save their parts as columns: numpy.c_[a.real, a.imag]");
  EXPECT_TRUE(type_error("<M8[ns]").starts_with("dates (dtype '<M8[ns]'); save them as numbers"));
  EXPECT_TRUE(type_error("<m8[s]").starts_with("spans of time (dtype '<m8[s]'); save them as numbers"));
  EXPECT_EQ(type_error("|V8"), "raw bytes (dtype '|V8'); save numbers");
  for (const std::string descr : {"", "|f8", "f", "<i3", "<u16", "<b2", "<f8x", "x8", "<"}) {
    EXPECT_NE(type_error(descr).find("dtype '" + descr + "'"), std::string::npos) << descr;
  }
}

TEST(NpyMisuse, StructuredArraysAreNamedWithTheirFields) {
  for (const std::string list :
       {"[('a', '<f8'), ('b', '<f8')]", "[(('title', 'a'), '<f8', (2,)), ('b', [('c', '|u1')])]",
        "[('a','<f8',),('b','<f8'),]"}) {
    const std::string dictionary = "{'descr': " + list + ", 'fortran_order': False, 'shape': (3,), }";
    EXPECT_EQ(error(npy(1, dictionary, data_bytes<double>(kX))),
              "a structured array of a, b; save them as the columns of one array: "
              "numpy.lib.recfunctions.structured_to_unstructured(a)")
        << list;
  }
  for (const std::string list : {"[", "[]", "[(", "['a']", "[('a', ", "[('a', [[[[[[[[[[[[[[[[[[[[[[[[[["}) {
    EXPECT_TRUE(error(npy(1, "{'descr': " + list, "")).starts_with("NPY header: ")) << list;
  }
}

TEST(NpyMisuse, ASecondArrayInTheFile) {
  EXPECT_TRUE(error(kBytes + kBytes).ends_with("they are another array: save each in a file of its own"));
}

TEST(NpyMisuse, ShapesThatAreNotATable) {
  const std::string data = data_bytes<double>(kX);
  EXPECT_EQ(error(npy(1, header("<f8", "()"), data)), "an array of 0 dimensions; must have 1 or 2");
  EXPECT_EQ(error(npy(1, header("<f8", "(1, 2, 3)"), data)),
            "an array of 3 dimensions; must have 1 or 2, a row for each observation: a.reshape(len(a), -1)");
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
