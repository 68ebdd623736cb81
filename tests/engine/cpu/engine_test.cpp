// The engine's walk over the rows: every row once, however they are cut up, and the same bytes from any number of
// threads.
#include "engine/engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>

#include "message_of.hpp"
#include "plain_families.hpp"
#include "reference/border.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using testing::HasSubstr;

constexpr std::size_t kRowCounts[] = {1, 2, 15, 16, 17, 63, 64, 65, 511, 512, 513, 1023, 1024, 1025, 5000};
constexpr Moments kAllMoments[] = {Moments::none,     Moments::mean,   Moments::spherical,
                                   Moments::diagonal, Moments::pooled, Moments::full};

// Small integers, whose sums are exact.
Matrix integers(std::size_t n, std::size_t d) {
  Matrix x(n, d);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < d; ++j) x(i, j) = static_cast<double>((i * (j + 3)) % 11) - 5;
  }
  return x;
}

oracle::Problem problem(std::size_t n, CovarianceFamily structure, std::size_t d = 3, std::size_t k = 3) {
  return oracle::Problem(
      {.n = n, .d = d, .k = k, .structure = structure, .weights = oracle::RowWeights::some_zero, .seed = n});
}

TEST(Engine, KnowsItsRows) {
  const std::vector<double> weights{1, 0, 2.5};
  const Matrix x(3, 2, {1, 2, 3, 4, 5, 6});
  const auto engine = make_engine(DataView(x, weights), 1);
  EXPECT_EQ(engine->n_rows(), 3U);
  EXPECT_EQ(engine->n_features(), 2U);
  EXPECT_EQ(engine->count().sum_weights, 3.5);
  EXPECT_EQ(engine->n_positive_rows(), 2U);
  EXPECT_EQ(engine->rows(std::vector<std::size_t>{2, 0}), Matrix(2, 2, {5, 6, 1, 2}));
}

TEST(Engine, RefusesRowsThatDoNotFitTheModelAndBadValues) {
  const Mixture model(families::spherical, {1}, Matrix(1, 3), {1});
  EXPECT_THAT(test::message_of<invalid_argument>([&] { make_engine_for(model, Matrix(5, 2), 1); }),
              HasSubstr("data have 2 columns; the mixture has 3 features"));
  EXPECT_THAT(test::message_of<invalid_data>([&] {
                make_engine_for(model, Matrix(1, 3, {1, std::nan(""), 2}), 1);
              }),
              HasSubstr("row 1, column 'x2'"));
}

// One component and integer rows: n and all moments are exact integers, so a row lost or doubled shows.
TEST(Engine, EveryRowCountsOnce) {
  for (const std::size_t d : {1, 2, 5, 40}) {
    const Mixture model(families::tied_spherical, {1}, Matrix(1, d), {1});
    for (const std::size_t n : kRowCounts) {
      const Matrix x = integers(n, d);
      const Stats stats = make_engine(x, 2)->accumulate(row_model(model), Moments::full);
      EXPECT_EQ(stats.n[0], static_cast<double>(n));
      EXPECT_EQ(stats.sum_weights, static_cast<double>(n));
      for (std::size_t i = 0; i < d; ++i) {
        double first = 0;
        double second = 0;
        for (std::size_t row = 0; row < n; ++row) {
          first += x(row, i);
          second += x(row, i) * x(row, d - 1);
        }
        ASSERT_EQ(stats.first(0, i), first) << "N = " << n << ", D = " << d;
        ASSERT_EQ(stats.second(0, (d - 1) * d / 2 + i), second) << "N = " << n << ", D = " << d;
      }
    }
  }
}

