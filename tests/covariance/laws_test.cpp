// What holds for every family, on random problems.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

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
using oracle::commutator;
using oracle::distance;
using oracle::is_within;
using oracle::MStepProblem;
using oracle::objective;
using oracle::random_rotation;
using oracle::transformed;

// Of an objective in units of D / 2 sum a: eps times the condition numbers of the problems, which are below 1e6.
constexpr double kRounding = 1e-10;

RC_GTEST_PROP(Families, TheObjectiveNeverFallsFromOneIterationToTheNext, ()) {
  const MStepProblem problem(*oracle::any_m_step());
  const bool thorough = *rc::gen::arbitrary<bool>();
  double last = objective(problem.scatters(), problem.current());
  for (std::size_t iterations = 1; iterations < 9; ++iterations) {
    InnerLoop inner{0, iterations, thorough};
    const double now =
        objective(problem.scatters(), answer(problem.family(), problem.scatters(), &problem.current(), inner));
    RC_ASSERT(now >= last - kRounding * (1 + std::abs(last)));
    last = now;
  }
}

RC_GTEST_PROP(Families, AnAnswerIsWhereTheNextOneStays, ()) {
  const MStepProblem problem(*oracle::any_m_step());
  const Covariances first = answer(problem.family(), problem.scatters(), nullptr, oracle::to_the_end(false));
  InnerLoop inner = oracle::to_the_end(false);
  const Covariances second = answer(problem.family(), problem.scatters(), &first, inner);
  // Not the covariances: the objective may be flat, and rotations of pairs leave a saddle only slowly.
  const double value = objective(problem.scatters(), first);
  RC_ASSERT(std::abs(objective(problem.scatters(), second) - value) < 1e-6 * (1 + std::abs(value)));
}

// At every maximum the trace terms sum to D / 2 sum a, as scaling all covariances together never leaves a family.
RC_GTEST_PROP(Families, ScalingTheAnswerLowersTheObjective, ()) {
  const MStepProblem problem(*oracle::any_m_step());
  const Covariances best = answer(problem.family(), problem.scatters(), nullptr, oracle::to_the_end(false));
  for (const double factor : {0.99, 1.01}) {
    std::vector<double> values = best.values();
    for (double& value : values) value *= factor;
    const Covariances scaled(best.layout(), best.is_shared(), best.n_components(), best.n_features(), values);
    RC_ASSERT(objective(problem.scatters(), scaled) < objective(problem.scatters(), best));
  }
}

RC_GTEST_PROP(Families, EqualPartsAreEqualToRounding, ()) {
  const MStepProblem problem(*oracle::any_m_step());
  const std::string_view letters = problem.family().name;
  const Covariances best =
      answer(problem.family(), problem.scatters(), &problem.current(), InnerLoop{1e-6, 5, *rc::gen::arbitrary<bool>()});
  RC_ASSERT(oracle::worst_unequal_part(problem.family(), best) < 1e-9);
  RC_ASSERT(problem.family().layout == (letters[2] != 'I'   ? Layout::matrix
                                        : letters[1] != 'I' ? Layout::diagonal
                                                            : Layout::spherical));
}

Matrix random_map(MStepProblem& problem) {
  const std::string_view name = problem.family().name;
  const std::size_t d = problem.shape().d;
  const bool any = name == "VVV" || name == "EEE" || name == "VEE" || name == "EVV";
  const bool scales_features = problem.family().layout == Layout::diagonal;
  const double common = std::exp(problem.dice().normal());
  Matrix map = scales_features ? Matrix(d, d) : random_rotation(problem.dice(), d);
  for (std::size_t i = 0; i < d; ++i) {
    if (scales_features) map(i, i) = 1;
    const double scale = any || scales_features ? std::exp(problem.dice().normal()) : common;
    for (double& value : map.row(i)) value *= scale;
  }
  return map;
}

// T Sigma T^T of each component, in the layout of the family.
Covariances moved(const Covariances& covariances, const Matrix& map) {
  const std::size_t d = covariances.n_features();
  Scatters packed{Layout::matrix, d, std::vector<double>(covariances.n_components(), 1.0),
                  Matrix(covariances.n_components(), d * (d + 1) / 2)};
  for (std::size_t k = 0; k < covariances.n_components(); ++k) {
    pack(covariances, k, Layout::matrix, packed.second.row(k));
  }
  const Covariances full = answer(mogul::families::vvv, transformed(packed, map), nullptr, {});
  std::vector<double> values;
  const std::size_t n_stored = covariances.is_shared() ? 1 : covariances.n_components();
  for (std::size_t k = 0; k < n_stored; ++k) {
    if (covariances.layout() == Layout::matrix) {
      const Matrix matrix = full.matrix(k);
      values.insert(values.end(), matrix.values().begin(), matrix.values().end());
      continue;
    }
    const std::size_t n = covariances.layout() == Layout::diagonal ? d : 1;
    for (std::size_t i = 0; i < n; ++i) values.push_back(full.variance(k, i));
  }
  return {covariances.layout(), covariances.is_shared(), covariances.n_components(), d, std::move(values)};
}

