// mogul model: the parameters that are typed are those of the file, whatever their structure and spelling.
#include <cmath>
#include <numbers>

#include "cli/process.hpp"
#include "mogul/io.hpp"

namespace mogul::test {
namespace {

using namespace families;

class Model : public CommandLine {
 protected:
  // The model that is printed.
  ModelFile made(std::vector<std::string> flags, const RunOptions& options = {}) {
    flags.insert(flags.begin(), "model");
    const Finished run = mogul(flags, options);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.err, "");
    return parse_model(run.out, "standard output");
  }
};

double normal(double x, double mean, double variance) {
  return std::exp(-(x - mean) * (x - mean) / (2 * variance)) / std::sqrt(2 * std::numbers::pi * variance);
}

TEST_F(Model, HasTheDensityOfItsFormula) {
  const Finished run = mogul(
      {"model", "--weights", "1/3,1/3,1/3", "--means", "-4,0,8", "--variances", "1,0.2,3", "-o", path("start.json")});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err, "3 components, 1 feature (x1), full covariance\nwrote " + path("start.json") + "\n");
  const std::vector<double> x{-3, -2.5, -1, 0, 2, 4, 5};
  const Finished scored = mogul({"score", path("start.json"), "-"}, {.input = "-3\n-2.5\n-1\n0\n2\n4\n5\n"});
  const auto scores = numbers_of(scored.out);
  ASSERT_EQ(scores.size(), x.size()) << scored.err;
  for (std::size_t n = 0; n < x.size(); ++n) {
    const double p = (normal(x[n], -4, 1) + normal(x[n], 0, 0.2) + normal(x[n], 8, 3)) / 3;
    EXPECT_NEAR(scores[n][0], std::log(p), 1e-13) << x[n];
  }
}

TEST_F(Model, OfSeveralFeaturesHasTheDensityOfItsFormula) {
  const std::string matrices = write("matrices.csv", "2,0.5\n0.5,1\n1,0\n0,3\n");
  mogul({"model", "--weights", "0.25,3/4", "--means", "0,0;3,-3", "--covariances", matrices, "-o", path("m.json")});
  const Finished scored = mogul({"score", path("m.json"), "-", "--no-header"}, {.input = "1,2\n3,-2\n"});
  const auto density = [](double x, double y) {
    const double determinant = 2 * 1 - 0.5 * 0.5;
    const double distance = (x * x * 1 - 2 * 0.5 * x * y + 2 * y * y) / determinant;
    return 0.25 * std::exp(-distance / 2) / (2 * std::numbers::pi * std::sqrt(determinant)) +
           0.75 * normal(x, 3, 1) * normal(y, -3, 3);
  };
  EXPECT_NEAR(numbers_of(scored.out).at(0).at(0), std::log(density(1, 2)), 1e-13) << scored.err;
  EXPECT_NEAR(numbers_of(scored.out).at(1).at(0), std::log(density(3, -2)), 1e-13);
}

TEST_F(Model, IsAStartThatWasNotFitted) {
  const ModelFile start = made({"--means", "1,6", "--variances", "1", "--features", "waited"});
  EXPECT_FALSE(start.settings);
  EXPECT_FALSE(start.report);
  EXPECT_EQ(start.feature_names, std::vector<std::string>{"waited"});

  mogul({"model", "--means", "2,55;4,80", "--variances", "1,36;1,36", "-o", path("start.json")});
  const Finished fit = mogul({"fit", faithful(), "--from", path("start.json"), "-o", path("model.json")});
  ASSERT_EQ(fit.exit_code, 0) << fit.err;
  const ModelFile model = read_model(path("model.json"));
  EXPECT_EQ(model.settings.value().init, "model");
  EXPECT_EQ(model.mixture.family(), diagonal);
  EXPECT_NEAR(model.mixture.means()(1, 1), 80, 1);
}

