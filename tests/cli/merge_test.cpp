// mogul merge, and what predict and inspect make of its models, against the library's own answers.
#include "mogul/merge.hpp"

#include <nlohmann/json.hpp>

#include "cli/process.hpp"
#include "mogul/io.hpp"
#include "mogul/score.hpp"

namespace mogul::test {
namespace {

using nlohmann::json;

class Merge : public CommandLine {
 protected:
  // Three components of faithful, of which two make one cluster.
  Merge() {
    const Finished run = mogul({"fit", faithful(), "-k", "3", "--covariance", "tied", "-o", path("three.json"), "-q"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
  }

  std::string three() const { return path("three.json"); }
  std::string merged() {
    const Finished run = mogul({"merge", three(), faithful(), "-o", path("merged.json"), "-q"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return path("merged.json");
  }
  ComponentTree tree() const { return merge(read_model(three()).mixture, read_dataset(faithful())); }
};

std::vector<double> first_column(const std::string& csv) {
  std::vector<double> values;
  for (const auto& row : numbers_of(csv)) values.push_back(row.at(0));
  return values;
}

TEST_F(Merge, PrintsTheMergesAndWritesTheModelWithItsClusters) {
  const Finished run = mogul({"merge", three(), faithful(), "-o", path("merged.json")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, summary(tree(), tree().recommended));
  EXPECT_EQ(run.err, "wrote " + path("merged.json") + "\n");
  ModelFile merged = read_model(path("merged.json"));
  EXPECT_EQ(merged.clusters, tree().clusters(tree().recommended));
  merged.clusters.clear();
  EXPECT_EQ(merged, read_model(three())) << "nothing else has changed";
}

TEST_F(Merge, TakesTheNumberThatIsAskedFor) {
  const Finished run = mogul({"merge", three(), faithful(), "-k", "1", "-o", path("one.json")});
  EXPECT_EQ(run.out, summary(tree(), 1));
  EXPECT_EQ(read_model(path("one.json")).clusters, (std::vector<std::int32_t>{0, 0, 0}));
  const Finished again = mogul({"merge", path("one.json"), faithful(), "-k", "3", "-o", path("one.json")});
  EXPECT_EQ(again.exit_code, 2) << "which it would overwrite";
  EXPECT_EQ(mogul({"merge", path("one.json"), faithful()}).out, summary(tree(), 2)) << "from the components again";
}

TEST_F(Merge, HasALineForEachNumberOfClustersForPrograms) {
  const Finished run = mogul({"merge", three(), faithful(), "--format", "json"});
  EXPECT_EQ(run.out, merge_json(tree(), 2));
  const json merges = json::parse(run.out);
  EXPECT_EQ(merges["recommended"], 2);
  EXPECT_EQ(merges["clusters"].size(), 3U);
  EXPECT_EQ(merges["steps"].size(), 3U);
  EXPECT_EQ(merges["steps"][0]["entropy"], tree().entropies[2]);
  EXPECT_TRUE(merges["steps"][0]["first"].is_null());
  EXPECT_EQ(merges["steps"][2]["size"], 272);
  EXPECT_EQ(merges["steps"][2]["first"].size() + merges["steps"][2]["second"].size(), 3U);
  for (const std::string format : {"csv", "tsv"}) {
    EXPECT_EQ(lines_of(mogul({"merge", three(), faithful(), "--format", format}).out).size(), 4U);
  }
  EXPECT_EQ(lines_of(mogul({"merge", three(), faithful(), "--format", "jsonl"}).out).size(), 3U);
}

TEST_F(Merge, PredictGivesClustersOfAModelThatHasThem) {
  const ModelFile model = read_model(merged());
  const Dataset rows = read_dataset(faithful());
  const std::vector<std::int32_t> clusters = cluster_labels(model.mixture, rows, model.clusters);
  const std::vector<std::int32_t> components = labels(model.mixture, rows);
  const auto predicted = [&](std::vector<std::string> flags) {
    std::vector<std::string> arguments{"predict", merged(), faithful()};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    const Finished run = mogul(arguments);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return run.out;
  };
  EXPECT_EQ(first_column(predicted({})), std::vector<double>(clusters.begin(), clusters.end()));
  EXPECT_EQ(predicted({"--clusters"}), predicted({}));
  EXPECT_EQ(first_column(predicted({"--components"})), std::vector<double>(components.begin(), components.end()));

  const Matrix t = cluster_responsibilities(model.mixture, rows, model.clusters);
  const std::string proba = predicted({"--proba"});
  EXPECT_EQ(lines_of(proba)[0], "cluster_0,cluster_1");
  for (std::size_t n = 0; n < t.rows(); ++n) {
    EXPECT_EQ(numbers_of(proba)[n], (std::vector<double>{t(n, 0), t(n, 1)}));
  }
  EXPECT_EQ(predicted({"--proba", "--components"}), mogul({"predict", three(), faithful(), "--proba"}).out);
}

TEST_F(Merge, PredictSaysHowToGetClustersThatAreNotThere) {
  const Finished run = mogul({"predict", three(), faithful(), "--clusters"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.err.find("--clusters: MODEL = " + three() + " has none; merge its components first: mogul merge"),
            std::string::npos)
      << run.err;
  EXPECT_EQ(mogul({"predict", three(), faithful(), "--components"}).out, mogul({"predict", three(), faithful()}).out);
  EXPECT_EQ(mogul({"predict", merged(), faithful(), "--components", "--clusters"}).exit_code, 2);
}

TEST_F(Merge, OtherVerbsSeeTheSameDensity) {
  for (const std::string verb : {"score", "evaluate"}) {
    EXPECT_EQ(mogul({verb, merged(), faithful()}).out, mogul({verb, three(), faithful()}).out);
  }
  EXPECT_EQ(mogul({"sample", merged(), "-n", "5"}).out, mogul({"sample", three(), "-n", "5"}).out);
  const Finished fit = mogul({"fit", faithful(), "--from", merged(), "-o", path("again.json")});
  EXPECT_EQ(fit.exit_code, 0) << fit.err;
  EXPECT_NE(fit.err.find("its clusters are left out"), std::string::npos) << fit.err;
  EXPECT_TRUE(read_model(path("again.json")).clusters.empty()) << "its components are others";
}

TEST_F(Merge, InspectShowsTheClusters) {
  const Finished run = mogul({"inspect", merged()});
  EXPECT_NE(run.out.find("\n2 clusters of components: {0"), std::string::npos) << run.out;
  EXPECT_EQ(mogul({"inspect", merged(), "--format", "json"}).out, read("merged.json"));
  const std::string header = lines_of(mogul({"inspect", merged(), "--format", "csv"}).out)[0];
  EXPECT_TRUE(header.starts_with("component,weight,cluster,size,")) << header;
  EXPECT_EQ(mogul({"inspect", three()}).out.find("cluster"), std::string::npos);
}

TEST_F(Merge, RefusesWhatItCannotDo) {
  const auto refusal = [&](std::vector<std::string> arguments, int exit_code) {
    arguments.insert(arguments.begin(), "merge");
    const Finished run = mogul(arguments);
    EXPECT_EQ(run.exit_code, exit_code) << run.err;
    return run.err;
  };
  EXPECT_NE(refusal({three(), faithful(), "-k", "4"}, 2).find("-k = 4; must lie in 1..3, as MODEL"), std::string::npos);
  EXPECT_NE(refusal({three(), faithful(), "-k", "0"}, 2).find("-k"), std::string::npos);
  EXPECT_NE(refusal({three(), faithful(), "--format", "npy"}, 2).find("npy"), std::string::npos);
  EXPECT_NE(refusal({three(), faithful(), "-o", three()}, 2).find("overwrite"), std::string::npos);
  EXPECT_NE(refusal({faithful(), three()}, 2).find("MODEL comes before DATA"), std::string::npos);
  write("gap.json", R"({"schema": "mogul-model/1", "n_components": 1, "n_features": 1, "covariance": "spherical",
    "weights": [1], "means": [[0]], "covariances": [1], "clusters": [1]})");
  EXPECT_NE(refusal({path("gap.json"), faithful()}, 3).find("clusters[0] = 1; must be < n_components = 1"),
            std::string::npos);
}

}  // namespace
}  // namespace mogul::test
