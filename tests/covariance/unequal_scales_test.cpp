// Families with axes where columns have very different scales: each answer is as good as in equal scales, relative to
// each column and each axis, as the Cholesky factors of the rest of the program are.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "covariance/axes.hpp"
#include "covariance/family_problem.hpp"
#include "covariance/scatters.hpp"

namespace {

using mogul::CovarianceFamily;
using mogul::Covariances;
using mogul::InnerLoop;
using mogul::Layout;
using mogul::Matrix;
using mogul::Scatters;
using oracle::answer;
using oracle::in_axes;
using oracle::is_within;
using oracle::MStepShape;
using oracle::objective;
using oracle::transformed;
namespace families = mogul::families;

// Eps times the condition numbers of the correlations, which rescaling leaves as they are; they may reach 1e7.
constexpr double kRounding = 1e-8;

struct Problem {
  MStepShape shape;
  double log_size = 0;    // decimal, of all columns
  double log_ratios = 0;  // decimal, of the largest to the smallest standard deviation that rescaling makes
};
std::ostream& operator<<(std::ostream& out, const Problem& problem) {
  return out << problem.shape << " size=1e" << problem.log_size << " ratios=1e" << problem.log_ratios;
}

rc::Gen<Problem> any_problem() {
  static const std::array<const CovarianceFamily*, 4> kWithAxes{&families::eve, &families::vve, &families::eev,
                                                                &families::vev};
  const auto shape =
      rc::gen::map(rc::gen::pair(oracle::any_m_step(), rc::gen::inRange(0, 4)), [](std::pair<MStepShape, int> drawn) {
        drawn.first.family = kWithAxes[static_cast<std::size_t>(drawn.second)];
        return drawn.first;
      });
  return rc::gen::build<Problem>(rc::gen::set(&Problem::shape, shape),
                                 rc::gen::set(&Problem::log_size, rc::gen::element(0.0, -130.0, 130.0)),
                                 rc::gen::set(&Problem::log_ratios, rc::gen::element(4.0, 8.0, 12.0)));
}

// Column i in units of 10^(log_size + log_ratios u_i), u_i from -1/2 to 1/2, the first two at these ends.
Scatters scatters_of(const Problem& problem) {
  oracle::Dice dice(problem.shape.seed);
  Scatters out = random_scatters(dice, problem.shape);
  Matrix map(problem.shape.d, problem.shape.d);
  for (std::size_t i = 0; i < problem.shape.d; ++i) {
    const double end = dice.uniform();
    const double u = i < 2 ? static_cast<double>(i) - 0.5 : end - 0.5;
    map(i, i) = std::pow(10, problem.log_size + problem.log_ratios * u);
  }
  return transformed(out, map);
}

double largest_correlation(const Matrix& a) {
  double worst = 0;
  for (std::size_t i = 0; i < a.rows(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      worst = std::max(worst, std::abs(a(i, j)) / std::sqrt(a(i, i)) / std::sqrt(a(j, j)));
    }
  }
  return worst;
}

RC_GTEST_PROP(UnequalScales, PrincipalAxesAreAccurateRelativeToEachAxis, ()) {
  const Problem problem = *any_problem();
  const Scatters scatters = scatters_of(problem);
  const std::size_t d = problem.shape.d;
  for (std::size_t k = 0; k < problem.shape.k; ++k) {
    if (!(scatters.counts[k] > 0)) continue;
    const mogul::PrincipalAxes principal = mogul::principal_axes(scatters.second.row(k), d);
    RC_ASSERT(std::ranges::is_sorted(principal.variances));
    const Matrix turned = in_axes(principal.axes, scatters.second.row(k));
    RC_ASSERT(largest_correlation(turned) < kRounding);
    double log_volume = 0;
    for (std::size_t i = 0; i < d; ++i) {
      RC_ASSERT(std::abs(turned(i, i) / principal.variances[i] - 1) < kRounding);
      log_volume += std::log(principal.variances[i]) / static_cast<double>(d);
    }
    RC_ASSERT(std::abs(log_volume - mogul::log_volume_of_matrix(scatters.second.row(k), d)) < kRounding);
    std::vector<double> again(scatters.second.cols());
    assemble(principal.axes, principal.variances, again);
    for (std::size_t i = 0, at = 0; i < d; ++i) {
      for (std::size_t j = 0; j <= i; ++j, ++at) {
        const double scale =
            std::sqrt(scatters.second(k, i * (i + 1) / 2 + i)) * std::sqrt(scatters.second(k, j * (j + 1) / 2 + j));
        RC_ASSERT(std::abs(again[at] - scatters.second(k, at)) < kRounding * scale);
      }
    }
  }
}

RC_GTEST_PROP(UnequalScales, AFreerFamilyReachesAtLeastTheObjective, ()) {
  const Problem problem = *any_problem();
  const Scatters scatters = scatters_of(problem);
  for (const CovarianceFamily* inner : mogul::covariance_families()) {
    if (!is_within(*inner, *problem.shape.family)) continue;
    const Covariances best = answer(*inner, scatters, nullptr, oracle::to_the_end(false));
    const Covariances freer = answer(*problem.shape.family, scatters, &best, oracle::to_the_end(false));
    const double value = objective(scatters, best);
    RC_ASSERT(objective(scatters, freer) >= value - kRounding * (1 + std::abs(value)));
  }
}

// Local maxima of EVE and VVE are why none but EEE's and the diagonal ones' answers are the bound here.
RC_GTEST_PROP(UnequalScales, WithoutAStartAFamilyReachesAtLeastTheObjectiveOfThoseWithin, ()) {
  const Problem problem = *any_problem();
  const Scatters scatters = scatters_of(problem);
  const Covariances best = answer(*problem.shape.family, scatters, nullptr, oracle::to_the_end(true));
  for (const CovarianceFamily* inner : {&families::eii, &families::eei, &families::eee}) {
    if (!is_within(*inner, *problem.shape.family)) continue;
    const double value = objective(scatters, answer(*inner, scatters, nullptr, oracle::to_the_end(true)));
    RC_ASSERT(objective(scatters, best) >= value - kRounding * (1 + std::abs(value)));
  }
}

RC_GTEST_PROP(UnequalScales, ScalingTheAnswerLowersTheObjective, ()) {
  const Problem problem = *any_problem();
  const Scatters scatters = scatters_of(problem);
  const Covariances best = answer(*problem.shape.family, scatters, nullptr, oracle::to_the_end(false));
  for (const double factor : {0.99, 1.01}) {
    std::vector<double> values = best.values();
    for (double& value : values) value *= factor;
    const Covariances scaled(best.layout(), false, best.n_components(), best.n_features(), values);
    RC_ASSERT(objective(scatters, scaled) < objective(scatters, best));
  }
}

std::vector<double> packed(const Covariances& covariances, std::size_t k) {
  std::vector<double> out(mogul::packed_size(Layout::matrix, covariances.n_features()));
  pack(covariances, k, Layout::matrix, out);
  return out;
}

// The axes of a sum in which no two axes are likely to have equal variances.
Matrix axes_of_sum(const Covariances& covariances, oracle::Dice& dice) {
  std::vector<double> sum(mogul::packed_size(Layout::matrix, covariances.n_features()));
  for (std::size_t k = 0; k < covariances.n_components(); ++k) {
    const double weight = 1 + dice.uniform();
    const std::vector<double> part = packed(covariances, k);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += weight * part[i];
  }
  return mogul::principal_axes(sum, covariances.n_features()).axes;
}

RC_GTEST_PROP(UnequalScales, EqualPartsAreEqualRelativeToEachAxis, ()) {
  const Problem problem = *any_problem();
  const std::string_view letters = problem.shape.family->name;
  const std::size_t d = problem.shape.d;
  const Covariances best =
      answer(*problem.shape.family, scatters_of(problem), nullptr, InnerLoop{1e-6, 5, *rc::gen::arbitrary<bool>()});
  oracle::Dice dice(problem.shape.seed);
  const Matrix common = axes_of_sum(best, dice);
  const std::vector<double> first = mogul::principal_axes(packed(best, 0), d).variances;
  for (std::size_t k = 0; k < best.n_components(); ++k) {
    const double log_ratio = best.log_determinant(k) - best.log_determinant(0);
    if (letters[0] == 'E') RC_ASSERT(std::abs(log_ratio) < 1e-9);
    if (letters[2] == 'E') RC_ASSERT(largest_correlation(in_axes(common, packed(best, k))) < 1e-6);
    if (letters[1] == 'V') continue;
    const std::vector<double> variances = mogul::principal_axes(packed(best, k), d).variances;
    for (std::size_t i = 0; i < d; ++i) {
      const double excess = std::log(variances[i] / first[i]) - log_ratio / static_cast<double>(d);
      RC_ASSERT(std::abs(excess) < 1e-9);
    }
  }
}

// One component is thin along a column, the other's axes lie between the columns: no sum of the two, in no axes but
// those at the end, has the digits of the thin variance.
TEST(UnequalScales, AThinComponentIsNotLostBesideATurnedOne) {
  for (const double thin : {1e-12, 1e-18, 1e-24}) {
    const Scatters scatters{Layout::matrix, 2, {10, 10}, Matrix(2, 3, {10 * thin, 0, 10, 10, 5, 10})};
    for (const auto& [family, inner] : {std::pair(&families::vve, &families::vvi), {&families::eve, &families::evi}}) {
      const double value = objective(scatters, answer(*inner, scatters, nullptr, {}));
      for (const bool thorough : {false, true}) {
        const Covariances best = answer(*family, scatters, nullptr, oracle::to_the_end(thorough));
        EXPECT_GE(objective(scatters, best), value - 1e-6) << family->name << " " << thin;
      }
    }
  }
}

class ManyScales : public testing::TestWithParam<const CovarianceFamily*> {
 protected:
  // Whether Covariances refuses the answer as singular; every value must be finite.
  static bool is_singular(const Scatters& scatters) {
    InnerLoop inner{1e-10, 50, true};
    const std::vector<double> values = maximise(*GetParam(), scatters, nullptr, inner);
    EXPECT_TRUE(std::ranges::all_of(values, [](double value) { return std::isfinite(value); }));
    try {
      const Covariances made(Layout::matrix, false, scatters.counts.size(), scatters.n_features, values);
      return false;
    } catch (const mogul::invalid_argument&) {
      return true;
    }
  }
};

// The first column is another one in a smaller or larger unit, to the last bit.
Scatters flat_scatters(oracle::Dice& dice, std::size_t k, std::size_t d) {
  Scatters out{Layout::matrix, d, std::vector<double>(k, 64), Matrix(k, d * (d + 1) / 2)};
  std::vector<int> exponents(d);
  for (int& exponent : exponents) exponent = static_cast<int>(dice.index(80)) - 40;
  const std::size_t twin = 1 + dice.index(d - 1);
  for (std::size_t n = 0; n < 20 * k; ++n) {
    std::vector<double> row(d);
    for (double& value : row) value = std::round(100 * dice.normal());
    row[0] = row[twin];
    for (std::size_t i = 0; i < d; ++i) row[i] = std::ldexp(row[i], exponents[i]);
    for (std::size_t i = 0, at = 0; i < d; ++i) {
      for (std::size_t j = 0; j <= i; ++j, ++at) out.second(n % k, at) += row[i] * row[j];
    }
  }
  return out;
}

TEST_P(ManyScales, OfFlatScattersAreSingularAllTheSame) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    oracle::Dice dice(seed);
    const std::size_t d = 2 + dice.index(4);
    EXPECT_TRUE(is_singular(flat_scatters(dice, 1 + dice.index(4), d))) << seed;
  }
}

// Every component has units of its own for every column: what is common may be hard to tell, and singular in double
// precision, never infinite.
TEST_P(ManyScales, OfEachComponentHaveFiniteAnswers) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    oracle::Dice dice(seed);
    const std::size_t d = 2 + dice.index(4);
    Scatters scatters = random_scatters(dice, {GetParam(), 2 + dice.index(3), d, false, seed});
    for (std::size_t k = 0; k < scatters.second.rows(); ++k) {
      std::vector<double> units(d);
      for (double& unit : units) unit = std::pow(10, 24 * dice.uniform() - 12);
      for (std::size_t i = 0, at = 0; i < d; ++i) {
        for (std::size_t j = 0; j <= i; ++j, ++at) scatters.second(k, at) *= units[i] * units[j];
      }
    }
    is_singular(scatters);
  }
}

INSTANTIATE_TEST_SUITE_P(Families, ManyScales,
                         testing::Values(&families::eve, &families::vve, &families::eev, &families::vev),
                         [](const auto& family) { return std::string(family.param->name); });

}  // namespace
