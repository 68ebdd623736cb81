// The map from components to clusters in model files.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "io/json_example.hpp"
#include "message_of.hpp"
#include "mogul/io.hpp"

namespace mogul {
namespace {

using namespace test;

// The file with a map behind its covariances.
std::string with_clusters(const std::string& map) {
  return edited(kModelFile, "  \"settings\"", "  \"clusters\": " + map + ",\n  \"settings\"");
}

std::string reading_fails(const std::string& map) {
  return refusal([&] { parse_model(with_clusters(map), "m.json"); });
}

TEST(ModelClusters, ReadBackAndAreWrittenTheSame) {
  for (const auto& [text, map] :
       {std::pair{"[0, 0]", std::vector<std::int32_t>{0, 0}}, std::pair{"[0, 1]", std::vector<std::int32_t>{0, 1}},
        std::pair{"[1, 0]", std::vector<std::int32_t>{1, 0}}}) {
    const ModelFile model = parse_model(with_clusters(text), "m.json");
    EXPECT_EQ(model.clusters, map);
    EXPECT_EQ(model_json(model), with_clusters(text));
    EXPECT_NE(model, parse_model(kModelFile, "m.json"));
  }
}

TEST(ModelClusters, AreAbsentWhereNothingWasMerged) {
  const ModelFile model = parse_model(kModelFile, "m.json");
  EXPECT_TRUE(model.clusters.empty());
  EXPECT_EQ(model_json(model), kModelFile);
}

TEST(ModelClusters, AreRefusedWhereTheyAreDamaged) {
  EXPECT_EQ(reading_fails("[0]"), "m.json: clusters has 1 value; must have n_components = 2");
  EXPECT_EQ(reading_fails("[]"), "m.json: clusters has 0 values; must have n_components = 2");
  EXPECT_EQ(reading_fails("[0, 2]"), "m.json: clusters[1] = 2; must be < n_components = 2");
  EXPECT_EQ(reading_fails("[0, 18446744073709551615]"),
            "m.json: clusters[1] = 18446744073709551615; must be < n_components = 2");
  EXPECT_EQ(reading_fails("[0, -1]"), "m.json: clusters[1] = -1; must be an integer >= 0");
  EXPECT_EQ(reading_fails("[0, 1.0]"), "m.json: clusters[1] = 1.0; must be an integer >= 0");
  EXPECT_EQ(reading_fails("[1, 1]"),
            "m.json: clusters has 1, but not 0; clusters are numbered 0, 1, ... without a gap");
  EXPECT_EQ(reading_fails("null"), "m.json: clusters is null; must be an array");
}

TEST(ModelClusters, AreRefusedOnWriting) {
  ModelFile model = parse_model(kModelFile, "m.json");
  model.clusters = {0};
  EXPECT_EQ(message_of<invalid_argument>([&] { model_json(model); }),
            "clusters has length 1; must be n_components = 2");
}

}  // namespace
}  // namespace mogul
