// Extreme scales and sizes, and scatters for which no maximum exists.
#include <algorithm>
#include <cmath>
#include <optional>

#include <gtest/gtest.h>

#include "covariance/family_problem.hpp"
#include "covariance/scatters.hpp"
#include "is_interruptible.hpp"

namespace {

using mogul::CovarianceFamily;
using mogul::Covariances;
using mogul::InnerLoop;
using mogul::Layout;
using mogul::Matrix;
using mogul::Scatters;
using oracle::answer;
using oracle::coarsened;
using oracle::distance;
using oracle::MStepProblem;
using oracle::MStepShape;
using oracle::random_scatters;
using oracle::transformed;

class AnyFamily : public testing::TestWithParam<const CovarianceFamily*> {
 protected:
  const CovarianceFamily& family() const { return *GetParam(); }
  MStepProblem problem(std::size_t k, std::size_t d) const {
    return MStepProblem(MStepShape{GetParam(), k, d, false, 3});
  }
  // Whether Covariances refuses them as singular; every value must be finite.
  bool is_singular(const Scatters& full, const Covariances* current = nullptr) const {
    InnerLoop inner{1e-10, 50, true};
    const std::vector<double> values = maximise(family(), coarsened(full, family().layout), current, inner);
    EXPECT_TRUE(std::ranges::all_of(values, [](double value) { return std::isfinite(value); }));
    try {
      const Covariances made(family().layout, family().shared, full.counts.size(), full.n_features, values);
      return false;
    } catch (const mogul::invalid_argument&) {
      return true;
    }
  }
};

INSTANTIATE_TEST_SUITE_P(Families, AnyFamily,
                         testing::ValuesIn(mogul::covariance_families().begin(), mogul::covariance_families().end()),
                         [](const auto& family) { return std::string(family.param->name); });

Scatters scaled(Scatters scatters, double factor) {
  for (std::size_t i = 0; i < scatters.second.values().size(); ++i) scatters.second.data()[i] *= factor;
  return scatters;
}

TEST_P(AnyFamily, TakesAnyUnit) {
  MStepProblem random = problem(3, 4);
  const Covariances here = answer(family(), random.scatters(), nullptr, oracle::to_the_end(false));
  for (const double factor : {1e-290, 1e290}) {
    const Covariances there = answer(family(), scaled(random.scatters(), factor), nullptr, oracle::to_the_end(false));
    std::vector<double> values = there.values();
    for (double& value : values) value /= factor;
    const Covariances back(there.layout(), there.is_shared(), 3, 4, values);
    EXPECT_LT(distance(here, back), 1e-5) << factor;
  }
}

// The determinant of 300 variances near 1e200 is far beyond the range of double.
TEST_P(AnyFamily, TakesManyFeatures) {
  MStepShape shape{GetParam(), 2, 300, false, 5};
  oracle::Dice dice(shape.seed);
  const Scatters scatters = scaled(random_scatters(dice, shape), 1e200);
  EXPECT_NO_THROW(answer(family(), scatters, nullptr, InnerLoop{1e-3, 2}));
}

TEST_P(AnyFamily, TakesComponentsOfExtremelyDifferentSizes) {
  MStepProblem random = problem(2, 3);
  Scatters scatters = random.scatters();
  for (double& value : scatters.second.row(0)) value *= 1e-250;
  for (double& value : scatters.second.row(1)) value *= 1e250;
  // The larger decides what is shared; what each has of its own must not be lost.
  const bool lost = is_singular(scatters);
  if (family().name[0] == 'V') {
    EXPECT_FALSE(lost);
  }
}

TEST_P(AnyFamily, SaysThatFlatScattersAreSingular) {
  // All components are flat in the same direction: rows whose second feature is twice the first.
  MStepProblem random = problem(3, 3);
  Matrix map(3, 3);
  map(0, 0) = 1;
  map(1, 0) = 2;
  map(2, 2) = 1;
  const Scatters flat = transformed(random.scatters(), map);
  // No diagonal layout has an axis in that direction.
  EXPECT_EQ(is_singular(flat), family().layout == Layout::matrix);
  map(1, 0) = 0;
  EXPECT_EQ(is_singular(transformed(random.scatters(), map)), family().layout != Layout::spherical);
}

TEST_P(AnyFamily, SaysThatScattersOfNothingAreSingular) {
  MStepProblem random = problem(3, 3);
  EXPECT_TRUE(is_singular(scaled(random.scatters(), 0)));
  EXPECT_TRUE(is_singular(scaled(random.scatters(), 0), &random.current()));
  // One component whose rows are all equal: singular unless what it lacks is shared.
  Scatters scatters = random.scatters();
  std::ranges::fill(scatters.second.row(1), 0.0);
  const std::string_view name = family().name;
  EXPECT_EQ(is_singular(scatters), !(family().shared || name == "EEV"));
}

TEST_P(AnyFamily, KeepsTheOthersWhereOneComponentIsFlat) {
  // A component with two rows in three dimensions: singular where its own shape or volume is free.
  MStepProblem random = problem(3, 3);
  Scatters scatters = random.scatters();
  std::ranges::fill(scatters.second.row(2), 0.0);
  scatters.counts[2] = 2;
  scatters.second(2, 0) = 1;
  const bool shares_shape = family().name[1] != 'V';
  EXPECT_EQ(is_singular(scatters), !shares_shape);
  InnerLoop inner;
  const std::vector<double> values = maximise(family(), coarsened(scatters, family().layout), nullptr, inner);
  if (family().shared) return;
  const std::size_t size = values.size() / 3;
  EXPECT_NO_THROW(
      Covariances(family().layout, false, 2, 3, {values.begin(), values.end() - static_cast<std::ptrdiff_t>(size)}));
}

// Scatters of a few rows, so mostly singular, in units that differ by feature and component.
Scatters hostile_scatters(oracle::Dice& dice, std::size_t k, std::size_t d) {
  Scatters out{Layout::matrix, d, {}, Matrix(k, d * (d + 1) / 2)};
  std::vector<double> units(d);
  for (double& unit : units) unit = std::pow(10, dice.index(2) == 0 ? 0.0 : 120 * (dice.uniform() - 0.5));
  for (std::size_t c = 0; c < k; ++c) {
    out.counts.push_back(dice.index(4) == 0 ? 0 : std::pow(10, 12 * dice.uniform() - 9));
    const double size = std::pow(10, dice.index(2) == 0 ? 0 : 30 * dice.normal());
    for (std::size_t rows = out.counts[c] == 0 ? std::size_t{0} : dice.index(d + 3); rows > 0; --rows) {
      std::vector<double> row(d);
      for (std::size_t i = 0; i < d; ++i) row[i] = dice.index(3) == 0 ? 0 : size * units[i] * dice.normal();
      for (std::size_t i = 0, at = 0; i < d; ++i) {
        for (std::size_t j = 0; j <= i; ++j, ++at) out.second(c, at) += row[i] * row[j];
      }
    }
  }
  return out;
}

TEST_P(AnyFamily, AnswersHostileScattersInFiniteNumbers) {
  std::size_t n_singular = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    oracle::Dice dice(seed);
    MStepProblem random = MStepProblem(MStepShape{GetParam(), 1 + dice.index(4), 1 + dice.index(5), false, seed});
    const Scatters scatters = hostile_scatters(dice, random.shape().k, random.shape().d);
    if (is_singular(scatters, seed % 2 == 0 ? nullptr : &random.current())) ++n_singular;
  }
  EXPECT_GT(n_singular, 0U);
  EXPECT_LT(n_singular, 400U);
}