TEST_F(Model, GoesThroughAPipeToTheOtherVerbs) {
  const std::string model = "\"$MOGUL\" model --weights 0.5,0.2,0.3 --means -2,1,4 --variances 0.5,2,1 | \"$MOGUL\" ";
  const Finished inspected = shell(model + "inspect - --spread variance");
  EXPECT_EQ(lines_of(inspected.out).at(0), "3 components, 1 feature (x1), full covariance, 8 free parameters")
      << inspected.err;
  EXPECT_NE(inspected.out.find("-2 (0.5)"), std::string::npos) << inspected.out;
  EXPECT_EQ(lines_of(shell(model + "sample - -n 5").out).size(), 6u);
  EXPECT_EQ(
      lines_of(shell("printf '0\\n1\\n' > '" + path("x.csv") + "'; " + model + "predict - '" + path("x.csv") + "'").out)
          .size(),
      3u);
}

TEST_F(Model, HasEqualWeightsUnlessTheyAreGiven) {
  for (const std::size_t n : {1, 2, 3, 7, 30}) {
    std::string means = "0";
    for (std::size_t k = 1; k < n; ++k) means += "," + std::to_string(k);
    const std::vector<double> weights = made({"--means", means, "--variances", "1"}).mixture.weights();
    EXPECT_EQ(weights, std::vector<double>(n, 1.0 / static_cast<double>(n)));
  }
}

TEST_F(Model, TakesNumbersAndFractionsWithBlanksAroundThem) {
  const std::vector<double> thirds{1.0 / 3, 2.0 / 3};
  for (const std::string weights : {"1/3,2/3", " 1/3 , 2/3 ", "1/3,+2/3", "1 / 3,2e0/3", "0.1/0.3,0.2/0.3"}) {
    const std::vector<double> w = made({"--weights", weights, "--means", "0,1", "--variances", "1"}).mixture.weights();
    for (std::size_t k = 0; k < 2; ++k) EXPECT_DOUBLE_EQ(w.at(k), thirds[k]) << weights;
  }
  const Mixture mixture = made({"--means=-1/2,-1e-3,.5", "--variances= 1/4 ,2e1,3"}).mixture;
  EXPECT_EQ(mixture.means().values(), (std::vector<double>{-0.5, -1e-3, 0.5}));
  EXPECT_EQ(mixture.covariances().values(), (std::vector<double>{0.25, 20, 3}));
}

TEST_F(Model, TakesANegativeMeanFirst) {
  EXPECT_EQ(made({"--means", "-4", "--variances", "1"}).mixture.means()(0, 0), -4);
  EXPECT_EQ(made({"--means", "-4,-0.5;1,2", "--variances", "1"}).mixture.means()(0, 1), -0.5);
}

struct Shape {
  std::string means;
  std::string variances;
  CovarianceFamily structure;
  std::vector<double> values;
};

TEST_F(Model, HasTheStructureThatItsNumbersHaveTheShapeOf) {
  const std::vector<Shape> shapes{
      {"0,1,2", "1,2,3", full, {1, 2, 3}},
      {"0;1;2", "1;2;3", full, {1, 2, 3}},
      {"0,1,2", "4", tied, {4}},
      {"0", "4", full, {4}},
      {"0,0;3,3", "1,2;3,4", diagonal, {1, 2, 3, 4}},
      {"0,0;3,3", "1;2", spherical, {1, 2}},
      {"0,0;3,3;6,6", "1,2,3", spherical, {1, 2, 3}},
      {"0,0;3,3;6,6", "1,2", tied_diagonal, {1, 2}},
      {"0,0;3,3", "5", tied_spherical, {5}},
  };
  for (const Shape& shape : shapes) {
    const Mixture mixture = made({"--means", shape.means, "--variances", shape.variances}).mixture;
    EXPECT_EQ(to_string(mixture.family()), to_string(shape.structure)) << shape.means << " " << shape.variances;
    EXPECT_EQ(mixture.covariances().values(), shape.values) << shape.means << " " << shape.variances;
  }
}

