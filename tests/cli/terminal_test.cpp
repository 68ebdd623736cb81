// What differs on a terminal: a progress line, colour, no binary.
#include "cli/process.hpp"

namespace mogul::test {
namespace {

using Terminal = CommandLine;

const std::string kErase = "\r\x1b[K";
const std::string kRed = "\x1b[1;31m";

RunOptions with_environment(const std::string& term, const std::string& no_color) {
  RunOptions options;
  options.environment = {{"TERM", term}, {"NO_COLOR", no_color}};
  return options;
}

TEST_F(Terminal, ShowsAProgressLineAndErasesIt) {
  const Finished run = mogul_in_terminal({"fit", faithful(), "-k", "3", "--n-init", "3", "-o", path("model.json")},
                                         with_environment("xterm", ""));
  EXPECT_EQ(run.exit_code, 0);
  const std::size_t line = run.out.find(kErase + "restart 1 of 3  iteration 0  mean log-likelihood");
  ASSERT_NE(line, std::string::npos) << run.out;
  EXPECT_NE(run.out.find(kErase + "K = 3, full", line), std::string::npos) << run.out;
}

TEST_F(Terminal, ProgressNeedsATerminalThatIsNotDumbAndIsNotQuiet) {
  const std::vector<std::string> fit{"fit", faithful(), "-k", "3", "-o", path("model.json")};
  const Finished dumb = mogul_in_terminal(fit, with_environment("dumb", ""));
  EXPECT_EQ(dumb.out.find('\x1b'), std::string::npos) << dumb.out;
  EXPECT_NE(dumb.out.find("K = 3, full"), std::string::npos) << dumb.out;

  std::vector<std::string> quiet = fit;
  quiet.push_back("-q");
  EXPECT_EQ(mogul_in_terminal(quiet, with_environment("xterm", "")).out, "");

  EXPECT_EQ(mogul(fit, with_environment("xterm", "")).err.find('\x1b'), std::string::npos) << "not a terminal";
}

TEST_F(Terminal, ColoursErrorsUnlessNoColorOrDumb) {
  const std::vector<std::string> wrong{"fit", path("none.csv"), "-k", "1"};
  EXPECT_NE(mogul_in_terminal(wrong, with_environment("xterm", "")).out.find(kRed), std::string::npos);
  EXPECT_EQ(mogul_in_terminal(wrong, with_environment("xterm", "1")).out.find('\x1b'), std::string::npos);
  EXPECT_EQ(mogul_in_terminal(wrong, with_environment("dumb", "")).out.find('\x1b'), std::string::npos);
  EXPECT_EQ(mogul(wrong, with_environment("xterm", "")).err.find('\x1b'), std::string::npos);
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST_F(Terminal, ShowsEachWarningOnce) {
  const std::string rows = write("rows.csv", "x\n0\n0\n5\n5\n9\n9\n");
  const std::vector<std::string> fit{"fit", rows, "-k", "4", "--max-iter", "1", "--tol", "0"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), fit.begin(), fit.end());
    return mogul_in_terminal(more, with_environment("dumb", "")).out;
  };
  for (const std::string& out : {with({}), with({"-o", path("m.json")}), with({"-v", "-o", path("m.json")})}) {
    EXPECT_EQ(count(out, "only 3 different values"), 1U) << out;
    EXPECT_EQ(count(out, "stopped at max_iter = 1"), 1U) << out;
  }
  const Finished redirected = mogul(fit);
  EXPECT_EQ(count(redirected.out, "only 3 different values"), 1U) << "the report is in a file or pipe";
  EXPECT_EQ(count(redirected.err, "only 3 different values"), 1U) << "so the terminal is told as well";
}

TEST_F(Terminal, RefusesNpy) {
  const Finished run =
      mogul_in_terminal({"sample", write_known_model(), "-n", "3", "--format", "npy"}, with_environment("dumb", ""));
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.out.find("--format = npy is binary and not for a terminal"), std::string::npos) << run.out;
}

}  // namespace
}  // namespace mogul::test
