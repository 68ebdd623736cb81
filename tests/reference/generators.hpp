// Random problems for properties: rows drawn from a random mixture, in every layout that the library accepts, and a
// second mixture near the first to score them with. A problem is made from a small Shape, which rapidcheck shrinks.
// The suite draws the same problems on every run; RC_PARAMS="seed=N max_success=M" in the environment explores others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <random>
#include <vector>

#include <rapidcheck.h>

#include "mogul/dataset.hpp"
#include "mogul/mixture.hpp"

namespace oracle {

enum class RowWeights { none, random, some_zero };

/// Everything that a problem is made from.
struct Shape {
  std::size_t n = 1;  // rows
  std::size_t d = 1;  // features
  std::size_t k = 1;  // components
  mogul::CovarianceFamily structure = mogul::families::full;
  RowWeights weights = RowWeights::none;
  bool float32 = false;
  std::size_t padding = 0;  // row stride - d; the gap holds NaN, so that reading it shows
  bool columns = false;     // column by column, the gap between columns
  double offset = 0;        // distance of the data from the origin
  double scale = 1;         // a component's standard deviation
  double separation = 2;    // distance of the components' means, in standard deviations
  std::uint64_t seed = 0;
};
std::ostream& operator<<(std::ostream& out, const Shape& shape);

/// Any layout; n in 1..300, d in 1..34, k in 1..6, offsets to 1e8 and scales from 1e-8 to 1e8.
rc::Gen<Shape> any_shape();
/// Problems whose EM stays well-conditioned: double, at least 12 (d + 1) k rows, d <= 6, moderate offsets.
rc::Gen<Shape> fit_shape();

/// Random numbers that are the same with every standard library.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  double uniform();  // in [0, 1)
  double normal();
  std::size_t index(std::size_t n);  // in 0..n-1

 private:
  std::mt19937_64 engine_;
};

/// A valid mixture with weights near 1/k, condition numbers below about 100, and means spread around `offset`
/// (of alternating sign).
mogul::Mixture random_mixture(Dice& dice, const Shape& shape);
/// The same components moved by about half a standard deviation, with other weights and covariances.
mogul::Mixture neighbour(Dice& dice, const mogul::Mixture& mixture, const Shape& shape);
/// Rows drawn from a mixture, (n, D).
mogul::Matrix draw_rows(Dice& dice, const mogul::Mixture& mixture, std::size_t n);

class Problem {
 public:
  explicit Problem(const Shape& shape);
  Problem(const Problem&) = delete;
  Problem& operator=(const Problem&) = delete;

  mogul::DataView view() const;
  const Shape& shape() const { return shape_; }
  const mogul::Mixture& truth() const { return truth_; }  // the rows were drawn from it
  const mogul::Mixture& model() const { return model_; }  // its neighbour
  const std::vector<double>& weights() const { return weights_; }

 private:
  Shape shape_;
  Dice dice_;
  mogul::Mixture truth_;
  mogul::Mixture model_;
  std::vector<double> doubles_;
  std::vector<float> floats_;
  std::vector<const double*> double_columns_;
  std::vector<const float*> float_columns_;
  std::vector<double> weights_;
};

}  // namespace oracle
