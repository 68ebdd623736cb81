// The report of a fit: its numbers are the library's, it stays small, and it has what it can have.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "lesson/lesson_json.hpp"
#include "lesson/page_html.hpp"
#include "message_of.hpp"
#include "mogul/error.hpp"
#include "mogul/fit.hpp"
#include "mogul/gradient.hpp"
#include "mogul/page.hpp"
#include "mogul/sample.hpp"
#include "mogul/score.hpp"
#include "mogul/version.hpp"
#include "reference/generators.hpp"
#include "report/figure/colours.hpp"

namespace mogul {
namespace {

using oracle::Problem;
using oracle::RowWeights;
using test::between;
using test::cells_of;
using test::count_of;
using test::message_of;
using test::section_of;

struct Fitted {
  explicit Fitted(const oracle::Shape& shape, std::size_t n_init = 1) : problem(shape) {
    FitOptions options;
    options.n_components = shape.k;
    options.covariance = shape.structure;
    options.n_init = n_init;
    options.callback = [this](const Iteration& iteration) {
      const Stats& stats = iteration.stats;
      iterations.push_back({iteration.restart, iteration.iteration, stats.log_likelihood,
                            stats.expected_complete_log_likelihood(), stats.entropy});
      return true;
    };
    FitResult result = fit(problem.view(), options);
    model = ModelFile{std::move(result.mixture), {}, std::nullopt, std::move(result.report)};
  }

  std::string page(ReportPageOptions options = {}) const { return report_page(model, problem.view(), options); }

  Problem problem;
  std::vector<LikelihoodParts> iterations;
  ModelFile model{Mixture(families::full, {1.0}, Matrix(1, 1, {0}), {1}), {}, {}, {}};
};

double number(const std::string& cell) { return std::strtod(cell.c_str(), nullptr); }

TEST(ReportPage, SizesAndOverlapAreThoseOfTheResponsibilities) {
  for (const RowWeights weights : {RowWeights::none, RowWeights::some_zero}) {
    const Fitted fitted({.n = 200, .d = 2, .k = 3, .weights = weights, .separation = 2, .seed = 5});
    const DataView data = fitted.problem.view();
    const Matrix r = responsibilities(fitted.model.mixture, data);
    std::vector<double> sizes(3);
    std::vector<double> labelled(3);
    Matrix shared(3, 3);
    for (std::size_t n = 0; n < r.rows(); ++n) {
      const double w = data.weight(n);
      labelled[static_cast<std::size_t>(std::ranges::max_element(r.row(n)) - r.row(n).begin())] += w > 0 ? 1 : 0;
      for (std::size_t j = 0; j < 3; ++j) {
        sizes[j] += w * r(n, j);
        for (std::size_t k = 0; k < 3; ++k) shared(j, k) += w * r(n, j) * r(n, k);
      }
    }
    const std::string section = section_of(fitted.page(), "components");
    const auto table = cells_of(section);
    ASSERT_EQ(table.size(), 3U);
    const double n = std::accumulate(sizes.begin(), sizes.end(), 0.0);
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(number(table[k][1]), sizes[k], 1e-9);
      EXPECT_NEAR(number(table[k][2]), sizes[k] / n, 1e-12);
      EXPECT_EQ(number(table[k][3]), labelled[k]);
    }
    const auto overlap = cells_of(section.substr(section.find("</table>") + 1));
    ASSERT_EQ(overlap.size(), 3U);
    double last = 1;
    for (const auto& row : overlap) {
      const auto a = static_cast<std::size_t>(number(row[0]));
      const auto b = static_cast<std::size_t>(number(row[1]));
      ASSERT_LT(a, b);
      EXPECT_NEAR(number(row[2]), shared(a, b) / std::min(sizes[a], sizes[b]), 1e-10);
      EXPECT_LE(number(row[2]), last) << "most overlap first";
      last = number(row[2]);
    }
  }
}

TEST(ReportPage, CriteriaAreThoseOfTheEvaluation) {
  const Fitted fitted({.n = 150, .d = 3, .k = 2, .seed = 2});
  const Evaluation evaluation = evaluate(fitted.model.mixture, fitted.problem.view());
  const std::string page = fitted.page();
  const auto table = cells_of(section_of(page, "criteria"));
  const std::vector<double> expected = {evaluation.log_likelihood,
                                        evaluation.mean_log_likelihood,
                                        static_cast<double>(evaluation.n_parameters),
                                        evaluation.aic,
                                        evaluation.bic,
                                        evaluation.icl};
  ASSERT_EQ(table.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(number(table[i][1]), expected[i]) << table[i][0];
  const double gradient = log_likelihood_gradient(fitted.model.mixture, fitted.problem.view()).largest_scaled;
  const std::string told = between(section_of(page, "criteria"), "largest scaled gradient = <strong>", "<");
  EXPECT_NEAR(number(told), gradient, 0.01 * gradient);
}

TEST(ReportPage, WorstRowsAreThoseOfLowestDensityWithTheNumbersOfTheirFile) {
  const Fitted fitted({.n = 100, .d = 2, .k = 2, .seed = 9});
  const DataView data = fitted.problem.view();
  const std::vector<double> log_density = log_densities(fitted.model.mixture, data);
  std::vector<std::size_t> order(100);
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return log_density[i]; });
  ReportPageOptions options;
  options.dropped_rows = {0, 10};
  const auto table = cells_of(section_of(fitted.page(options), "worst_rows"));
  ASSERT_EQ(table.size(), 20U);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::size_t row = order[i];
    EXPECT_EQ(number(table[i][0]), static_cast<double>(row < 9 ? row + 2 : row + 3));
    EXPECT_EQ(number(table[i][1]), log_density[row]);
    EXPECT_EQ(number(table[i][4]), data.value(row, 0));
    EXPECT_EQ(number(table[i][5]), data.value(row, 1));
  }
}