TEST_F(Model, HasTheStructureThatIsAskedFor) {
  const std::vector<Shape> shapes{
      {"0,1", "1,2", full, {1, 2}},
      {"0,1", "2", tied, {2}},
      {"0,1", "1,2", diagonal, {1, 2}},
      {"0,1", "2", tied_diagonal, {2}},
      {"0,1", "1;2", spherical, {1, 2}},
      {"0,1", "2", tied_spherical, {2}},
      {"0,0;3,3", "1,2;3,4", diagonal, {1, 2, 3, 4}},
      {"0,0;3,3", "1,2", spherical, {1, 2}},
      {"0,0;3,3", "1,2", tied_diagonal, {1, 2}},
      {"0,0;3,3", "2", tied_spherical, {2}},
  };
  for (const Shape& shape : shapes) {
    const std::string name(to_string(shape.structure));
    const Mixture mixture =
        made({"--means", shape.means, "--variances", shape.variances, "--covariance", name}).mixture;
    EXPECT_EQ(to_string(mixture.family()), name);
    EXPECT_EQ(mixture.covariances().values(), shape.values) << name;
  }
  const Mixture alias = made({"--means", "0,0;3,3", "--variances", "1,2", "--covariance", "EEI"}).mixture;
  EXPECT_EQ(alias.family(), tied_diagonal) << "as fit takes it";
}

TEST_F(Model, OfOneComponentIsToldByItsWeightNamesOrMatrix) {
  const std::vector<std::vector<std::string>> ways{
      {"--weights", "1", "--variances", "2,3"},
      {"--features", "a,b", "--variances", "2,3"},
      {"--covariances", write("matrix.csv", "2,0\n0,3\n")},
  };
  for (std::vector<std::string> flags : ways) {
    flags.insert(flags.end(), {"--means", "5,-6"});
    const Mixture mixture = made(flags).mixture;
    EXPECT_EQ(mixture.n_components(), 1u) << flags[0];
    EXPECT_EQ(mixture.means().values(), (std::vector<double>{5, -6}));
    EXPECT_EQ(mixture.variance(0, 1), 3);
  }
}

TEST_F(Model, TakesStandardDeviationsWhoseSquaresAreTheVariances) {
  EXPECT_EQ(made({"--means", "0,1", "--standard-deviations", "0.5,3"}).mixture.covariances().values(),
            made({"--means", "0,1", "--variances", "0.25,9"}).mixture.covariances().values());
}

TEST_F(Model, TakesMatricesThatLookLikeAHeaderOrAnIndex) {
  const auto matrix = [&](const std::string& rows) {
    const ModelFile model = made({"--means", "0,0;1,1", "--covariances", write("m.csv", rows)});
    EXPECT_EQ(model.feature_names, (std::vector<std::string>{"x1", "x2"})) << rows;
    EXPECT_EQ(model.mixture.family(), tied) << rows;
    return model.mixture.covariances().values();
  };
  EXPECT_EQ(matrix("1,0\n0,1\n"), (std::vector<double>{1, 0, 0, 1}));
  EXPECT_EQ(matrix("1,2\n2,5\n"), (std::vector<double>{1, 2, 2, 5}));
  EXPECT_EQ(matrix("2000,1\n1,2001\n"), (std::vector<double>{2000, 1, 1, 2001}));
  EXPECT_EQ(matrix("+1,+0\n+0,+1\n"), (std::vector<double>{1, 0, 0, 1}));
  EXPECT_EQ(matrix("1.5 0\n0 1\n"), (std::vector<double>{1.5, 0, 0, 1}));
}

