// The same bytes for any number of threads, from every verb.
#include "cli/process.hpp"
#include "mogul/io.hpp"

namespace mogul::test {
namespace {

using Threads = CommandLine;

// The model file without the seconds that the fit took.
std::string without_seconds(const std::string& path) {
  ModelFile model = read_model(path);
  model.report->seconds = {};
  return model_json(model);
}

TEST_F(Threads, DoNotChangeAByteOfAnyOutput) {
  const std::string rows = path("rows.npy");
  mogul({"sample", write_known_model(), "-n", "30000", "--seed", "5", "-o", rows});
  std::vector<std::string> expected;
  for (const std::string threads : {"1", "2", "3", "7"}) {
    const std::string model = path("model" + threads + ".json");
    const Finished fit =
        mogul({"fit", rows, "-k", "4", "--n-init", "2", "--max-iter", "20", "-q", "--threads", threads, "-o", model});
    ASSERT_EQ(fit.exit_code, 0) << fit.err;
    const std::vector<std::string> outputs{
        without_seconds(model),
        mogul({"score", model, rows, "--threads", threads}).out,
        mogul({"score", model, rows, "--mean", "--threads", threads}).out,
        mogul({"predict", model, rows, "--proba", "--threads", threads}).out,
        mogul({"evaluate", model, rows, "--format", "json", "--threads", threads}).out,
        mogul({"sample", model, "-n", "20000", "--threads", threads}).out,
    };
    if (expected.empty()) expected = outputs;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      EXPECT_FALSE(outputs[i].empty());
      EXPECT_TRUE(outputs[i] == expected[i]) << "output " << i << " with " << threads << " threads";
    }
  }
}

}  // namespace
}  // namespace mogul::test
