// Diagonal and spherical mixtures of very many features: every function works in memory that grows with N D and K D,
// never with D^2, of which one matrix would be 3.2 GB at 20,000 features and 320 GB at 200,000.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>

#include "memory/limited_process.hpp"
#include "mogul/mogul.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using test::Outcome;
using test::with_limit;

constexpr std::size_t kRows = 20;

const CovarianceFamily kWithoutMatrices[]{mogul::families::diagonal, mogul::families::tied_diagonal,
                                          mogul::families::spherical, mogul::families::tied_spherical};

// Two clusters whose means differ by 3 in every feature.
Matrix wide_rows(std::size_t d) {
  oracle::Dice dice(5);
  Matrix x(kRows, d);
  for (std::size_t i = 0; i < kRows; ++i) {
    for (double& value : x.row(i)) value = dice.normal() + 3.0 * static_cast<double>(i % 2);
  }
  return x;
}

FitOptions options(CovarianceFamily structure) {
  FitOptions options;
  options.n_components = 2;
  options.covariance = structure;
  options.max_iter = 5;
  options.n_threads = 1;
  options.init = InitMethod::kmeans_plus_plus;  // of one start; "kmeans" has four
  return options;
}

struct Wide {
  Wide(std::size_t d, CovarianceFamily fitted)
      : structure(fitted), x(wide_rows(d)), model(fit(x, options(fitted)).mixture) {}

  CovarianceFamily structure;
  Matrix x;
  Mixture model;
};

struct Function {
  const char* name;
  std::function<bool(const Wide&)> is_right;
};

bool finds_the_clusters(const Wide& wide, Init init) {
  FitOptions asked = options(wide.structure);
  asked.init = std::move(init);
  const FitResult result = fit(wide.x, asked);
  return result.mixture.weights() == std::vector<double>{0.5, 0.5} && std::isfinite(result.report.log_likelihood);
}

Labels true_labels() {
  Labels labels;
  for (std::size_t i = 0; i < kRows; ++i) labels.values.push_back(static_cast<std::int32_t>(i % 2));
  return labels;
}

Responsibilities true_responsibilities() {
  Responsibilities r{Matrix(kRows, 2)};
  for (std::size_t i = 0; i < kRows; ++i) r.values(i, i % 2) = 1;
  return r;
}

// The third component has no rows, and is put at one.
bool revives(const Wide& wide) {
  FitOptions asked = options(wide.structure);
  asked.n_components = 3;
  asked.init = true_labels();
  asked.max_iter = 2;
  return fit(wide.x, asked).report.n_revived > 0;
}

bool m_steps_agree(const Wide& wide) {
  const Stats stats = accumulate(wide.model, wide.x, 1);
  const Mixture next = maximise(stats, wide.model, {.reg_covar = 1e-6});
  const Mixture same = maximise(wide.model, wide.x, true_responsibilities().values.view(), {.reg_covar = 1e-6}, 1);
  return next.weights() == same.weights() && next.family() == wide.structure &&
         parse_stats(stats_json(stats), "stats").n == stats.n;
}

bool scores_agree(const Wide& wide) {
  const std::vector<double> densities = log_densities(wide.model, wide.x, 1);
  const Evaluation evaluation = evaluate(wide.model, wide.x, 1);
  double sum = 0;
  for (const double density : densities) sum += density;
  const Matrix joint = log_joint(wide.model, wide.x, 1);
  const Matrix r = responsibilities(wide.model, wide.x, 1);
  const Matrix distances = squared_mahalanobis(wide.model, wide.x, 1);
  const std::vector<std::int32_t> z = labels(wide.model, wide.x, 1);
  const double complete = complete_log_likelihood(wide.model, wide.x, z, 1);
  return std::abs(sum / evaluation.log_likelihood - 1) < 1e-10 && joint(0, 0) != joint(0, 1) && z[0] != z[1] &&
         r(0, static_cast<std::size_t>(z[0])) > 0.99 && distances(0, 0) > 0 &&
         std::abs(complete / evaluation.log_likelihood - 1) < 1e-10;
}

// Of a fit that has come to rest.
bool gradient_vanishes(const Wide& wide) {
  const LogLikelihoodGradient gradient = log_likelihood_gradient(wide.model, wide.x, 1);
  return gradient.largest_scaled < 1e-3 && gradient.multiplier == -static_cast<double>(kRows) &&
         gradient.covariances.size() == wide.model.covariances().values().size();
}

