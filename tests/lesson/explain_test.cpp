// The worked example of the notes to 1e-10 at every iteration, and lessons whose EM has a hard end.
#include "mogul/explain.hpp"
#include "report/write/markup.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numbers>
#include <sstream>

#include "lesson/lesson_json.hpp"
#include "lesson/page_html.hpp"
#include "message_of.hpp"
#include "mogul/error.hpp"
#include "mogul/gradient.hpp"
#include "mogul/sample.hpp"
#include "mogul/score.hpp"
#include "report/lesson/textbook_em.hpp"

namespace mogul {
namespace {

using nlohmann::json;
using test::LessonJson;
using test::message_of;

constexpr double kTolerance = 1e-10;
const Matrix kRows(7, 1, {-3, -2.5, -1, 0, 2, 4, 5});
const Matrix kPlane(6, 2, {0, 0, 1, 0.5, 0.5, 1.5, 6, 7, 7, 5, 8, 8});

Mixture notes_start() {
  return Mixture(families::full, std::vector<double>(3, 1.0 / 3), Matrix(3, 1, {-4, 0, 8}), {1, 0.2, 3});
}

Mixture in_plane(CovarianceFamily structure = families::spherical) {
  return Mixture(
      structure, {0.5, 0.5}, Matrix(2, 2, {0, 0, 7, 7}),
      structure == families::spherical ? std::vector<double>{1, 1} : std::vector<double>{1, 0, 0, 1, 1, 0, 0, 1});
}

// Prose without the ends of its lines.
std::string unwrapped(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

json trace() { return json::parse(std::ifstream(MOGUL_TEST_DATA "/mml_1d_trace.json")); }

TEST(Explain, HasTheSectionsOfTheNotesInTheirOrder) {
  EXPECT_EQ(test::section_names(LessonJson(explain(notes_start(), kRows).json).document()), test::kSections);
}

TEST(Explain, FollowsTheWorkedExampleAtEveryIteration) {
  const LessonJson lesson(explain(notes_start(), kRows).json);
  const json steps = trace();
  const std::vector<double> negative = lesson.column("iterations", "iterations", "negative_log_likelihood");
  ASSERT_GE(negative.size(), 8U);
  for (std::size_t i = 0; i < negative.size(); ++i) {
    ASSERT_EQ(steps[i]["it"], i);
    EXPECT_NEAR(negative[i], steps[i]["nll"].get<double>(), kTolerance) << i;
    for (std::size_t k = 0; k < 3; ++k) {
      const std::string which = std::to_string(k);
      const auto at = [&](const std::string& name) { return lesson.column("iterations", "iterations", name)[i]; };
      EXPECT_NEAR(at("mean_" + which), steps[i]["mu"][k].get<double>(), kTolerance) << i;
      EXPECT_NEAR(at("variance_" + which), steps[i]["var"][k].get<double>(), kTolerance) << i;
      EXPECT_NEAR(at("weight_" + which), steps[i]["w"][k].get<double>(), kTolerance) << i;
      EXPECT_NEAR(at("N_" + which), steps[i + 1]["Nk"][k].get<double>(), kTolerance) << i;
    }
  }
}

// The stored responsibilities of step i + 1 are those under the mixture of step i.
TEST(Explain, ResponsibilitiesOfStartAndEndAreThoseOfTheWorkedExample) {
  const LessonJson lesson(explain(notes_start(), kRows).json);
  const json steps = trace();
  const std::size_t end = lesson.column("iterations", "iterations", "negative_log_likelihood").size() - 1;
  for (const auto& [section, step] :
       {std::pair<std::string, std::size_t>{"responsibilities", 0}, {"complete_data", end}}) {
    for (std::size_t k = 0; k < 3; ++k) {
      const std::vector<double> r = lesson.column(section, "responsibilities", "r_" + std::to_string(k));
      ASSERT_EQ(r.size(), 7U);
      for (std::size_t n = 0; n < 7; ++n) EXPECT_NEAR(r[n], steps[step + 1]["R"][n][k].get<double>(), kTolerance);
    }
    for (const double sum : lesson.column(section, "responsibilities", "sum")) EXPECT_NEAR(sum, 1, 1e-15);
  }
  const std::vector<double> sizes = lesson.column("responsibilities", "component_sizes", "N_k");
  for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(sizes[k], steps[1]["Nk"][k].get<double>(), kTolerance);
}

TEST(Explain, EndsWhereTheMeanLogLikelihoodChangesByLessThanTol) {
  const Explanation made = explain(notes_start(), kRows, {}, {.tol = 1e-4});
  const LessonJson lesson(made.json);
  const std::vector<double> negative = lesson.column("iterations", "iterations", "negative_log_likelihood");
  for (std::size_t i = 1; i < negative.size(); ++i) {
    const bool last = i + 1 == negative.size();
    EXPECT_EQ(std::abs(negative[i] - negative[i - 1]) / 7 < 1e-4, last) << i;
  }
  EXPECT_NE(made.text.find("converged"), std::string::npos);
}

TEST(Explain, StopsAfterMaxIter) {
  const Explanation made = explain(notes_start(), kRows, {}, {.max_iter = 2});
  EXPECT_EQ(LessonJson(made.json).column("iterations", "iterations", "negative_log_likelihood").size(), 3U);
  EXPECT_NE(unwrapped(made.text).find("2 iterations, each an E-step and an M-step. EM stopped at max_iter = 2, "),
            std::string::npos)
      << made.text;
  const Explanation one = explain(notes_start(), kRows, {}, {.max_iter = 1});
  EXPECT_NE(one.text.find("One iteration: an E-step and an M-step."), std::string::npos);
  const Explanation none = explain(notes_start(), kRows, {}, {.max_iter = 0});
  EXPECT_EQ(LessonJson(none.json).column("iterations", "iterations", "negative_log_likelihood").size(), 1U);
  EXPECT_NE(none.text.find("No whole iteration follows. EM stopped at max_iter = 0"), std::string::npos);
  EXPECT_EQ(none.text.find("No iteration lowered"), std::string::npos) << "there is none";
}

TEST(Explain, WithoutToleranceEndsWhereTheLogLikelihoodNoLongerRises) {
  for (const double offset : {0.0, 3.0, 1e6}) {
    const Mixture start = notes_start();
    Matrix means = start.means();
    Matrix rows = kRows;
    for (std::size_t k = 0; k < 3; ++k) means(k, 0) += offset;
    for (std::size_t n = 0; n < 7; ++n) rows(n, 0) += offset;
    const Mixture moved(families::full, start.weights(), means, {1, 0.2, 3});
    const Explanation made = explain(moved, rows, {}, {.tol = 0});
    EXPECT_LT(LessonJson(made.json).column("iterations", "iterations", "weight_0").size(), 100U) << offset;
    EXPECT_NE(unwrapped(made.text).find("EM converged: the log-likelihood no longer rises."), std::string::npos);
    EXPECT_EQ(made.text.find("max_iter"), std::string::npos);
  }
}

// What is said of it is read from the numbers: they fall, by rounding, or they do not.
TEST(Explain, SaysWhetherTheLogLikelihoodFell) {
  std::size_t n_fell = 0;
  for (std::size_t i = 0; i < 40; ++i) {
    Matrix rows = kRows;
    rows(0, 0) += 0.01 * static_cast<double>(i);
    const Explanation made = explain(notes_start(), rows, {}, {.tol = 0});
    const auto negative = LessonJson(made.json).column("iterations", "iterations", "negative_log_likelihood");
    const bool fell = !std::ranges::is_sorted(negative, std::greater<>());
    n_fell += fell ? 1 : 0;
    const std::string text = unwrapped(made.text);
    EXPECT_EQ(text.find("No iteration lowered the log-likelihood.") == std::string::npos, fell) << i;
    EXPECT_EQ(text.find("which is within rounding.") != std::string::npos, fell) << i;
  }
  EXPECT_GT(n_fell, 0U);
  EXPECT_LT(n_fell, 40U);
}

TEST(Explain, ValuesFarFromZeroAreToldApart) {
  const double offset = 1e9;
  Matrix rows = kRows;
  for (std::size_t n = 0; n < 7; ++n) rows(n, 0) += offset;
  const Mixture start(families::full, std::vector<double>(3, 1.0 / 3), Matrix(3, 1, {offset - 4, offset, offset + 8}),
                      {1, 0.2, 3});
  const Explanation made = explain(start, rows);
  EXPECT_EQ(made.text.find("1e+09"), std::string::npos) << made.text;
  EXPECT_EQ(made.html.find(">1e+09<"), std::string::npos);
  EXPECT_NE(made.text.find("    2  999999997.5\n"), std::string::npos) << "a row";
  EXPECT_NE(made.text.find("(999999997 - 999999997.299)^2"), std::string::npos) << "a formula";
  EXPECT_NE(made.text.find(" 999999997.25"), std::string::npos) << "a mean";
  EXPECT_NE(unwrapped(made.text).find("(x1 = 1000000000), whose component"), std::string::npos);
}

TEST(Explain, MakesOnlyTheFormsThatAreWanted) {
  const Explanation text = explain(notes_start(), kRows, {}, {.json = false, .html = false});
  EXPECT_TRUE(text.json.empty() && text.html.empty());
  EXPECT_FALSE(text.text.empty());
  const Explanation page = explain(notes_start(), kRows, {}, {.text = false, .json = false});
  EXPECT_TRUE(page.text.empty() && page.json.empty());
  EXPECT_FALSE(page.html.empty());
}

TEST(Explain, DrawsTheRowsOfItsSeed) {
  const std::size_t max_iter = 3;
  const Explanation made = explain(notes_start(), kRows, {}, {.max_iter = max_iter, .seed = 7});
  EXPECT_NE(made.text.find("10 draws (seed 7)"), std::string::npos) << made.text;
  EXPECT_NE(explain(notes_start(), kRows, {}, {.max_iter = max_iter}).text.find("10 draws (seed 0)"),
            std::string::npos);
  const Mixture end = textbook_em(notes_start(), DataView(kRows), max_iter, ExplainOptions().tol, 1).last().mixture;
  const Sample expected = sample(end, 10, 7);
  EXPECT_EQ(LessonJson(made.json).column("ancestral_sampling", "draws", "z"),
            std::vector<double>(expected.z.begin(), expected.z.end()));
  EXPECT_EQ(LessonJson(made.json).column("ancestral_sampling", "draws", "x1"), expected.x.values());
}

TEST(Explain, WithoutWeightedRowsNoFormulaSpeaksOfThem) {
  const std::vector<double> weights = {1, 2, 0.5, 1, 0, 3, 1};
  const Explanation plain = explain(notes_start(), kRows);
  const Explanation weighted = explain(notes_start(), DataView(kRows, weights));
  EXPECT_EQ(plain.text.find("w_n"), std::string::npos);
  for (const char* formula : {"L = sum_n w_n log p(x_n)", "N_k = sum_n w_n r_nk", "mu_k = sum_n w_n r_nk x_n / N_k",
                              "S_k = sum_n w_n r_nk (x_n - mu_k) (x_n - mu_k)^T / N_k", "pi_k = N_k / sum_n w_n",
                              "C = sum_n w_n", "Q = sum_n w_n sum_k", "H = -sum_n w_n sum_k"}) {
    EXPECT_NE(weighted.text.find(formula), std::string::npos) << formula;
  }
  EXPECT_NE(weighted.text.find("minus the sum of the row weights"), std::string::npos);
  EXPECT_NEAR(LessonJson(weighted.json).number("gradient", "lagrange_multiplier"), -8.5, 1e-12);
}

TEST(Explain, ASingularStartEndsInASentence) {
  const Explanation made = explain(notes_start(), Matrix(1, 1, {1}));
  const LessonJson lesson(made.json);
  EXPECT_EQ(lesson.column("iterations", "iterations", "negative_log_likelihood").size(), 1U);
  EXPECT_NE(made.text.find("EM ends here: the covariance of component 0 is singular"), std::string::npos) << made.text;
  EXPECT_NE(unwrapped(made.text).find("close in on a single row, where the likelihood grows without bound"),
            std::string::npos);
  EXPECT_EQ(made.text.find("reg_covar"), std::string::npos) << "textbook EM has none";
  EXPECT_NE(made.text.find("No whole iteration follows. EM stopped before iteration 1: "), std::string::npos);
  EXPECT_TRUE(test::is_free_of_nan(made.text + made.json));
}

TEST(Explain, RowsFarFromTheStartAreAnswered) {
  const Explanation made = explain(notes_start(), Matrix(4, 1, {1e8, -1e9, 1e8, 3}), {}, {.max_iter = 5});
  EXPECT_TRUE(test::is_free_of_nan(made.text + made.json));
  const LessonJson lesson(made.json);
  EXPECT_LT(lesson.number("log_likelihood", "log_likelihood"), -1e15);
}

// From a start far off, one M-step yields the mean and the covariance of all rows exactly.
TEST(Explain, AStartFarFromTheRowsLosesNoDigits) {
  const Mixture far(families::full, {1.0}, Matrix(1, 1, {1e9}), {1e12});
  const LessonJson lesson(explain(far, Matrix(4, 1, {1, 2, 3, 4}), {}, {.max_iter = 1}).json);
  EXPECT_NEAR(lesson.column("iterations", "iterations", "mean_0")[1], 2.5, 1e-14);
  EXPECT_NEAR(lesson.column("iterations", "iterations", "variance_0")[1], 1.25, 1e-14);
}

TEST(Explain, AComponentWithoutWeightEndsInASentence) {
  const Mixture start(families::full, {1, 0}, Matrix(2, 1, {0, 5}), {1, 1});
  const Explanation made = explain(start, kRows);
  EXPECT_NE(made.text.find("component 1"), std::string::npos);
  const auto weights = LessonJson(made.json).column("gradient", "gradients", "dL/dpi_k");
  EXPECT_EQ(weights, log_likelihood_gradient(start, kRows).weights) << "also of the one without weight";
  EXPECT_TRUE(test::is_free_of_nan(made.text + made.json));
}

TEST(Explain, ExtremeScalesYieldNoNaN) {
  for (const double scale : {1e-100, 1e-60, 1e60, 1e99}) {
    const Mixture start(families::diagonal, {0.5, 0.5}, Matrix(2, 1, {0, 3 * scale}), {scale * scale, scale * scale});
    const Explanation made = explain(start, Matrix(4, 1, {0, scale, 2 * scale, 4 * scale}));
    EXPECT_TRUE(test::is_free_of_nan(made.text + made.json + made.html)) << scale;
    EXPECT_EQ(test::section_names(LessonJson(made.json).document()).front(), "start");
  }
}

TEST(Explain, KeepsThePanelsOfStartFirstTenthAndLastIteration) {
  const Explanation made = explain(notes_start(), kRows, {}, {.max_iter = 12, .tol = 0});
  for (const char* title : {"the start", "after 1 iteration", "after 10 iterations", "after 12 iterations, the last"}) {
    EXPECT_NE(made.html.find(">" + std::string(title) + "<"), std::string::npos) << title;
  }
}

TEST(Explain, CutsTablesForPeopleAndSaysSo) {
  Matrix rows(50, 1);
  for (std::size_t i = 0; i < 50; ++i) rows(i, 0) = std::sin(static_cast<double>(i)) * 5;
  const Explanation made = explain(notes_start(), rows, {}, {.max_iter = 30, .tol = 0});
  EXPECT_NE(made.text.find("... 30 more rows ..."), std::string::npos);
  EXPECT_NE(made.html.find("20 of 50 rows: the first and the last ones"), std::string::npos);
  const LessonJson lesson(made.json);
  EXPECT_EQ(lesson.column("start", "rows", "x1").size(), 50U);
  EXPECT_EQ(lesson.column("iterations", "iterations", "negative_log_likelihood").size(), 31U);
}

// The page goes on from the row that the text is about.
TEST(Explain, ThePageBeginsAtTheRowThatIsTheLeastCertain) {
  const Explanation made = explain(notes_start(), kRows);
  const std::size_t row = 3;
  EXPECT_NE(made.text.find("At row 4 (x1 = 0)"), std::string::npos) << made.text;
  EXPECT_EQ(test::data_of(made.html, "lesson-data")["x"], std::vector<double>{kRows(row, 0)});
}

TEST(Explain, RowsHaveTheNumbersOfTheirFile) {
  const Explanation made = explain(notes_start(), kRows, {}, {.dropped_rows = {0, 3, 4}});
  EXPECT_EQ(LessonJson(made.json).column("start", "rows", "row"), (std::vector<double>{2, 3, 6, 7, 8, 9, 10}));
  EXPECT_NE(made.text.find("At row 7 ("), std::string::npos) << "the fourth of them, x = 0";
}

TEST(Explain, NamesOfFeaturesNeverBecomeMarkupOrCommandsOrKeys) {
  const std::string script = "</script><script>alert(1)</script>";
  const std::vector<std::string> names = {script, "a_b^c \xC3\xA9 \"quoted\"\x1b[31m\n]"};
  const Explanation made = explain(in_plane(families::full), kPlane, names);
  EXPECT_EQ(made.html.find("<script>alert"), std::string::npos);
  EXPECT_EQ(made.html.find("<sub>b"), std::string::npos) << "a name is no formula";
  EXPECT_NE(made.html.find("a_b^c \xC3\xA9 &quot;quoted&quot;"), std::string::npos);
  EXPECT_EQ(made.text.find('\x1b'), std::string::npos);
  const LessonJson lesson(made.json);
  EXPECT_EQ(lesson.column("start", "rows", readable(names[1])).size(), 6U);
}

TEST(Explain, ShortensLongNamesForPeopleAndKeepsThemForPrograms) {
  const std::vector<std::string> names{std::string(10000, 'n'), std::string(10000, 'm')};
  const Explanation made = explain(in_plane(families::full), kPlane, names, {.max_iter = 2});
  std::istringstream lines(made.text);
  for (std::string line; std::getline(lines, line);) EXPECT_LT(line.size(), 1000u) << line;
  // What a table's copy as CSV calls the column stands in an attribute, whole.
  std::string read = made.html.substr(0, made.html.find("<script"));
  const std::string attribute = " data-value=\"";
  for (std::size_t at = 0; (at = read.find(attribute, at)) != std::string::npos;) {
    read.erase(at, read.find('"', at + attribute.size()) + 1 - at);
  }
  EXPECT_EQ(read.find(std::string(400, 'n')), std::string::npos);
  EXPECT_EQ(LessonJson(made.json).column("start", "rows", names[1]).size(), 6U);
}

TEST(Explain, FeaturesMayBeCalledLikeOtherColumnsOrEachOther) {
  const LessonJson lesson(explain(in_plane(), kPlane, std::vector<std::string>{"row", "row"}).json);
  EXPECT_EQ(lesson.column("start", "rows", "row"), (std::vector<double>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(lesson.column("start", "rows", "row_"), (std::vector<double>{0, 1, 0.5, 6, 7, 8}));
  EXPECT_EQ(lesson.column("start", "rows", "row__"), (std::vector<double>{0, 0.5, 1.5, 7, 5, 8}));
  const LessonJson other(explain(in_plane(), kPlane, std::vector<std::string>{"sum", "r_0"}).json);
  EXPECT_EQ(other.column("responsibilities", "responsibilities", "sum"), (std::vector<double>{0, 1, 0.5, 6, 7, 8}));
  EXPECT_NEAR(other.column("responsibilities", "responsibilities", "sum_")[0], 1, 1e-15);
}

TEST(Explain, RefusesWhatDoesNotGoTogether) {
  EXPECT_EQ(message_of<invalid_argument>([] { explain(in_plane(), kRows); }),
            "data has 1 columns, but the start has 2 features");
  EXPECT_EQ(message_of<invalid_argument>([] { explain(in_plane(), kPlane, std::vector<std::string>{"a"}); }),
            "1 feature names for 2 features; must have one per feature");
  EXPECT_EQ(message_of<invalid_argument>([] { explain(in_plane(), kPlane, {}, {.tol = -1}); }),
            "tol = -1; must be finite and >= 0");
  EXPECT_EQ(message_of<invalid_argument>([] { explain(in_plane(), kPlane, {}, {.tol = std::nan("")}); }),
            "tol = nan; must be finite and >= 0");
  message_of<invalid_data>([] { explain(notes_start(), Matrix(2, 1, {1, std::nan("")})); });
}

}  // namespace
}  // namespace mogul