TEST(Engine, TheSameBytesForAnyNumberOfThreads) {
  for (const std::size_t n : {1, 65, 1025, 5000, 20'011}) {
    const oracle::Problem p = problem(n, families::full);
    for (const Moments moments : kAllMoments) {
      for (const auto assignment : {Assignment::soft, Assignment::hard}) {
        const Stats alone = make_engine(p.view(), 1)->accumulate(row_model(p.model()), moments, assignment);
        for (const unsigned n_threads : {2U, 3U, 7U}) {
          ASSERT_EQ(make_engine(p.view(), n_threads)->accumulate(row_model(p.model()), moments, assignment), alone)
              << "N = " << n << ", " << to_string(moments) << ", " << n_threads << " threads";
        }
      }
    }
  }
}

TEST(Engine, SumsWhatEachBlockAdds) {
  for (const std::size_t n : kRowCounts) {
    const oracle::Problem p = problem(n, families::full);
    const Stats stats = make_engine(p.view(), 1)->accumulate(row_model(p.model()), Moments::none);
    const auto sizes = [&](unsigned n_threads) {
      return make_engine(p.view(), n_threads)->sum(row_model(p.model()), 3, [](const BlockScores& scores, auto sums) {
        for (std::size_t k = 0; k < 3; ++k) {
          for (std::size_t i = 0; i < scores.n_rows; ++i) sums[k] += scores.weights[i] * scores.responsibilities(k, i);
        }
      });
    };
    const std::vector<double> alone = sizes(1);
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(alone[k], stats.n[k], 1e-13 * static_cast<double>(n)) << n;
    for (const unsigned n_threads : {2U, 7U}) EXPECT_EQ(sizes(n_threads), alone);
  }
}

TEST(Engine, ModelsSideBySideGetTheBytesThatEachGetsAlone) {
  for (const auto& entry : test::plain_families()) {
    const oracle::Problem p = problem(3000, entry.family, 4);
    const oracle::Problem far({.n = 10, .d = 4, .k = 3, .structure = entry.family, .separation = 1e4, .seed = 3});
    const std::vector<RowModel> models{row_model(p.model()), row_model(far.model()), row_model(p.truth()),
                                       row_model(p.model())};
    for (const unsigned n_threads : {1U, 2U, 7U}) {
      const auto engine = make_engine(p.view(), n_threads);
      for (const Moments moments : kAllMoments) {
        const std::vector<Stats> stats = engine->accumulate(models, moments, Precision::fast);
        ASSERT_EQ(stats.size(), 4U);
        for (std::size_t i = 0; i < 4; ++i) {
          EXPECT_EQ(stats[i], engine->accumulate(models[i], moments)) << entry.name << ", model " << i;
        }
      }
    }
  }
}

TEST(Engine, APassMayBeRepeated) {
  const oracle::Problem p = problem(3000, families::diagonal);
  const auto engine = make_engine(p.view(), 3);
  const Stats first = engine->accumulate(row_model(p.model()), Moments::diagonal);
  engine->accumulate(row_model(p.truth()), Moments::full);
  EXPECT_EQ(engine->accumulate(row_model(p.model()), Moments::diagonal), first);
}

// Moments that include each other agree, whichever kernel summed them.
TEST(Engine, FinerMomentsContainTheCoarser) {
  for (const auto& entry : test::plain_families()) {
    const oracle::Problem p = problem(700, entry.family, 4);
    const auto engine = make_engine(p.view(), 1);
    const Stats full = engine->accumulate(row_model(p.model()), Moments::full);
    for (const Moments moments : {Moments::none, Moments::mean, Moments::spherical, Moments::diagonal}) {
      const Stats stats = engine->accumulate(row_model(p.model()), moments);
      EXPECT_EQ(stats.log_likelihood, full.log_likelihood);
      EXPECT_EQ(stats.entropy, full.entropy);
      EXPECT_EQ(stats.map_log_likelihood, full.map_log_likelihood);
      for (std::size_t k = 0; k < 3; ++k) {
        EXPECT_NEAR(stats.n[k], full.n[k], 1e-13 * full.n[k]);
        double trace = 0;
        for (std::size_t d = 0; d < 4; ++d) {
          const double variance = full.second(k, d * (d + 1) / 2 + d);
          trace += variance;
          const double first = moments == Moments::none ? full.first(k, d) : stats.first(k, d);
          EXPECT_NEAR(first, full.first(k, d), 1e-12 * full.n[k]);
          const double second = moments == Moments::diagonal ? stats.second(k, d) : variance;
          EXPECT_NEAR(second, variance, 1e-13 * variance);
        }
        EXPECT_NEAR(moments == Moments::spherical ? stats.second(k, 0) : trace, trace, 1e-13 * trace);
      }
    }
  }
}

// Near means: about one centre, and moved; far ones: component by component, as about other shifts and under given
// responsibilities.
TEST(Engine, PooledMomentsAreTheSumOfTheComponents) {
  for (const double separation : {3.0, 1e4}) {
    for (const auto structure : {families::tied, families::full}) {
      const oracle::Problem p(
          {.n = 700, .d = 5, .k = 4, .structure = structure, .offset = 1e6, .separation = separation, .seed = 2});
      const auto engine = make_engine(p.view(), 2);
      const auto expect_sums = [&](const Stats& stats, const Stats& full) {
        ASSERT_EQ(stats.second.rows(), 1U);
        for (std::size_t i = 0; i < 5; ++i) {
          double variance = 0;
          for (std::size_t k = 0; k < 4; ++k) variance += full.second(k, i * (i + 1) / 2 + i);
          for (std::size_t j = 0; j <= i; ++j) {
            const std::size_t at = i * (i + 1) / 2 + j;
            double sum = 0;
            for (std::size_t k = 0; k < 4; ++k) sum += full.second(k, at);
            EXPECT_NEAR(stats.second(0, at), sum, 1e-10 * variance) << separation;
          }
        }
        for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(stats.n[k], full.n[k], 1e-12 * full.n[k]);
      };
      const RowModel model = row_model(p.model());
      expect_sums(engine->accumulate(model, Moments::pooled), engine->accumulate(model, Moments::full));
      const Matrix& shift = p.truth().means();
      expect_sums(engine->accumulate(model, shift, Moments::pooled, Assignment::soft, Precision::exact),
                  engine->accumulate(model, shift, Moments::full, Assignment::soft, Precision::exact));
      const ResponsibilitySource quarter = [](std::size_t, MatrixView<double> out) {
        for (std::size_t i = 0; i < out.rows(); ++i) std::ranges::fill(out.row(i), 0.25);
      };
      expect_sums(engine->accumulate(quarter, shift, Moments::pooled),
                  engine->accumulate(quarter, shift, Moments::full));
    }
  }
}

// The second feature is the first but for a millionth of it; means differ along both. About one centre, what the
// features differ by would be rounding.
TEST(Engine, PooledMomentsOfNearlyDependentFeaturesKeepTheirDigits) {
  oracle::Dice dice(1);
  Matrix x(400, 2);
  for (std::size_t i = 0; i < 400; ++i) {
    x(i, 0) = (i % 2 == 0 ? 10 : -10) + 2 * dice.uniform() - 1;
    x(i, 1) = x(i, 0) + 1e-6 * (2 * dice.uniform() - 1);
  }
  const double v = 1.0 / 3;
  const Mixture model(families::tied, {0.5, 0.5}, Matrix(2, 2, {10, 10, -10, -10}), {v, v, v, v + 1e-12 / 3});
  const auto engine = make_engine(x, 1);
  const Stats stats = engine->accumulate(row_model(model), Moments::pooled);
  const Stats full = engine->accumulate(row_model(model), Moments::full);
  const auto conditional = [](double a, double b, double c) { return c - b * b / a; };
  const double expected = conditional(full.second(0, 0) + full.second(1, 0), full.second(0, 1) + full.second(1, 1),
                                      full.second(0, 2) + full.second(1, 2));
  EXPECT_EQ(conditional(stats.second(0, 0), stats.second(0, 1), stats.second(0, 2)), expected);
}

TEST(Engine, TheShiftMovesMomentsAndNothingElse) {
  const oracle::Problem p = problem(700, families::full);
  const auto engine = make_engine(p.view(), 1);
  const Stats own = engine->accumulate(row_model(p.model()), Moments::full);
  const Matrix& shift = p.truth().means();
  const Stats other =
      engine->accumulate(row_model(p.model()), shift, Moments::full, Assignment::soft, Precision::exact);
  EXPECT_EQ(other.shift, shift);
  EXPECT_EQ(other.n, own.n);
  EXPECT_EQ(other.log_likelihood, own.log_likelihood);
  EXPECT_EQ(other.entropy, own.entropy);
  EXPECT_EQ(other.map_log_likelihood, own.map_log_likelihood);
  const oracle::Table r = oracle::responsibilities(oracle::from(p.model()), oracle::from(p.view()));
  const oracle::Sums expected = oracle::sums(oracle::from(p.view()), r, oracle::from(shift));
  for (std::size_t k = 0; k < 3; ++k) {
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(other.first(k, i), static_cast<double>(expected.first[k][i]), 1e-12 * own.sum_weights);
      for (std::size_t j = 0; j <= i; ++j) {
        EXPECT_NEAR(other.second(k, i * (i + 1) / 2 + j), static_cast<double>(expected.second[k][i][j]),
                    1e-12 * own.sum_weights);
      }
    }
  }
}

