#include "io/file_bytes.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <thread>

#include "io/files.hpp"
#include "mogul/error.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

using test::message_of;
using test::TemporaryFolder;
using test::write_bytes;

std::string text_of_size(std::size_t size) {
  std::string text(size, '1');
  for (std::size_t i = 79; i < size; i += 80) text[i] = '\n';
  for (std::size_t i = 0; i < size; i += 977) text[i] = static_cast<char>('0' + i / 977 % 10);
  return text;
}

TEST(FileBytes, AreThoseOfTheFileOfAnySize) {
  const TemporaryFolder folder;
  for (const std::size_t size : {0U, 1U, 65535U, 65536U, 65537U, 8388607U, 8388608U, 8388609U, 20000003U}) {
    const std::string text = text_of_size(size);
    write_bytes(folder / "a.txt", text);
    for (const unsigned n_threads : {1U, 3U})
      EXPECT_TRUE(FileBytes(folder / "a.txt", n_threads).view() == text) << size;
  }
}

TEST(FileBytes, ComeThroughAPipeInAnyPieces) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  const std::string text = text_of_size(300001);
  std::jthread writer([&] {
    const int pipe = ::open((folder / "pipe").c_str(), O_WRONLY);
    for (std::size_t at = 0; at < text.size();) {
      const ssize_t n = ::write(pipe, text.data() + at, std::min<std::size_t>(7777, text.size() - at));
      if (n <= 0) break;
      at += static_cast<std::size_t>(n);
    }
    ::close(pipe);
  });
  EXPECT_TRUE(FileBytes(folder / "pipe").view() == text);
}

TEST(FileBytes, ReadsFilesWhoseSizeIsSaidToBeZeroOrLarger) {
  EXPECT_FALSE(FileBytes("/proc/self/status").view().empty());
  const char* larger = "/sys/kernel/mm/transparent_hugepage/enabled";  // is said to have 4096 bytes
  if (std::filesystem::exists(larger)) {
    EXPECT_NO_THROW(FileBytes{larger});
  }
}

TEST(FileBytes, NamesWhatCannotBeRead) {
  const TemporaryFolder folder;
  EXPECT_EQ(message_of<io_error>([&] { FileBytes{folder.path.string()}; }),
            "cannot read '" + folder.path.string() + "': Is a directory");
  EXPECT_EQ(message_of<io_error>([&] { FileBytes{folder / "two\nlines\x1B[2J"}; }),
            "cannot read '" + (folder / "two?lines?[2J") + "': No such file or directory");
  EXPECT_EQ(message_of<io_error>([] { FileBytes{std::string("a\0b", 3)}; }),
            "cannot read 'a?b': No such file or directory");
}

// A device that never ends is known to be no text before it fills the memory.
TEST(FileBytes, RefusesWhatIsNotTextBeforeItReadsAllOfIt) {
  EXPECT_NE(message_of<invalid_data>([] { FileBytes{"/dev/zero"}; }).find("neither text nor NPY"), std::string::npos);
  EXPECT_NE(message_of<invalid_data>([] { FileBytes{"/dev/urandom"}; }).find("; "), std::string::npos);
}

// Another program shortens, lengthens or rewrites the file all the while: old or new rows, or an error that says so.
TEST(FileBytes, AFileThatChangesWhileItIsReadIsOneOrTheOtherOrAnError) {
  const TemporaryFolder folder;
  const std::string path = folder / "a.csv";
  const std::string old_text = text_of_size(std::size_t{12} << 20);
  const std::string new_text = old_text.substr(0, 160) + text_of_size(std::size_t{9} << 20);
  write_bytes(path, old_text);
  std::atomic<bool> done = false;
  std::jthread writer([&] {
    const int file = ::open(path.c_str(), O_WRONLY);
    for (bool old = false; !done; old = !old) {
      const std::string& text = old ? old_text : new_text;
      EXPECT_EQ(::ftruncate(file, 0), 0);
      EXPECT_EQ(::pwrite(file, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ::close(file);
  });
  int n_errors = 0;
  for (int i = 0; i < 20; ++i) {
    try {
      const FileBytes bytes(path, 1 + i % 2);
      EXPECT_TRUE(bytes.view() == old_text || bytes.view() == new_text || old_text.starts_with(bytes.view()) ||
                  new_text.starts_with(bytes.view()));
    } catch (const io_error& error) {
      EXPECT_NE(std::string(error.what()).find("it changed while it was read"), std::string::npos) << error.what();
      ++n_errors;
    }
  }
  done = true;
  RecordProperty("n_errors", n_errors);
}

TEST(FileBytes, AFileThatGrowsIsRefused) {
  const TemporaryFolder folder;
  const std::string path = folder / "log.csv";
  write_bytes(path, text_of_size(std::size_t{40} << 20));
  std::atomic<bool> done = false;
  std::jthread writer([&] {
    const int file = ::open(path.c_str(), O_WRONLY | O_APPEND);
    while (!done) {
      EXPECT_EQ(::write(file, "1\n", 2), 2);
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    ::close(file);
  });
  bool refused = false;
  for (int i = 0; i < 20 && !refused; ++i) {
    try {
      FileBytes{path};
    } catch (const io_error& error) {
      refused = std::string(error.what()).find("it changed while it was read; try again") != std::string::npos;
    }
  }
  done = true;
  EXPECT_TRUE(refused);
}

}  // namespace
}  // namespace mogul
