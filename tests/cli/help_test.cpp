// Help, the version, and suggestions for what was mistyped.
#include <algorithm>

#include "cli/process.hpp"
#include "flags/suggest.hpp"
#include "mogul/version.hpp"

namespace mogul::test {
namespace {

using Help = CommandLine;
using Suggestion = CommandLine;

const std::vector<std::string> kVerbs{"fit",      "select",  "lrt",   "merge", "score",  "predict", "sample",
                                      "evaluate", "inspect", "model", "plot",  "report", "explain", "replay"};

TEST_F(Help, OfMogulListsTheVerbsAfterExamples) {
  const Finished run = mogul({});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(run.out, mogul({"--help"}).out);
  const std::size_t examples = run.out.find("Examples:");
  const std::size_t usage = run.out.find("Usage:");
  ASSERT_NE(examples, std::string::npos);
  EXPECT_LT(examples, usage);
  for (const std::string& verb : kVerbs) EXPECT_NE(run.out.find("\n  " + verb + " ", usage), std::string::npos) << verb;
}

TEST_F(Help, OfEachVerbHasExamplesFirstThenItsFlags) {
  for (const std::string& verb : kVerbs) {
    const Finished run = mogul({verb, "--help"});
    EXPECT_EQ(run.exit_code, 0);
    EXPECT_EQ(run.err, "");
    const std::size_t example = run.out.find("\n  mogul " + verb);
    EXPECT_LT(run.out.find("Examples:"), example) << run.out;
    EXPECT_LT(example, run.out.find("Usage: mogul " + verb)) << run.out;
    EXPECT_LT(run.out.find("Usage:"), run.out.find("--threads")) << run.out;
    EXPECT_EQ(mogul({verb, "-h"}).out, run.out);
  }
}

TEST_F(Help, OfFitNamesEveryFlagAndItsDefault) {
  const std::string help = mogul({"fit", "--help"}).out;
  for (const std::string flag : {"-k,",
                                 "--covariance",
                                 "--search",
                                 "--init",
                                 "--max-passes",
                                 "--gain",
                                 "--acceleration",
                                 "--labels",
                                 "--from",
                                 "--n-init",
                                 "--max-iter",
                                 "--tol",
                                 "--reg-covar",
                                 "--hold",
                                 "--degenerate",
                                 "--require-converged",
                                 "--prior",
                                 "--weight-concentration",
                                 "--max-eigenvalue-ratio",
                                 "--equal-weights",
                                 "--trace",
                                 "-o,",
                                 "--format",
                                 "--columns",
                                 "--exclude",
                                 "--weights",
                                 "--delimiter",
                                 "--decimal",
                                 "--missing",
                                 "--comment",
                                 "--skip-lines",
                                 "--header",
                                 "--no-header",
                                 "--spread",
                                 "-q,",
                                 "-v,",
                                 "--threads",
                                 "--seed"}) {
    EXPECT_NE(help.find("\n  " + flag), std::string::npos) << flag;
  }
  for (const std::string text : {"(default 0.01)", "(default 1000)", "(default lbfgs)", "(default: the", "(default 0)",
                                 "(default full", "(default kmeans", "(default revive)"}) {
    EXPECT_NE(help.find(text), std::string::npos) << text;
  }
}

TEST_F(Help, NamesTheSeedOfTheVerbsThatDraw) {
  const std::vector<std::string> drawing{"fit", "select", "lrt", "sample", "explain"};
  for (const std::string& verb : kVerbs) {
    SCOPED_TRACE(verb);
    const bool draws = std::ranges::find(drawing, verb) != drawing.end();
    EXPECT_EQ(mogul({verb, "--help"}).out.find("\n  --seed") != std::string::npos, draws);
    if (draws) continue;
    const Finished run = mogul({verb, "--seed", "1"});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_NE(run.err.find("unknown flag '--seed'"), std::string::npos) << run.err;
  }
}

TEST_F(Help, IsAVerbAsWell) {
  EXPECT_EQ(mogul({"help"}).out, mogul({"--help"}).out);
  EXPECT_EQ(mogul({"help", "help"}).out, mogul({"--help"}).out);
  for (const std::string& verb : kVerbs) {
    const Finished run = mogul({"help", verb});
    EXPECT_EQ(run.exit_code, 0);
    EXPECT_EQ(run.out, mogul({verb, "--help"}).out);
    EXPECT_EQ(mogul({"--help", verb}).out, run.out);
  }
  const Finished unknown = mogul({"help", "ft"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_NE(unknown.err.find("unknown verb 'ft'; did you mean 'fit'?"), std::string::npos) << unknown.err;
}

TEST_F(Help, FitsAHundredColumns) {
  for (const std::string& verb : kVerbs) {
    for (const std::string& line : lines_of(mogul({verb, "--help"}).out)) EXPECT_LE(line.size(), 110u) << line;
  }
}

TEST_F(Help, VersionIsThatOfTheLibrary) {
  const Finished run = mogul({"--version"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.out, std::string("mogul ") + MOGUL_VERSION + "\n");
}

TEST_F(Suggestion, IsGivenForAMistypedVerb) {
  const Finished run = mogul({"ft", faithful(), "-k", "2"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err, "mogul: error: unknown verb 'ft'; did you mean 'fit'?\nrun `mogul --help`\n");
  EXPECT_NE(mogul({"evalaute"}).err.find("did you mean 'evaluate'?"), std::string::npos);
  EXPECT_EQ(mogul({"cluster"}).err, "mogul: error: unknown verb 'cluster'\nrun `mogul --help`\n");
  EXPECT_NE(mogul({"--verson"}).err.find("unknown flag '--verson'; did you mean '--version'?"), std::string::npos);
}

TEST_F(Suggestion, IsGivenForAMistypedFlagWhereverItStands) {
  const std::string expected = "mogul: error: unknown flag '--seeed'; did you mean '--seed'?\nrun `mogul fit --help`\n";
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"fit", faithful(), "-k", "2", "--seeed", "3"},
        std::vector<std::string>{"fit", "--seeed", "3", faithful(), "-k", "2"},
        std::vector<std::string>{"fit", "--seeed=3"}}) {
    const Finished run = mogul(arguments);
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_EQ(run.err, expected);
  }
  EXPECT_NE(mogul({"predict", "m", "d", "--probs"}).err.find("did you mean '--proba'?"), std::string::npos);
}

TEST_F(Suggestion, IsGivenForAMistypedWord) {
  const std::vector<std::string> fit{"fit", faithful(), "-k", "2"};
  const auto with = [&](const std::string& flag, const std::string& word) {
    std::vector<std::string> arguments = fit;
    arguments.insert(arguments.end(), {flag, word});
    return mogul(arguments);
  };
  EXPECT_NE(with("--init", "kmean").err.find("did you mean 'kmeans'?"), std::string::npos);
  EXPECT_NE(with("--covariance", "diagnal").err.find("did you mean 'diagonal'?"), std::string::npos);
  EXPECT_NE(with("--format", "jsn").err.find("did you mean 'json'?"), std::string::npos);
  EXPECT_NE(with("--hold", "mean").err.find("did you mean 'means'?"), std::string::npos);
  EXPECT_EQ(with("--init", "kmean").exit_code, 2);
}

TEST_F(Suggestion, IsNotNeededForSpellingsOfOtherPrograms) {
  const std::vector<std::vector<std::string>> spellings{
      {"--covariance", "full", "Full", "VVV"},
      {"--covariance", "tied", "TIED", "eee"},
      {"--covariance", "diagonal", "diag", "Diag", "VVI"},
      {"--covariance", "tied_diagonal", "tied-diagonal", "tied-diag", "EEI"},
      {"--covariance", "spherical", "iso", "isotropic", "vii"},
      {"--covariance", "tied_spherical", "tied-spherical", "EII"},
      {"--init", "kmeans", "k-means", "K-Means", "k_means"},
      {"--init", "kmeans++", "k-means++", "k_means++", "KMeans++", "kmeans-plus-plus"},
      {"--init", "random_from_data", "random-from-data"}};
  for (const std::vector<std::string>& words : spellings) {
    const auto fit = [&](const std::string& word) {
      return mogul({"fit", faithful(), "-k", "2", words[0], word, "--format", "csv"});
    };
    const Finished expected = fit(words[1]);
    ASSERT_EQ(expected.exit_code, 0) << expected.err;
    for (std::size_t i = 2; i < words.size(); ++i) EXPECT_EQ(fit(words[i]).out, expected.out) << words[i];
  }
}

TEST_F(Suggestion, IsSelectForSeveralNumbersOfComponents) {
  for (const std::string several : {"1-9", "1:9", "1..9", "1,2,3", "2, 4"}) {
    const Finished run = mogul({"fit", faithful(), "-k", several});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_NE(run.err.find("-k = " + several + "; must be one whole number"), std::string::npos) << run.err;
    EXPECT_NE(run.err.find("mogul select compares several"), std::string::npos) << run.err;
  }
}

TEST_F(Suggestion, IsGivenForAModelInThePlaceOfTheData) {
  const std::string model = write_known_model();
  for (const std::string verb : {"score", "predict", "evaluate"}) {
    const Finished run = mogul({verb, faithful(), model});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_NE(run.err.find("MODEL comes before DATA"), std::string::npos) << run.err;
    EXPECT_NE(run.err.find(model), std::string::npos) << run.err;
  }
  EXPECT_EQ(mogul({"score", faithful(), faithful()}).exit_code, 3) << "neither is a model";
}

TEST(EditDistance, CountsInsertionsDeletionsReplacementsAndSwaps) {
  EXPECT_EQ(cli::edit_distance("fit", "fit"), 0u);
  EXPECT_EQ(cli::edit_distance("", "fit"), 3u);
  EXPECT_EQ(cli::edit_distance("ft", "fit"), 1u);
  EXPECT_EQ(cli::edit_distance("fitt", "fit"), 1u);
  EXPECT_EQ(cli::edit_distance("fat", "fit"), 1u);
  EXPECT_EQ(cli::edit_distance("ift", "fit"), 1u);
  EXPECT_EQ(cli::edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(cli::edit_distance("kitten", "sitting"), cli::edit_distance("sitting", "kitten"));
}

TEST(EditDistance, FarWordsAreNotSuggested) {
  EXPECT_EQ(cli::closest("predcit", kVerbs), "predict");
  EXPECT_EQ(cli::closest("train", kVerbs), "");
}

}  // namespace
}  // namespace mogul::test