TEST(Engine, GivenResponsibilitiesCountLikeTheModelsOwn) {
  for (const std::size_t n : kRowCounts) {
    const oracle::Problem p = problem(n, families::full);
    const oracle::Table r = oracle::responsibilities(oracle::from(p.model()), oracle::from(p.view()));
    const auto engine = make_engine(p.view(), 3);
    const ResponsibilitySource source = [&r](std::size_t first, MatrixView<double> out) {
      for (std::size_t i = 0; i < out.rows(); ++i) {
        std::transform(r[first + i].begin(), r[first + i].end(), out.row(i).begin(),
                       [](oracle::Real value) { return static_cast<double>(value); });
      }
    };
    const Stats own = engine->accumulate(row_model(p.model()), Moments::full);
    const Stats given = engine->accumulate(source, p.model().means(), Moments::full);
    EXPECT_EQ(given.sum_weights, own.sum_weights);
    EXPECT_EQ(given.shift, own.shift);
    EXPECT_EQ(given.log_likelihood, 0);
    EXPECT_EQ(given.entropy, 0);
    EXPECT_EQ(given.map_log_likelihood, 0);
    const double scale = 1e-13 * 100 * own.sum_weights;
    for (std::size_t k = 0; k < 3; ++k) {
      ASSERT_NEAR(given.n[k], own.n[k], scale) << "N = " << n;
      for (std::size_t d = 0; d < 3; ++d) ASSERT_NEAR(given.first(k, d), own.first(k, d), scale) << "N = " << n;
      for (std::size_t i = 0; i < 6; ++i) ASSERT_NEAR(given.second(k, i), own.second(k, i), scale) << "N = " << n;
    }
  }
}

