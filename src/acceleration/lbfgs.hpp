// L-BFGS on the map of EM: proposes where EM would be only many steps later.
//
// In Fisher coordinates EM's step g is the gradient of the mean log-likelihood, preconditioned. From model to model it
// changes; a move s and the change of g tell of the curvature along s, and the two-loop recursion makes of the last
// ten pairs the direction d in which Newton's method would go. What is left to gain is about N g.d / 2.
// Source: Jamshidian, Jennrich (1997); Nocedal, Wright (2006), Numerical Optimization, algorithm 7.4.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "acceleration/fisher_frame.hpp"
#include "mogul/em_loop.hpp"

namespace mogul {

class Lbfgs : public Acceleration {
 public:
  explicit Lbfgs(const Hold& hold, LbfgsState state = {});

  /// The model is of family_of_vectors().
  Proposal propose(const EmState& state, const Mixture& step) override;
  std::optional<double> rise(const Mixture& proposed, const Mixture& step) const override;
  void accepted() override;
  void rejected() override;
  void forget() override;
  std::unique_ptr<Acceleration> clone() const override { return std::make_unique<Lbfgs>(*this); }

  const LbfgsState& state() const { return state_; }

 private:
  // A model and EM's step from there, as vectors.
  struct Point {
    std::vector<double> model;
    std::vector<double> step;
  };
  Point point_of(const EmImage& image) const;
  void remember(const Mixture& model, const Mixture& step);
  void move_frame();

  Hold hold_;
  LbfgsState state_;
  // Follow from the state.
  std::optional<FisherFrame> frame_ = {};
  std::vector<Point> points_ = {};  // of the history
};

/// Whether it can propose models under these options: without a bound on eigenvalues, which a proposal may break, and
/// where proposals of a freer family can be brought into the family: without a prior or covariances that are held.
bool can_accelerate(const EmOptions& options);

}  // namespace mogul
