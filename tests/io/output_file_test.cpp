#include "mogul/output_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <future>
#include <vector>

#include "io/files.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

namespace fs = std::filesystem;
using test::bytes_of;
using test::message_of;
using test::TemporaryFolder;
using test::write_bytes;

void write_file(const std::string& path, std::string_view text) {
  OutputFile file(path);
  file.stream() << text;
  file.commit();
}

unsigned mode_of(const std::string& path) {
  struct stat info;
  EXPECT_EQ(::stat(path.c_str(), &info), 0) << path;
  return info.st_mode & 0777;
}

TEST(OutputFile, AppearsWholeAtCommit) {
  const TemporaryFolder folder;
  OutputFile file(folder / "a.txt");
  file.stream() << "one\n" << std::string(200000, 'x') << 3;
  EXPECT_FALSE(fs::exists(folder / "a.txt"));
  file.commit();
  EXPECT_EQ(bytes_of(folder / "a.txt"), "one\n" + std::string(200000, 'x') + "3");
  EXPECT_EQ(folder.n_files(), 1U);
}

TEST(OutputFile, LeavesTheOldFileAloneWithoutCommit) {
  const TemporaryFolder folder;
  write_bytes(folder / "a.txt", "old");
  {
    OutputFile file(folder / "a.txt");
    file.stream() << "new" << std::flush;
    EXPECT_LE(folder.n_files(), 2U);  // 1 where the file system has files without a name
  }
  EXPECT_EQ(bytes_of(folder / "a.txt"), "old");
  EXPECT_EQ(folder.n_files(), 1U);
}

TEST(OutputFile, TakesTheModeOfTheOldFileOrOfTheUmask) {
  const TemporaryFolder folder;
  const mode_t old_mask = ::umask(027);
  write_file(folder / "new.txt", "x");
  ::umask(old_mask);
  EXPECT_EQ(mode_of(folder / "new.txt"), 0640U);
  ::chmod((folder / "new.txt").c_str(), 0604);
  write_file(folder / "new.txt", "y");
  EXPECT_EQ(mode_of(folder / "new.txt"), 0604U);
  EXPECT_EQ(bytes_of(folder / "new.txt"), "y");
}

TEST(OutputFile, FollowsSymbolicLinksEvenToWhatDoesNotExistYet) {
  const TemporaryFolder folder;
  fs::create_directory(folder / "deep");
  fs::create_symlink("deep/b.txt", folder / "link");
  fs::create_symlink("link", folder / "link_to_link");
  write_file(folder / "link_to_link", "first");
  write_file(folder / "link", "second");
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_TRUE(fs::is_symlink(folder / "link_to_link"));
  EXPECT_EQ(bytes_of(folder / "deep/b.txt"), "second");
}

TEST(OutputFile, RefusesLinksThatGoInCircles) {
  const TemporaryFolder folder;
  fs::create_symlink("b", folder / "a");
  fs::create_symlink("a", folder / "b");
  EXPECT_EQ(message_of<io_error>([&] { OutputFile(folder / "a"); }),
            "cannot write '" + (folder / "a") + "': Too many levels of symbolic links");
}

TEST(OutputFile, WritesIntoAPipeDirectly) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  std::future<std::string> reader = std::async(std::launch::async, [&] { return bytes_of(folder / "pipe"); });
  write_file(folder / "pipe", "through");
  EXPECT_EQ(reader.get(), "through");
  EXPECT_TRUE(fs::is_fifo(folder / "pipe"));
}

TEST(OutputFile, WritesIntoItsOwnOpenFilesDirectly) {
  const TemporaryFolder folder;
  write_bytes(folder / "log.txt", "before ");
  FILE* log = std::fopen((folder / "log.txt").c_str(), "a");
  ASSERT_NE(log, nullptr);
  write_file("/dev/fd/" + std::to_string(::fileno(log)), "after");
  std::fclose(log);
  EXPECT_EQ(bytes_of(folder / "log.txt"), "before after");
  EXPECT_EQ(folder.n_files(), 1U);
}

TEST(OutputFile, ReportsAFullDisk) {
  EXPECT_EQ(message_of<io_error>([] { write_file("/dev/full", "x"); }),
            "cannot write '/dev/full': No space left on device");
  EXPECT_EQ(message_of<io_error>([] { write_file("/dev/full", std::string(1000000, 'x')); }),
            "cannot write '/dev/full': No space left on device");
}

TEST(OutputFile, KeepsTheSystemsErrorNumber) {
  try {
    write_file("/dev/full", "x");
    FAIL();
  } catch (const io_error& error) {
    EXPECT_EQ(error.code(), ENOSPC);
  }
}

TEST(OutputFile, NamesThePathAndTheReasonWhenItCannotOpen) {
  const TemporaryFolder folder;
  EXPECT_EQ(message_of<io_error>([&] { OutputFile(folder / "no/a.txt"); }),
            "cannot write '" + (folder / "no/a.txt") + "': No such file or directory");
  EXPECT_EQ(message_of<io_error>([&] { OutputFile{folder.path.string()}; }),
            "cannot write '" + folder.path.string() + "': Is a directory");
  EXPECT_EQ(message_of<io_error>([] { OutputFile(""); }), "cannot write '': No such file or directory");
  EXPECT_EQ(message_of<io_error>([&] { OutputFile(folder / std::string(300, 'n')); }),
            "cannot write '" + (folder / std::string(300, 'n')) + "': File name too long");
  EXPECT_EQ(folder.n_files(), 0U);
}

