// Fits and scores that their caller ends at any moment: soon, and with the best model so far or none.
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "message_of.hpp"
#include "mogul/error.hpp"
#include "mogul/fit.hpp"
#include "mogul/interrupt.hpp"
#include "mogul/sample.hpp"
#include "mogul/score.hpp"
#include "mogul/stats.hpp"

namespace mogul {
namespace {

using Clock = std::chrono::steady_clock;
using test::message_of;

// On an idle machine an answer takes 25 ms at most; others may take the processors meanwhile.
constexpr std::chrono::seconds kSoon(3);

// Rows without any structure that EM could settle on.
Matrix noise(std::size_t n, std::size_t d) {
  const Mixture standard(families::spherical, {1}, Matrix(1, d), {1});
  return sample(standard, n, 7).x;
}

// True from the n-th question on, not counting those before iteration() was called so many times.
class Asked {
 public:
  explicit Asked(int n, int n_iterations = 0) : n_(n), n_left_(n_iterations) {}
  void iteration() { --n_left_; }
  bool operator()() {
    if (n_left_ > 0) return false;
    if (++n_asked_ == n_) at_ = Clock::now();
    return n_asked_ >= n_;
  }
  std::optional<Clock::time_point> at() const { return at_; }

 private:
  int n_;
  int n_left_;
  int n_asked_ = 0;
  std::optional<Clock::time_point> at_;
};

TEST(Interrupt, OfALongStartIsHeardSoon) {
  const Matrix x = noise(70'000, 16);
  for (const InitMethod init : {InitMethod::kmeans, InitMethod::kmeans_plus_plus}) {
    for (const unsigned n_threads : {1U, 2U}) {
      Asked asked(5);
      FitOptions options{.n_components = 2000, .init = init, .n_threads = n_threads};
      options.covariance = families::diagonal;
      options.interrupted = std::ref(asked);
      EXPECT_EQ(message_of<interrupted_error>([&] { fit(x, options); }), "interrupted before the first model");
      EXPECT_LT(Clock::now() - *asked.at(), kSoon);
    }
  }
}

TEST(Interrupt, WithinOnePassIsHeardSoon) {
  const Matrix x = noise(40'000, 48);  // a pass of 300 x 48^2 multiplications a row takes seconds
  std::vector<double> variances(300, 2.0);
  const Mixture model = [&] {
    Matrix means(300, 48);
    for (std::size_t k = 0; k < 300; ++k) means(k, k % 48) = static_cast<double>(k) / 100;
    std::vector<double> covariances(std::size_t{300} * 48 * 48);
    for (std::size_t k = 0; k < 300; ++k) {
      for (std::size_t d = 0; d < 48; ++d) covariances[(k * 48 + d) * 48 + d] = variances[k];
    }
    return Mixture(families::full, std::vector<double>(300, 1.0 / 300), means, covariances);
  }();
  FitOptions options{.n_components = 300, .init = model, .n_init = 1};
  Asked asked(2);
  options.interrupted = std::ref(asked);
  EXPECT_THROW(fit(x, options), interrupted_error);
  EXPECT_LT(Clock::now() - *asked.at(), kSoon);

  Asked of_score(2);
  const InterruptScope scope(std::ref(of_score));
  EXPECT_THROW(evaluate(model, x), interrupted_error);
  EXPECT_LT(Clock::now() - *of_score.at(), kSoon);
}

// A law: wherever a fit is interrupted, it returns no model that is worse than one that it has shown to its callback.
TEST(Interrupt, ReturnsTheBestModelSoFarWheneverItComes) {
  const Matrix x = noise(60'000, 4);
  int n_ended = 0;
  for (const std::size_t n_init : {1UL, 3UL, 12UL}) {
    for (const auto& [n_iterations, n] : {std::pair(0, 1), {0, 4}, {1, 1}, {2, 2}, {9, 3}, {9, 20}}) {
      FitOptions options{.n_components = 6, .init = InitMethod::kmeans_plus_plus, .n_init = n_init, .max_iter = 100};
      options.tol = 0;
      Asked asked(n, n_iterations);
      options.interrupted = std::ref(asked);
      std::optional<Mixture> best;
      double best_log_likelihood = -INFINITY;
      options.callback = [&](const Iteration& iteration) {
        asked.iteration();
        if (iteration.stats.log_likelihood > best_log_likelihood) {
          best = iteration.model;
          best_log_likelihood = iteration.stats.log_likelihood;
        }
        return true;
      };
      try {
        const FitResult result = fit(x, options);
        ASSERT_TRUE(best);
        // A restart whose pass was over, but that had not shown its model, may be better still.
        EXPECT_GE(result.report.log_likelihood, best_log_likelihood);
        EXPECT_EQ(result.mixture == *best, result.report.log_likelihood == best_log_likelihood);
        if (n_init == 1) {
          EXPECT_EQ(result.report.log_likelihood, best_log_likelihood);
        }
        EXPECT_NEAR(log_likelihood(result.mixture, x), result.report.log_likelihood,
                    1e-9 * std::abs(best_log_likelihood));
        if (asked.at()) {
          EXPECT_EQ(result.report.termination.reason, TerminationReason::cancelled);
          EXPECT_EQ(result.report.history.size(), result.report.iterations + 1);
          ++n_ended;
        }
      } catch (const interrupted_error&) {
        EXPECT_TRUE(asked.at());
        EXPECT_FALSE(best) << "a model was seen, and not returned";
      }
    }
  }
  EXPECT_GT(n_ended, 0);
}

// Nearly all of the time goes into Cholesky factors of the covariances, as there are few rows.
TEST(Interrupt, OfAnMStepWithLargeCovariancesIsHeardSoon) {
  const Matrix x = noise(64, 400);
  Asked asked(2);
  FitOptions options{.n_components = 32, .init = InitMethod::random_from_data, .max_iter = 1'000'000, .tol = 0};
  options.reg_covar = 1;
  options.interrupted = std::ref(asked);
  try {
    fit(x, options);
  } catch (const interrupted_error&) {
  }
  EXPECT_LT(Clock::now() - *asked.at(), kSoon);
}

TEST(Interrupt, ThatNeverComesChangesNothing) {
  const Matrix x = noise(20'000, 3);
  FitOptions options{.n_components = 4, .n_init = 2, .max_iter = 20};
  const FitResult alone = fit(x, options);
  options.interrupted = [] { return false; };
  const FitResult asked = fit(x, options);
  EXPECT_EQ(asked.mixture, alone.mixture);
  EXPECT_EQ(asked.report.history, alone.report.history);
}

TEST(Interrupt, OfAScopeEndsAFitAsItsOwnOptionDoes) {
  const Matrix x = noise(20'000, 3);
  FitOptions options{.n_components = 4, .max_iter = 1'000'000, .tol = 0};
  Asked asked(2, 3);
  options.callback = [&](const Iteration&) {
    asked.iteration();
    return true;
  };
  const InterruptScope scope(std::ref(asked));
  EXPECT_EQ(fit(x, options).report.termination.reason, TerminationReason::cancelled);
}

}  // namespace
}  // namespace mogul