TEST(Engine, SourcesAreAskedForEachRowOnceAndFillZeros) {
  for (const std::size_t n : kRowCounts) {
    std::vector<std::atomic<int>> asked(n);
    std::atomic<bool> zeros = true;
    const ResponsibilitySource source = [&](std::size_t first, MatrixView<double> out) {
      for (std::size_t i = 0; i < out.rows(); ++i) {
        ++asked[first + i];
        if (out(i, 0) != 0 || out(i, 1) != 0) zeros = false;
        out(i, 1) = 1;
      }
    };
    const Stats stats = make_engine(integers(n, 2), 3)->accumulate(source, Matrix(2, 2), Moments::mean);
    for (const auto& count : asked) ASSERT_EQ(count, 1);
    EXPECT_TRUE(zeros);
    EXPECT_EQ(stats.n, (std::vector<double>{0, static_cast<double>(n)}));
  }
}

TEST(Engine, VisitShowsEachRowOnceWithItsOwnScores) {
  for (const std::size_t n : kRowCounts) {
    const oracle::Problem p = problem(n, families::tied);
    const oracle::Model model = oracle::from(p.model());
    const oracle::Data data = oracle::from(p.view());
    const oracle::Table distances = oracle::squared_mahalanobis(model, data);
    const oracle::Table r = oracle::responsibilities(model, data);
    const oracle::Row densities = oracle::log_densities(model, data);
    std::vector<int> seen(n);
    std::mutex mutex;
    make_engine(p.view(), 3)->visit(row_model(p.model()), [&](const BlockScores& scores) {
      const std::scoped_lock lock(mutex);
      ASSERT_EQ(scores.squared_mahalanobis.rows(), 3U);
      ASSERT_EQ(scores.squared_mahalanobis.cols(), scores.n_rows);
      ASSERT_EQ(scores.log_densities.size(), scores.n_rows);
      for (std::size_t i = 0; i < scores.n_rows; ++i) {
        const std::size_t row = scores.first_row + i;
        ++seen[row];
        EXPECT_NEAR(scores.log_densities[i], static_cast<double>(densities[row]),
                    1e-12 * (1 + std::abs(static_cast<double>(densities[row]))));
        for (std::size_t k = 0; k < 3; ++k) {
          const auto distance = static_cast<double>(distances[row][k]);
          EXPECT_NEAR(scores.squared_mahalanobis(k, i), distance, 1e-12 * distance);
          EXPECT_NEAR(scores.responsibilities(k, i), static_cast<double>(r[row][k]), 1e-12);
        }
      }
    });
    EXPECT_TRUE(std::ranges::all_of(seen, [](int count) { return count == 1; })) << "N = " << n;
  }
}

