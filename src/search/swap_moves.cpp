#include "search/swap_moves.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "mogul/error.hpp"
#include "search/membership.hpp"
#include "search/split.hpp"

namespace mogul {
namespace {

// In nats, of rows that weigh 1.
constexpr double kLeastRise = 0.01;  // that makes a move worth taking
constexpr double kGain = 1;          // that a maximum may be below its limit between moves
constexpr std::size_t kMostSteps = 44;
constexpr double kUnderestimate = 4;  // of predicted gains, at most as a rule

// Component `removed` gives its place to the second half of component `split`.
struct Move {
  std::size_t split;
  std::size_t removed;
  double gain;  // of the log-likelihood, roughly
};

std::vector<Move> best_moves(const std::vector<std::optional<Split>>& splits, const std::vector<double>& losses) {
  constexpr std::size_t kMost = 12;
  constexpr std::size_t kMostPerSplit = 3;
  constexpr std::size_t kMostPerRemoval = 4;
  const std::size_t k = splits.size();
  std::vector<Move> all;
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; splits[i] && j < k; ++j) {
      if (j != i) all.push_back({i, j, splits[i]->gain + losses[j]});
    }
  }
  std::ranges::stable_sort(all, std::greater<>(), &Move::gain);
  std::vector<Move> chosen;
  std::vector<std::size_t> n_splits(k);
  std::vector<std::size_t> n_removals(k);
  for (const Move& move : all) {
    if (chosen.size() == kMost) break;
    if (n_splits[move.split] == kMostPerSplit || n_removals[move.removed] == kMostPerRemoval) continue;
    ++n_splits[move.split];
    ++n_removals[move.removed];
    chosen.push_back(move);
  }
  return chosen;
}

// What is stored for component k of one mixture replaces that of another.
void copy_covariance(const Mixture& from, std::size_t k, std::vector<double>& values, std::size_t to,
                     std::size_t n_components) {
  if (from.family().shared) return;
  const std::size_t size = values.size() / n_components;
  const auto source = from.covariances().values().begin() + static_cast<std::ptrdiff_t>(k * size);
  std::copy_n(source, size, values.begin() + static_cast<std::ptrdiff_t>(to * size));
}

Mixture moved(const Mixture& mixture, const Mixture& halves, const Move& move) {
  std::vector<double> weights = mixture.weights();
  Matrix means = mixture.means();
  std::vector<double> covariances = mixture.covariances().values();
  const double whole = weights[move.split];
  for (const auto& [half, to] : {std::pair(std::size_t{0}, move.split), std::pair(std::size_t{1}, move.removed)}) {
    weights[to] = whole * halves.weights()[half];
    std::ranges::copy(halves.means().row(half), means.row(to).begin());
    copy_covariance(halves, half, covariances, to, mixture.n_components());
  }
  double sum = 0;
  for (const double weight : weights) sum += weight;
  for (double& weight : weights) weight /= sum;
  return {mixture.family(), std::move(weights), std::move(means), std::move(covariances)};
}

std::vector<std::optional<Split>> splits_of(Contest& contest, const Mixture& mixture, const Membership& membership) {
  std::vector<std::optional<Split>> splits;
  for (std::size_t k = 0; k < mixture.n_components(); ++k) {
    splits.push_back(
        split(contest.engine(), mixture, k, membership.members[k], contest.options(), contest.row(), contest.effort()));
  }
  return splits;
}

// What EM is predicted to lead to.
double predicted_end(const Contender& trial) {
  return trial.objective() + kUnderestimate * trial.run.loop->progress().gain;
}

// The trial that ends higher than the present maximum.
std::optional<Contender> best_of(Contest& contest, std::vector<Contender> trials, const Contender& present) {
  contest.advance(trials, 2);
  contest.keep(trials, 4, 0);
  contest.advance(trials, 6);
  contest.keep(trials, 2, 0);
  contest.advance(trials, 14);
  contest.keep(trials, 1, 0);
  if (trials.empty() || contest.has_ended()) return std::nullopt;
  const double needed = present.objective() + kLeastRise * contest.row();
  if (trials.front().objective() < needed) {
    if (predicted_end(trials.front()) <= needed) return contest.drop(trials.front()), std::nullopt;
    contest.advance(trials, kMostSteps);
  }
  if (trials.empty() || contest.has_ended()) return std::nullopt;
  if (trials.front().objective() <= needed || trials.front().is_flagged > present.is_flagged)
    return contest.drop(trials.front()), std::nullopt;
  return std::move(trials.front());
}

// Whether a round has led to a higher maximum.
bool tries_moves(Contest& contest, Contender& best, SearchReport& report) {
  const Mixture mixture = best.state().mixture;
  contest.effort().phase = &PhasePasses::splits;
  const Membership membership_of_rows = membership(contest.engine(), mixture);
  contest.effort().add_passes(1);
  const auto splits = splits_of(contest, mixture, membership_of_rows);
  contest.effort().phase = &PhasePasses::trials;
  std::vector<Contender> trials;
  for (const Move& move : best_moves(splits, membership_of_rows.losses)) {
    try {
      auto trial = contest.begin(moved(mixture, splits[move.split]->halves, move));
      if (trial) trials.push_back(*std::move(trial));
    } catch (const invalid_argument&) {  // a mixing weight or a covariance beyond the range of mixtures
    }
  }
  report.n_moves_tried += trials.size();
  auto found = best_of(contest, std::move(trials), best);
  if (!found) return false;
  contest.effort().phase = &PhasePasses::convergence;
  std::vector<Contender> followed;
  followed.push_back(*std::move(found));
  contest.converge(followed, kGain * contest.row());
  if (followed.empty()) return false;
  if (!is_better(followed.front(), best)) return contest.drop(followed.front()), false;
  contest.drop(best);
  best = std::move(followed.front());
  ++report.n_moves_taken;
  return true;
}

// What the moves are made of passes over the rows as well, and hears of interruptions.
bool takes_a_move(Contest& contest, Contender& best, SearchReport& report) {
  try {
    return tries_moves(contest, best, report);
  } catch (const interrupted_error&) {
    contest.note_interruption();
    return false;
  }
}

}  // namespace

void improve_by_moves(Contest& contest, Contender& best, SearchReport& report) {
  if (best.state().mixture.n_components() < 2) return;
  constexpr std::size_t kMostMoves = 100;
  for (std::size_t i = 0; i < kMostMoves && !contest.has_ended(); ++i) {
    if (!takes_a_move(contest, best, report)) return;
  }
}

}  // namespace mogul
