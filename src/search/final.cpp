#include "search/final.hpp"

#include <utility>

namespace mogul {

namespace {

// A run over all rows: the finalist itself, or one from its model.
std::vector<Contender> entered(Contest& contest, Contest& searched, Contender& finalist) {
  std::vector<Contender> one;
  if (&contest == &searched) {
    one.push_back(std::move(finalist));
    return one;
  }
  searched.drop(finalist);
  if (auto begun = contest.begin(finalist.state().mixture)) one.push_back(*std::move(begun));
  return one;
}

}  // namespace

std::vector<Contender> best_at_its_end(Contest& contest, Contest& searched, std::vector<Contender> finalists) {
  contest.effort().phase = &PhasePasses::last;
  contest.effort().share = 1;
  const double gain = &contest == &searched ? contest.rest() : contest.options().gain;
  std::vector<Contender> best;
  for (Contender& finalist : finalists) {
    const bool is_decided = !best.empty() && (!best.front().is_flagged || finalist.is_flagged || contest.has_ended());
    if (is_decided) {
      searched.drop(finalist);
      continue;
    }
    std::vector<Contender> next = entered(contest, searched, finalist);
    searched.ended() ? contest.end(next, *searched.ended()) : contest.finish(next, gain);
    if (!next.empty() && (best.empty() || is_better(next.front(), best.front()))) best = std::move(next);
  }
  return best;
}

}  // namespace mogul