TEST(ReportPage, ValuesFarFromZeroAreToldApart) {
  const Matrix rows(4, 1, {1e9 - 2, 1e9 + 0.5, 1e9 + 1, 1e9 + 3});
  ModelFile model{Mixture(families::full, {1.0}, Matrix(1, 1, {1e9 + 0.625}), {3.0}), {}};
  const std::string page = report_page(model, rows);
  EXPECT_EQ(page.find(">1e+09<"), std::string::npos);
  for (const char* shown : {">999999998<", ">1000000000.5<", ">1000000003<"}) {
    EXPECT_NE(section_of(page, "worst_rows").find(shown), std::string::npos) << shown;
  }
  EXPECT_NE(section_of(page, "parameters").find(">1000000000.625<"), std::string::npos);
}

TEST(ReportPage, TablesAreNamedByWords) {
  const std::string page = Fitted({.n = 60, .d = 2, .k = 2, .seed = 9}).page({});
  std::size_t n = 0;
  const std::string region = "role=\"region\" aria-label=\"";
  for (std::size_t at = page.find(region); at != std::string::npos; at = page.find(region, at + 1)) {
    const std::string name = page.substr(at + region.size(), page.find('"', at + region.size()) - at - region.size());
    EXPECT_TRUE(name.find('_') == std::string::npos && std::isupper(name[0])) << name;
    ++n;
  }
  EXPECT_GE(n, 6U);
}

TEST(ReportPage, ConvergenceStacksQAndHOfTheKeptRestart) {
  const Fitted fitted({.n = 120, .d = 2, .k = 3, .seed = 12}, 4);
  ReportPageOptions options;
  EXPECT_EQ(fitted.page(options).find("expected complete-data log-likelihood"), std::string::npos);
  options.iterations = fitted.iterations;
  const std::string section = section_of(fitted.page(options), "convergence");
  EXPECT_NE(section.find("Q, expected complete-data log-likelihood"), std::string::npos);
  const std::string stacked = between(section, ">L = Q + H</figcaption>", "</figure>");
  EXPECT_NE(stacked.find(to_string(of_expectation().rgb)), std::string::npos);
  EXPECT_NE(stacked.find(to_string(of_entropy().rgb)), std::string::npos);
  EXPECT_EQ(stacked.find("k0"), std::string::npos) << "the colour of a component";
  EXPECT_NE(section.find("log10 of the change of L / n"), std::string::npos);
  const auto restarts = cells_of(section);
  ASSERT_EQ(restarts.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(number(restarts[i][1]), fitted.model.report->restarts[i].log_likelihood);
    EXPECT_EQ(restarts[i][3].ends_with(", kept"), i == fitted.model.report->best_restart);
  }
}