TEST(OutputFile, RemovesTheTemporaryFileWhenItCannotBeRenamed) {
  const TemporaryFolder folder;
  {
    OutputFile file(folder / "a");
    file.stream() << "x";
    fs::create_directory(folder / "a");
    EXPECT_EQ(message_of<io_error>([&] { file.commit(); }), "cannot write '" + (folder / "a") + "': Is a directory");
  }
  EXPECT_EQ(folder.n_files(), 1U);
}

TEST(OutputFile, LastCommitWinsWhenTwoWriteTheSameFile) {
  const TemporaryFolder folder;
  OutputFile first(folder / "a");
  OutputFile second(folder / "a");
  first.stream() << "first";
  second.stream() << "second";
  second.commit();
  first.commit();
  EXPECT_EQ(bytes_of(folder / "a"), "first");
  EXPECT_EQ(folder.n_files(), 1U);
}

TEST(OutputFile, ReportsALimitOfTheFilesSize) {
  const TemporaryFolder folder;
  write_bytes(folder / "a", "old");
  const auto old_handler = ::signal(SIGXFSZ, SIG_IGN);  // as the command line and Python have it
  rlimit old_limit;
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old_limit), 0);
  rlimit limit = old_limit;
  limit.rlim_cur = 1000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  const std::string message = message_of<io_error>([&] { write_file(folder / "a", std::string(200000, 'x')); });
  ::setrlimit(RLIMIT_FSIZE, &old_limit);
  ::signal(SIGXFSZ, old_handler);
  EXPECT_EQ(message, "cannot write '" + (folder / "a") +
                         "': File too large (the limit of the shell, ulimit -f, or of the file system)");
  EXPECT_EQ(bytes_of(folder / "a"), "old");
  EXPECT_EQ(folder.n_files(), 1U);
}

TEST(OutputFile, ShowsAPathInOneLine) {
  const TemporaryFolder folder;
  EXPECT_EQ(message_of<io_error>([&] { OutputFile(folder / "no\nfolder/a"); }),
            "cannot write '" + (folder / "no?folder/a") + "': No such file or directory");
}

TEST(OutputFile, LeavesAFileToItsOwner) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may give files away";
  const TemporaryFolder folder;
  write_bytes(folder / "a", "old");
  ASSERT_EQ(::chown((folder / "a").c_str(), 65534, 65533), 0);
  ASSERT_EQ(::chmod((folder / "a").c_str(), 0660), 0);
  write_file(folder / "a", "new");
  struct stat info;
  ASSERT_EQ(::stat((folder / "a").c_str(), &info), 0);
  EXPECT_EQ(info.st_uid, 65534U);
  EXPECT_EQ(info.st_gid, 65533U);
  EXPECT_EQ(info.st_mode & 0777, 0660U);
  EXPECT_EQ(bytes_of(folder / "a"), "new");
}

// The number of a process that has ended.
pid_t process_that_is_gone() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  return child;
}

TEST(OutputFile, ClearsUpAfterProcessesThatWereKilled) {
  const TemporaryFolder folder;
  const std::string gone = std::to_string(process_that_is_gone());
  const std::string stale = folder / (".mogul-" + gone + "-0.tmp");
  const std::string locked = folder / (".mogul-" + gone + "-1.tmp");
  const std::vector<std::string> kept{locked,
                                      folder / (".mogul-" + std::to_string(::getpid()) + "-0.tmp"),
                                      folder / (".mogul-" + std::to_string(::getppid()) + "-0.tmp"),
                                      folder / (".mogul-" + gone + "-0.tmp.csv"),
                                      folder / (".mogul-" + gone + ".tmp"),
                                      folder / (".mogul-" + gone + "-x.tmp"),
                                      folder / ".mogul--1-0.tmp",
                                      folder / ".mogul-0-0.tmp",
                                      folder / "mogul.tmp"};
  write_bytes(stale, "left");
  for (const std::string& path : kept) write_bytes(path, "kept");
  fs::create_directory(folder / (".mogul-" + gone + "-7.tmp"));
  fs::create_symlink("mogul.tmp", folder / (".mogul-" + gone + "-8.tmp"));
  const int lock = ::open(locked.c_str(), O_RDONLY | O_CLOEXEC);  // as another machine or container may have it
  ASSERT_EQ(::flock(lock, LOCK_EX | LOCK_NB), 0);
  write_file(folder / "a", "new");
  EXPECT_FALSE(fs::exists(stale));
  for (const std::string& path : kept) EXPECT_TRUE(fs::exists(path)) << path;
  EXPECT_TRUE(fs::exists(folder / (".mogul-" + gone + "-7.tmp")));
  EXPECT_TRUE(fs::is_symlink(folder / (".mogul-" + gone + "-8.tmp")));
  ::close(lock);
  write_file(folder / "a", "newer");
  EXPECT_FALSE(fs::exists(locked));
  EXPECT_EQ(bytes_of(folder / "a"), "newer");
}

TEST(OutputFile, OfAProcessThatIsKilledIsGoneWhereFilesNeedNoName) {
  const TemporaryFolder folder;
  const int nameless = ::open((folder / "").c_str(), O_WRONLY | O_TMPFILE, 0600);
  if (nameless >= 0) ::close(nameless);
  const pid_t child = ::fork();
  if (child == 0) {
    OutputFile file(folder / "a");
    file.stream() << "x" << std::flush;
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(folder.n_files(), nameless >= 0 ? 0U : 1U) << "the file system has files without a name: " << nameless;
}

}  // namespace
}  // namespace mogul
