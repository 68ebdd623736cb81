// Runs the program `mogul` as a user does.
#include "cli/process.hpp"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "mogul/io.hpp"

namespace mogul::test {

namespace {

namespace fs = std::filesystem;

int opened(const std::string& path, int flags) {
  const int descriptor = open(path.c_str(), flags, 0600);
  if (descriptor < 0) _exit(126);
  return descriptor;
}

// In the child: never returns.
[[noreturn]] void execute(const std::vector<std::string>& command, const RunOptions& options) {
  for (const auto& [name, value] : options.environment) setenv(name.c_str(), value.c_str(), 1);
  for (const int number : {SIGINT, SIGPIPE, SIGXFSZ}) signal(number, SIG_DFL);
  if (options.file_size_limit != 0) {
    const rlimit limit{options.file_size_limit, options.file_size_limit};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  _exit(127);
}

int exit_code_of(int status) { return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status); }

std::vector<std::string> with_program(const std::vector<std::string>& arguments) {
  std::vector<std::string> command{MOGUL_PROGRAM};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

}  // namespace

Process::Process(const std::vector<std::string>& command, const fs::path& folder, const RunOptions& options)
    : out_(folder / "out"), err_(folder / "err") {
  fs::create_directories(folder);
  std::ofstream(folder / "in", std::ios::binary) << options.input;
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("fork failed");
  if (pid_ == 0) {
    dup2(opened(folder / "in", O_RDONLY), STDIN_FILENO);
    const auto path_or = [](const std::string& path, const fs::path& usual) {
      return path.empty() ? usual.string() : path;
    };
    dup2(opened(path_or(options.stdout_path, out_), O_WRONLY | O_CREAT), STDOUT_FILENO);
    dup2(opened(path_or(options.stderr_path, err_), O_WRONLY | O_CREAT), STDERR_FILENO);
    for (const int descriptor : options.closed) close(descriptor);
    execute(command, options);
  }
}

void Process::send(int signal) const { kill(pid_, signal); }

bool Process::has_ended() {
  if (!ended_) ended_ = waitpid(pid_, &status_, WNOHANG) == pid_;
  return ended_;
}

bool Process::says(const std::string& text) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (std::chrono::steady_clock::now() < deadline) {
    if (text_of(err_).find(text) != std::string::npos) return true;
    if (has_ended()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

Finished Process::wait() {
  if (!ended_) waitpid(pid_, &status_, 0);
  ended_ = true;
  return {exit_code_of(status_), text_of(out_), text_of(err_)};
}

CommandLine::CommandLine() {
  std::string name = (fs::temp_directory_path() / "mogul-cli-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  folder_ = fs::path(name) / "files";
  streams_ = fs::path(name) / "streams";
  fs::create_directories(folder_);
}

CommandLine::~CommandLine() { fs::remove_all(folder_.parent_path()); }

std::string CommandLine::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
  return path(name);
}

std::string CommandLine::read(const std::string& name) const { return text_of(path(name)); }

std::vector<std::string> CommandLine::files() const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder_)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

Process CommandLine::start(const std::vector<std::string>& arguments, const RunOptions& options) {
  return Process(with_program(arguments), streams_ / std::to_string(n_runs_++), options);
}

Finished CommandLine::mogul(const std::vector<std::string>& arguments, const RunOptions& options) {
  return start(arguments, options).wait();
}

Finished CommandLine::shell(const std::string& script) {
  RunOptions options;
  options.environment = {{"MOGUL", MOGUL_PROGRAM}};
  return Process({"/bin/sh", "-c", script}, streams_ / std::to_string(n_runs_++), options).wait();
}

Finished CommandLine::mogul_in_terminal(const std::vector<std::string>& arguments, const RunOptions& options) {
  int terminal = -1;
  const pid_t pid = forkpty(&terminal, nullptr, nullptr, nullptr);
  if (pid < 0) throw std::runtime_error("forkpty failed");
  if (pid == 0) execute(with_program(arguments), options);
  Finished finished;
  char bytes[4096];
  for (ssize_t n = 0; (n = ::read(terminal, bytes, sizeof(bytes))) > 0;) finished.out.append(bytes, n);
  int status = 0;
  waitpid(pid, &status, 0);
  close(terminal);
  finished.exit_code = exit_code_of(status);
  return finished;
}

std::string CommandLine::write_known_model(const std::string& name) const {
  const Mixture mixture(families::full, {0.25, 0.75}, Matrix(2, 2, {2, 55, 4.5, 80}),
                        {0.25, 0.5, 0.5, 36, 0.16, 0, 0, 25});
  write_model(path(name), {mixture, {"eruptions", "waiting"}, {}, {}});
  return path(name);
}

std::string faithful() { return MOGUL_DATA "/faithful.csv"; }

std::string iris() { return MOGUL_DATA "/iris.csv"; }

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::vector<double>> numbers_of(const std::string& csv) {
  std::vector<std::vector<double>> rows;
  for (const std::string& line : lines_of(csv)) {
    std::istringstream stream(line);
    std::vector<double> row;
    for (std::string field; std::getline(stream, field, ',');) row.push_back(std::strtod(field.c_str(), nullptr));
    rows.push_back(row);
  }
  if (!rows.empty()) rows.erase(rows.begin());
  return rows;
}

}  // namespace mogul::test