Matrix rows_of(const Problem& problem, double offset = 0) {
  const DataView data = problem.view();
  Matrix rows(data.rows(), data.cols());
  for (std::size_t n = 0; n < data.rows(); ++n) {
    for (std::size_t d = 0; d < data.cols(); ++d) rows(n, d) = data.value(n, d) + offset;
  }
  return rows;
}

std::string message_of_trace(const Fitted& fitted, const std::vector<LikelihoodParts>& iterations) {
  ReportPageOptions options;
  options.iterations = iterations;
  options.trace_name = "t.jsonl";
  return message_of<invalid_data>([&] { fitted.page(options); });
}

TEST(ReportPage, TakesTheTraceOfItsFitOnly) {
  const oracle::Shape shape{.n = 120, .d = 2, .k = 3, .seed = 12};
  const Fitted fitted(shape, 2);
  const Fitted other({.n = 120, .d = 2, .k = 3, .seed = 13}, 2);
  const std::string others = message_of_trace(fitted, other.iterations);
  EXPECT_EQ(others.find("t.jsonl: L = "), 0U) << others;
  EXPECT_NE(others.find("is it the trace of another fit?"), std::string::npos) << others;
  const std::size_t best = fitted.model.report->best_restart;
  std::vector<LikelihoodParts> without_best = fitted.iterations;
  std::erase_if(without_best, [&](const LikelihoodParts& step) { return step.restart == best; });
  EXPECT_NE(message_of_trace(fitted, without_best).find("with which the model's fit ended"), std::string::npos);
  std::vector<LikelihoodParts> cut = fitted.iterations;
  std::erase_if(cut, [&](const LikelihoodParts& step) { return step.iteration >= fitted.model.report->iterations; });
  EXPECT_NE(message_of_trace(fitted, cut).find("with which the model's fit ended"), std::string::npos);
}

TEST(ReportPage, WithoutARecordRefusesATrace) {
  Fitted fitted({.n = 60, .d = 2, .k = 2, .seed = 1});
  fitted.model.report.reset();
  ReportPageOptions options;
  options.iterations = fitted.iterations;
  const std::string said = message_of<invalid_argument>([&] { fitted.page(options); });
  EXPECT_NE(said.find("the trace: the model has no record of a fit"), std::string::npos) << said;
}

// L of the record, in the section about convergence, whatever the rows of the page are.
double likelihood_at_the_end(const std::string& page) {
  return number(between(section_of(page, "convergence"), "L = Q + H at the end of the fit = <strong>", "<"));
}

TEST(ReportPage, OfTheRowsOfTheFitHasNoNoteAboutOthers) {
  for (const RowWeights weights : {RowWeights::none, RowWeights::some_zero}) {
    const Fitted fitted({.n = 60, .d = 2, .k = 2, .weights = weights, .seed = 1});
    const std::string page = fitted.page();
    EXPECT_EQ(page.find("are not those of the fit"), std::string::npos);
    const double l = fitted.model.report->log_likelihood;
    EXPECT_NEAR(likelihood_at_the_end(page), l, 1e-8 * std::abs(l));
  }
}

TEST(ReportPage, OfOtherRowsSaysSoAndKeepsThemApartFromTheFit) {
  const Fitted fitted({.n = 60, .d = 2, .k = 2, .seed = 1});
  const Problem other({.n = 41, .d = 2, .k = 2, .seed = 2});
  const std::string page = report_page(fitted.model, other.view());
  EXPECT_NE(section_of(page, "summary").find("on 60 rows of 2 features.<"), std::string::npos);
  const std::string rows = section_of(page, "rows");
  EXPECT_NE(rows.find("not those of the fit, or have other weights: the fit had 60 rows"), std::string::npos) << rows;
  EXPECT_NE(rows.find("this page has 41 rows"), std::string::npos) << rows;
  EXPECT_NE(rows.find("--weights"), std::string::npos) << rows;
  const double l = fitted.model.report->log_likelihood;
  EXPECT_NEAR(likelihood_at_the_end(page), l, 1e-8 * std::abs(l)) << "the end of the curve";
  EXPECT_NE(number(cells_of(section_of(page, "criteria"))[0][1]), l) << "of the rows of the page";
}

