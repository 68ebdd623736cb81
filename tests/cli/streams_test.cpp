// Standard streams that are closed, full or read by nobody: files stay whole, exit codes stay those that are
// documented.
#include <signal.h>

#include "cli/process.hpp"
#include "mogul/io.hpp"

namespace mogul::test {
namespace {

using Streams = CommandLine;

// The descriptors 0, 1, 2 that are in a set of bits.
std::vector<int> descriptors_in(unsigned bits) {
  std::vector<int> chosen;
  for (int descriptor = 0; descriptor < 3; ++descriptor) {
    if ((bits >> descriptor & 1U) != 0) chosen.push_back(descriptor);
  }
  return chosen;
}

TEST_F(Streams, WhicheverAreClosedFilesHoldWhatTheyShould) {
  const std::string model = write_known_model();
  const std::string rows = write("rows.npy", "");
  ASSERT_EQ(mogul({"sample", model, "-n", "1000", "-o", rows}).exit_code, 0);
  const std::vector<std::string> score{"score", model, rows, "-v", "-o", path("scores.csv")};
  const std::vector<std::string> fit{"fit", rows, "-k", "2", "-v", "--trace", path("trace.jsonl"), "-o", path("m.csv")};
  ASSERT_EQ(mogul(score).exit_code, 0);
  ASSERT_EQ(mogul(fit).exit_code, 0);
  const std::vector<std::string> expected{read("scores.csv"), read("m.csv"), read("trace.jsonl")};
  for (unsigned bits = 1; bits < 8; ++bits) {
    RunOptions options;
    options.closed = descriptors_in(bits);
    EXPECT_EQ(mogul(score, options).exit_code, 0) << bits;
    EXPECT_EQ(mogul(fit, options).exit_code, 0) << bits;
    EXPECT_EQ((std::vector<std::string>{read("scores.csv"), read("m.csv"), read("trace.jsonl")}), expected) << bits;
  }
}

TEST_F(Streams, AnInterruptedFitKeepsItsMessageOutOfTheModelWhereStandardErrorIsClosed) {
  RunOptions options;
  options.closed = {STDERR_FILENO};
  Process process = start({"fit", faithful(), "-k", "3", "--tol", "0", "--max-iter", "1000000000", "--trace",
                           path("trace.jsonl"), "-o", path("model.json")},
                          options);
  usleep(300'000);
  process.send(SIGTERM);
  EXPECT_EQ(process.wait().exit_code, 130);
  EXPECT_EQ(read_model(path("model.json")).mixture.n_components(), 3u);
  EXPECT_TRUE(read("trace.jsonl").starts_with("{\"restart\""));
}

TEST_F(Streams, DataThatHaveNowhereToGoOrToComeFromAreFive) {
  const std::string model = write_known_model();
  RunOptions options;
  options.closed = {STDOUT_FILENO};
  const Finished unwritten = mogul({"score", model, faithful()}, options);
  EXPECT_EQ(unwritten.exit_code, 5);
  EXPECT_EQ(unwritten.err, "mogul: error: cannot write standard output: Bad file descriptor\n");
  options.closed = {STDIN_FILENO};
  const Finished unread = mogul({"score", model, "-"}, options);
  EXPECT_EQ(unread.exit_code, 5) << unread.err;
  EXPECT_NE(unread.err.find("standard input"), std::string::npos) << unread.err;
}

TEST_F(Streams, HelpAndVersionThatCannotBeWrittenAreFive) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{}, {"--help"}, {"-h"}, {"--version"}, {"fit", "--help"}, {"score", "-h"}}) {
    const Finished run = mogul(arguments, {.stdout_path = "/dev/full"});
    EXPECT_EQ(run.exit_code, 5) << ::testing::PrintToString(arguments);
    EXPECT_EQ(run.err, "mogul: error: cannot write standard output: No space left on device\n");
  }
}

// A command for every exit code that is told on standard error.
TEST_F(Streams, MessagesThatCannotBeWrittenChangeNeitherTheWorkNorTheExitCode) {
  const std::string model = write_known_model();
  const std::vector<std::vector<std::string>> commands{
      {"fit", faithful(), "-k", "2", "-v", "-o", path("model.json")},
      {"fit", write("same.csv", "x\n1\n1\n1\n"), "-k", "2", "--degenerate", "error", "--reg-covar", "0"},
      {"fit", faithful(), "-k", "none"},
      {"nosuch"},
      {"score", model, write("bad.csv", "eruptions,waiting\n1,two\n")},
      {"fit", faithful(), "-k", "3", "--max-iter", "1", "--require-converged", "-o", path("model.json")},
      {"fit", path("none.csv"), "-k", "2"}};
  for (const std::vector<std::string>& command : commands) {
    const int expected = mogul(command).exit_code;
    RunOptions full;
    full.stderr_path = "/dev/full";
    EXPECT_EQ(mogul(command, full).exit_code, expected) << command[0];
    RunOptions closed;
    closed.closed = {STDERR_FILENO};
    EXPECT_EQ(mogul(command, closed).exit_code, expected) << command[0];
  }
}

TEST_F(Streams, AReaderOfMessagesThatGoesAwayDoesNotEndTheFit) {
  const std::string script = "{ sleep 0.2; \"$MOGUL\" fit '" + faithful() + "' -k 2 -v -o '" + path("m.json") +
                             "'; echo $? > '" + path("code") + "'; } 2>&1 | true; while [ ! -s '" + path("code") +
                             "' ]; do sleep 0.02; done";
  shell(script);
  EXPECT_EQ(read("code"), "0\n");
  EXPECT_EQ(read_model(path("m.json")).mixture.n_components(), 2u);
}

TEST_F(Streams, AFileSizeLimitIsAnErrorOfTheFile) {
  const std::string model = write_known_model();
  for (const std::size_t limit : {1u, 1000u, 100'000u}) {
    const Finished run = mogul({"sample", model, "-n", "100000", "-o", path("rows.csv")}, {.file_size_limit = limit});
    EXPECT_EQ(run.exit_code, 5) << limit;
    EXPECT_EQ(files(), (std::vector<std::string>{"known.json"}));
  }
  const Finished redirected = mogul({"sample", model, "-n", "100000"}, {.file_size_limit = 100'000});
  EXPECT_EQ(redirected.exit_code, 5);
  EXPECT_EQ(redirected.err, "mogul: error: cannot write standard output: File too large\n");
}

TEST_F(Streams, MessagesAreOneLineWhateverNamesHold) {
  const std::string odd = "a\nb\x1b[2J\x7f\xc2\x9b";
  const Finished missing = mogul({"fit", path(odd + ".csv"), "-k", "1"});
  EXPECT_EQ(missing.exit_code, 5);
  EXPECT_EQ(lines_of(missing.err).size(), 1u) << missing.err;
  EXPECT_NE(missing.err.find("a?b?[2J??.csv"), std::string::npos) << missing.err;

  const std::string rows = write(odd + ".csv", "\"" + odd + "\",y\n1,2\n2,1\n4,4\n");
  const Finished fit = mogul({"fit", rows, "-k", "1", "-o", path(odd + ".json")});
  EXPECT_EQ(fit.exit_code, 0);
  EXPECT_EQ(lines_of(fit.err).size(), 2u) << fit.err;
  const Finished shown = mogul({"inspect", path(odd + ".json")});
  EXPECT_NE(shown.out.find("a?b?[2J??, y)"), std::string::npos) << shown.out;
  for (const std::string& text : {fit.err, shown.out}) {
    for (const char* control : {"\x1b", "\x7f", "\xc2\x9b"}) EXPECT_EQ(text.find(control), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace mogul::test
