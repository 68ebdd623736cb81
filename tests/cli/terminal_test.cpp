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
  const std::size_t line = run.out.find(kErase + "restart 0 (last: 2)  iteration 0  mean log-likelihood");
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

TEST_F(Terminal, RefusesNpy) {
  const Finished run =
      mogul_in_terminal({"sample", write_known_model(), "-n", "3", "--format", "npy"}, with_environment("dumb", ""));
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.out.find("--format = npy; is binary and not for a terminal"), std::string::npos) << run.out;
}

}  // namespace
}  // namespace mogul::test
