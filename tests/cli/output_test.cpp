// An output is whole or not there at all, and a reader that goes away ends mogul quietly.
#include "cli/process.hpp"
#include "mogul/io.hpp"

namespace mogul::test {
namespace {

using Output = CommandLine;

TEST_F(Output, ThatCannotBeFinishedLeavesTheOldFileAndNothingElse) {
  const std::string model = write_known_model();
  write("rows.csv", "old");
  const Finished run = mogul({"sample", model, "-n", "100000", "-o", path("rows.csv")}, {.file_size_limit = 100000});
  EXPECT_EQ(run.exit_code, 5);
  EXPECT_NE(run.err.find("rows.csv': File too large"), std::string::npos) << run.err;
  EXPECT_EQ(read("rows.csv"), "old");
  EXPECT_EQ(files(), (std::vector<std::string>{"known.json", "rows.csv"}));
}

TEST_F(Output, OfAFitThatCannotBeFinishedLeavesTheOldModel) {
  write("model.json", "old");
  const std::vector<std::string> arguments{"fit", faithful(), "-k", "2", "-o", path("model.json")};
  EXPECT_EQ(mogul(arguments, {.file_size_limit = 100}).exit_code, 5);
  EXPECT_EQ(read("model.json"), "old");
  std::vector<std::string> degenerate{"fit",          write("same.csv", "x\n1\n1\n1\n"),
                                      "-k",           "2",
                                      "--reg-covar",  "0",
                                      "--degenerate", "error",
                                      "-o",           path("model.json"),
                                      "--trace",      path("t.jsonl")};
  EXPECT_EQ(mogul(degenerate).exit_code, 1);
  EXPECT_EQ(read("model.json"), "old");
  EXPECT_EQ(files(), (std::vector<std::string>{"model.json", "same.csv", "t.jsonl"}));
}

TEST_F(Output, OnAFullDeviceIsFive) {
  const Finished redirected = mogul({"score", write_known_model(), faithful()}, {.stdout_path = "/dev/full"});
  EXPECT_EQ(redirected.exit_code, 5);
  EXPECT_EQ(redirected.err, "mogul: error: cannot write standard output: No space left on device\n");
  const Finished named = mogul({"score", path("known.json"), faithful(), "-o", "/dev/full"});
  EXPECT_EQ(named.exit_code, 5);
  EXPECT_NE(named.err.find("/dev/full"), std::string::npos) << named.err;
}

TEST_F(Output, InAFolderThatIsNotThereIsFiveBeforeTheFitStarts) {
  const Finished run = mogul({"fit", faithful(), "-k", "2", "-v", "-o", path("none/model.json")});
  EXPECT_EQ(run.exit_code, 5);
  EXPECT_NE(run.err.find("none/model.json': No such file or directory"), std::string::npos) << run.err;
  EXPECT_EQ(run.err.find("iteration"), std::string::npos) << run.err;
}

TEST_F(Output, DashIsStandardOutput) {
  const std::string model = write_known_model();
  EXPECT_EQ(mogul({"sample", model, "-n", "3", "-o", "-"}).out, mogul({"sample", model, "-n", "3"}).out);
  EXPECT_EQ(mogul({"fit", faithful(), "-k", "2", "--trace", "-"}).exit_code, 2);
}

TEST_F(Output, OfAReaderThatStopsEarlyEndsQuietly) {
  write_known_model();
  const Finished run =
      shell("{ \"$MOGUL\" sample '" + path("known.json") + "' -n 1000000; echo \"exit $?\" >&2; } | head -n 1");
  EXPECT_EQ(run.out, "eruptions,waiting\n");
  EXPECT_EQ(run.err, "exit 141\n") << "128 + SIGPIPE, and no message";
}

TEST_F(Output, IsTheSameOnStandardOutputAndInAFile) {
  const std::string model = write_known_model();
  for (const std::string format : {"table", "csv", "tsv", "json", "jsonl", "npy"}) {
    mogul({"predict", model, faithful(), "--proba", "--format", format, "-o", path("out")});
    EXPECT_EQ(mogul({"predict", model, faithful(), "--proba", "--format", format}).out, read("out")) << format;
  }
}

}  // namespace
}  // namespace mogul::test