TEST(ReportPage, KnowsOtherRowsByTheirNumberTheirWeightsOrTheirLikelihood) {
  const std::string note = "are not those of the fit";
  const Fitted weighted({.n = 60, .d = 2, .k = 2, .weights = RowWeights::some_zero, .seed = 1});
  EXPECT_NE(report_page(weighted.model, rows_of(weighted.problem)).find(note), std::string::npos)
      << "forgotten weights";
  const Fitted fitted({.n = 60, .d = 2, .k = 2, .seed = 1});
  const Problem others({.n = 60, .d = 2, .k = 2, .seed = 2});
  EXPECT_NE(report_page(fitted.model, others.view()).find(note), std::string::npos) << "as many others";
}

// An estimator ends as scikit-learn does, with an M-step after which L is not that of the record.
TEST(ReportPage, OfAModelOneMStepFurtherKnowsItsRows) {
  for (const std::size_t max_iter : {1U, 3U, 100U}) {
    const Problem problem({.n = 200, .d = 2, .k = 3, .separation = 2, .seed = 5});
    FitOptions options;
    options.n_components = 3;
    options.max_iter = max_iter;
    options.tol = 1e-3;
    const FitResult result = fit(problem.view(), options);
    const ModelFile model{maximise(result.stats, result.mixture, {}), {}, std::nullopt, result.report};
    EXPECT_EQ(report_page(model, problem.view()).find("not those of the fit"), std::string::npos) << max_iter;
    const Problem other({.n = 200, .d = 2, .k = 3, .separation = 2, .seed = 6});
    EXPECT_NE(report_page(model, other.view()).find("not those of the fit"), std::string::npos) << max_iter;
  }
}

// Far from the origin a float is off by a larger share of a standard deviation.
TEST(ReportPage, OfAFitToFloatsKnowsItsRowsInDouble) {
  for (const double offset : {0.0, 1e3}) {
    const Problem problem({.n = 300, .d = 3, .k = 2, .seed = 4});
    const Matrix exact = rows_of(problem, offset);
    std::vector<float> floats;
    Matrix decimal(300, 3);  // as a file has it
    for (std::size_t i = 0; i < 900; ++i) {
      floats.push_back(static_cast<float>(exact.data()[i]));
      decimal.data()[i] = std::strtod(fmt::format("{}", floats.back()).c_str(), nullptr);
    }
    FitOptions options;
    options.n_components = 2;
    FitResult result = fit(FloatMatrix(300, 3, std::move(floats)), options);
    const ModelFile model{std::move(result.mixture), {}, std::nullopt, std::move(result.report)};
    const std::string page = report_page(model, decimal);
    EXPECT_EQ(page.find("not those of the fit"), std::string::npos) << offset;
  }
}

TEST(ReportPage, OfMoreFeaturesThanPrincipalAxesAreTakenOfShowsTwo) {
  const std::size_t d = 2001;
  const Fitted fitted({.n = 30, .d = d, .k = 2, .structure = families::spherical, .seed = 3});
  const std::string pictures = section_of(fitted.page(), "pictures");
  EXPECT_NE(pictures.find("there are 2001, and principal axes are taken of 2000 at most"), std::string::npos);
  EXPECT_NE(pictures.find("the marginal of 2 of 2001 features"), std::string::npos);
}

TEST(ReportPage, TellsOfFailedRestartsAndWarnings) {
  Fitted fitted({.n = 120, .d = 1, .k = 2, .seed = 12}, 3);
  fitted.model.report->restarts[1].failed = true;
  fitted.model.report->warnings = {"beware of <b>"};
  const std::string page = fitted.page();
  EXPECT_NE(page.find("Warning: beware of &lt;b&gt;"), std::string::npos);
  EXPECT_NE(page.find("failed: degenerate"), std::string::npos);
}

TEST(ReportPage, WithoutARecordOfTheFitHasTheRest) {
  Fitted fitted({.n = 60, .d = 2, .k = 2, .seed = 1});
  fitted.model.report.reset();
  const std::string page = fitted.page();
  EXPECT_NE(page.find("The model has no record of a fit."), std::string::npos);
  EXPECT_EQ(page.find("<h2 id=\"convergence\""), std::string::npos);
  for (const char* id : {"summary", "pictures", "parameters", "components", "worst_rows", "criteria", "reproduce"}) {
    EXPECT_NE(page.find("<h2 id=\"" + std::string(id) + "\""), std::string::npos) << id;
  }
}

