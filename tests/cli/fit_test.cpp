// mogul fit: what its flags make of the library's fit, and what it prints where.
#include "mogul/fit.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "cli/process.hpp"
#include "mogul/io.hpp"
#include "plain_families.hpp"

namespace mogul::test {
namespace {

using ::testing::Test;
using Fit = CommandLine;

constexpr double kFaithfulLogLikelihood = -1130.264;  // of K = 2, full: every program that maximises it agrees

TEST_F(Fit, PrintsTheReportOnStandardOutputAndNothingElse) {
  const Finished run = mogul({"fit", faithful(), "-k", "2"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.err, "");
  EXPECT_NE(run.out.find("K = 2, full covariance"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("log-likelihood  -1130.26"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find(" eruptions "), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("converged at iteration"), std::string::npos) << run.out;
}

TEST_F(Fit, WritesTheModelThatTheLibraryFits) {
  const Finished run = mogul({"fit", faithful(), "-k", "2", "-o", path("model.json")});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.out, "");
  EXPECT_NE(run.err.find("K = 2, full"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("wrote " + path("model.json")), std::string::npos) << run.err;

  const ModelFile model = read_model(path("model.json"));
  FitOptions options;
  options.n_components = 2;
  const FitResult expected = fit(read_dataset(faithful()), options);
  EXPECT_EQ(model.mixture, expected.mixture);
  EXPECT_EQ(model.feature_names, (std::vector<std::string>{"eruptions", "waiting"}));
  EXPECT_EQ(model.settings, settings_of(options));
  EXPECT_EQ(model.report->history, expected.report.history);
  EXPECT_NEAR(model.report->log_likelihood, kFaithfulLogLikelihood, 1e-3);
}

TEST_F(Fit, PassesEveryFlagOn) {
  const Finished run = mogul({"fit",
                              faithful(),
                              "-k",
                              "3",
                              "--covariance",
                              "tied_diagonal",
                              "--init",
                              "random_from_data",
                              "--n-init",
                              "4",
                              "--max-iter",
                              "7",
                              "--tol",
                              "1e-3",
                              "--reg-covar",
                              "0.001",
                              "--seed",
                              "12345678901234567890",
                              "--hold",
                              "weights,means",
                              "--degenerate",
                              "error",
                              "-q",
                              "-o",
                              path("model.json")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const FitSettings settings = read_model(path("model.json")).settings.value();
  EXPECT_EQ(settings.n_components, 3u);
  EXPECT_EQ(settings.covariance, families::tied_diagonal);
  EXPECT_EQ(settings.init, "random_from_data");
  EXPECT_EQ(settings.n_init, 4u);
  EXPECT_EQ(settings.max_iter, 7u);
  EXPECT_EQ(settings.tol, 1e-3);
  EXPECT_EQ(settings.reg_covar, 0.001);
  EXPECT_EQ(settings.seed, 12345678901234567890u);
  EXPECT_EQ(settings.hold, (Hold{true, true, false}));
  EXPECT_EQ(settings.degenerate, DegeneratePolicy::error);
}

TEST_F(Fit, RegCovarIsANumberOrAShareOfTheVariance) {
  const auto reg_covar = [&](const std::string& text) {
    EXPECT_EQ(mogul({"fit", faithful(), "-k", "2", "--reg-covar", text, "-q", "-o", path("model.json")}).exit_code, 0);
    return read_model(path("model.json")).settings->reg_covar;
  };
  EXPECT_EQ(reg_covar("1e-5"), RegCovar(1e-5));
  EXPECT_EQ(reg_covar("relative:1e-4"), RegCovar::relative_to_variance(1e-4));
  const Finished bad = mogul({"fit", faithful(), "-k", "2", "--reg-covar", "some"});
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_NE(bad.err.find("--reg-covar = some; must be a number"), std::string::npos) << bad.err;
}

TEST_F(Fit, WarningsOfTheFitGoToStandardErrorUnlessQuiet) {
  const std::string rows = "x\n0\n0\n5\n5\n9\n9\n";
  const std::string expected = "mogul: warning: the rows have only 3 different values, fewer than n_components = 4";
  const Finished run = mogul({"fit", "-", "-k", "4", "-o", path("model.json")}, {.input = rows});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.err.find(expected), std::string::npos) << run.err;
  const Finished inspected = mogul({"inspect", path("model.json")});
  EXPECT_NE(inspected.out.find("warning         the rows have only 3"), std::string::npos) << inspected.out;
  EXPECT_EQ(mogul({"fit", "-", "-k", "4", "-q", "-o", path("model.json")}, {.input = rows}).err, "");
}

// Two components at the same place never part: that is one warning, not two.
TEST_F(Fit, ComponentsThatCoincideAreMentionedOnce) {
  const std::string rows = write("rows.csv", "x\n0\n0\n1\n1\n2\n2\n3\n3\n");
  const std::string halves = write("halves.txt", "0\n1\n0\n1\n0\n1\n0\n1\n");
  const Finished run = mogul({"fit", rows, "--labels", halves, "-o", path("model.json")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.err.find("components 0 and 1 coincide"), std::string::npos) << run.err;
  EXPECT_EQ(run.err.find("not converged"), std::string::npos) << run.err;
}

TEST_F(Fit, HeldParametersDoNotCountHereOrWhenTheModelIsEvaluated) {
  mogul({"fit", faithful(), "-k", "2", "-q", "-o", path("start.json")});
  mogul({"fit", faithful(), "--from", path("start.json"), "--hold", "covariances", "-q", "-o", path("held.json")});
  const FitReport report = *read_model(path("held.json")).report;
  EXPECT_EQ(report.n_parameters, 5U);
  const Finished evaluated = mogul({"evaluate", path("held.json"), faithful(), "--format", "json"});
  const auto numbers = nlohmann::json::parse(evaluated.out);
  EXPECT_EQ(numbers.at("n_parameters"), 5);
  EXPECT_NEAR(numbers.at("bic").get<double>(), report.bic, 1e-9 * report.bic);
  EXPECT_NE(mogul({"inspect", path("held.json")}).out.find("11 free parameters, 5 of them estimated"),
            std::string::npos);
}

TEST_F(Fit, DefaultsAreThoseOfTheLibrary) {
  mogul({"fit", faithful(), "-k", "1", "-o", path("model.json")});
  FitOptions options;
  options.n_components = 1;
  EXPECT_EQ(read_model(path("model.json")).settings, settings_of(options));
}

TEST_F(Fit, EveryRandomStartAndEveryStructureRuns) {
  for (const std::string init : {"kmeans", "kmeans++", "random_from_data", "random", "hierarchical"}) {
    for (const test::PlainFamily& structure : test::plain_families()) {
      const Finished run = mogul({"fit", faithful(), "-k", "2", "--init", init, "--covariance",
                                  std::string(structure.name), "-q", "-o", path("model.json")});
      EXPECT_EQ(run.exit_code, 0) << init << " " << structure.name << ": " << run.err;
      const ModelFile model = read_model(path("model.json"));
      EXPECT_EQ(model.settings->init, init);
      EXPECT_EQ(model.mixture.family(), structure.family);
    }
  }
}

TEST_F(Fit, LabelsTellTheNumberOfComponents) {
  std::string labels = "label\n";
  for (const auto& row : numbers_of(text_of(faithful()))) labels += row[0] < 3 ? "7\n" : "-1\n";
  const Finished run = mogul({"fit", faithful(), "--labels", write("labels.csv", labels), "-o", path("model.json")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const ModelFile model = read_model(path("model.json"));
  EXPECT_EQ(model.settings->init, "labels");
  ASSERT_EQ(model.mixture.n_components(), 2u);
  EXPECT_NEAR(model.report->log_likelihood, kFaithfulLogLikelihood, 1e-3);
  EXPECT_GT(model.mixture.means()(0, 0), model.mixture.means()(1, 0)) << "label -1, the long eruptions, comes first";
}

TEST_F(Fit, LabelsOfDroppedRowsDoNotCount) {
  const std::string rows = "x\n1\n2\nNA\n8\n9\n?\n10\n";
  const auto fitted = [&](const std::string& data, const std::string& labels) {
    return mogul(
        {"fit", data, "--labels", write("labels", labels), "--missing", "drop", "-q", "-o", path("model.json")});
  };
  ASSERT_EQ(fitted(write("kept.csv", "x\n1\n2\n8\n9\n10\n"), "0\n0\n4\n4\n4\n").exit_code, 0);
  const Mixture expected = read_model(path("model.json")).mixture;
  for (const std::string dropped : {"NA", "", "-1", "77", "word"}) {
    const Finished run =
        fitted(write("all.csv", rows), "label\n0\n0\n\"" + dropped + "\"\n4\n4\n\"" + dropped + "\"\n4\n");
    ASSERT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(read_model(path("model.json")).mixture, expected) << dropped;
  }
  const Finished short_of_two = fitted(path("all.csv"), "0\n0\n4\n4\n4\n");
  EXPECT_EQ(short_of_two.exit_code, 3);
  EXPECT_NE(short_of_two.err.find("of dropped rows as well"), std::string::npos) << short_of_two.err;
}

TEST_F(Fit, FromContinuesAModelWithItsStructure) {
  mogul({"fit", faithful(), "-k", "2", "--covariance", "diagonal", "-o", path("first.json")});
  const Finished run = mogul({"fit", faithful(), "--from", path("first.json"), "-o", path("second.json")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const ModelFile first = read_model(path("first.json"));
  const ModelFile second = read_model(path("second.json"));
  EXPECT_EQ(second.settings->init, "model");
  EXPECT_EQ(second.mixture.family(), families::diagonal);
  EXPECT_EQ(second.report->history.front(), first.report->log_likelihood);
}

TEST_F(Fit, MaxIterZeroWithFromOnlyEvaluates) {
  const Finished run =
      mogul({"fit", faithful(), "--from", write_known_model(), "--max-iter", "0", "-q", "-o", path("same.json")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(read_model(path("same.json")).mixture, read_model(path("known.json")).mixture);
}

TEST_F(Fit, HeldParametersStayAsTheyWere) {
  const Finished run = mogul(
      {"fit", faithful(), "--from", write_known_model(), "--hold", "means,weights", "-q", "-o", path("held.json")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const Mixture before = read_model(path("known.json")).mixture;
  const Mixture after = read_model(path("held.json")).mixture;
  EXPECT_EQ(after.means(), before.means());
  EXPECT_EQ(after.weights(), before.weights());
  EXPECT_NE(after.covariances().values(), before.covariances().values());
}

TEST_F(Fit, HoldsTheMeansOfSomeComponents) {
  mogul({"fit", faithful(), "--from", write_known_model(), "--hold", "means:1,weights", "-q", "-o", path("held.json")});
  const ModelFile held = read_model(path("held.json"));
  const Mixture before = read_model(path("known.json")).mixture;
  EXPECT_EQ(held.settings->hold.means_of, (std::vector<std::size_t>{1}));
  EXPECT_EQ(held.mixture.weights(), before.weights());
  EXPECT_TRUE(std::ranges::equal(held.mixture.means().row(1), before.means().row(1)));
  EXPECT_FALSE(std::ranges::equal(held.mixture.means().row(0), before.means().row(0)));
}

TEST_F(Fit, PassesPriorsAndBoundsOn) {
  const Finished run =
      mogul({"fit", faithful(), "-k", "3", "--covariance", "full", "--prior", "dof=7", "--weight-concentration", "1.5",
             "--max-eigenvalue-ratio", "1e4", "--max-passes", "9000", "-o", path("m.json")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.err.find("(penalised -"), std::string::npos) << run.err;
  const ModelFile model = read_model(path("m.json"));
  EXPECT_EQ(model.settings->prior->dof, 7);
  EXPECT_EQ(model.settings->weight_concentration, 1.5);
  EXPECT_EQ(model.settings->max_eigenvalue_ratio, 1e4);
  EXPECT_EQ(model.settings->reg_covar, RegCovar(0)) << "the default with a prior";
  EXPECT_TRUE(is_complete(*model.report->prior));
  EXPECT_TRUE(std::ranges::is_sorted(model.report->penalised_history));
  const Finished shown = mogul({"inspect", path("m.json")});
  EXPECT_NE(shown.out.find("max_passes 9000, prior dof=7, weight_concentration 1.5, max_eigenvalue_ratio 10000"),
            std::string::npos)
      << shown.out;
  mogul({"fit", faithful(), "-k", "2", "--equal-weights", "-q", "-o", path("e.json")});
  EXPECT_EQ(read_model(path("e.json")).mixture.weights(), (std::vector<double>{0.5, 0.5}));
}

TEST_F(Fit, RequireConvergedExitsWithFourAndStillWritesTheModel) {
  const std::vector<std::string> arguments{"fit", faithful(), "-k", "3", "--max-iter", "2", "-o", path("model.json")};
  const Finished lenient = mogul(arguments);
  EXPECT_EQ(lenient.exit_code, 0);
  EXPECT_NE(lenient.err.find("mogul: warning: not converged: stopped at max_iter = 2"), std::string::npos)
      << lenient.err;

  std::vector<std::string> strict_arguments = arguments;
  strict_arguments.push_back("--require-converged");
  std::filesystem::remove(path("model.json"));
  const Finished strict = mogul(strict_arguments);
  EXPECT_EQ(strict.exit_code, 4);
  EXPECT_NE(strict.err.find("mogul: error: not converged"), std::string::npos) << strict.err;
  EXPECT_EQ(read_model(path("model.json")).report->iterations, 2u);
}

TEST_F(Fit, QuietSaysNothingAndVerboseALinePerIteration) {
  EXPECT_EQ(mogul({"fit", faithful(), "-k", "3", "--max-iter", "2", "-q", "-o", path("model.json")}).err, "");
  const Finished run = mogul({"fit", faithful(), "-k", "3", "--search", "none", "-v", "-o", path("model.json")});
  const std::size_t iterations = read_model(path("model.json")).report->iterations;
  std::size_t lines = 0;
  for (const std::string& line : lines_of(run.err)) lines += line.starts_with("iteration ") && line.find("mean") < 99;
  EXPECT_EQ(lines, iterations + 1);
  EXPECT_NE(run.err.find("read 272 rows of 2 columns (eruptions, waiting)"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("log-likelihood  "), std::string::npos) << "the full report: " << run.err;
}

TEST_F(Fit, WeightTwoEqualsARowTwice) {
  const std::string header = "x,y,n\n";
  const std::string weighted = write("weighted.csv", header + "1,2,2\n2,1,1\n8,9,1\n9,7,2\n7,8,1\n3,3,1\n");
  const std::string repeated = write("repeated.csv", "x,y\n1,2\n1,2\n2,1\n8,9\n9,7\n9,7\n7,8\n3,3\n");
  EXPECT_EQ(mogul({"fit", weighted, "--weights", "n", "-k", "1", "-o", path("w.json")}).exit_code, 0);
  EXPECT_EQ(mogul({"fit", repeated, "-k", "1", "-o", path("r.json")}).exit_code, 0);
  const ModelFile w = read_model(path("w.json"));
  const ModelFile r = read_model(path("r.json"));
  EXPECT_EQ(w.feature_names, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(w.report->sum_weights, 8);
  EXPECT_NEAR(w.report->log_likelihood, r.report->log_likelihood, 1e-12 * std::abs(r.report->log_likelihood));
}

TEST_F(Fit, WithNoIterationsEvaluatesAndDoesNotWarn) {
  const std::vector<std::string> arguments{"fit",        faithful(), "--from", write_known_model(),
                                           "--max-iter", "0",        "-o",     path("same.json")};
  const Finished run = mogul(arguments);
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.err.find("warning"), std::string::npos) << run.err;
  std::vector<std::string> strict = arguments;
  strict.push_back("--require-converged");
  EXPECT_EQ(mogul(strict).exit_code, 4);
}

}  // namespace
}  // namespace mogul::test
