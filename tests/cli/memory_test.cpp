// Memory that runs out, at any allocation or under any limit, is exit code 1 and a sentence; files stay whole.
#include <string>

#include "cli/process.hpp"
#include "mogul/io.hpp"

namespace mogul::test {
namespace {

using Memory = CommandLine;

constexpr long kRunsPerCommand = 40;

// What a process did that had too little memory, if it is wrong.
std::string fault_of(const Finished& run) {
  if (run.exit_code == 0) return "";  // the allocation was not needed
  if (run.exit_code == 1 && run.err.find("mogul: error: out of memory") != std::string::npos) return "";
  return "exit code " + std::to_string(run.exit_code) + ": " + run.err.substr(0, 200);
}

std::vector<std::vector<std::string>> commands(const std::string& model, const std::string& folder) {
  return {{"fit", faithful(), "-k", "3", "-q", "-o", folder + "fitted.json", "--trace", folder + "trace.jsonl"},
          {"score", model, faithful(), "--lowest", "3"},
          {"predict", model, faithful(), "--proba", "--format", "json"},
          {"sample", model, "-n", "100", "-o", folder + "rows.csv"},
          {"evaluate", model, faithful()},
          {"inspect", model, "--format", "jsonl"},
          {"model", "--means", "-4,0,8", "--variances", "1,0.2,3", "-o", folder + "start.json"},
          {"fit", "--help"}};
}

#ifdef MOGUL_FAILING_MEMORY
TEST_F(Memory, ThatLacksAtAnyAllocationIsOne) {
  const std::string model = write_known_model();
  const std::string whole = read("known.json");
  RunOptions options;
  options.environment = {{"LD_PRELOAD", MOGUL_FAILING_MEMORY}, {"MOGUL_COUNT_FILE", path("count")}};
  for (const std::vector<std::string>& command : commands(model, path(""))) {
    ASSERT_EQ(mogul(command, options).exit_code, 0);
    const long n_allocations = std::stol(read("count"));
    ASSERT_GT(n_allocations, 10);
    const long step = std::max(1L, n_allocations / kRunsPerCommand);
    for (long from = 0; from < n_allocations; from += step) {
      for (const long until : {from + 1, 1'000'000'000L}) {  // one alone, and all that follow
        RunOptions failing = options;
        failing.environment.emplace_back("MOGUL_FAIL_FROM", std::to_string(from));
        failing.environment.emplace_back("MOGUL_FAIL_UNTIL", std::to_string(until));
        EXPECT_EQ(fault_of(mogul(command, failing)), "") << command[0] << " at allocation " << from << " to " << until;
      }
    }
    EXPECT_EQ(read("known.json"), whole);
  }
}
#endif

TEST_F(Memory, ThatALimitDeniesIsOne) {
  const std::string model = write_known_model();
  for (const std::vector<std::string>& command : commands(model, path(""))) {
    std::string line = "\"$MOGUL\"";
    for (const std::string& word : command) line += " '" + word + "'";
    // From the least under which the program starts.
    const std::string script =
        "k=8000; while ! (ulimit -v $k; \"$MOGUL\" --version) > /dev/null 2>&1; do k=$((k + 500)); done;"
        "for extra in 0 100 200 400 800 1600 3200 6400 12800 25600; do"
        "  (ulimit -v $((k + extra)); " +
        line + ") > '" + path("out") + "' 2> '" + path("err") +
        "'; c=$?;"
        "  [ $c -eq 0 ] || { [ $c -eq 1 ] && grep -q 'out of memory' '" +
        path("err") +
        "'; } ||"
        "  echo \"$extra: $c $(head -c 200 '" +
        path("err") + "')\"; done";
    EXPECT_EQ(shell(script).out, "") << command[0];
  }
}

}  // namespace
}  // namespace mogul::test