TEST_P(AnyFamily, WithoutAnyRowsKeepsWhatThereIs) {
  MStepProblem random = problem(2, 3);
  Scatters nothing = scaled(random.scatters(), 0);
  nothing.counts = {0, 0};
  EXPECT_LT(distance(random.current(), answer(family(), nothing, &random.current(), {})), 1e-15);
  EXPECT_TRUE(is_singular(nothing));
}

TEST_P(AnyFamily, OfOneFeatureIsOneVarianceOrOneForEachComponent) {
  MStepProblem random = problem(3, 1);
  const CovarianceFamily& same = mogul::covariance_family_from(family().name[0] == 'E' ? "E" : "V");
  const Covariances ours = answer(family(), random.scatters(), nullptr, oracle::to_the_end(true));
  EXPECT_LT(distance(answer(same, random.scatters(), nullptr, {}), ours), 1e-12);
  EXPECT_EQ(family().n_parameters(3, 1), same.n_parameters(3, 1));
}

TEST_P(AnyFamily, CountsItsIterationsAndKeepsToTheirLimit) {
  MStepProblem random = problem(3, 4);
  const std::string_view name = family().name;
  const bool iterates = name == "VEI" || name == "VEE" || name == "VEV" || name == "EVE" || name == "VVE";
  InnerLoop inner{1e-12, 3};
  maximise(family(), coarsened(random.scatters(), family().layout), &random.current(), inner);
  EXPECT_EQ(inner.n_iterations, iterates ? 3U : 0U);
}

TEST_P(AnyFamily, IsInterruptible) {
  const std::string_view name = family().name;
  const bool iterates = name == "VEI" || name == "VEE" || name == "VEV" || name == "EVE" || name == "VVE";
  if (!iterates) return;
  MStepProblem random = problem(3, 6);
  const Scatters scatters = coarsened(random.scatters(), family().layout);
  EXPECT_TRUE(mogul::test::is_interruptible([&] {
    InnerLoop inner;
    maximise(family(), scatters, nullptr, inner);
  }));
}

}  // namespace
