// The steps of a long fit, thinned while they come.
#include <algorithm>
#include <iterator>
#include <utility>

#include "mogul/page.hpp"
#include "report/replay_size.hpp"

namespace mogul {
namespace {

// More than a page holds: which restarts it shows is not known before the end.
constexpr std::size_t kTimesThePage = 4;

}  // namespace

void ReplaySteps::add(TraceStep step) {
  const std::size_t most = kTimesThePage * most_replay_steps(step.mixture.n_components(), step.mixture.n_features());
  std::vector<TraceStep>& steps = restarts_[step.restart];
  if (!steps.empty() && steps.back().iteration % stride_ != 0) {
    steps.back() = std::move(step);  // which was there only as the latest
  } else {
    steps.push_back(std::move(step));
    ++n_steps_;
  }
  if (n_steps_ > most + 2 * restarts_.size()) thin();
}

void ReplaySteps::thin() {
  stride_ *= 2;
  n_steps_ = 0;
  for (auto& [restart, steps] : restarts_) {
    const std::size_t latest = steps.back().iteration;
    std::erase_if(steps, [&](const TraceStep& s) { return s.iteration % stride_ != 0 && s.iteration != latest; });
    n_steps_ += steps.size();
  }
}

std::vector<TraceStep> ReplaySteps::take() {
  std::vector<TraceStep> all;
  for (auto& [restart, steps] : restarts_) std::ranges::move(steps, std::back_inserter(all));
  *this = {};
  return all;
}

}  // namespace mogul
