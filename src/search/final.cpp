#include "search/final.hpp"

#include <utility>

namespace mogul {

std::vector<Contender> Final::entered(Contender& finalist) {
  std::vector<Contender> one;
  if (&contest_ == &searched_) {
    one.push_back(std::move(finalist));
    return one;
  }
  searched_.drop(finalist);
  if (auto begun = contest_.begin(finalist.state().mixture)) one.push_back(*std::move(begun));
  return one;
}

std::vector<Contender> Final::best_of(std::vector<Contender> finalists) {
  contest_.effort().phase = &PhasePasses::last;
  contest_.effort().share = 1;
  const double gain = &contest_ == &searched_ ? contest_.rest() : contest_.options().gain;
  std::vector<Contender> best;
  for (Contender& finalist : finalists) {
    const bool is_decided = !best.empty() && (!best.front().is_flagged || finalist.is_flagged || contest_.has_ended());
    if (is_decided) {
      searched_.drop(finalist);
      continue;
    }
    std::vector<Contender> next = entered(finalist);
    searched_.ended() ? contest_.end(next, *searched_.ended()) : contest_.finish(next, gain);
    if (!next.empty() && (best.empty() || is_better(next.front(), best.front()))) best = std::move(next);
  }
  return best;
}

}  // namespace mogul
