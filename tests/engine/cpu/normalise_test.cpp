// Log-sum-exp against long double, its far tails, and hard assignment, on every instruction set.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "engine/cpu/panel.hpp"
#include "engine/cpu/targets.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using Real = long double;
using test::Panel;

template <class X>
constexpr double kEps = std::numeric_limits<X>::epsilon();
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr std::size_t kStride = 64;

// What the kernel is given, and what it gives back.
template <class X>
struct CaseOf {
  CaseOf(std::size_t n_rows, std::vector<X> constants)
      : block(test::block_of<X>(0, n_rows, kStride)),
        log_constants(std::move(constants)),
        w(kStride),
        m2(log_constants.size() * kStride),
        out(log_constants.size(), kStride) {
    for (std::size_t i = 0; i < block.n_padded; ++i) w[i] = i < n_rows ? 1 : 0;
    for (std::size_t i = 0; i < m2.size(); ++i) m2[i] = i % kStride < block.n_padded ? 0 : m2[i];
  }

  void run(Assignment assignment = Assignment::soft) {
    sums = cpu::normalise<X>(log_constants, block, assignment, w.data(), m2.data(), out.view());
  }
  X& distance(std::size_t k, std::size_t i) { return m2[k * kStride + i]; }
  double responsibility(std::size_t k, std::size_t i) const {
    const double root = out.h[k * kStride + i];
    return root * root * out.reciprocal[i];
  }
  Real log_joint(std::size_t k, std::size_t i) const { return Real{log_constants[k]} - Real{m2[k * kStride + i]} / 2; }

  cpu::Block block;
  std::vector<X> log_constants;
  Panel<X> w;
  Panel<X> m2;
  test::Posterior<X> out;
  cpu::BlockSums sums;
};
using Case = CaseOf<double>;

template <class X>
CaseOf<X> random_case(std::size_t n_rows, std::size_t n_components, double spread, std::uint64_t seed) {
  oracle::Dice dice(seed);
  std::vector<X> constants(n_components);
  for (X& c : constants) c = static_cast<X>(10 * dice.uniform() - 5);
  CaseOf<X> c(n_rows, std::move(constants));
  for (std::size_t i = 0; i < n_rows; ++i) {
    c.w[i] = static_cast<X>(i % 5 == 4 ? 0 : 3 * dice.uniform());
    for (std::size_t k = 0; k < n_components; ++k) c.distance(k, i) = static_cast<X>(spread * dice.uniform());
  }
  return c;
}

// The same row in long double.
struct Expected {
  template <class X>
  Expected(const CaseOf<X>& c, std::size_t i) {
    const std::size_t n_components = c.log_constants.size();
    best = -kInf;
    for (std::size_t k = 0; k < n_components; ++k) best = std::max(best, c.log_joint(k, i));
    Real sum = 0;
    for (std::size_t k = 0; k < n_components; ++k) sum += std::exp(c.log_joint(k, i) - best);
    log_density = best + std::log(sum);
    for (std::size_t k = 0; k < n_components; ++k) {
      r.push_back(std::exp(c.log_joint(k, i) - log_density));
      if (r.back() > 0) entropy -= r.back() * std::log(r.back());
    }
  }
  Real best = 0;
  Real log_density = 0;
  Real entropy = 0;
  std::vector<Real> r;
};

// 4 ulp of exp and log, K additions, and the rounding of q = constant - m2 / 2 itself, which exp passes on.
template <class X>
void expect_rounding_error_only(const CaseOf<X>& c) {
  const std::size_t n_components = c.log_constants.size();
  const Real operations = 16 + static_cast<Real>(n_components);
  Real log_likelihood = 0;
  Real entropy = 0;
  Real map_log_likelihood = 0;
  Real bound = 0;
  const Real tiny = std::is_same_v<X, float> ? 1e-36L : 1e-304L;  // below it, r is 0
  for (std::size_t i = 0; i < c.block.n_rows; ++i) {
    const Expected row(c, i);
    const Real row_bound = kEps<X> * (operations + 4 * std::abs(row.best));
    ASSERT_LE(std::abs(c.out.log_density[i] - row.log_density), row_bound) << "row " << i;
    bool is_of_the_best = false;
    for (std::size_t k = 0; k < n_components; ++k) {
      const bool best = std::abs(c.log_joint(k, i) - row.best) <= kEps<X> * std::abs(row.best);
      is_of_the_best |= best && c.out.nearest[i] == c.m2[k * kStride + i];
    }
    ASSERT_TRUE(is_of_the_best);
    for (std::size_t k = 0; k < n_components; ++k) {
      const Real relative = kEps<X> * (operations + 2 * std::abs(row.best) + 2 * std::abs(c.log_joint(k, i)));
      ASSERT_LE(std::abs(c.responsibility(k, i) - row.r[k]), relative * row.r[k] + tiny) << "row " << i << ", " << k;
    }
    log_likelihood += c.w[i] * row.log_density;
    entropy += c.w[i] * row.entropy;
    map_log_likelihood += c.w[i] * row.best;
    bound += c.w[i] * (row_bound * (1 + row.entropy) + 64 * kEps<X> * std::abs(row.log_density));
  }
  EXPECT_LE(std::abs(c.sums.log_likelihood - log_likelihood), bound);
  EXPECT_LE(std::abs(c.sums.entropy - entropy), bound);
  EXPECT_LE(std::abs(c.sums.map_log_likelihood - map_log_likelihood), bound);
}

