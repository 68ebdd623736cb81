// mogul select: what the program prints is what the library selects.
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/process.hpp"
#include "mogul/io.hpp"
#include "mogul/select.hpp"

namespace mogul::test {
namespace {

using nlohmann::json;
using Select = CommandLine;

Selection selected(Criterion criterion, std::size_t most) {
  SelectOptions options;
  options.criterion = criterion;
  options.n_components.clear();
  for (std::size_t k = 1; k <= most; ++k) options.n_components.push_back(k);
  return select(read_dataset(faithful()), options);
}

TEST_F(Select, PrintsTheTableAndWritesTheBestModel) {
  const Finished run = mogul({"select", faithful(), "-k", "1-3", "-o", path("best.json")});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const Selection expected = selected(Criterion::bic, 3);
  EXPECT_EQ(run.out, summary(expected));
  EXPECT_EQ(run.err, "wrote " + path("best.json") + "\n");
  const ModelFile best = read_model(path("best.json"));
  EXPECT_EQ(best.mixture, expected.cells[*expected.best].fit->mixture);
  EXPECT_EQ(best.settings->n_components, expected.cells[*expected.best].n_components);
  EXPECT_EQ(mogul({"evaluate", path("best.json"), faithful()}).exit_code, 0);
}

TEST_F(Select, HasALineForEachFitForPrograms) {
  const Finished run = mogul({"select", faithful(), "-k", "1,2", "--criterion", "icl", "--format", "json"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const Selection expected = selected(Criterion::icl, 2);
  EXPECT_EQ(run.out, selection_json(expected));
  const json table = json::parse(run.out);
  EXPECT_EQ(table["criterion"], "icl");
  EXPECT_EQ(table["cells"].size(), 12U);
  EXPECT_EQ(table["best"]["icl"], value_of(expected.cells[*expected.best], Criterion::icl));
  for (const std::string format : {"csv", "tsv"}) {
    const Finished rows = mogul({"select", faithful(), "-k", "1,2", "--format", format});
    EXPECT_EQ(lines_of(rows.out).size(), 13U) << rows.out;
  }
  EXPECT_EQ(lines_of(mogul({"select", faithful(), "-k", "1,2", "--format", "jsonl"}).out).size(), 12U);
}

TEST_F(Select, TakesFamiliesByAnyName) {
  const auto cells = [&](const std::string& families) {
    const Finished run = mogul({"select", faithful(), "-k", "2", "--covariance", families, "--format", "jsonl"});
    std::string names;
    for (const std::string& line : lines_of(run.out)) names += std::string(json::parse(line)["covariance"]) + " ";
    return names + run.err;
  };
  EXPECT_EQ(cells("full,EEE,diag,VVV"), "VVV EEE VVI ");
  EXPECT_EQ(cells("six"), "EII VII EEI VVI EEE VVV ");
  EXPECT_EQ(cells("all").size(), 14U * 4);
  EXPECT_NE(cells("VVV,VVX").find("VVX"), std::string::npos);
}

TEST_F(Select, HasColumnsForWhatWasMeasured) {
  const json cv = json::parse(mogul({"select", faithful(), "-k", "2-3", "--covariance", "EEE", "--criterion", "cv",
                                     "--folds", "4", "--format", "json"})
                                  .out);
  SelectOptions options;
  options.n_components = {2, 3};
  options.covariances = {families::eee};
  options.criterion = Criterion::cv;
  options.n_folds = 4;
  const Selection expected = select(read_dataset(faithful()), options);
  EXPECT_EQ(cv["cells"][1]["cv"], expected.cells[1].held_out->mean);
  EXPECT_EQ(cv["cells"][1]["cv_standard_error"], expected.cells[1].held_out->standard_error);
  EXPECT_EQ(cv["cells"][1]["n_folds"], 4);
  const json stability = json::parse(mogul({"select", faithful(), "-k", "2-3", "--covariance", "EEE", "--criterion",
                                            "stability", "--runs", "3", "--init", "kmeans", "--format", "json"})
                                         .out);
  options.criterion = Criterion::stability;
  options.n_runs = 3;
  options.init = InitMethod::kmeans;
  EXPECT_EQ(stability["cells"][0]["stability"], select(read_dataset(faithful()), options).cells[0].stability->mean);
}

TEST_F(Select, GoesOnFromItsFile) {
  const std::vector<std::string> part{"select", faithful(), "-k", "1-2", "--resume", path("fits.jsonl")};
  EXPECT_EQ(mogul(part).exit_code, 0);
  EXPECT_EQ(lines_of(read("fits.jsonl")).size(), 12U);
  const Finished rest =
      mogul({"select", faithful(), "-k", "1-3", "--resume", path("fits.jsonl"), "-o", path("best.json"), "-v"});
  EXPECT_EQ(rest.exit_code, 0) << rest.err;
  EXPECT_EQ(rest.out, summary(selected(Criterion::bic, 3)));
  EXPECT_EQ(lines_of(read("fits.jsonl")).size(), 18U);
  const ModelFile first = parse_model(lines_of(read("fits.jsonl")).front(), "the first line");
  EXPECT_EQ(first.settings->init, "hierarchical");

  const Finished other = mogul({"select", faithful(), "-k", "1-3", "--gain", "1", "--resume", path("fits.jsonl")});
  EXPECT_EQ(other.exit_code, 3);
  EXPECT_NE(other.err.find("line 1: the fit was made with another gain"), std::string::npos) << other.err;
  const Finished columns = mogul({"select", faithful(), "--columns", "1", "--resume", path("fits.jsonl")});
  EXPECT_NE(columns.err.find("a fit of other columns"), std::string::npos) << columns.err;
  write("broken.jsonl", "{\"schema\": 1}\n");
  EXPECT_EQ(mogul({"select", faithful(), "--resume", path("broken.jsonl")}).exit_code, 3);
}

TEST_F(Select, WritesAPageOfTheChoice) {
  for (const std::string criterion : {"bic", "cv", "stability"}) {
    const Finished run = mogul({"select", faithful(), "-k", "1-3", "--covariance", "EEE,VVV", "--criterion", criterion,
                                "--report", path("page.html")});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.err, "wrote " + path("page.html") + "\n");
    const std::string page = read("page.html");
    EXPECT_NE(page.find("faithful.csv: which K, which family"), std::string::npos);
    EXPECT_NE(page.find("mogul select"), std::string::npos);
    EXPECT_NE(page.find(", chosen"), std::string::npos);
    EXPECT_NE(page.find("of every fit, less that of the best"), std::string::npos);
  }
}

TEST_F(Select, RefusesWhatItCannotRead) {
  const auto refusal = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"select", faithful()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Finished run = mogul(arguments);
    EXPECT_EQ(run.exit_code, 2) << run.err;
    return run.err;
  };
  EXPECT_NE(refusal({"-k", "4-2"}).find("goes down; write 2-4"), std::string::npos);
  EXPECT_NE(refusal({"-k", "0-2"}).find("-k"), std::string::npos);
  EXPECT_NE(refusal({"-k", "1-2-3"}).find("ranges such as 1-9"), std::string::npos);
  EXPECT_NE(refusal({"-k", "two"}).find("-k"), std::string::npos);
  EXPECT_NE(refusal({"-k", "1-99999999"}).find("too long"), std::string::npos);
  EXPECT_NE(refusal({"--hold", "means"}).find("--hold"), std::string::npos);
  EXPECT_NE(refusal({"--tol", "1e-3", "--gain", "1"}).find("two rules"), std::string::npos);
  EXPECT_NE(refusal({"--format", "npy"}).find("npy"), std::string::npos);
  EXPECT_NE(refusal({"-o", faithful()}).find("overwrite"), std::string::npos);
  EXPECT_NE(refusal({"--resume", faithful()}).find("overwrite"), std::string::npos);
  EXPECT_NE(refusal({"--resume", "-"}).find("must be a file"), std::string::npos);
  EXPECT_NE(refusal({"--report", "page.txt"}).find("must end in .html"), std::string::npos);
  EXPECT_NE(refusal({"--folds", "3"}).find("--folds goes with --criterion cv only"), std::string::npos);
  EXPECT_NE(refusal({"--criterion", "cv", "--folds", "1"}).find("--folds"), std::string::npos);
  EXPECT_NE(refusal({"--one-standard-error"}).find("--criterion cv"), std::string::npos);
  EXPECT_NE(refusal({"--criterion", "cv", "--runs", "3"}).find("--criterion stability"), std::string::npos);
  EXPECT_NE(refusal({"--criterion", "cv", "--mclust-sign"}).find("--mclust-sign"), std::string::npos);
  EXPECT_NE(refusal({"--n-init", "3"}).find("--init"), std::string::npos);
}

TEST_F(Select, EndsWithAnErrorWhereNothingCanBeFitted) {
  write("two.csv", "x,y\n1,2\n3,5\n");
  const Finished run = mogul({"select", path("two.csv"), "-k", "3-4", "-o", path("best.json")});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_NE(run.out.find("more components than rows"), std::string::npos) << run.out;
  EXPECT_NE(run.err.find("no fit of the table has a value"), std::string::npos) << run.err;
  EXPECT_EQ(files(), (std::vector<std::string>{"two.csv"})) << "no model, and no temporary file";
}

}  // namespace
}  // namespace mogul::test
