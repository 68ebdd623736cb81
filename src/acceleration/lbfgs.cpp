#include "acceleration/lbfgs.hpp"

#include <Eigen/Core>

#include <algorithm>
#include <utility>
#include <vector>

#include "acceleration/fisher_frame.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMostPairs = 10;
constexpr std::size_t kLeastPairs = 3;  // that tell what is left to gain
constexpr double kSlowest = 1e6;        // what is left to gain, in |g|^2, where fewer pairs are known, at most
constexpr std::size_t kMaxBytes = std::size_t{1} << 27;
constexpr double kShortestReach = 1.5;
constexpr double kGrowth = 1.5;
constexpr double kNear = 0.1;              // how far from its middle a frame is used
constexpr double kFarStep = 0.05;          // |g| of steps that still choose among maxima, and are left to EM
constexpr double kLongestProposal = 0.15;  // |d|, so that a proposal stays in the same maximum's reach
constexpr double kLeastCurvature = 1e-10;  // cosine of the angle between move and change

using Vector = Eigen::VectorXd;

Eigen::Map<const Vector> mapped(const std::vector<double>& values) {
  return {values.data(), static_cast<Eigen::Index>(values.size())};
}

// From one model to the next, and by how much EM's step became shorter meanwhile.
struct Pair {
  Vector move;
  Vector change;
  double curvature;  // their product
};

// Where Newton's method would go from a point with EM's step g: the two-loop recursion.
Vector newton_direction(const std::vector<Pair>& pairs, Vector g) {
  if (pairs.empty()) return g;
  std::vector<double> factors;
  for (auto pair = pairs.rbegin(); pair != pairs.rend(); ++pair) {
    factors.push_back(pair->move.dot(g) / pair->curvature);
    g -= factors.back() * pair->change;
  }
  const Pair& last = pairs.back();
  g *= std::max(1.0, last.curvature / last.change.squaredNorm());
  for (const Pair& pair : pairs) {
    g += (factors.back() - pair.change.dot(g) / pair.curvature) * pair.move;
    factors.pop_back();
  }
  return g;
}

bool all_have_weight(const Mixture& mixture) {
  return std::ranges::all_of(mixture.weights(), [](double weight) { return weight > 0; });
}

// How many pairs are kept: fewer where mixtures are large.
std::size_t n_pairs(const Mixture& mixture) {
  const std::size_t n_values = 3 * mixture.covariances().values().size() + mixture.means().values().size();
  return std::clamp(kMaxBytes / (2 * n_values * sizeof(double)), kLeastPairs, kMostPairs);
}

}  // namespace

bool can_accelerate(const EmOptions& options) {
  if (options.max_eigenvalue_ratio) return false;
  if (has_fisher_coordinates(options.covariance)) return true;
  return !options.covariance.shared && !options.prior && !options.weight_concentration && !options.hold.covariances;
}

Lbfgs::Lbfgs(const Hold& hold, LbfgsState state) : hold_(hold), state_(std::move(state)) {
  if (state_.middle) move_frame();
}

Lbfgs::Point Lbfgs::point_of(const EmImage& image) const {
  Point point{frame_->coordinates(image.model), frame_->coordinates(image.step)};
  for (std::size_t i = 0; i < point.step.size(); ++i) point.step[i] -= point.model[i];
  return point;
}

// The vectors about another model: all of them are found again.
void Lbfgs::move_frame() {
  frame_.emplace(*state_.middle, hold_);
  points_.clear();
  for (const EmImage& image : state_.history) points_.push_back(point_of(image));
}

void Lbfgs::remember(const Mixture& model, const Mixture& step) {
  state_.history.push_back({model, step});
  if (frame_) points_.push_back(point_of(state_.history.back()));
  if (state_.history.size() > n_pairs(model) + 1) {
    state_.history.erase(state_.history.begin());
    if (frame_) points_.erase(points_.begin());
  }
  if (frame_ && mapped(points_.back().model).norm() < kNear) return;
  state_.middle = model;
  move_frame();
}

Proposal Lbfgs::propose(const EmState& state, const Mixture& step) {
  state_.was_bounded = false;
  if (state_.n_plain > kMostPairs) {  // what is seen now will be forgotten before it is of use
    --state_.n_plain;
    return {};
  }
  if (state.mixture.family() != step.family() || !all_have_weight(state.mixture) || !all_have_weight(step)) {
    forget();
    return {};
  }
  remember(state.mixture, step);
  std::vector<Pair> pairs;
  for (std::size_t i = 1; i < points_.size(); ++i) {
    Pair pair{mapped(points_[i].model) - mapped(points_[i - 1].model),
              mapped(points_[i - 1].step) - mapped(points_[i].step), 0};
    pair.curvature = pair.move.dot(pair.change);
    if (pair.curvature > kLeastCurvature * pair.move.norm() * pair.change.norm()) pairs.push_back(std::move(pair));
  }
  const auto g = mapped(points_.back().step);
  Vector direction = newton_direction(pairs, g);
  const double slope = direction.dot(g);
  const double step_length = g.norm();
  const double n = state.stats.sum_weights;
  Proposal proposal{.gain = n / 2 * (pairs.size() < kLeastPairs ? kSlowest * step_length * step_length : slope)};
  if (state_.n_plain > 0) {
    --state_.n_plain;
    return proposal;
  }
  if (pairs.empty() || !(slope > 0) || step_length > kFarStep) return proposal;
  const double within_reach = state_.reach * step_length;
  const double furthest = std::min(within_reach, std::max(kLongestProposal, step_length));
  const double length = direction.norm();
  state_.was_bounded = length > within_reach;
  if (length > furthest) direction *= furthest / length;
  direction += mapped(points_.back().model);
  proposal.model = frame_->mixture({direction.data(), static_cast<std::size_t>(direction.size())});
  proposal.least_rise = n * step_length * step_length / 8;
  return proposal;
}

// EM's steps are gradients: the trapezoidal rule.
std::optional<double> Lbfgs::rise(const Mixture& proposed, const Mixture& step) const {
  if (points_.empty() || !all_have_weight(proposed) || !all_have_weight(step)) return std::nullopt;
  const Point from = points_.back();
  const Point to = point_of({proposed, step});
  return (mapped(from.step) + mapped(to.step)).dot(mapped(to.model) - mapped(from.model)) / 2;
}

void Lbfgs::forget() {
  state_.history.clear();
  state_.middle.reset();
  frame_.reset();
  points_.clear();
}

void Lbfgs::accepted() {
  if (state_.was_bounded) state_.reach *= kGrowth;
}

void Lbfgs::rejected() {
  forget();
  state_.reach = std::max(kShortestReach, state_.reach / 4);
}

}  // namespace mogul