RC_GTEST_PROP(Families, MapsThatLeaveAFamilyClosedMoveTheAnswerAlong, ()) {
  MStepProblem problem(*oracle::any_m_step());
  const Matrix map = random_map(problem);
  const Covariances here = answer(problem.family(), problem.scatters(), &problem.current(), oracle::to_the_end(false));
  const Covariances current = moved(problem.current(), map);
  const Covariances there =
      answer(problem.family(), transformed(problem.scatters(), map), &current, oracle::to_the_end(false));
  RC_ASSERT(distance(moved(here, map), there) < 1e-5);
}

RC_GTEST_PROP(Families, AFreerFamilyReachesAtLeastTheObjective, ()) {
  const MStepProblem problem(*oracle::any_m_step());
  const Covariances best = answer(problem.family(), problem.scatters(), nullptr, oracle::to_the_end(false));
  const double value = objective(problem.scatters(), best);
  for (const CovarianceFamily* outer : mogul::covariance_families()) {
    if (!is_within(problem.family(), *outer)) continue;
    const Covariances freer = answer(*outer, problem.scatters(), &best, oracle::to_the_end(false));
    RC_ASSERT(objective(problem.scatters(), freer) >= value - kRounding * (1 + std::abs(value)));
  }
}

RC_GTEST_PROP(Families, OfOneComponentDifferByShapeAndAxesOnly, ()) {
  oracle::MStepShape shape = *oracle::any_m_step();
  shape.k = 1;
  const MStepProblem problem(shape);
  const CovarianceFamily& same = shape.family->layout == Layout::matrix     ? mogul::families::vvv
                                 : shape.family->layout == Layout::diagonal ? mogul::families::vvi
                                                                            : mogul::families::vii;
  const bool thorough = *rc::gen::arbitrary<bool>();
  const Covariances own =
      answer(problem.family(), problem.scatters(), &problem.current(), oracle::to_the_end(thorough));
  RC_ASSERT(distance(answer(same, problem.scatters(), nullptr, {}), own) < 1e-7);
  RC_ASSERT(shape.family->n_parameters(1, shape.d) == same.n_parameters(1, shape.d));
}

RC_GTEST_PROP(Families, TheOrderOfComponentsChangesNothingButOrder, ()) {
  const MStepProblem problem(*oracle::any_m_step());
  const std::size_t k = problem.shape().k;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < k; ++i) order.push_back(k - 1 - i);
  Scatters reversed = problem.scatters();
  for (std::size_t i = 0; i < k; ++i) {
    reversed.counts[i] = problem.scatters().counts[order[i]];
    std::ranges::copy(problem.scatters().second.row(order[i]), reversed.second.row(i).begin());
  }
  const Covariances current = problem.current().permuted(order);
  const Covariances here = answer(problem.family(), problem.scatters(), &problem.current(), oracle::to_the_end(false));
  const Covariances there = answer(problem.family(), reversed, &current, oracle::to_the_end(false));
  RC_ASSERT(distance(here.permuted(order), there) < 1e-5);
}

RC_GTEST_PROP(Families, AComponentWithoutRowsHasNoInfluenceAndKeepsItsOwnParts, ()) {
  oracle::MStepShape shape = *oracle::any_m_step();
  shape.k = std::max<std::size_t>(shape.k, 2);
  shape.empty = true;
  const MStepProblem problem(shape);
  const std::size_t last = shape.k - 1;
  const Covariances all = answer(problem.family(), problem.scatters(), &problem.current(), oracle::to_the_end(true));
  Scatters rest = problem.scatters();
  rest.counts.pop_back();
  rest.second = Matrix(last, rest.second.cols());
  for (std::size_t k = 0; k < last; ++k)
    std::ranges::copy(problem.scatters().second.row(k), rest.second.row(k).begin());
  const Covariances without = answer(problem.family(), rest, nullptr, oracle::to_the_end(true));
  RC_ASSERT(objective(rest, without) - objective(problem.scatters(), all) < 1e-9);
  const std::string_view letters = problem.family().name;
  if (letters == "VII" || letters == "VVI" || letters == "VVV") {
    RC_ASSERT(all.matrix(last) == problem.current().matrix(last));
  }
  if (letters[2] == 'V') RC_ASSERT(commutator(all.matrix(last), problem.current().matrix(last)) < 1e-12);
}

}  // namespace
