#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cerrno>

#include "io/files.hpp"
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

TEST_F(ReadLabels, AllowsAHeaderBlankLinesAndBlanks) {
  EXPECT_EQ(read("class\r\n 2\r\n\r\n1 \r\n2"), (Labels{1, 0, 1}));
}

TEST_F(ReadLabels, NamesTheLineThatIsNotOneInteger) {
  EXPECT_EQ(error("class\n1\ntwo\n"), "line 3: 'two'; must be one integer");
  EXPECT_EQ(error("1\n\n2.5\n"), "line 3: '2.5'; must be one integer");
  EXPECT_EQ(error("1.5\n2\n"), "line 1: '1.5'; must be one integer");
  EXPECT_EQ(error("1\n1,2\n"), "line 2: '1,2'; must be one integer");
  EXPECT_EQ(error("1\n99999999999999999999\n"), "line 2: '99999999999999999999'; must be one integer");
  EXPECT_EQ(error("a\nb\n1\n"), "line 2: 'b'; must be one integer");
}

TEST_F(ReadLabels, RefusesAFileWithoutLabels) {
  EXPECT_EQ(error(""), "no labels; must have one integer per line");
  EXPECT_EQ(error("class\n"), "no labels; must have one integer per line");
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

}  // namespace
}  // namespace mogul
