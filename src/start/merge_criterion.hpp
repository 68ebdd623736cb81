// The clusters of an agglomeration, and what it costs to merge two of them.
#pragma once

#include <cstddef>
#include <vector>

#include "mogul/hierarchy.hpp"
#include "mogul/matrix.hpp"

namespace mogul {

/// What is merged: rows, or micro-clusters of rows.
struct MergePoints {
  std::vector<double> weights;  ///< (M), positive
  Matrix means;                 ///< (M, p), p >= 1
  Matrix scatters;              ///< (M, p(p+1)/2), about the means, packed lower triangles; empty where all are zero
};

/// The clusters, each known by the lowest of its points.
class MergeCriterion {
 public:
  MergeCriterion(const MergePoints& points, MergeCost cost);

  /// What merging two clusters adds to the criterion. For EEE, which depends on all merges before, see prepare().
  double cost(std::size_t i, std::size_t j) const;
  /// Merges j into i. Costs of pairs without i or j stay as they are, but for EEE, where they never fall: the increase
  /// of det(W + v v^T) is a mixed discriminant, monotone in W.
  void merge(std::size_t i, std::size_t j);
  /// Of EEE only, makes cost() that of now: to be called after each merge.
  void prepare();

  bool costs_depend_on_all() const { return cost_ == MergeCost::eee; }
  /// Costs that differ by less are taken as equal: some thousand times the rounding of their terms.
  double tie_of(double cost) const;

 private:
  double square_between(std::size_t i, std::size_t j) const;
  double merged_term(std::size_t i, std::size_t j) const;
  double term(double n, double trace, double log_determinant) const;
  double log_determinant_of_merge(std::size_t i, std::size_t j, double n, double g, double trace) const;
  Matrix scaled_adjugate() const;

  MergeCost cost_;
  std::size_t p_;
  double n_total_ = 0;
  double mean_variance_ = 0;  // t: the trace of the scatter of all rows over n p
  std::vector<double> n_;
  Matrix means_;
  std::vector<double> traces_;
  std::vector<double> terms_;       // of VII and VVV: each cluster's own
  std::vector<std::size_t> ranks_;  // what the rank of a scatter is at most, plus 1
  Matrix scatters_;                 // of VVV
  Matrix pooled_;                   // of EEE: (p, p), over n
  Matrix metric_;                   // of EEE: cost is g v^T metric v
  mutable Matrix scratch_;          // (p, p)
};

}  // namespace mogul
