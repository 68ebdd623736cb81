// Files as read_dataset finds them: mapped, piped, packed. What is in them: csv_test.cpp and npy_test.cpp.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <zlib.h>

#include <future>

#include "io/files.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

using test::message_of;
using test::TemporaryFolder;
using test::write_bytes;

const Matrix kTwoRows(2, 2, {1, 2, 3, 4});
constexpr std::string_view kText = "a,b\n1,2\n3,4\n";

Matrix matrix_in(const std::string& path) { return std::get<Matrix>(read_dataset(path).values()); }

std::string packed(std::string_view text) {
  const TemporaryFolder folder;
  gzFile file = gzopen((folder / "packed").c_str(), "wb");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  return test::bytes_of(folder / "packed");
}

TEST(ReadDataset, ReadsTheDataThatComesWithMogul) {
  const Dataset faithful = read_dataset(MOGUL_DATA "/faithful.csv");
  EXPECT_EQ(faithful.rows(), 272U);
  EXPECT_EQ(faithful.column_names(), (std::vector<std::string>{"eruptions", "waiting"}));
  EXPECT_EQ(faithful.view().value(271, 0), 4.467);
  const Dataset iris = read_dataset(MOGUL_DATA "/iris.csv", {.exclude = {"class"}});
  EXPECT_EQ(iris.rows(), 150U);
  EXPECT_EQ(iris.cols(), 4U);
  EXPECT_EQ(iris.view().value(149, 3), 1.8);
}

TEST(ReadDataset, ReadsAPipe) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  std::string text = "x\n";
  for (int i = 0; i < 100000; ++i) text += "1\n";
  const std::future<void> writer = std::async(std::launch::async, [&] { write_bytes(folder / "pipe", text); });
  EXPECT_EQ(matrix_in(folder / "pipe"), Matrix(100000, 1, std::vector<double>(100000, 1.0)));
}

TEST(ReadDataset, ReadsAFileThatEndsWithItsPage) {
  const TemporaryFolder folder;
  std::string text;
  while (text.size() < 8190) text += "1\n";
  write_bytes(folder / "page.csv", text + "12");  // 8192 bytes: nothing is mapped behind the last digit
  EXPECT_EQ(matrix_in(folder / "page.csv")(4095, 0), 12.0);
}

TEST(ReadDataset, UnpacksGzipWhateverTheFileIsCalled) {
  const TemporaryFolder folder;
  write_bytes(folder / "t.csv", packed(kText));
  EXPECT_EQ(matrix_in(folder / "t.csv"), kTwoRows);
  write_bytes(folder / "t.csv", packed("a,b\n1,2\n") + packed("3,4\n"));
  EXPECT_EQ(matrix_in(folder / "t.csv"), kTwoRows);
}

TEST(ReadDataset, UnpacksMoreThanItsFirstGuess) {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += std::to_string(i) + "\n";
  const Dataset data = parse_dataset(packed(text), "t.gz");
  ASSERT_EQ(data.rows(), 100000U);
  EXPECT_EQ(data.view().value(77777, 0), 77777.0);
}

TEST(ReadDataset, UnpacksNpy) {
  const TemporaryFolder folder;
  write_npy(folder / "t.npy", kTwoRows.view());
  write_bytes(folder / "t.npy.gz", packed(test::bytes_of(folder / "t.npy")));
  EXPECT_EQ(matrix_in(folder / "t.npy.gz"), kTwoRows);
}

TEST(ReadDataset, IgnoresZerosAfterTheLastMemberOfGzip) {
  for (const std::size_t n : {1, 20, 70000}) {
    EXPECT_EQ(parse_dataset(packed(kText) + std::string(n, '\0'), "t.gz").rows(), 2U) << n;
    EXPECT_EQ(parse_dataset(packed("a,b\n1,2\n") + packed("3,4\n") + std::string(n, '\0'), "t.gz").rows(), 2U) << n;
  }
}