template <class X>
void expect_rounding_error_only() {
  std::uint64_t seed = 0;
  for (const std::size_t n_rows : {1, 2, 15, 16, 17, 33, 63, 64}) {
    for (const std::size_t n_components : {1, 2, 3, 5, 17}) {
      for (const double spread : {0.0, 1.0, 100.0, 2000.0}) {
        SCOPED_TRACE(testing::Message() << n_rows << " rows, K = " << n_components << ", spread " << spread);
        CaseOf<X> c = random_case<X>(n_rows, n_components, spread, ++seed);
        test::on_every_target([&] {
          c.run();
          expect_rounding_error_only(c);
          EXPECT_TRUE(test::is_untouched_beyond(c.block, c.out.h));
          EXPECT_TRUE(test::is_untouched_beyond(c.block, c.out.reciprocal));
          EXPECT_TRUE(test::is_untouched_beyond(c.block, c.out.log_density));
        });
      }
    }
  }
}

TEST(Normalise, ErrorIsThatOfExpAndLog) { expect_rounding_error_only<double>(); }
TEST(Normalise, ErrorOfFloatsIsThatOfExpAndLog) { expect_rounding_error_only<float>(); }

TEST(Normalise, TheResultMayOverwriteTheDistances) {
  for (const auto assignment : {Assignment::soft, Assignment::hard}) {
    test::on_every_target([&] {
      Case apart = random_case<double>(50, 5, 30, 1);
      Case in_place = random_case<double>(50, 5, 30, 1);
      apart.run(assignment);
      cpu::Posterior<double> out = in_place.out.view();
      out.h = in_place.m2.data();
      in_place.sums = cpu::normalise<double>(in_place.log_constants, in_place.block, assignment, in_place.w.data(),
                                             in_place.m2.data(), out);
      for (std::size_t k = 0; k < 5; ++k) {
        for (std::size_t i = 0; i < 50; ++i) ASSERT_EQ(in_place.m2[k * kStride + i], apart.out.h[k * kStride + i]);
      }
      EXPECT_EQ(in_place.sums.log_likelihood, apart.sums.log_likelihood);
      EXPECT_EQ(in_place.sums.entropy, apart.sums.entropy);
    });
  }
}

TEST(Normalise, OneComponentOwnsEveryRowExactly) {
  Case c = random_case<double>(40, 1, 1e6, 2);
  test::on_every_target([&] {
    c.run();
    for (std::size_t i = 0; i < 40; ++i) {
      EXPECT_EQ(c.responsibility(0, i), 1);
      EXPECT_EQ(c.out.log_density[i], static_cast<double>(c.log_joint(0, i)));
    }
    EXPECT_EQ(c.sums.entropy, 0);
    EXPECT_EQ(c.sums.log_likelihood, c.sums.map_log_likelihood);
  });
}

TEST(Normalise, EqualComponentsShareEqually) {
  for (const std::size_t n_components : {2, 3, 4, 10}) {
    Case c(16, std::vector<double>(n_components, -3));
    const auto k = static_cast<double>(n_components);
    test::on_every_target([&] {
      c.run();
      EXPECT_DOUBLE_EQ(c.responsibility(n_components - 1, 7), 1 / k);
      EXPECT_DOUBLE_EQ(c.out.log_density[7], std::log(k) - 3);
      EXPECT_DOUBLE_EQ(c.sums.entropy, 16 * std::log(k));
      EXPECT_EQ(c.sums.map_log_likelihood, 16 * -3);
    });
  }
}

// A linear-space sum would be 0 / 0 here, or overflow.
TEST(Normalise, FarTailsStayExact) {
  for (const double far : {1e3, 2e6, 1e12, 1e300}) {
    Case c(4, {0, 0});
    c.distance(0, 0) = far;  // row 0: only component 1; row 1: only component 0; row 2: both equally far
    c.distance(1, 1) = far;
    c.distance(0, 2) = c.distance(1, 2) = far;
    test::on_every_target([&] {
      c.run();
      EXPECT_LT(c.responsibility(0, 0), 1e-200);
      EXPECT_EQ(c.responsibility(1, 0), 1);
      EXPECT_EQ(c.out.log_density[0], 0);
      EXPECT_EQ(c.responsibility(0, 1), 1);
      EXPECT_EQ(c.responsibility(0, 2), 0.5);
      EXPECT_EQ(c.responsibility(1, 2), 0.5);
      EXPECT_DOUBLE_EQ(c.out.log_density[2], std::log(2) - far / 2);
      EXPECT_TRUE(std::isfinite(c.sums.entropy));
    });
  }
}

