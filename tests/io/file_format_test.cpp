#include "io/file_format.hpp"

#include <gtest/gtest.h>

#include <random>

#include "io/files.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

using namespace std::string_view_literals;
using test::message_of;

struct Example {
  std::string_view bytes;
  std::string_view word;  ///< the message must have it
};

// First bytes as the programs write them, from the formats' own specifications.
const Example kExamples[] = {
    {"PK\x03\x04\x14\0\0\0\x08\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x09\0\0\0arr_0.npy"sv, ".npz"},
    {"PK\x03\x04\x14\0\0\0\x08\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x13\0\0\0[Content_Types].xml"sv, "Excel"},
    {"PK\x03\x04\x14\0\0"sv, "zip archive"},
    {"PK\x05\x06\0\0\0\0"sv, "zip archive"},
    {"\xFD\x37zXZ\0\0\x04"sv, "xz"},
    {"BZh91AY&SY\0\1"sv, "bzip2"},
    {"\x28\xB5\x2F\xFD\x04\x58"sv, "zstd"},
    {"PAR1\x15\x04\x15"sv, "Parquet"},
    {"ARROW1\0\0"sv, "Feather"},
    {"\x89HDF\r\n\x1A\n\0"sv, "HDF5"},
    {"SIMPLE  =                    T"sv, "FITS"},
    {"MATLAB 5.0 MAT-file, Platform: GLNXA64\0\1IM"sv, "MATLAB"},
    {"SQLite format 3\0\x10\0"sv, "SQLite"},
    {"%PDF-1.7\n"sv, "PDF"},
    {"\x80\x04\x95\x10\0\0"sv, "pickle"},
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, ".xls"},
    {"\xFF\xFE"
     "a\0,\0b\0\n\0"sv,
     "UTF-16"},
    {"\xFE\xFF\0a\0,\0b\0\n"sv, "UTF-16"},
    {"a\0,\0b\0\n\0"
     "1\0"sv,
     "UTF-16"},
    {"\xFF\xFE\0\0a\0\0\0"sv, "UTF-32"},
    {"X\n\0\0\0\3"sv, "R data"},
    {"<!DOCTYPE html><html>"sv, "HTML"},
    {"<?xml version=\"1.0\"?>"sv, "XML"},
    {"\x89PNG\r\n\x1A\n"sv, "PNG"},
    {"version https://git-lfs.github.com/spec/v1\noid sha256:"sv, "Git LFS"},
    {"\x01\x02\0\x03numbers"sv, "neither text nor NPY"},
};

TEST(FileFormat, IsNamedByEveryReader) {
  for (const auto& example : kExamples) {
    const std::string_view bytes = example.bytes;
    const std::string_view word = example.word;
    const auto expect = [&](const std::string& message) {
      EXPECT_TRUE(message.starts_with("f: ")) << message;
      EXPECT_NE(message.find(word), std::string::npos) << message;
      EXPECT_NE(message.find("; "), std::string::npos) << "says what to do: " << message;
    };
    expect(message_of<invalid_data>([&] { parse_dataset(bytes, "f"); }));
    expect(message_of<invalid_data>([&] { parse_column_names(bytes, "f"); }));
    expect(message_of<invalid_data>([&] { parse_labels(bytes, "f"); }));
    expect(message_of<invalid_data>([&] { parse_model(bytes, "f"); }));
    expect(message_of<invalid_data>([&] { parse_stats(bytes, "f"); }));
  }
}

TEST(FileFormat, LeavesRowsOfTextAlone) {
  for (const std::string_view text :
       {"PAR1,PAR2\n1,2\n"sv, "ORC,b\n1,2\n"sv, "BZh9\n1\n"sv, "[a],[b]\n1,2\n"sv, "GIF8\t2\n"sv, "x\n1\n"sv, ""sv,
        "gr\xC3\xB6\xC3\x9F"
        "e,MM\n1,2\n"sv,
        "gr\xF6\xDF"
        "e\n1\n"sv,
        "\xEF\xBB\xBFx\n1\n"sv, "a\f\n1\x1A"sv, "PARENT,CHILD,OTHER\n1,2,3\n"sv}) {
    EXPECT_NO_THROW(refuse_other_formats(text, "f")) << text;
    EXPECT_NO_THROW(require_table(text, "f")) << text;
  }
}

TEST(FileFormat, NamesJsonInThePlaceOfRows) {
  const auto refusal = [](std::string_view text) {
    return message_of<invalid_data>([&] { require_table(text, "f"); });
  };
  for (const std::string_view text : {"[{\"a\": 1}, {\"a\": 2}]", "[[1, 2], [3, 4]]", "[1, 2.5e3, -4]", " {\"a\": 1}\n",
                                      "{}", "[]", "{\"a\": 1}\n{\"a\": 2}\n", "[\"a\"]"}) {
    const bool lines = text.find("}\n{") != std::string_view::npos;
    EXPECT_TRUE(refusal(text).starts_with(lines ? "f: JSON lines; must be CSV" : "f: JSON; must be CSV")) << text;
    EXPECT_EQ(refusal(text).find("lines=True") != std::string::npos, lines) << text;
  }
  EXPECT_EQ(refusal("{\n  \"schema\": \"mogul-model/1\","),
            "f: a model file, not rows; are the model and the data swapped?");
}

TEST(FileFormat, NamesRowsInThePlaceOfAModel) {
  const auto refusal = [](std::string_view text) { return message_of<invalid_data>([&] { parse_model(text, "f"); }); };
  const std::string rest =
      ", not a model file, which is JSON that `mogul fit -o` writes; are the model and the data swapped?";
  EXPECT_EQ(refusal("a,b\n1,2\n"), "f: text that looks like rows" + rest);
  EXPECT_EQ(refusal("\xEF\xBB\xBF"
                    "1,2\n"),
            "f: text that looks like rows" + rest);
  EXPECT_EQ(refusal("\x93NUMPY\x01"), "f: NPY rows" + rest);
}

// No bytes at all may do more than be refused in one line.
TEST(FileFormat, AnyBytesAreReadOrRefusedInOneLine) {
  std::mt19937 engine(7);
  for (const auto& [bytes, word] : kExamples) {
    for (int i = 0; i < 200; ++i) {
      std::string damaged(bytes.substr(0, engine() % (bytes.size() + 1)));
      if (!damaged.empty()) damaged[engine() % damaged.size()] = static_cast<char>(engine());
      const auto one_line = [&](auto&& read) {
        try {
          read(damaged, "f");
        } catch (const invalid_argument& error) {
          EXPECT_EQ(std::string_view(error.what()).find('\n'), std::string_view::npos) << error.what();
        }
      };
      one_line([](std::string_view text, const char* name) { parse_dataset(text, name); });
      one_line([](std::string_view text, const char* name) { parse_labels(text, name); });
      one_line([](std::string_view text, const char* name) { parse_model(text, name); });
    }
  }
}

}  // namespace
}  // namespace mogul