TEST(ReportPage, SaysWhatTheRowsWeighAndHowManyWereLeftOut) {
  const Fitted plain({.n = 60, .d = 2, .k = 2, .seed = 1});
  const std::string told = section_of(plain.page(), "summary");
  EXPECT_NE(told.find("on 60 rows of 2 features.<"), std::string::npos) << told;
  const Fitted weighted({.n = 60, .d = 2, .k = 2, .weights = RowWeights::some_zero, .seed = 1});
  const double sum = evaluate(weighted.model.mixture, weighted.problem.view()).sum_weights;
  ReportPageOptions options;
  options.dropped_rows = {0, 10};
  const std::string page = section_of(weighted.page(options), "summary");
  EXPECT_NEAR(number(between(page, "The weights of the rows sum to ", ". ")), sum, 1e-8 * sum);
  EXPECT_NE(page.find("2 rows that lack a value were left out."), std::string::npos);
  options.dropped_rows = {3};
  EXPECT_NE(plain.page(options).find("1 row that lacks a value was left out."), std::string::npos);
}

TEST(ReportPage, SaysWhatTheModelWasFittedWith) {
  Fitted fitted({.n = 60, .d = 2, .k = 2, .seed = 1});
  EXPECT_NE(section_of(fitted.page(), "reproduce").find("no record of the settings"), std::string::npos);
  FitOptions options;
  options.n_components = 2;
  options.seed = 1234567890123456789;
  options.hold.means = true;
  fitted.model.settings = settings_of(options);
  const std::string section = section_of(fitted.page(), "reproduce");
  const auto settings = cells_of(section);
  std::string told;
  for (const auto& row : settings) told += row[0] + " " + row[1] + ", ";
  EXPECT_EQ(told,
            "n_components 2, covariance full, search none, init kmeans, n_init 1, max_iter 1000, gain 0.01, "
            "acceleration lbfgs, "
            "reg_covar "
            "relative:1e-06, seed 1234567890123456789, hold means, degenerate revive, ");
}

TEST(ReportPage, SaysWhatMadeIt) {
  const Fitted fitted({.n = 60, .d = 2, .k = 2, .seed = 1});
  ReportPageOptions options;
  options.command = "mogul fit 'a <b>.csv' -k 2";
  options.n_threads = 2;
  const std::string section = section_of(fitted.page(options), "reproduce");
  EXPECT_NE(section.find(MOGUL_VERSION), std::string::npos);
  EXPECT_NE(section.find("<code>mogul fit &#39;a &lt;b&gt;.csv&#39; -k 2"), std::string::npos);
  EXPECT_NE(section.find("It ran on 2 threads (any number gives the same result)"), std::string::npos);
  EXPECT_EQ(count_of(section_of(fitted.page(), "reproduce"), "<code>"), 0U) << "without a command";
}

TEST(ReportPage, IsMadeForAnyShape) {
  for (const std::size_t d : {1U, 2U, 30U}) {
    for (const std::size_t k : {1U, 30U}) {
      const Fitted fitted({.n = 2000, .d = d, .k = k, .structure = families::diagonal, .seed = d + k});
      const std::string page = fitted.page();
      EXPECT_TRUE(test::is_free_of_nan(page)) << d << " " << k;
      EXPECT_LT(page.size(), 2'000'000U) << d << " " << k;
      EXPECT_EQ(page.find("src=\"http"), std::string::npos);
    }
  }
}

TEST(ReportPage, StaysBelowAMegabyteWhereRowsAreDrawnOneByOne) {
  for (const std::size_t n : {1000U, 6000U, 10000U}) {
    EXPECT_LT(Fitted({.n = n, .d = 8, .k = 16, .seed = 1}).page().size(), 1'000'000U) << n;
  }
}

TEST(ReportPage, HostileNamesStayText) {
  Fitted fitted({.n = 80, .d = 2, .k = 2, .seed = 3});
  std::string endless(10000, 'n');
  endless += "\"'&";
  fitted.model.feature_names = {"</title><script>alert(1)</script>", endless};
  ReportPageOptions options;
  options.title = "<img src=x onerror=alert(1)>";
  const std::string page = fitted.page(options);
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_EQ(page.find("<img"), std::string::npos);
  EXPECT_EQ(count_of(page, "<title>&lt;img"), 1U);
}

}  // namespace
}  // namespace mogul