TEST(ReadDataset, RefusesGzipInsideGzip) {
  EXPECT_EQ(message_of<invalid_data>([] { parse_dataset(packed(packed(kText)), "t.gz"); }),
            "t.gz: gzip inside gzip; unpack it once: gzip -dc FILE");
}

TEST(ReadDataset, RefusesDamagedGzip) {
  const auto error = [](std::string_view bytes) {
    return message_of<invalid_data>([&] { parse_dataset(bytes, "t.gz"); });
  };
  const std::string good = packed(kText);
  EXPECT_EQ(error(good.substr(0, good.size() - 1)), "t.gz: gzip: the file ends early");
  EXPECT_EQ(error(good.substr(0, 12)), "t.gz: gzip: the file ends early");
  EXPECT_EQ(error(good.substr(0, 2)), "t.gz: gzip: the file ends early");
  EXPECT_EQ(error(good + '\0' + "x"), "t.gz: gzip: bytes after the end of the packed data");
  EXPECT_EQ(error(good + "x"), "t.gz: gzip: bytes after the end of the packed data");
  std::string wrong_sum = good;
  wrong_sum[good.size() - 8] = static_cast<char>(~wrong_sum[good.size() - 8]);
  EXPECT_EQ(error(wrong_sum), "t.gz: gzip: incorrect data check");
  EXPECT_EQ(error("\x1f\x8b\x09\x09\x09\x09"), "t.gz: gzip: unknown compression method");
}

TEST(ReadDataset, NamesAFileThatCannotBeRead) {
  const TemporaryFolder folder;
  EXPECT_EQ(message_of<io_error>([&] { read_dataset(folder / "none.csv"); }),
            "cannot read '" + (folder / "none.csv") + "': No such file or directory");
  EXPECT_EQ(message_of<io_error>([&] { read_dataset(folder.path); }),
            "cannot read '" + folder.path.string() + "': Is a directory");
}

TEST(ReadDataset, NamesTheFileInMessagesAboutItsContent) {
  const TemporaryFolder folder;
  write_bytes(folder / "empty.csv", "");
  EXPECT_EQ(message_of<invalid_data>([&] { read_dataset(folder / "empty.csv"); }),
            (folder / "empty.csv") + ": no data; must have at least one row");
  EXPECT_EQ(message_of<invalid_data>([] { read_dataset(MOGUL_DATA "/iris.csv"); }), MOGUL_DATA
            "/iris.csv: line 2, column 'class': 'setosa' is not a number; leave the column out "
            "(--exclude class)");
  EXPECT_EQ(message_of<invalid_argument>([] { read_dataset(MOGUL_DATA "/iris.csv", {.exclude = {"clas"}}); }),
            MOGUL_DATA "/iris.csv: exclude = 'clas': no such column; did you mean 'class'?");
}

TEST(ReadColumnNames, AreThoseOfTheHeaderOrNothing) {
  using Names = std::vector<std::string>;
  const auto names = [](std::string_view text, const ReadOptions& options = {}) {
    return parse_column_names(text, "t.csv", options);
  };
  EXPECT_EQ(names("a,note,\n1,x,2\n", {.columns = {"a"}}), (Names{"a", "note", ""}));
  EXPECT_EQ(names("a,b"), (Names{"a", "b"}));
  EXPECT_EQ(names("5,7\n1,2\n"), std::nullopt);
  EXPECT_EQ(names("5,7\n1,2\n", {.header = Header::yes}), (Names{"5", "7"}));
  EXPECT_EQ(names(packed("a,b\n1,2\n")), (Names{"a", "b"}));
  EXPECT_EQ(read_column_names(MOGUL_DATA "/faithful.csv"), (Names{"eruptions", "waiting"}));
  EXPECT_THROW(read_column_names("none.csv"), io_error);
}

TEST(ReadDataset, RefusesJson) {
  for (const std::string text : {"{\"schema\": \"mogul-model/1\"}", "\n{\n  \"a\": 1}", "{}"}) {
    EXPECT_TRUE(message_of<invalid_data>([&] { parse_dataset(text, "m.json"); }).starts_with("m.json: ")) << text;
  }
}

}  // namespace
}  // namespace mogul
