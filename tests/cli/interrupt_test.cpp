// Ctrl-C, SIGTERM and SIGHUP during a fit: the best model so far is kept, the exit code is 130.
#include "interrupt.hpp"

#include <signal.h>

#include <chrono>
#include <thread>

#include "cli/process.hpp"
#include "mogul/io.hpp"

namespace mogul::test {
namespace {

using Interrupt = CommandLine;
using InterruptDeathTest = CommandLine;

// A fit that runs until it is stopped.
std::vector<std::string> endless(const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"fit", faithful(), "-k", "3", "--tol", "0", "--max-iter", "1000000000", "-v"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

TEST_F(Interrupt, SavesTheBestModelSoFarAndExitsWith130) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    Process process = start(endless({"-o", path("model.json"), "--trace", path("trace.jsonl")}));
    ASSERT_TRUE(process.says("iteration 5 "));
    process.send(signal);
    const Finished run = process.wait();
    EXPECT_EQ(run.exit_code, 130);
    EXPECT_NE(run.err.find("interrupted; saved the best model so far"), std::string::npos);
    const FitReport report = read_model(path("model.json")).report.value();
    EXPECT_EQ(report.termination.reason, TerminationReason::cancelled);
    EXPECT_GE(report.iterations, 5u);
    // Without a tolerance, rounding makes L fall at times: the best iteration may not be the last that the trace has.
    EXPECT_LE(report.iterations + 1, lines_of(read("trace.jsonl")).size());
    EXPECT_EQ(report.history.size(), report.iterations + 1);
    EXPECT_EQ(files(), (std::vector<std::string>{"model.json", "trace.jsonl"}));
  }
}

TEST_F(Interrupt, WithoutAnOutputPrintsTheBestModelSoFar) {
  Process process = start(endless({"--format", "json"}));
  ASSERT_TRUE(process.says("iteration 5 "));
  process.send(SIGINT);
  const Finished run = process.wait();
  EXPECT_EQ(run.exit_code, 130);
  EXPECT_EQ(parse_model(run.out, "standard output").mixture.n_components(), 3u);
}

TEST_F(Interrupt, DuringALaterRestartIsStillAnInterrupt) {
  Process process = start({"fit", faithful(), "-k", "3", "--n-init", "1000000000", "-v", "-o", path("model.json")});
  ASSERT_TRUE(process.says("restart 3 "));
  process.send(SIGINT);
  const Finished run = process.wait();
  EXPECT_EQ(run.exit_code, 130);
  const FitReport report = read_model(path("model.json")).report.value();
  // But for rounding, by which no restart is better than another.
  for (const Restart& restart : report.restarts) EXPECT_GE(report.log_likelihood + 1e-9, restart.log_likelihood);
}

// k-means++ with so many seeds takes half a minute on an idle machine.
TEST_F(Interrupt, DuringALongStartWritesNothing) {
  ASSERT_EQ(mogul({"sample", write_known_model(), "-n", "70000", "-o", path("rows.csv")}).exit_code, 0);
  const std::vector<std::string> before = files();
  Process process = start({"fit", path("rows.csv"), "-k", "2000", "--covariance", "spherical", "-v", "-o",
                           path("model.json"), "--trace", path("trace.jsonl")});
  ASSERT_TRUE(process.says("70000 rows"));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const auto begin = std::chrono::steady_clock::now();
  process.send(SIGINT);
  const Finished run = process.wait();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
  EXPECT_EQ(run.exit_code, 130);
  EXPECT_NE(run.err.find("mogul: warning: interrupted before the first model; nothing was written"), std::string::npos)
      << run.err;
  EXPECT_EQ(files(), before);
}

TEST_F(InterruptDeathTest, ASecondSignalEndsTheProcessAtOnce) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        const cli::InterruptGuard guard;
        raise(SIGINT);
        if (!guard.interrupted()) _exit(1);
        raise(SIGTERM);
      },
      ::testing::ExitedWithCode(130), "interrupted; stopping");
}

TEST_F(Interrupt, GuardPutsTheFormerHandlersBack) {
  struct sigaction before = {};
  struct sigaction after = {};
  sigaction(SIGINT, nullptr, &before);
  { const cli::InterruptGuard guard; }
  sigaction(SIGINT, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
}

}  // namespace
}  // namespace mogul::test
