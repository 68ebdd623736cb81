#include "search/contest.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/timer.hpp"
#include "em/objective.hpp"
#include "mogul/error.hpp"
#include "mogul/interrupt.hpp"

namespace mogul {
namespace {

// Runs of a search do not end by themselves before it does; one in which a component degenerates gives way to others.
EmOptions of_contest(const FitOptions& options) {
  EmOptions em = em_options(options);
  em.degenerate = DegeneratePolicy::error;
  em.tol.reset();
  em.gain = 0;
  return em;
}

std::vector<Run*> runs_of(std::vector<Contender>& contenders) {
  std::vector<Run*> runs;
  runs.reserve(contenders.size());
  for (Contender& contender : contenders) runs.push_back(&contender.run);
  return runs;
}

std::string_view name_of(double PhasePasses::*phase) {
  std::string_view name;
  const auto look_at = [&](const auto& field) {
    if (field.member == phase) name = field.name;
  };
  std::apply([&](const auto&... fields) { (look_at(fields), ...); }, kFields<PhasePasses>);
  return name;
}

}  // namespace

bool is_better(const Contender& a, const Contender& b) {
  return a.is_flagged != b.is_flagged ? b.is_flagged : a.objective() > b.objective();
}

Contest::Contest(Engine& engine, const FitOptions& options, const RowFacts& rows, double row, Effort& effort,
                 FitReport& report, std::size_t first, Narrow narrow)
    : engine_(engine),
      options_(options),
      em_(of_contest(options)),
      row_(row),
      rest_((options.tol ? kDefaultGain * row : options.gain) / 10),
      rows_(rows),
      effort_(effort),
      report_(report),
      first_(first),
      guard_(engine, options, row_, narrow) {}

template <class First>
std::optional<Contender> Contest::begin(const First& start) {
  Contender contender;
  contender.number = report_.restarts.size();
  report_.restarts.push_back({.failed = true});  // until it is recorded
  contender.run.attempt([&] {
    contender.run.loop.emplace(start, em_, rows_, watcher(contender.number));
    answer(engine_, *contender.run.loop, effort_);
  });
  if (contender.run.loop) return contender;
  record(contender);
  return std::nullopt;
}
template std::optional<Contender> Contest::begin(const Mixture& start);
template std::optional<Contender> Contest::begin(const Stats& start);

void Contest::run(std::vector<Contender>& contenders, const Pause& pauses) {
  run_em(engine_, runs_of(contenders), effort_, pauses);
  for (Contender& contender : contenders) {
    if (!contender.run.loop) {
      record(contender);
      continue;
    }
    EmLoop& loop = *contender.run.loop;
    const TerminationReason reason = loop.termination().reason;
    if (loop.is_cancelled() && reason != TerminationReason::dropped) ended_ = reason;
    if (loop.last() != nullptr) contender.is_flagged = guard_.flags(*loop.last());
  }
  std::erase_if(contenders, [](const Contender& c) { return !c.run.loop || c.run.loop->last() == nullptr; });
  std::ranges::stable_sort(contenders, is_better);
}

// Whether so little is left to gain, or the rule of the caller holds.
bool Contest::rests(const EmLoop& loop, double gain) const {
  if (loop.last() == nullptr) return false;
  const EmProgress& progress = loop.progress();
  return progress.largest_gain() < gain ||
         (options_.tol && progress.comparable && std::abs(progress.change) < *options_.tol);
}

void Contest::advance(std::vector<Contender>& contenders, std::size_t n_steps) {
  run(contenders, [&](const EmLoop& loop) {
    return (loop.iterations() >= n_steps && loop.last() != nullptr) || rests(loop, rest_);
  });
}

void Contest::converge(std::vector<Contender>& contenders, double gain) {
  run(contenders, [&](const EmLoop& loop) { return rests(loop, std::max(gain, rest_)); });
}

void Contest::finish(std::vector<Contender>& contenders, double gain) {
  for (Contender& contender : contenders) {
    contender.run.loop->set_rule(options_.tol, options_.tol ? kDefaultGain : gain);
  }
  run(contenders, {});
  for (const Contender& contender : contenders) record(contender);
}

void Contest::end(std::vector<Contender>& contenders, TerminationReason reason) {
  const InterruptScope undisturbed({});
  Effort unbounded;
  run_em(engine_, runs_of(contenders), unbounded, [](const EmLoop& loop) { return loop.last() != nullptr; });
  effort_.add_passes(unbounded.passes.total());
  ended_ = reason;
  std::erase_if(contenders, [](const Contender& c) { return !c.run.loop; });
  for (Contender& contender : contenders) {
    contender.run.loop->cancel(reason);
    if (contender.run.loop->last() != nullptr) contender.is_flagged = guard_.flags(*contender.run.loop->last());
    record(contender);
  }
}

void Contest::keep(std::vector<Contender>& contenders, std::size_t n_kept, double same) {
  std::vector<Contender> kept;
  for (Contender& contender : contenders) {
    const auto met = std::ranges::find_if(
        kept, [&](const Contender& other) { return std::abs(other.objective() - contender.objective()) < same; });
    if (met == kept.end() && kept.size() < n_kept) {
      kept.push_back(std::move(contender));
      continue;
    }
    const bool by_rounding = met != kept.end() && !is_higher(met->objective(), contender.objective());
    if (by_rounding && contender.number < met->number) std::swap(*met, contender);
    drop(contender);
  }
  contenders = std::move(kept);
}

void Contest::drop(Contender& contender) {
  contender.run.loop->cancel(TerminationReason::dropped);
  record(contender);
}

void Contest::record(const Contender& contender) {
  Restart& restart = report_.restarts[contender.number];
  if (!contender.run.loop) {
    restart.failed = true;
    return;
  }
  const EmLoop& loop = *contender.run.loop;
  restart = {loop.last()->log_likelihood(), loop.iterations(), loop.n_revived(), loop.termination().reason};
  if (loop.prior() || options_.weight_concentration) restart.penalised_log_likelihood = loop.last()->objective;
  report_.accepted += loop.progress().n_accepted;
  report_.rejected += loop.progress().n_rejected;
}

EmWatcher Contest::watcher(std::size_t number) const {
  if (!options_.callback) return {};
  return [this, number](const EmStep& step) {
    return options_.callback({first_ + number, 0, step.iteration, step.mean_log_likelihood, step.change, step.model,
                              step.stats, step.mean_objective, name_of(effort_.phase)});
  };
}

}  // namespace mogul
