#include "uncertainty/missing_information.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>

#include "base/thread_pool.hpp"

namespace mogul {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Strided = Eigen::Map<const RowMajor, 0, Eigen::OuterStride<>>;

constexpr std::size_t kStrip = 64;  // rows of the product that a thread makes at once

Eigen::Index index(std::size_t i) { return static_cast<Eigen::Index>(i); }

Strided map(const MatrixView<const double>& view) {
  return {view.data(), index(view.rows()), index(view.cols()), Eigen::OuterStride<>(index(view.stride()))};
}

class Sums {
 public:
  Sums(const Mixture& mixture, const std::vector<Matrix>& whitenings, unsigned n_threads)
      : mixture_(mixture),
        whitenings_(whitenings),
        free_(mixture),
        pool_(n_threads),
        total_(RowMajor::Zero(index(free_.size()), index(free_.size()))),
        scratch_(free_.n_components()),
        within_(free_.n_components(), RowMajor::Zero(index(free_.per_component()), index(free_.per_component()))) {}

  void add(const BlockScores& rows) {
    mixed_.resize(index(free_.size()), index(rows.n_rows));
    pool_.run(free_.n_components(), [&](std::size_t k) { add_component(rows, k); });
    Eigen::ArrayXd roots(index(rows.n_rows));  // sqrt(w) r is w r / sqrt(w)
    for (std::size_t i = 0; i < rows.n_rows; ++i) {
      roots(index(i)) = rows.weights[i] > 0 ? 1 / std::sqrt(rows.weights[i]) : 0;
    }
    mixed_.array().rowwise() *= roots.transpose();
    const std::size_t n_strips = (free_.size() + kStrip - 1) / kStrip;
    pool_.run(n_strips, [&](std::size_t strip) {
      const std::size_t first = strip * kStrip;
      const std::size_t last = std::min(first + kStrip, free_.size());
      total_.block(index(first), 0, index(last - first), index(last)).noalias() +=
          mixed_.middleRows(index(first), index(last - first)) * mixed_.topRows(index(last)).transpose();
    });
  }

  MissingInformation result() const {
    MissingInformation out{Matrix(free_.size(), free_.size()), {}};
    for (std::size_t i = 0; i < free_.size(); ++i) {
      const std::size_t own = i / free_.per_component();
      for (std::size_t j = 0; j <= i; ++j) {
        const double here = j / free_.per_component() == own ? at(own, i, j) : 0;
        out.missing(i, j) = out.missing(j, i) = here - total_(index(i), index(j));
      }
    }
    for (std::size_t k = 0; k < free_.n_components(); ++k) out.moments.push_back(moments_of(k));
    return out;
  }

 private:
  // What a component needs room for.
  struct Scratch {
    RowMajor centred = {};   // (D, rows)
    RowMajor scores = {};    // (1 + D + C, rows), s_nk
    RowMajor weighted = {};  // the same times w_n r_nk
  };

  void add_component(const BlockScores& rows, std::size_t k) {
    Scratch& own = scratch_[k];
    const Eigen::ArrayXd weights = weighted_responsibilities(rows, k);
    set_scores(rows, k, weights, own);
    own.weighted = own.scores.array().rowwise() * weights.transpose();
    within_[k].noalias() += own.weighted * own.scores.transpose();
    mixed_.middleRows(index(free_.weight(k)), index(free_.per_component())) = own.weighted;
  }

  static Eigen::ArrayXd weighted_responsibilities(const BlockScores& rows, std::size_t k) {
    Eigen::ArrayXd weights(index(rows.n_rows));
    for (std::size_t i = 0; i < rows.n_rows; ++i) weights(index(i)) = rows.weights[i] * rows.responsibilities(k, i);
    return weights;
  }

  // The derivatives of log pi_k N(x | mu_k, Sigma_k) by the free coordinates of component k, but that of log pi_k is
  // 1: a constant has no part in a covariance. Rows that do not belong to k may lie beyond all range, and count 0.
  void set_scores(const BlockScores& rows, std::size_t k, const Eigen::ArrayXd& weights, Scratch& own) const {
    const Eigen::Index d = index(free_.n_features());
    const Eigen::Map<const Eigen::VectorXd> mean(mixture_.means().row(k).data(), d);
    const Eigen::ArrayXd belongs = (weights > 0).cast<double>();
    own.centred = map(rows.x).colwise() - mean;
    own.centred = belongs.transpose().replicate(d, 1).select(own.centred, 0.0);
    own.scores.resize(index(free_.per_component()), index(rows.n_rows));
    own.scores.row(0).setOnes();
    own.scores.middleRows(1, d).noalias() = map(whitenings_[k].view()) * own.centred;
    Eigen::Index at = 1 + d;
    for (const auto& [a, b] : free_.elements()) {
      const auto product = own.scores.row(1 + index(a)).array() * own.scores.row(1 + index(b)).array();
      if (a == b) {
        own.scores.row(at) = (product - 1) / 2;
      } else {
        own.scores.row(at) = product;
      }
      ++at;
    }
  }

  double at(std::size_t k, std::size_t i, std::size_t j) const {
    return within_[k](index(i - free_.weight(k)), index(j - free_.weight(k)));
  }

  // Of the scores' sums.
  WhitenedMoments moments_of(std::size_t k) const {
    const std::size_t d = free_.n_features();
    const std::size_t first = free_.weight(k);
    WhitenedMoments moments{at(k, first, first), {}, Matrix(d, d)};
    for (std::size_t i = 0; i < d; ++i) moments.first.push_back(at(k, free_.mean(k, i), first));
    for (const auto& [a, b] : free_.elements()) {
      const double sum = at(k, free_.covariance(k, a, b), first);
      moments.second(a, b) = moments.second(b, a) = a == b ? 2 * sum + moments.n : sum;
    }
    return moments;
  }

  const Mixture& mixture_;
  const std::vector<Matrix>& whitenings_;
  FreeCoordinates free_;
  ThreadPool pool_;
  RowMajor total_;                // (Q, Q), sum_n w_n s_n s_n^T, lower triangle
  std::vector<Scratch> scratch_;  // (K)
  std::vector<RowMajor> within_;  // (K), sum_n w_n r_nk s_nk s_nk^T
  RowMajor mixed_ = {};           // (Q, rows), sqrt(w_n) s_n
};

}  // namespace

FreeCoordinates::FreeCoordinates(const Mixture& mixture)
    : n_components_(mixture.n_components()),
      n_features_(mixture.n_features()),
      has_pairs_(mixture.family().layout == Layout::matrix) {
  for (std::size_t i = 0; i < n_features_; ++i) {
    for (std::size_t j = has_pairs_ ? 0 : i; j <= i; ++j) elements_.emplace_back(i, j);
  }
}

MissingInformation missing_information(Engine& engine, const Mixture& mixture, const std::vector<Matrix>& whitenings,
                                       unsigned n_threads) {
  Sums sums(mixture, whitenings, n_threads);
  engine.visit(row_model(mixture), [&](const BlockScores& rows) { sums.add(rows); });
  return sums.result();
}

}  // namespace mogul
