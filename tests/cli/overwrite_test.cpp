// Outputs never replace what the same command reads, or each other, in whatever way their paths are written.
#include "print/overwrite.hpp"

#include "cli/process.hpp"

namespace mogul::test {
namespace {

using Overwrite = CommandLine;

void expect_refused(const Finished& run, const std::vector<std::string>& parts) {
  EXPECT_EQ(run.exit_code, 2) << run.err;
  EXPECT_EQ(run.out, "");
  for (const std::string& part : parts) EXPECT_NE(run.err.find(part), std::string::npos) << part << "\n" << run.err;
}

TEST_F(Overwrite, OneFileHasManyPathsWhetherItExistsOrNot) {
  namespace fs = std::filesystem;
  fs::create_directory(path("folder"));
  fs::create_symlink("folder", path("linked_folder"));
  const std::string name = path("folder/x.json");
  const std::vector<std::string> paths{path("folder/./x.json"),
                                       path("folder/../folder/x.json"),
                                       path("folder//x.json"),
                                       path("linked_folder/x.json"),
                                       path("link"),
                                       path("link_to_link")};
  fs::create_symlink("folder/x.json", path("link"));
  fs::create_symlink("link", path("link_to_link"));
  for (const bool exists : {false, true}) {
    if (exists) write("folder/x.json", "{}");
    for (const std::string& other : paths) {
      EXPECT_TRUE(cli::same_file(name, other)) << other << " exists: " << exists;
      EXPECT_TRUE(cli::same_file(other, name)) << other << " exists: " << exists;
    }
    for (const std::string& other : {path("x.json"), path("folder/y.json"), path("folder"), std::string()}) {
      EXPECT_FALSE(cli::same_file(name, other)) << other << " exists: " << exists;
    }
  }
  fs::create_hard_link(name, path("hard.json"));
  EXPECT_TRUE(cli::same_file(name, path("hard.json")));
  EXPECT_FALSE(cli::same_file("/dev/null", "/dev/null")) << "which can be read and written at once";
}

TEST_F(Overwrite, PathsAreComparedFromTheFolderOfTheProcess) {
  const std::string rows = write("rows.csv", "x\n1\n2\n");
  const std::string fit = "cd '" + path("") + "' && \"$MOGUL\" fit rows.csv -k 1 ";
  for (const std::string same :
       {"-o x.json --trace ./x.json", "-o x.json --trace \"$PWD/x.json\"", "-o ./rows.csv", "--trace ././rows.csv"}) {
    EXPECT_EQ(shell(fit + same).exit_code, 2) << same;
    EXPECT_EQ(files(), (std::vector<std::string>{"rows.csv"})) << same;
  }
  expect_refused(shell(fit + "--format json --trace t.json > t.json"),
                 {"--trace and standard output are the same file"});
}

TEST_F(Overwrite, AnOutputMayNotOverwriteWhatIsRead) {
  const std::string rows = write("rows.csv", "x\n1\n2\n5\n");
  const std::string labels = write("labels.csv", "0\n0\n1\n");
  const std::string model = path("m.json");
  ASSERT_EQ(mogul({"fit", rows, "-k", "1", "-q", "-o", model}).exit_code, 0);
  const std::string link = path("link.csv");
  std::filesystem::create_symlink("rows.csv", link);
  const std::vector<std::string> before{read("rows.csv"), read("labels.csv"), read("m.json")};

  expect_refused(mogul({"fit", rows, "-k", "1", "-o", link}), {"-o = ", "another file than DATA"});
  expect_refused(mogul({"fit", rows, "-k", "1", "--trace", path("./rows.csv")}),
                 {"--trace = ", "another file than DATA"});
  expect_refused(mogul({"fit", rows, "--labels", labels, "-o", labels}), {"another file than --labels"});
  expect_refused(mogul({"fit", rows, "--from", model, "--trace", model}), {"--trace = ", "another file than --from"});
  for (const std::string verb : {"score", "predict", "evaluate"}) {
    expect_refused(mogul({verb, model, rows, "-o", rows}), {"another file than DATA"});
    expect_refused(mogul({verb, model, rows, "-o", model}), {"another file than MODEL"});
  }
  expect_refused(mogul({"sample", model, "-n", "2", "-o", model}), {"another file than MODEL"});
  expect_refused(mogul({"inspect", model, "-o", model}), {"another file than MODEL"});
  const Finished redirected = shell("\"$MOGUL\" score '" + model + "' - -o '" + rows + "' < '" + rows + "'");
  expect_refused(redirected, {"another file than DATA"});
  EXPECT_EQ((std::vector<std::string>{read("rows.csv"), read("labels.csv"), read("m.json")}), before);

  EXPECT_EQ(mogul({"fit", rows, "--from", model, "-q", "-o", model}).exit_code, 0);
}

}  // namespace
}  // namespace mogul::test
