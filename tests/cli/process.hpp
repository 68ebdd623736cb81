// Runs the program `mogul` as a user does, with its files in a folder that a test has for itself.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace mogul::test {

/// What a process leaves behind.
struct Finished {
  int exit_code = 0;  ///< 128 + the signal, if a signal ended it
  std::string out;
  std::string err;
};

struct RunOptions {
  std::string input = {};                                             ///< its standard input
  std::vector<std::pair<std::string, std::string>> environment = {};  ///< set in addition
  std::string stdout_path = {};     ///< where standard output goes instead of Finished::out
  std::string stderr_path = {};     ///< where standard error goes instead of Finished::err
  std::vector<int> closed = {};     ///< descriptors that are closed: 0, 1, 2
  std::size_t file_size_limit = 0;  ///< bytes that a file may have; 0 = any
};

/// A process that runs; wait() must be called.
class Process {
 public:
  Process(const std::vector<std::string>& command, const std::filesystem::path& folder, const RunOptions& options);

  void send(int signal) const;
  /// Blocks until standard error has the text. False if the process ends before, or after 60 s.
  bool says(const std::string& text);
  Finished wait();

 private:
  bool has_ended();

  std::filesystem::path out_;
  std::filesystem::path err_;
  int pid_;
  bool ended_ = false;
  int status_ = 0;
};

/// A test with a folder of its own, which is removed afterwards, and the program at hand.
class CommandLine : public ::testing::Test {
 protected:
  CommandLine();
  ~CommandLine() override;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const;  ///< returns the path
  std::string read(const std::string& name) const;
  std::vector<std::string> files() const;  ///< names in the folder, sorted, hidden ones too

  Finished mogul(const std::vector<std::string>& arguments, const RunOptions& options = {});
  Process start(const std::vector<std::string>& arguments, const RunOptions& options = {});
  Finished shell(const std::string& script);
  /// The same with a terminal as standard output and standard error; both are in Finished::out.
  Finished mogul_in_terminal(const std::vector<std::string>& arguments, const RunOptions& options = {});

  /// Two components of the features eruptions and waiting, from known parameters: returns its path.
  std::string write_known_model(const std::string& name = "known.json") const;

 private:
  std::filesystem::path folder_;   // the test's files
  std::filesystem::path streams_;  // what the processes said
  int n_runs_ = 0;
};

std::string faithful();  ///< path of data/faithful.csv
std::string iris();      ///< path of data/iris.csv
std::string text_of(const std::filesystem::path& path);
std::vector<std::string> lines_of(const std::string& text);
/// The numbers below the header line of comma-separated text.
std::vector<std::vector<double>> numbers_of(const std::string& csv);

}  // namespace mogul::test