// Row i has q = q_of_row_0 - i and -0; the first that owns nothing is number `first`.
template <class X>
void expect_nothing_denormal(double q_of_row_0, std::size_t first) {
  CaseOf<X> c(64, {0, 0});
  for (std::size_t i = 0; i < 64; ++i) c.distance(1, i) = static_cast<X>(-2 * (q_of_row_0 - static_cast<double>(i)));
  test::on_every_target([&] {
    c.run();
    for (std::size_t i = 0; i < 64; ++i) {
      const X h = c.out.h[kStride + i];
      EXPECT_TRUE(h == 0 || h * h >= std::numeric_limits<X>::min()) << h;
      EXPECT_EQ(h > 0, i < first) << "q = " << q_of_row_0 - static_cast<double>(i);
    }
  });
}

TEST(Normalise, ResponsibilitiesNeverBecomeDenormal) {
  expect_nothing_denormal<double>(-690, 10);
  expect_nothing_denormal<float>(-75, 10);
}

TEST(Normalise, AComponentOfWeightZeroOwnsNothing) {
  for (std::size_t absent = 0; absent < 3; ++absent) {
    std::vector<double> constants{-1, -2, -3};
    constants[absent] = -1e300;
    Case c(17, constants);
    c.distance(absent, 3) = 1e300;
    for (std::size_t k = 0; k < 3; ++k) c.distance(k, 5) = k == absent ? 1 : 1e10;
    for (const auto assignment : {Assignment::soft, Assignment::hard}) {
      test::on_every_target([&] {
        c.run(assignment);
        for (std::size_t i = 0; i < 17; ++i) {
          EXPECT_EQ(c.responsibility(absent, i), 0);
          EXPECT_TRUE(std::isfinite(c.out.log_density[i]));
        }
        EXPECT_EQ(c.out.nearest[5], 1e10) << "the component that is near does not exist";
        EXPECT_TRUE(std::isfinite(c.sums.log_likelihood));
        EXPECT_TRUE(std::isfinite(c.sums.entropy));
      });
    }
  }
}

TEST(Normalise, RowsOfWeightZeroAddNothingHoweverFar) {
  Case c = random_case<double>(20, 3, 10, 3);
  test::on_every_target([&] {
    c.run();
    const cpu::BlockSums before = c.sums;
    for (const std::size_t i : {4, 9, 14, 19}) {
      for (std::size_t k = 0; k < 3; ++k) c.distance(k, i) = 1e300;
    }
    c.run();
    EXPECT_EQ(c.sums.log_likelihood, before.log_likelihood);
    EXPECT_EQ(c.sums.entropy, before.entropy);
    EXPECT_EQ(c.sums.map_log_likelihood, before.map_log_likelihood);
    c = random_case<double>(20, 3, 10, 3);
  });
}

TEST(Normalise, EntropyIsNeverNegative) {
  Case c = random_case<double>(1, 4, 0, 4);
  oracle::Dice dice(5);
  test::on_every_target([&] {
    for (int trial = 0; trial < 2000; ++trial) {
      const double spread = std::pow(10, 8 * dice.uniform() - 4);
      for (std::size_t k = 0; k < 4; ++k) c.distance(k, 0) = spread * dice.uniform();
      c.run();
      ASSERT_GE(c.sums.entropy, 0) << "spread " << spread;
      ASSERT_LE(c.sums.entropy, c.w[0] * std::log(4) * (1 + 8 * kEps<double>)) << "spread " << spread;
    }
  });
}

TEST(Normalise, HardAssignmentIsOneHotAndTheLowestOfEqualsWins) {
  Case c(5, {-1, 0, 0, -1});
  c.distance(0, 0) = c.distance(1, 0) = 2;  // q = -2, -1, 0, -1: component 2
  c.distance(1, 1) = c.distance(2, 1) = 2;  // q = -1 for all: component 0
  c.distance(2, 2) = 4;                     // q = -1, 0, -2, -1: component 1
  c.distance(1, 3) = 4;                     // components 1 and 2 swapped
  c.w[3] = 0.5;
  const std::vector<std::size_t> owner{2, 0, 1, 2, 1};
  const std::vector<double> best{0, -1, 0, 0, 0};
  test::on_every_target([&] {
    c.run(Assignment::hard);
    for (std::size_t i = 0; i < 5; ++i) {
      for (std::size_t k = 0; k < 4; ++k) EXPECT_EQ(c.responsibility(k, i), k == owner[i] ? 1 : 0) << i << ", " << k;
      EXPECT_EQ(c.out.log_density[i], best[i]);
    }
    EXPECT_EQ(c.sums.entropy, 0);
    EXPECT_EQ(c.sums.log_likelihood, -1);
    EXPECT_EQ(c.sums.map_log_likelihood, -1);
  });
}

}  // namespace
}  // namespace mogul