TEST_F(Model, TakesFilesOfMatricesThatProgramsWrite) {
  const std::vector<std::string> files{"length,width\n2,1\n1,3\n",                // pandas, without its index
                                       ",length,width\nlength,2,1\nwidth,1,3\n",  // pandas
                                       "\"\",\"length\",\"width\"\n\"length\",2,1\n\"width\",1,3\n",  // R's write.csv
                                       "\"length\" \"width\"\n\"length\" 2 1\n\"width\" 1 3\n"};      // R's write.table
  for (const std::string& file : files) {
    const ModelFile model = made({"--means", "0,0;1,1", "--covariances", write("m.csv", file)});
    EXPECT_EQ(model.feature_names, (std::vector<std::string>{"length", "width"})) << file;
    EXPECT_EQ(model.mixture.covariances().values(), (std::vector<double>{2, 1, 1, 3})) << file;
  }
  const Matrix rows(4, 2, {2, 1, 1, 3, 1, 0, 0, 0.1});
  write_npy(path("m.npy"), rows.view());
  const Mixture mixture = made({"--means", "0,0;1,1", "--covariances", path("m.npy")}).mixture;
  EXPECT_EQ(mixture.family(), full);
  EXPECT_EQ(mixture.covariances().values(), rows.values());
}

TEST_F(Model, ReadsMatricesFromStandardInput) {
  const Mixture mixture = made({"--means", "-4,0,8", "--covariances", "-"}, {.input = "1\n0.2\n3\n"}).mixture;
  EXPECT_EQ(mixture.covariances().values(), (std::vector<double>{1, 0.2, 3}));
}

TEST_F(Model, IsWrittenInEveryFormatOfInspect) {
  const std::vector<std::string> flags{"model", "--means", "0,1", "--variances", "1,4"};
  mogul({"model", "--means", "0,1", "--variances", "1,4", "-o", path("m.json")});
  for (const std::string format : {"json", "jsonl", "csv", "tsv", "npy"}) {
    std::vector<std::string> with = flags;
    with.insert(with.end(), {"--format", format, "--spread", "variance"});
    EXPECT_EQ(mogul(with).out, mogul({"inspect", path("m.json"), "--format", format, "--spread", "variance"}).out);
  }
  EXPECT_EQ(mogul(flags).out, read("m.json"));
  const Finished rows = mogul({"model", "--means", "0,1", "--variances", "1,4", "-o", path("m.csv")});
  EXPECT_NE(rows.err.find("m.csv: a row per component, which is no model file"), std::string::npos) << rows.err;
  EXPECT_EQ(numbers_of(read("m.csv")).at(1), (std::vector<double>{1, 0.5, 1, 2}));
}

TEST_F(Model, SaysWhatItMadeUnlessQuiet) {
  const std::vector<std::string> flags{"model", "--means", "0", "--variances", "1", "-q", "-o", path("m.json")};
  EXPECT_EQ(mogul(flags).err, "");
  EXPECT_EQ(mogul({"model", "--means", "0,1", "--variances", "1", "-v"}).err,
            "2 components, 1 feature (x1), tied covariance\n");
}

TEST_F(Model, HelpTellsMixingWeightsFromRowWeights) {
  const std::string help = mogul({"help", "model"}).out;
  EXPECT_NE(help.find("mixing weights"), std::string::npos) << help;
  EXPECT_NE(help.find("row weights"), std::string::npos) << help;
  for (const std::string flag : {"--means", "--weights", "--variances", "--standard-deviations", "--covariances",
                                 "--covariance", "--features", "--spread", "-o,", "--format"}) {
    EXPECT_NE(help.find("\n  " + flag + " "), std::string::npos) << flag;
  }
}

// Every example of --help, as a shell takes it.
TEST_F(Model, RunsTheExamplesOfItsHelp) {
  write("matrices.csv", "2,0.5\n0.5,1\n");
  int n_examples = 0;
  for (const std::string& line : lines_of(mogul({"help", "model"}).out)) {
    if (!line.starts_with("  mogul ")) continue;
    ++n_examples;
    const Finished run = shell("cd '" + path("") + "' && PATH=\"$(dirname \"$MOGUL\"):$PATH\" && " + line);
    EXPECT_EQ(run.exit_code, 0) << line << "\n" << run.err;
    EXPECT_EQ(run.err.find("error"), std::string::npos) << line << "\n" << run.err;
  }
  EXPECT_GE(n_examples, 5);
}

}  // namespace
}  // namespace mogul::test