bool sample_has_its_rows(const Wide& wide) {
  const Sample drawn = sample(wide.model, 10, 1, 1);
  return drawn.x.rows() == 10 && labels(wide.model, drawn.x, 1) == drawn.z;
}

bool parameters_follow(const Wide& wide) {
  const std::size_t d = wide.model.n_features();
  const std::vector<std::size_t> order{1, 0};
  const std::vector<std::size_t> features{d - 1, 0};
  const Mixture marginal = wide.model.marginal(features);
  return wide.model.permuted(order).permuted(order) == wide.model &&
         marginal.variance(1, 0) == wide.model.variance(1, d - 1) && std::isfinite(wide.model.log_determinant(1)) &&
         wide.model.fingerprint() != 0 && wide.model.n_parameters() > 2 * d;
}

bool text_round_trips(const Wide& wide) {
  const ModelFile file{wide.model, {}, {}, {}};
  return parse_model(model_json(file), "model").mixture == wide.model && !component_table(wide.model).empty();
}

bool reports(const Wide& wide) {
  const FitResult result = fit(wide.x, options(wide.structure));
  const ModelFile file{result.mixture, {}, {}, result.report};
  return parse_model(model_json(file), "model").report == result.report && !brief(result.report, wide.model).empty() &&
         !summary(result.report, wide.model).empty();
}

const std::vector<Function>& functions() {
  static const std::vector<Function> all{
      {"kmeans", [](const Wide& w) { return finds_the_clusters(w, InitMethod::kmeans); }},
      {"kmeans++", [](const Wide& w) { return finds_the_clusters(w, InitMethod::kmeans_plus_plus); }},
      {"random_from_data",
       [](const Wide& w) {
         FitOptions asked = options(w.structure);
         asked.init = InitMethod::random_from_data;
         return std::isfinite(fit(w.x, asked).report.log_likelihood);
       }},
      {"random",
       [](const Wide& w) {
         FitOptions asked = options(w.structure);
         asked.init = InitMethod::random;
         return std::isfinite(fit(w.x, asked).report.log_likelihood);
       }},
      {"labels", [](const Wide& w) { return finds_the_clusters(w, true_labels()); }},
      {"responsibilities", [](const Wide& w) { return finds_the_clusters(w, true_responsibilities()); }},
      {"model", [](const Wide& w) { return finds_the_clusters(w, w.model); }},
      {"revival", revives},
      {"single steps", m_steps_agree},
      {"scores", scores_agree},
      {"gradient", gradient_vanishes},
      {"sample", sample_has_its_rows},
      {"parameters", parameters_follow},
      {"text", text_round_trips},
      {"report", reports},
  };
  return all;
}

void expect_to_work_within(std::size_t bytes, std::size_t d, const std::vector<Function>& functions) {
  if (!test::kCanLimit) GTEST_SKIP() << "a sanitizer needs the address space";
  for (const CovarianceFamily structure : kWithoutMatrices) {
    const Wide wide(d, structure);
    for (const Function& function : functions) {
      EXPECT_EQ(with_limit(bytes, [&] { return function.is_right(wide); }), Outcome::done)
          << function.name << ", " << to_string(structure) << ", D = " << d;
    }
  }
}

TEST(WideRows, TwentyThousandFeaturesNeedNoMatrix) { expect_to_work_within(128 << 20, 20'000, functions()); }
TEST(WideRows, TwoHundredThousandFeaturesNeedNoMatrix) {
  const std::vector<Function> some{{"fit and score", scores_agree},
                                   {"gradient", gradient_vanishes},
                                   {"sample", sample_has_its_rows},
                                   {"report", reports}};
  expect_to_work_within(std::size_t{1} << 30, 200'000, some);
}

// The measure itself: a structure that has matrices does not fit, and the error says how much was wanted.
TEST(WideRows, FullMatricesAreMoreThanTheLimit) {
  if (!test::kCanLimit) GTEST_SKIP() << "a sanitizer needs the address space";
  const Matrix x = wide_rows(20'000);
  EXPECT_EQ(with_limit(std::size_t{1} << 30,
                       [&] {
                         try {
                           fit(x, options(mogul::families::full));
                         } catch (const out_of_memory& error) {
                           return error.bytes() > 1e9;
                         }
                         return false;
                       }),
            Outcome::done);
}

}  // namespace
}  // namespace mogul