TEST(Engine, HardAssignmentCountsWholeRows) {
  const oracle::Problem p({.n = 3000, .d = 2, .k = 4, .seed = 5});
  const auto labels = oracle::labels(oracle::from(p.model()), oracle::from(p.view()));
  std::vector<double> counts(4);
  for (const std::int32_t label : labels) ++counts[static_cast<std::size_t>(label)];
  const auto engine = make_engine(p.view(), 2);
  const Stats hard = engine->accumulate(row_model(p.model()), Moments::mean, Assignment::hard);
  EXPECT_EQ(hard.n, counts);
  EXPECT_EQ(hard.entropy, 0);
  EXPECT_EQ(hard.log_likelihood, hard.map_log_likelihood);
  EXPECT_EQ(hard.map_log_likelihood, engine->accumulate(row_model(p.model()), Moments::mean).map_log_likelihood);
}

TEST(Engine, TakesManyFeaturesAndManyComponents) {
  for (const auto& [d, k] : {std::pair{500, 2}, {3, 300}, {70, 70}}) {
    const oracle::Problem p = problem(100, families::diagonal, d, k);
    const auto expected = static_cast<double>(oracle::log_likelihood(oracle::from(p.model()), oracle::from(p.view())));
    const Stats stats = make_engine(p.view(), 2)->accumulate(row_model(p.model()), Moments::diagonal);
    EXPECT_NEAR(stats.log_likelihood, expected, 1e-12 * std::abs(expected)) << "D = " << d << ", K = " << k;
  }
}

// An error in a worker comes out, and the engine can be used again.
TEST(Engine, ErrorsOfVisitorsAndSourcesComeOut) {
  const oracle::Problem p = problem(5000, families::spherical);
  const auto engine = make_engine(p.view(), 3);
  EXPECT_THROW(engine->visit(row_model(p.model()), [](const BlockScores&) { throw std::runtime_error("visitor"); }),
               std::runtime_error);
  const ResponsibilitySource bad = [](std::size_t, MatrixView<double>) { throw std::runtime_error("source"); };
  EXPECT_THROW(engine->accumulate(bad, p.model().means(), Moments::mean), std::runtime_error);
  EXPECT_EQ(engine->accumulate(row_model(p.model()), Moments::mean),
            make_engine(p.view(), 1)->accumulate(row_model(p.model()), Moments::mean));
}

}  // namespace
}  // namespace mogul
