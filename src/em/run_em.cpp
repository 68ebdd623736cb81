#include "em/run_em.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/timer.hpp"
#include "engine/worst_rows.hpp"
#include "mogul/error.hpp"

namespace mogul {
namespace {

bool is_active(const Run& run, const Pause& pauses = {}) {
  return run.loop && run.loop->next().has_value() && !(pauses && pauses(*run.loop));
}

bool has_model(const Run* run) { return run->loop && run->loop->last() != nullptr; }

Stats statistics(Engine& engine, const StatsRequest& asked) {
  const Precision precision = asked.exact ? Precision::exact : Precision::fast;
  Stats stats = engine.accumulate(row_model(*asked.model), *asked.about, asked.moments, Assignment::soft, precision);
  stats.model = asked.model->fingerprint();
  return stats;
}

Matrix rows(Engine& engine, const WorstRowsRequest& asked) {
  return engine.rows(worst_rows(engine, row_model(*asked.model), asked.count));
}

// One pass for all that do not ask for exact sums, as most do not until they come to rest. The objectives of loops that
// pause are compared, and float would hide their differences.
std::vector<Stats> e_step(Engine& engine, const std::vector<Run*>& active, bool are_compared) {
  std::vector<RowModel> together;
  Moments moments = Moments::none;
  Precision precision = Precision::fast;
  for (const Run* run : active) {
    const auto asked = std::get<StatsRequest>(*run->loop->next());
    moments = asked.moments;
    if (!asked.exact) together.push_back(row_model(*asked.model));
    if (asked.rough && !are_compared) precision = Precision::rough;
  }
  std::vector<Stats> shared;
  if (!together.empty()) shared = engine.accumulate(together, moments, precision);
  auto next = shared.begin();
  std::vector<Stats> all;
  all.reserve(active.size());
  for (const Run* run : active) {
    const auto asked = std::get<StatsRequest>(*run->loop->next());
    all.push_back(asked.exact ? statistics(engine, asked) : std::move(*next++));
    all.back().model = asked.model->fingerprint();
  }
  return all;
}

}  // namespace

Stats answer(const StatsRequest& asked, const DataView& data, unsigned n_threads) {
  return statistics(*make_engine_for(*asked.model, data, n_threads), asked);
}

Matrix answer(const WorstRowsRequest& asked, const DataView& data, unsigned n_threads) {
  return rows(*make_engine_for(*asked.model, data, n_threads), asked);
}

void answer(Engine& engine, EmLoop& loop, Effort& effort) {
  while (!loop.waits_for_step()) {
    const auto request = loop.next();
    if (!request) return;
    effort.add_passes(1);
    if (const auto* asked = std::get_if<StatsRequest>(&*request)) {
      loop.feed(statistics(engine, *asked));
    } else {
      loop.feed(rows(engine, std::get<WorstRowsRequest>(*request)));
    }
  }
}

void run_em(Engine& engine, std::span<Run* const> runs, Effort& effort, const Pause& pauses) {
  std::optional<TerminationReason> cancelled;
  while (!cancelled) {
    std::vector<Run*> active;
    for (Run* run : runs) {
      if (is_active(*run, pauses)) active.push_back(run);
    }
    if (active.empty()) return;
    std::vector<Stats> stats;
    try {
      if (effort.is_spent()) {
        if (std::ranges::any_of(runs, has_model)) {
          cancelled = TerminationReason::max_passes;
          break;
        }
        active.erase(active.begin() + 1, active.end());  // so that there is a model
      }
      const Timer timer(effort.seconds.e_step);
      stats = e_step(engine, active, static_cast<bool>(pauses));
      effort.add_passes(static_cast<double>(active.size()));
    } catch (const interrupted_error&) {
      cancelled = TerminationReason::cancelled;
      break;
    }
    const Timer timer(effort.seconds.m_step);
    for (std::size_t i = 0; i < active.size(); ++i) {
      EmLoop& loop = *active[i]->loop;
      active[i]->attempt([&] {
        if (cancelled) loop.end_at_next_step();
        try {
          loop.feed(std::move(stats[i]));
          answer(engine, loop, effort);
        } catch (const interrupted_error&) {
          loop.cancel();
        }
        if (loop.is_cancelled()) cancelled = TerminationReason::cancelled;
      });
    }
  }
  for (Run* run : runs) {
    if (is_active(*run)) run->loop->cancel(*cancelled);
  }
}

}  // namespace mogul
